import {resolve} from 'node:path';
import {parseVaultId, VaultError, VaultSecrets, type VaultSource} from '../vault/vault.js';
import {askQuestion, canAsk} from './ask.js';
import {CannotStart} from './cannot-start.js';
import {type Config, isOn} from './config.js';
import type {Options} from './options.js';
import {UsageError} from './usage-error.js';

/** The vault passwords of a run, from the command line and ansible.cfg; those that are asked for are asked for now. */
export async function vaultSecretsOf(options: Options, config: Config): Promise<VaultSecrets> {
	const {settings} = config;
	const listed = (settings.vaultIdentityList ?? '')
		.split(',')
		.map((one) => one.trim())
		.filter(Boolean);
	const ids = [...listed, ...options.vaultIds];
	const files = [
		...options.vaultPasswordFiles,
		...(settings.vaultPasswordFile && options.vaultPasswordFiles.length === 0 ? [settings.vaultPasswordFile] : []),
	];
	const sources: VaultSource[] = [];
	for (const text of ids) {
		const {id, source} = parseVaultId(text);
		sources.push(
			source === 'prompt' || source === 'prompt_ask_vault_pass'
				? await asked(id)
				: {id, kind: 'file', path: resolve(expandHome(source))},
		);
	}
	const identity = settings.vaultIdentity ?? 'default';
	for (const path of files) sources.push({id: identity, kind: 'file', path: resolve(expandHome(path))});
	if (options.askVaultPass || isOn(config, 'askVaultPass', false)) sources.push(await asked(identity));
	const secrets = new VaultSecrets(sources, {idMatch: isOn(config, 'vaultIdMatch', false)});
	try {
		secrets.load();
	} catch (error) {
		if (!(error instanceof VaultError)) throw error;
		throw new CannotStart('vault/no-secret', 'a vault password cannot be had', {ansible: error.message, help: error.message});
	}
	return secrets;
}

async function asked(id: string): Promise<VaultSource> {
	if (!canAsk()) throw new UsageError('a vault password was asked for, but there is no terminal to ask at');
	const question = id === 'default' ? 'Vault password: ' : `Vault password (${id}): `;
	return {id, kind: 'password', password: await askQuestion(question, {secret: true})};
}

function expandHome(path: string): string {
	return path.replace(/^~(?=\/|$)/, process.env['HOME'] ?? '~');
}
