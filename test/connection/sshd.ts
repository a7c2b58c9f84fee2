import {execFileSync, spawn} from 'node:child_process';
import {chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {connect, createServer} from 'node:net';
import {tmpdir, userInfo} from 'node:os';
import {join} from 'node:path';
import type {ConnectionSettings, Target} from '../../src/connection/connection.js';

/** A real sshd of our own on a high port of the loopback, with keys made for it, and a home folder for the client. */
export interface Sshd {
	readonly port: number;
	readonly home: string;
	readonly folder: string;
	readonly settings: ConnectionSettings;
	/** The pids of the processes that serve connections. */
	sessions(): number[];
	/** A target that this sshd is, with the key that it lets in. */
	target(more?: Partial<Target>): Target;
	stop(): Promise<void>;
}

const SSHD = '/usr/sbin/sshd';

/** Why no sshd can be run here, or undefined. */
export function sshdMissing(): string | undefined {
	if (!existsSync(SSHD)) return 'no openssh-server on this machine';
	return undefined;
}

/** `extra`: lines that come before the others, of which sshd takes the first; `%f` is its folder. It listens on `addresses`. */
export async function startSshd(
	extra: readonly string[] = [],
	addresses: readonly string[] = ['127.0.0.1', '::1'],
): Promise<Sshd> {
	const folder = mkdtempSync(join(tmpdir(), 'playbill-sshd-'));
	const home = join(folder, 'home');
	mkdirSync(join(home, '.ssh'), {recursive: true, mode: 0o700});
	if (userInfo().uid === 0) mkdirSync('/run/sshd', {recursive: true});
	const key = (name: string, ...args: string[]) => {
		execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', name, '-f', join(folder, name), ...args]);
		return join(folder, name);
	};
	key('host');
	key('host-rsa', '-t', 'rsa', '-b', '2048');
	key('client');
	key('locked', '-N', 'open sesame');
	key('ecdsa', '-t', 'ecdsa');
	key('rsa', '-t', 'rsa', '-b', '2048');
	key('stranger');
	key('ca');
	execFileSync('ssh-keygen', ['-q', '-s', join(folder, 'ca'), '-h', '-I', 'host', '-n', '127.0.0.1', join(folder, 'host.pub')]);
	writeFileSync(
		join(folder, 'authorized'),
		['client', 'locked', 'ecdsa', 'rsa'].map((name) => readFileSync(join(folder, `${name}.pub`), 'utf8')).join(''),
	);
	chmodSync(folder, 0o755);
	const port = await freePort();
	writeFileSync(
		join(folder, 'config'),
		[
			`Port ${port}`,
			...extra.map((line) => line.replaceAll('%f', folder)),
			...addresses.map((address) => `ListenAddress ${address}`),
			`HostKey ${folder}/host`,
			`HostKey ${folder}/host-rsa`,
			`AuthorizedKeysFile ${folder}/authorized`,
			'UsePAM no',
			'StrictModes no',
			'PasswordAuthentication no',
			'PermitRootLogin yes',
			'PidFile none',
			// A shell that sshd starts reads the settings of this home, not those of whoever runs the tests.
			`SetEnv HOME=${home}`,
			// Of this one, sshd takes the last.
			...(extra.some((line) => line.startsWith('MaxStartups ')) ? [] : ['MaxStartups 100']),
			'',
		].join('\n'),
	);
	const child = spawn(SSHD, ['-D', '-e', '-f', join(folder, 'config')], {stdio: ['ignore', 'ignore', 'pipe']});
	let log = '';
	child.stderr.on('data', (chunk) => {
		log += chunk;
	});
	const ended = new Promise((resolve) => {
		child.once('close', resolve);
	});
	const known = ['host', 'host-rsa'].map((name) => readFileSync(join(folder, `${name}.pub`), 'utf8'));
	writeFileSync(join(home, '.ssh/known_hosts'), known.map((line) => `[127.0.0.1]:${port},[::1]:${port} ${line}`).join(''));
	// OpenSSH's own client looks into the home that the system knows, not into this one.
	writeFileSync(join(home, '.ssh/config'), `UserKnownHostsFile ${home}/.ssh/known_hosts\n`);
	await answering(port, () => log);
	const {username} = userInfo();
	return {
		port,
		home,
		folder,
		settings: {home, user: username},
		target: (more = {}) => ({
			name: 'h1',
			transport: 'ssh',
			address: '127.0.0.1',
			port,
			user: username,
			privateKeyFile: join(folder, 'client'),
			hostKeyChecking: true,
			connectTimeout: 20_000,
			sshArgs: ['-F', join(home, '.ssh/config')],
			...more,
		}),
		sessions: () => childrenOf(child.pid!),
		async stop() {
			for (const pid of childrenOf(child.pid!)) killQuietly(pid);
			child.kill();
			await ended;
			rmSync(folder, {recursive: true, force: true});
		},
	};
}

function childrenOf(pid: number): number[] {
	const text = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim();
	return text === '' ? [] : text.split(' ').map(Number);
}

function killQuietly(pid: number): void {
	try {
		process.kill(pid, 'SIGKILL');
	} catch {
		// It ended by itself.
	}
}

async function answering(port: number, log: () => string): Promise<void> {
	for (let attempt = 0; attempt < 200; attempt++) {
		const open = await new Promise<boolean>((resolve) => {
			const socket = connect(port, '127.0.0.1', () => {
				socket.destroy();
				resolve(true);
			});
			socket.once('error', () => resolve(false));
		});
		if (open) return;
		await new Promise((resolve) => setTimeout(resolve, 25));
	}
	throw new Error(`sshd does not answer: ${log()}`);
}

/** A port that nothing listens on. */
export function freePort(): Promise<number> {
	return new Promise((resolve, reject) => {
		const server = createServer();
		server.once('error', reject);
		server.listen(0, '127.0.0.1', () => {
			const {port} = server.address() as {port: number};
			server.close(() => resolve(port));
		});
	});
}
