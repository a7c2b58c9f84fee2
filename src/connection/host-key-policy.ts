import {appendFileSync, mkdirSync, readFileSync} from 'node:fs';
import {dirname} from 'node:path';
import {type ConnectionSettings, UnreachableError} from './contract.js';
import {fingerprint, judge, KnownHosts, keyType, knownLine, knownName, knownTypes} from './known-hosts.js';
import {NeedsOpenssh} from './needs-openssh.js';
import {memoryOf} from './run-memory.js';
import type {SshOptions} from './ssh-options.js';

/** Decides on the key of one host, by what known_hosts says and by the policy of `StrictHostKeyChecking`. */
export interface HostKeyPolicy {
	/** Types of the keys by which the host is known: it is asked for one of these first. */
	readonly types: readonly string[];
	/**
	 * Resolves to whether a secret may be sent (not to a host whose changed key is let pass by `StrictHostKeyChecking=no`).
	 * Throws `UnreachableError`, with the place and fingerprint and what to do, when the key is not accepted.
	 */
	accept(blob: Buffer): Promise<{readonly trusted: boolean}>;
}

/** Reads the known_hosts files of a host and makes its policy. */
export function hostKeyPolicy(options: SshOptions, settings: ConnectionSettings): HostKeyPolicy {
	const names = options.hostKeyAlias
		? [options.hostKeyAlias.toLowerCase()]
		: [...new Set([knownName(options.host, options.port), knownName(options.host, 22)])];
	const files = [...options.userKnownHosts, ...options.globalKnownHosts].map((file) => entriesOf(file, settings));
	return {
		types: knownTypes(files, names),
		async accept(blob) {
			if (options.trustsLocalhost && /^(127\.[\d.]+|::1|localhost)$/i.test(options.host)) return {trusted: true};
			const verdict = judge(files, names, blob);
			const shown = `${typeName(keyType(blob))} key ${fingerprint(blob)}`;
			switch (verdict.kind) {
				case 'known':
					return {trusted: true};
				case 'revoked':
					throw failed(`${names[0]} showed the ${shown}, which is revoked (${verdict.by.place})`);
				case 'changed': {
					const {place} = verdict.known;
					if (options.hostKeys === 'no') {
						settings.log?.(
							`${names[0]}: the host key has changed (${place} has another), which host_key_checking=False lets pass`,
						);
						return {trusted: false};
					}
					const old = fingerprint(Buffer.from(verdict.known.key, 'base64'));
					throw failed(
						`REMOTE HOST IDENTIFICATION HAS CHANGED! ${names[0]} showed the ${shown}, but ${place} has ${old}: ` +
							`someone may be in between, or the host was set up anew. If it was, remove the old key with: ssh-keygen -f ${place.replace(/:\d+$/, '')} -R '${names[0]}'`,
					);
				}
				case 'new':
					if (verdict.authority) {
						throw new NeedsOpenssh(`${verdict.authority.place} lets ${names[0]} show a certificate (@cert-authority)`);
					}
					await acceptNew(shown);
					remember(options, names[0]!, blob, settings);
					return {trusted: true};
			}
		},
	};

	async function acceptNew(shown: string): Promise<void> {
		if (options.hostKeys === 'no' || options.hostKeys === 'accept-new') return;
		const unknown = `No ${shown.replace(/ .*/, '')} host key is known for ${names[0]} in ${options.userKnownHosts.join(', ')}`;
		if (options.hostKeys === 'yes' || !settings.ask || !options.mayAsk) {
			throw failed(
				`${unknown}; it showed the ${shown}. Compare this fingerprint with the host's own and add it with ssh-keyscan, ` +
					'or accept new hosts with -o StrictHostKeyChecking=accept-new in ssh_args',
			);
		}
		const print = shown.replace(/.* /, '');
		const question =
			`The authenticity of host '${names[0]}' can't be established.\n${shown.replace(' key ', ' key fingerprint is ')}.\n` +
			'Are you sure you want to continue connecting (yes/no/[fingerprint])? ';
		const answer = (await settings.ask(question, {secret: false})).trim();
		if (answer !== 'yes' && answer !== print) throw failed(`the ${shown} of ${names[0]} was not accepted`);
	}
}

function failed(reason: string): UnreachableError {
	return new UnreachableError(`Host key verification failed. ${reason}`);
}

function entriesOf(file: string, settings: ConnectionSettings): KnownHosts {
	try {
		return memoryOf(settings).knownHosts(file);
	} catch (error) {
		if (['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) return new KnownHosts([]);
		throw new UnreachableError(`cannot read ${file}: ${(error as Error).message}`, error);
	}
}

/** Adds a key to the user's first known_hosts file. That this fails is no reason not to connect, as in OpenSSH. */
function remember(options: SshOptions, name: string, blob: Buffer, settings: ConnectionSettings): void {
	const [file] = options.userKnownHosts;
	if (file === undefined) return;
	try {
		mkdirSync(dirname(file), {recursive: true, mode: 0o700});
		appendFileSync(file, `${endsInLine(file) ? '' : '\n'}${knownLine(name, blob, options.hashKnownHosts)}`, {mode: 0o600});
		settings.log?.(`${name}: its ${keyType(blob)} key was added to ${file}`);
	} catch (error) {
		settings.log?.(`${name}: its key could not be added to ${file}: ${(error as Error).message}`);
	}
}

function endsInLine(file: string): boolean {
	try {
		const text = readFileSync(file, 'latin1');
		return text === '' || text.endsWith('\n');
	} catch {
		return true;
	}
}

function typeName(type: string): string {
	if (type.startsWith('ecdsa-')) return 'ECDSA';
	return type.replace(/^ssh-/, '').toUpperCase();
}
