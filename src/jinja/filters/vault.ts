import {typeError, valueError} from '../fault.js';
import {isTruthy, textOf} from '../python/compare.js';
import {pythonStr} from '../python/text.js';
import {typeName} from '../python/type-name.js';
import type {VaultFunctions} from '../scope.js';
import {Secret, type Value} from '../value.js';
import type {FilterTable, PluginContext} from './filter.js';

function functions(context: PluginContext): VaultFunctions {
	if (!context.vault) throw valueError('vault texts cannot be opened here');
	return context.vault;
}

function text(value: Value, refusal: string): string {
	const found = value instanceof Uint8Array ? Buffer.from(value).toString('utf8') : textOf(value);
	if (found === undefined) throw typeError(`${refusal}, instead we got <class '${typeName(value)}'>.`);
	return found;
}

/** Filters that close and open vault texts. */
export const vaultFilters: FilterTable = {
	vault: {
		summary: 'A text encrypted with a password, as `ansible-vault` does it.',
		signature: "data, secret, salt=None, vault_id='filter_default', wrap_object=False",
		example: ["false and ('x' | vault('password'))", 'False'],
		call(context, data, secret, salt, id, wrap) {
			const password = text(secret!, 'Secret passed is required to be a string');
			const plain = text(data!, 'Can only vault strings');
			if (isTruthy(wrap!)) throw valueError('Playbill does not offer wrap_object');
			return functions(context).encrypt(plain, password, pythonStr(id!), salt === null ? undefined : pythonStr(salt!));
		},
	},
	unvault: {
		summary: 'The text of a vault text, secret from then on.',
		signature: "vault, secret, vault_id='filter_default'",
		example: ["false and ('x' | unvault('password'))", 'False'],
		call(context, vault, secret) {
			const password = text(secret!, 'Secret passed is required to be as string');
			return new Secret(functions(context).decrypt(text(vault!, 'Vault should be in the form of a string'), password));
		},
	},
};
