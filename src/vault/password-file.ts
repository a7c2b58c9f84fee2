import {spawnSync} from 'node:child_process';
import {accessSync, constants, readFileSync, statSync} from 'node:fs';
import {extname} from 'node:path';
import {VaultError} from './vault-error.js';

/** Whether a password script is one that is given `--vault-id`: by its name, `something-client` or `something-client.ext`. */
export function isClientScript(path: string): boolean {
	return path.slice(0, path.length - extname(path).length).endsWith('-client');
}

/**
 * The password that a file holds, or prints when it is executable (a client script is told the id). `open` opens a password file that is
 * itself vault text. Throws `VaultError` of kind `source`, in Ansible's words.
 */
export function readPasswordFile(path: string, id: string | undefined, open: (text: string) => Buffer): Buffer {
	let executable = false;
	try {
		const stat = statSync(path);
		if (stat.isDirectory()) throw new VaultError('source', `The vault password file provided '${path}' can not be a directory`);
		executable = (stat.mode & 0o111) !== 0 && canExecute(path);
	} catch (error) {
		if (error instanceof VaultError) throw error;
		throw new VaultError('source', `The vault password file ${path} was not found`);
	}
	if (executable) return runScript(path, isClientScript(path) ? id : undefined);
	let bytes: Buffer;
	try {
		bytes = readFileSync(path);
	} catch {
		throw new VaultError('source', `Could not read vault password file '${path}'.`);
	}
	const text = bytes.toString('latin1').trim();
	const password = text.startsWith('$ANSIBLE_VAULT') ? open(text).toString('latin1') : text;
	return checked(password.replace(/^[\r\n]+|[\r\n]+$/g, ''), `Invalid vault password was provided from file (${path})`);
}

function canExecute(path: string): boolean {
	try {
		accessSync(path, constants.X_OK);
		return true;
	} catch {
		return false;
	}
}

function runScript(path: string, id: string | undefined): Buffer {
	const client = id !== undefined;
	const result = spawnSync(path, client ? ['--vault-id', id] : [], {
		stdio: ['inherit', 'pipe', client ? 'pipe' : 'inherit'],
		encoding: 'latin1',
	});
	if (result.error) {
		const hint = 'If this is not a script, remove the executable bit from the file.';
		throw new VaultError(
			'source',
			`Problem running vault password ${client ? 'client ' : ''}script ${path} (${result.error.message}). ${hint}`,
		);
	}
	if (client && result.status === 2) {
		throw new VaultError(
			'source',
			`Vault password client script ${path} did not find a secret for vault-id=${id}: ${result.stderr}`,
		);
	}
	if (result.status !== 0) {
		const what = client
			? `client script ${path} returned non-zero (${result.status}) when getting secret for vault-id=${id}`
			: `script ${path} returned non-zero (${result.status})`;
		throw new VaultError('source', `Vault password ${what}: ${result.stderr ?? ''}`);
	}
	return checked(result.stdout.replace(/^[\r\n]+|[\r\n]+$/g, ''), `Invalid vault password was provided from script (${path})`);
}

function checked(password: string, complaint: string): Buffer {
	if (password === '') throw new VaultError('source', complaint);
	return Buffer.from(password, 'latin1');
}
