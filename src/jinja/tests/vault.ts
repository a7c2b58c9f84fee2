import type {TestTable} from '../filters/filter.js';
import {Secret} from '../value.js';

/** Tests of what a vault kept. */
export const vaultTests: TestTable = {
	vault_encrypted: {
		summary: 'The value came out of a vault (or is secret for another reason); the text of a vault is no such value.',
		signature: 'value',
		structural: true,
		example: ["'x' is vault_encrypted", 'False'],
		call: (_context, value) => value instanceof Secret,
	},
};
