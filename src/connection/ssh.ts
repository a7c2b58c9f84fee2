import type {Duplex} from 'node:stream';
import {NodeSSH} from 'node-ssh';
import type {Client, ClientChannel} from 'ssh2';
import type {Channel, Transport} from './channel.js';
import {type ConnectionSettings, type Target, UnreachableError} from './contract.js';
import {hostKeyPolicy} from './host-key-policy.js';
import {PausableClock} from './pausable-clock.js';
import {resolvers} from './promises.js';
import {quote} from './quote.js';
import {hostKeyAlgorithms, offered} from './ssh-algorithms.js';
import {type Attempt, attempts} from './ssh-identities.js';
import {parseJump, type SshName, type SshOptions, sshOptions} from './ssh-options.js';

/** How many hosts one may jump over, so that a circle in the configuration ends. */
const MOST_JUMPS = 8;

/** Connects by ssh, over the jump hosts that the configuration names. Throws `UnreachableError` in OpenSSH's words, as Ansible shows them. */
export async function sshTransport(target: Target, settings: ConnectionSettings, shell: string): Promise<Transport> {
	try {
		const route = routeTo(target, settings);
		const hops: Client[] = [];
		const end = () => {
			for (const hop of hops.reverse()) hop.end();
		};
		try {
			for (const options of route) {
				const before = hops.at(-1);
				const socket = before && (await forward(before, options.host, options.port));
				hops.push(await connect(options, target, settings, socket));
			}
		} catch (error) {
			end();
			throw error;
		}
		return transportOver(hops.at(-1)!, shell, end);
	} catch (error) {
		throw new UnreachableError(`Failed to connect to the host via ssh: ${(error as Error).message}`, error);
	}
}

/** The hosts to connect to one after another, the target last. */
function routeTo(target: Target, settings: ConnectionSettings): SshOptions[] {
	const own = sshOptions({address: target.address, port: target.port, user: target.user}, target, settings, false);
	const route = [own];
	let jumps = own.jumps.map(parseJump);
	while (jumps.length > 0) {
		if (route.length + jumps.length > MOST_JUMPS)
			throw new UnreachableError(`the way to ${target.name} goes over more than ${MOST_JUMPS} hosts`);
		const resolved = jumps.map((jump: SshName) => sshOptions(jump, target, settings, true));
		route.unshift(...resolved);
		// Only the first jump host may itself be reached over others: the way between the rest is given.
		jumps = resolved[0]!.jumps.map(parseJump);
	}
	return route;
}

async function connect(
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
	const clock = new PausableClock(options.connectTimeout);
	const ways = await attempts(options, target, settings, () => trusted, clock.pausedFor);
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

	const ssh = new NodeSSH();
	const connecting = ssh.connect({
		host,
		port,
		sock: socket as never,
		username: user,
		localAddress: options.bindAddress,
		forceIPv4: options.family === 4,
		forceIPv6: options.family === 6,
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
	} as never);
	const client = ssh.connection!;
	// After the connection stands, node-ssh listens no more: an error without a listener would end the program. `close` follows and tells it.
	client.on('error', () => {});
	// Nagle's algorithm costs 40 ms an operation.
	client.setNoDelay(true);
	try {
		await Promise.race([connecting, clock.expired]);
		return client;
	} catch (error) {
		connecting.catch(() => {});
		client.destroy();
		if (refused) throw refused;
		throw new UnreachableError(explain(error as Error & {level?: string; code?: string}), error);
	} finally {
		clock.stop();
	}

	function explain(error: Error & {level?: string; code?: string}): string {
		if (error.level === 'client-authentication') {
			const what = tried.length > 0 ? `tried: ${tried.join('; ')}` : 'there was no key and no password to try';
			return `${where}: Permission denied (${left.join(',')}). ${what}`;
		}
		const reason = REASONS[error.code ?? ''] ?? error.message;
		return `ssh: connect to host ${host} port ${port}: ${reason}`;
	}
}

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

function transportOver(client: Client, shell: string, end: () => void): Transport {
	let dead = false;
	const lost = new Promise<void>((resolve) => {
		client.once('close', () => {
			dead = true;
			resolve();
		});
	});
	return {
		get dead() {
			return dead;
		},
		async open() {
			const stream = await new Promise<ClientChannel>((resolve, reject) => {
				const command = `exec ${/^[\w./-]+$/.test(shell) ? shell : quote(shell)}`;
				client.exec(command, (error, channel) => (error ? reject(unopened(error)) : resolve(channel)));
			});
			return channelOver(stream, lost);
		},
		dial: (host, port) => forward(client, host, port),
		async close() {
			dead = true;
			end();
		},
	};
}

function channelOver(stream: ClientChannel, lost: Promise<void>): Channel {
	let exited = false;
	stream.once('exit', () => {
		exited = true;
	});
	stream.on('error', () => {});
	const dropped = resolvers<string>();
	const closed = Promise.race([
		new Promise<string>((resolve) => {
			stream.once('close', () => resolve(exited ? '' : LOST));
		}),
		lost.then(() => LOST),
		dropped.promise,
	]);
	return {
		stdin: stream,
		stdout: stream,
		stderr: stream.stderr,
		closed,
		destroy: () => {
			// sshd (7.9 and later) sends it to all that runs in the session; closing alone would let it run on.
			if (!exited && stream.writable) stream.signal('KILL');
			stream.close();
			dropped.resolve('the shell was dropped');
		},
	};
}

const LOST = 'the ssh connection was lost';

function forward(client: Client, host: string, port: number): Promise<Duplex> {
	return new Promise((resolve, reject) => {
		client.forwardOut('127.0.0.1', 0, host, port, (error, stream) => {
			if (error)
				reject(new UnreachableError(`cannot connect to ${host} port ${port} from the other side: ${error.message}`, error));
			else resolve(stream);
		});
	});
}

function unopened(error: Error): UnreachableError {
	return new UnreachableError(`the host opened no further session (sshd's MaxSessions may be reached): ${error.message}`, error);
}
