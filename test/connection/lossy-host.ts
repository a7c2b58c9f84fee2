import {chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync} from 'node:fs';
import {userInfo} from 'node:os';
import {join} from 'node:path';
import type {ExecutionContext} from 'ava';
import {type Become, type Connection, openConnection, type Shell, sh, type Target} from '../../src/connection/connection.js';
import {presentShells} from './shells.js';
import type {Sshd} from './sshd.js';
import {startProxy, type TcpProxy} from './tcp-proxy.js';

/** A host over a way that can break, which keeps outcomes in a folder of its own. */
export interface LossyHost {
	readonly shell: Shell;
	readonly connection: Connection;
	readonly proxy: TcpProxy;
	/** The connection breaks when the next piece goes this way, which gets lost. With `silently` it says nothing any more instead, to either side. */
	readonly way: {breaksOn?: 'in' | 'out' | undefined; silently?: boolean};
	readonly said: string[];
	/** Two paths that are not there yet: for the mark that a step leaves, and for the sign that lets it end. */
	readonly mark: string;
	readonly sign: string;
	/** Where outcomes are kept. */
	readonly kept: string;
}

/** How the host is reached; a silent connection counts as lost after three seconds. */
export interface Manner {
	/** The program of its shell. */
	readonly program?: string;
	readonly client?: Target['sshClient'];
	readonly become?: Become;
}

/** By both clients, and as another user, where this user may become one. */
export const ways: Readonly<Record<string, Manner>> = {
	'by the library': {},
	"by the system's ssh": {client: 'openssh'},
	...(userInfo().uid === 0
		? {
				'as another user': {become: {method: 'sudo', user: 'nobody'}},
				"as another user, by the system's ssh": {client: 'openssh', become: {method: 'sudo', user: 'nobody'}},
			}
		: {}),
};

/** In each shell that this machine has. */
export function shells(): Readonly<Record<string, Manner>> {
	return Object.fromEntries(Object.entries(presentShells()).map(([name, program]) => [`in ${name}`, {program}]));
}

let number = 0;

/** Gives a host to a test, and looks whether everything is removed afterwards. */
export async function withLossyHost(
	t: ExecutionContext,
	sshd: Sshd,
	{program = '/bin/sh', client, become}: Manner,
	body: (host: LossyHost) => Promise<void>,
): Promise<void> {
	const way: LossyHost['way'] = {};
	const proxy = await startProxy(sshd.port, (_, direction) => {
		if (direction !== way.breaksOn) return true;
		way.breaksOn = undefined;
		if (!way.silently) return false;
		proxy.hush();
		return true;
	});
	const folder = join(sshd.folder, `lost-${number++}`);
	const [mark, sign, kept] = ['mark', 'sign', 'kept'].map((name) => join(folder, name)) as [string, string, string];
	for (const path of [folder, kept]) {
		mkdirSync(path);
		// The other user writes there too.
		chmodSync(path, 0o777);
	}
	const shellExecutable = join(folder, 'shell');
	writeFileSync(shellExecutable, `#!/bin/sh\ncd '${folder}'; TMPDIR='${kept}'; export TMPDIR; exec ${program} "$@"\n`, {
		mode: 0o755,
	});
	const known = ['HostKeyAlias=h', `UserKnownHostsFile=${folder}/known`, 'StrictHostKeyChecking=accept-new'];
	const options = [...known, 'ServerAliveInterval=1', 'ServerAliveCountMax=2'].flatMap((option) => ['-o', option]);
	const target = sshd.target({
		port: proxy.port,
		shellExecutable,
		sshArgs: ['-F', 'none', ...options],
		...(client ? {sshClient: client} : {}),
	});
	const said: string[] = [];
	const connection = await openConnection(target, {...sshd.settings, log: (line) => said.push(line)});
	try {
		await body({shell: await connection.shell(become), connection, proxy, way, said, mark, sign, kept});
	} finally {
		await connection.close();
		proxy.close();
	}
	t.deepEqual(keptIn(kept), [], 'nothing stays behind');
}

/** The folders of outcomes in a folder. */
export function keptIn(folder: string): string[] {
	return readdirSync(folder).filter((name) => name.startsWith('.playbill-'));
}

/** Adds a line to "$1", says it on both streams, and ends with 3 when the file "$2" is there. */
export const step = sh`
	# prints that it begins and ends
	echo begins; echo line >>"$1"
	while [ ! -e "$2" ]; do sleep 0.1; done
	printf 'ends\000here'; echo woe >&2; exit 3
`;
/** Adds a line to "$1" and is done. */
export const marks = sh`
	# prints that it is done
	echo line >>"$1"; echo done
`;
/** Reads. */
export const lines = sh`
	# prints how many lines "$1" has
	wc -l <"$1" | tr -d ' '
`;

export const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** Resolves when the path is there. */
export async function there(path: string): Promise<void> {
	while (!existsSync(path)) await pause(10);
}

/** The pids of what runs on the host whose sign this is. */
export function processesWith(sign: string): number[] {
	return readdirSync('/proc')
		.filter((name) => /^\d+$/.test(name))
		.filter((pid) => {
			try {
				return readFileSync(`/proc/${pid}/environ`, 'latin1').includes(sign.replace(/sign$/, 'kept'));
			} catch {
				return false;
			}
		})
		.map(Number)
		.sort((one, other) => one - other);
}

/** When a process began, as its shell notes it. */
export function began(pid: string): string {
	return readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)!.split(' ')[19]!;
}
