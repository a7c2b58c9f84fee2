import type {VariableSources} from '../vars/vars.js';

/** The lookups of a run. */
export function lookupsOf(_inventory: unknown, _vault: unknown, _environment: unknown): VariableSources['lookup'] {
	return () => undefined;
}
