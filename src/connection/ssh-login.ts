import {connect} from 'node:net';
import type {Duplex} from 'node:stream';
import {NodeSSH} from 'node-ssh';
import type {Client} from 'ssh2';
import {type ConnectionSettings, type Target, UnreachableError} from './contract.js';
import {hostKeyPolicy} from './host-key-policy.js';
import {fingerprint, keyType} from './known-hosts.js';
import {NeedsOpenssh} from './needs-openssh.js';
import {PausableClock} from './pausable-clock.js';
import {DroppedError} from './retry-dropped.js';
import {memoryOf} from './run-memory.js';
import {hostKeyAlgorithms, offered} from './ssh-algorithms.js';
import {type Attempt, attempts} from './ssh-identities.js';
import type {SshOptions} from './ssh-options.js';
import {withWholeBanner} from './whole-banner.js';

/** Connects to one host and logs in, over a stream or by TCP. Throws `UnreachableError` in OpenSSH's words, `DroppedError`, `NeedsOpenssh`. */
export async function logIn(
	options: SshOptions,
	target: Target,
	settings: ConnectionSettings,
	socket: Duplex | undefined,
): Promise<Client> {
	const {host, port, user} = options;
	const where = `${user}@${host}`;
	const policy = hostKeyPolicy(options, settings);
	let trusted = false;
	let refused: unknown;
	let shown = '';
	const {agents, handshakes} = memoryOf(settings);
	let clock!: PausableClock;
	const ways = await attempts(
		options,
		target,
		settings,
		() => trusted,
		(wait) => clock.pausedFor(wait),
	);
	const tried: string[] = [];
	let left: readonly string[] = [];

	const next = async (allowed: readonly string[] | null): Promise<unknown> => {
		left = allowed ?? left;
		// The first attempt goes out unasked: what the host allows is told in its answer.
		let way: Attempt | undefined;
		while ((way = ways.shift())) {
			if (allowed && !allowed.includes(way.method)) continue;
			const method = await way.prepare();
			if (typeof method !== 'string') {
				tried.push(way.says);
				return method;
			}
			tried.push(method);
		}
		return allowed === null ? {type: 'none', username: user} : false;
	};

	return handshakes.pass(async (heard) => {
		clock = new PausableClock(options.connectTimeout);
		const stream = withWholeBanner(socket ?? connect({host, port, localAddress: options.bindAddress, family: options.family}));
		const ssh = new NodeSSH();
		const connecting = ssh.connect(configuration(stream));
		stream.on('data', heard);
		const client = ssh.connection!;
		// After the connection stands, node-ssh listens no more: an error without a listener would end the program. `close` follows and tells it.
		client.on('error', () => {});
		// Nagle's algorithm costs 40 ms an operation.
		client.setNoDelay(true);
		try {
			await Promise.race([connecting, clock.expired]);
			settings.log?.(
				`<${target.name}> connected to ${where} port ${port} (${shown}), let in by ${tried.at(-1) ?? 'no key and no password'}`,
				3,
			);
			return client;
		} catch (error) {
			connecting.catch(() => {});
			client.destroy();
			if (refused) throw refused;
			throw await failure(error as Failure);
		} finally {
			stream.off('data', heard);
			clock.stop();
		}
	});

	function configuration(stream: Duplex) {
		return {
			host,
			port,
			sock: stream as never,
			username: user,
			readyTimeout: 0,
			keepaliveInterval: options.aliveInterval,
			keepaliveCountMax: options.aliveCount,
			agent: options.forwardAgent ? options.agentSocket : undefined,
			agentForward: options.forwardAgent && options.agentSocket !== undefined,
			algorithms: {
				...offered(options.algorithms),
				serverHostKey: hostKeyAlgorithms(options.algorithms.serverHostKey, policy.types),
			} as never,
			hostVerifier: (key: Buffer, verify: (good: boolean) => void) => {
				shown = `${keyType(key)} ${fingerprint(key)}`;
				clock.pausedFor(policy.accept(key)).then(
					(verdict) => {
						trusted = verdict.trusted;
						verify(true);
					},
					(error) => {
						refused = error;
						verify(false);
					},
				);
			},
			authHandler: (allowed: readonly string[] | null, _partial: boolean, callback: (method: unknown) => void) => {
				next(allowed).then(callback, (error) => {
					refused = error;
					callback(false);
				});
			},
		} as never;
	}

	async function failure(error: Failure): Promise<UnreachableError> {
		const need =
			error.level === 'handshake' && /no matching/.test(error.message)
				? `${host} wants other algorithms (${error.message})`
				: undefined;
		if (need) return new NeedsOpenssh(need);
		if (error.level === 'client-authentication') {
			if (options.gssapi && left.some((method) => method.startsWith('gssapi')))
				return new NeedsOpenssh(`${host} lets in by Kerberos (GSSAPIAuthentication)`);
			const agent = options.agentSocket && left.includes('publickey') ? await agents.get(options.agentSocket) : undefined;
			if (agent?.hasOthers) return new NeedsOpenssh('the agent holds certificates or keys of tokens');
			const what = tried.length > 0 ? `tried: ${tried.join('; ')}` : 'there was no key and no password to try';
			return new UnreachableError(`${where}: Permission denied (${left.join(',')}). ${what}`, error);
		}
		const early = error.message === 'Connection lost before handshake';
		const dropped = early || error.message === 'No response from server' || error.code === 'ECONNRESET';
		const reason =
			early || !dropped || error.code === 'ECONNRESET'
				? (REASONS[error.code ?? ''] ?? error.message)
				: 'Connection closed by remote host';
		const unresolved = error.code === 'ENOTFOUND' || error.code === 'EAI_AGAIN';
		const message = unresolved
			? `ssh: Could not resolve hostname ${host}: ${reason}`
			: `ssh: connect to host ${host} port ${port}: ${reason}`;
		return dropped
			? new DroppedError(message, early || (error.code === 'ECONNRESET' && !shown), error)
			: new UnreachableError(message, error);
	}
}

type Failure = Error & {level?: string; code?: string};

/** OpenSSH's words for the commonest faults. */
const REASONS: Readonly<Record<string, string>> = {
	ECONNREFUSED: 'Connection refused',
	ETIMEDOUT: 'Connection timed out',
	EHOSTUNREACH: 'No route to host',
	ENETUNREACH: 'Network is unreachable',
	ECONNRESET: 'Connection reset by peer',
	ENOTFOUND: 'Name or service not known',
	EAI_AGAIN: 'Temporary failure in name resolution',
};
