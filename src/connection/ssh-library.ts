import type {Duplex} from 'node:stream';
import type {Client, ClientChannel} from 'ssh2';
import type {Channel, Transport} from './channel.js';
import {type ConnectionSettings, type Target, UnreachableError} from './contract.js';
import {resolvers} from './promises.js';
import {proxyStream} from './proxy-command.js';
import {quote} from './quote.js';
import {retryDropped} from './retry-dropped.js';
import {SessionRefused} from './sessions.js';
import {logIn} from './ssh-login.js';
import {parseJump, type SshName, type SshOptions, sshOptions} from './ssh-options.js';

/** How many hosts one may jump over, so that a circle in the configuration ends. */
const MOST_JUMPS = 8;
/** Connects by the library ssh2, over the jump hosts that the configuration names. Throws `UnreachableError` in OpenSSH's words, `NeedsOpenssh`. */
export async function libraryTransport(target: Target, settings: ConnectionSettings, shell: string): Promise<Transport> {
	const route = routeTo(target, settings);
	return retryDropped(target, settings, () => overRoute(route, target, settings, shell));
}

async function overRoute(
	route: readonly SshOptions[],
	target: Target,
	settings: ConnectionSettings,
	shell: string,
): Promise<Transport> {
	const hops: Client[] = [];
	const end = () => {
		for (const hop of hops.reverse()) hop.end();
	};
	try {
		for (const options of route) {
			const before = hops.at(-1);
			const proxy = before || options.proxyCommand === undefined ? undefined : proxyStream(options.proxyCommand);
			const socket = before ? await forward(before, options.host, options.port) : proxy?.stream;
			try {
				hops.push(await logIn(options, target, settings, socket));
			} catch (error) {
				proxy?.stream.destroy();
				if (proxy?.said() && error instanceof UnreachableError) error.message += ` (${proxy.said()})`;
				throw error;
			}
		}
	} catch (error) {
		end();
		throw error;
	}
	return transportOver(hops.at(-1)!, shell, end);
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

function transportOver(client: Client, shell: string, end: () => void): Transport {
	let dead = false;
	const lost = new Promise<void>((resolve) => {
		client.once('close', () => {
			dead = true;
			resolve();
		});
	});
	return {
		losable: true,
		get dead() {
			return dead;
		},
		async open() {
			const stream = await new Promise<ClientChannel>((resolve, reject) => {
				const command = `exec ${/^[\w./-]+$/.test(shell) ? shell : quote(shell)}`;
				if (dead) throw new UnreachableError(LOST);
				client.exec(command, (error, channel) => (error ? reject(unopened(error, dead)) : resolve(channel)));
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

function unopened(error: Error, dead: boolean): UnreachableError {
	if (dead || !/open failure/i.test(error.message)) return new UnreachableError(LOST, error);
	return new SessionRefused(`the host opened no further session (sshd's MaxSessions may be reached): ${error.message}`, error);
}
