import {type Scope, valueError} from '../jinja/jinja.js';
import {isVaultText, openVault, sealVault, VaultError, VaultSecrets} from '../vault/vault.js';

/** What the filters `vault` and `unvault` do with a password of their own; faults are errors of the template. */
export const vaultFunctions: NonNullable<Scope['vault']> = {
	encrypt: (text, password, id, salt) =>
		asTemplateError(() =>
			sealVault(text, password, id === 'filter_default' ? 'default' : id, salt === undefined ? undefined : Buffer.from(salt)),
		),
	decrypt: (text, password) =>
		asTemplateError(() =>
			isVaultText(text) ? openVault(text, new VaultSecrets([{id: 'default', kind: 'password', password}])) : text,
		),
};

function asTemplateError(run: () => string): string {
	try {
		return run();
	} catch (error) {
		if (error instanceof VaultError) throw valueError(error.message);
		throw error;
	}
}
