import {type ChildProcess, spawn} from 'node:child_process';
import {existsSync} from 'node:fs';
import {mkdtemp, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {Duplex, Readable} from 'node:stream';
import {text as textOf} from 'node:stream/consumers';
import {type AskpassQuestion, makeAskpass} from './askpass.js';
import type {Channel, Transport} from './channel.js';
import {childChannel} from './child-channel.js';
import {type ConnectionSettings, type Target, UnreachableError} from './contract.js';
import {guardGroup} from './guard.js';
import {PausableClock} from './pausable-clock.js';
import {quote} from './quote.js';
import {DroppedError, retryDropped} from './retry-dropped.js';
import {memoryOf} from './run-memory.js';
import {SessionRefused} from './sessions.js';

/**
 * Connects by the system's `ssh`: a master process holds the connection, each channel is a small process that asks it for a session.
 * Whatever ssh_config says is OpenSSH's to do; what it asks the person goes through this program. Throws `UnreachableError` in OpenSSH's words.
 */
export async function opensshTransport(target: Target, settings: ConnectionSettings, shell: string): Promise<Transport> {
	try {
		return await retryDropped(target, settings, () => connectOnce(target, settings, shell));
	} catch (error) {
		throw new UnreachableError(`Failed to connect to the host via ssh: ${(error as Error).message}`, error);
	}
}

/** What ssh says when the host opens no further session over the connection. */
const REFUSED = /session request failed: Session open refused/;

async function connectOnce(target: Target, settings: ConnectionSettings, shell: string): Promise<Transport> {
	const program = target.program ?? 'ssh';
	// A path to a socket may be 104 bytes long, and ssh appends 17 while it makes one.
	const folder = await mkdtemp(join(tmpdir().length < 50 ? tmpdir() : '/tmp', 'playbill-ssh-'));
	const socket = join(folder, 's');
	const end = () => rm(folder, {recursive: true, force: true});
	const starting = memoryOf(settings).handshakes.pass((heard) => startMaster(program, socket, folder, target, settings, heard));
	const master = await starting.catch(async (error) => {
		await end();
		throw error;
	});
	// Neither a configuration nor a way of its own: without the master it fails.
	const through = ['-F', 'none', '-S', socket, '-o', 'ControlMaster=no', '-o', 'ProxyCommand=false'];
	let dead = false;
	guardGroup(master);
	master.once('close', () => {
		dead = true;
		void end();
	});
	let hasOpened = false;
	return {
		losable: true,
		get dead() {
			return dead;
		},
		async open() {
			// The first session is let in by every host that lets in any; of a further one, it is heard first that it is.
			const isSecond = hasOpened;
			hasOpened = true;
			const command = `${isSecond ? 'echo; ' : ''}exec ${quote(shell)}`;
			const channel = await childChannel({
				program,
				args: [...through, '-T', '--', target.address, command],
				reason: (status, signal) => (status === 255 || signal ? 'the ssh connection was lost' : ''),
			});
			return isSecond ? letIn(channel) : channel;
		},
		async dial(host, port) {
			const stream = await childChannel({
				program,
				args: [...through, '-W', `${host.includes(':') ? `[${host}]` : host}:${port}`, '--', target.address],
			});
			return Duplex.from({readable: stream.stdout, writable: stream.stdin}).once('close', stream.destroy);
		},
		async close() {
			dead = true;
			endGroup(master);
			await end();
		},
	};
}

/** Resolves when the far end says something, or has gone, which whoever uses the channel hears. Throws `SessionRefused`. */
async function letIn(channel: Channel): Promise<Channel> {
	const {stdout, stderr} = channel;
	await new Promise((resolve) => stdout.once('readable', resolve));
	if (stdout.readableLength > 0) return channel;
	const said = await textOf(stderr);
	if (!REFUSED.test(said)) return {...channel, stderr: Readable.from([Buffer.from(said)])};
	channel.destroy();
	throw new SessionRefused(`the host opened no further session (sshd's MaxSessions may be reached): ${said.trim()}`);
}

/** Resolves when ssh is connected and answers on its socket. Throws `DroppedError` when the host closed the connection before anyone was asked anything. */
async function startMaster(
	program: string,
	socket: string,
	folder: string,
	target: Target,
	settings: ConnectionSettings,
	heard: () => void,
): Promise<ChildProcess> {
	const asks = target.password !== undefined || target.passphrase !== undefined || settings.ask !== undefined;
	const clock = new PausableClock(target.connectTimeout);
	const answer = answerer(target, settings, clock);
	let asked = false;
	const askpass = asks
		? await makeAskpass(folder, (question) => {
				asked = true;
				return answer(question);
			})
		: undefined;
	const args = ['-M', '-N', '-T', ...masterArgs(target, asks, socket)];
	const environment = askpass ? [`SSH_ASKPASS=${askpass.program}`, 'SSH_ASKPASS_REQUIRE=force'] : [];
	settings.log?.(
		`<${target.name}> SSH: ${[program, ...args].map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : quote(word))).join(' ')}`,
		3,
	);
	const child = spawn('env', [...environment, program, ...args], {detached: true, stdio: ['ignore', 'ignore', 'pipe']});
	let said = '';
	child.stderr.on('data', (chunk: Buffer) => {
		said = (said + chunk.toString('utf8')).slice(-4096);
		heard();
	});
	let ended = false;
	const over = new Promise<void>((resolve) => {
		child.once('error', (error) => {
			said ||= error.message;
			resolve();
		});
		child.once('close', () => resolve());
	}).then(() => {
		ended = true;
		askpass?.close();
	});
	try {
		while (!existsSync(socket)) {
			if (ended) throw asked ? new Error(wordsOf(said, program)) : failure(wordsOf(said, program));
			await Promise.race([new Promise((resolve) => setTimeout(resolve, 10)), over, clock.expired]);
		}
		askpass?.close();
		return child;
	} catch (error) {
		endGroup(child);
		askpass?.close();
		if ((error as NodeJS.ErrnoException).code !== 'ETIMEDOUT') throw error;
		throw new Error(`ssh: connect to host ${target.address} port ${target.port ?? 22}: Connection timed out`);
	} finally {
		clock.stop();
	}
}

function wordsOf(said: string, program: string): string {
	return said.trim().replace(/\r/g, '') || `${program} ended without a word`;
}

/** What ssh says when the host closed the connection, before its banner or at any time; with another word there is another reason. */
const EARLY = /^(kex|ssh)_exchange_identification: .*Connection (closed|reset) by /;
const CLOSED = /^Connection (closed|reset) by \S+ port \d+$/;

function failure(words: string): Error {
	const lines = words.split('\n').filter((line) => !line.startsWith('Warning: '));
	const early = lines.some((line) => EARLY.test(line));
	const dropped = lines.length > 0 && lines.every((line) => EARLY.test(line) || CLOSED.test(line));
	return dropped ? new DroppedError(words, early) : new Error(words);
}

/** ssh takes the first value that it meets: what the transport rests on, then everything in Ansible's order. */
function masterArgs(target: Target, asks: boolean, socket: string): string[] {
	const {sshArgs = [], sshLateArgs = [], port, user, privateKeyFile, hostKeyChecking, connectTimeout, address} = target;
	const own = {
		ControlPersist: 'no',
		RemoteCommand: 'none',
		NumberOfPasswordPrompts: '1',
		...(asks ? {} : {BatchMode: 'yes'}),
	};
	const told = {
		...(hostKeyChecking ? {} : {StrictHostKeyChecking: 'no'}),
		...(port === undefined ? {} : {Port: String(port)}),
		...(user === undefined ? {} : {User: `"${user}"`}),
		...(privateKeyFile === undefined ? {} : {IdentityFile: `"${privateKeyFile}"`}),
		ConnectTimeout: String(Math.max(1, Math.ceil(connectTimeout / 1000))),
	};
	const alive = {ServerAliveInterval: '15', ServerAliveCountMax: '4'};
	const options = (table: Record<string, string>) => Object.entries(table).flatMap(([name, value]) => ['-o', `${name}=${value}`]);
	return [...options(own), ...sshArgs, ...options(told), ...sshLateArgs, ...options(alive), '-S', socket, '--', address];
}

/** Answers ssh from the inventory, each secret once, or asks the person. */
function answerer(target: Target, settings: ConnectionSettings, clock: PausableClock) {
	const given = new Set<string>();
	return async ({text, note}: AskpassQuestion): Promise<string | undefined> => {
		if (note) {
			settings.log?.(`${target.name}: ${text}`, 1);
			return undefined;
		}
		const isPassphrase = /passphrase|\bPIN\b/i.test(text);
		const isPassword = !isPassphrase && /password/i.test(text);
		const known = isPassphrase ? target.passphrase : isPassword ? target.password : undefined;
		if (known !== undefined && !given.has(text)) {
			given.add(text);
			return known;
		}
		if (known !== undefined || !settings.ask) return undefined;
		return clock.pausedFor(settings.ask(text.endsWith(' ') ? text : `${text} `, {secret: !/yes\/no/.test(text)}));
	};
}

/** ssh and what it started to reach the host. */
function endGroup(child: ChildProcess): void {
	if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
	try {
		process.kill(-child.pid, 'SIGTERM');
	} catch {
		// It ended by itself meanwhile.
	}
}
