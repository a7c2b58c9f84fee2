import {resolve} from 'node:path';
import {parseVaultId, VaultSecrets, type VaultSource} from '../vault/vault.js';
import {askQuestion, canAsk} from './ask.js';
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
	for (const path of files) sources.push({id: 'default', kind: 'file', path: resolve(expandHome(path))});
	if (options.askVaultPass) sources.push(await asked('default'));
	return new VaultSecrets(sources, {idMatch: isOn(config, 'vaultIdMatch', false)});
}

async function asked(id: string): Promise<VaultSource> {
	if (!canAsk()) throw new UsageError('a vault password was asked for, but there is no terminal to ask at');
	const question = id === 'default' ? 'Vault password: ' : `Vault password (${id}): `;
	return {id, kind: 'password', password: await askQuestion(question, {secret: true})};
}

function expandHome(path: string): string {
	return path.replace(/^~(?=\/|$)/, process.env['HOME'] ?? '~');
}
