import {spawn} from 'node:child_process';
import {readdirSync, readFileSync, rmSync} from 'node:fs';
import {join} from 'node:path';
import type {Paths} from './scenario.js';
import type {Tool} from './tool.js';

/** What one run of a program came to. */
export interface Measured {
	/** Seconds. */
	readonly wall: number;
	/** Seconds of processor time of all the program's processes on this side. */
	readonly cpu: number;
	/** The most memory that those processes had at once, shared pages counted once (bytes). */
	readonly memory: number;
	/** The exit status; undefined when it was ended because it took too long. */
	readonly status: number | undefined;
	readonly output: string;
}

/** Runs a command as bench/timed does, in the root of lab/ansible-root when its tool lives there. Ends it after `limit` seconds. */
export async function measure(
	command: readonly string[],
	{paths, folder, tool, limit}: {paths: Paths; folder: string; tool: Pick<Tool, 'environment' | 'isInRoot'>; limit: number},
): Promise<Measured> {
	const file = join(paths.state, 'timed');
	rmSync(file, {force: true});
	const timed = [join(paths.root, 'bench/timed'), file, ...command];
	const whole = tool.isInRoot ? [join(paths.root, 'lab/ansible-root'), ...timed] : timed;
	const {status, output, memory} = await watch(whole, folder, {...bare(), ...tool.environment}, limit);
	if (status === undefined) return {wall: limit, cpu: Number.NaN, memory, status, output};
	const [wall = 0, user = 0, system = 0] = readFileSync(file, 'utf8').trim().split(' ').map(Number);
	return {wall, cpu: user + system, memory, status, output};
}

/** The environment of a login, without what npm adds. */
function bare(): Record<string, string> {
	const {PATH = '', HOME = '/root', LAB_STATE = ''} = process.env;
	const path = PATH.split(':').filter((folder) => !folder.includes('node_modules'));
	return {PATH: path.join(':'), HOME, LAB_STATE, LC_ALL: 'C.UTF-8', TERM: 'dumb'};
}

function watch(
	command: readonly string[],
	folder: string,
	environment: Record<string, string>,
	limit: number,
): Promise<Pick<Measured, 'status' | 'output' | 'memory'>> {
	return new Promise((resolve, reject) => {
		const child = spawn(command[0]!, command.slice(1), {
			cwd: folder,
			env: environment,
			stdio: ['ignore', 'pipe', 'pipe'],
			detached: true,
		});
		let output = '';
		for (const stream of [child.stdout, child.stderr])
			stream.setEncoding('utf8').on('data', (chunk) => {
				output += chunk;
			});
		let ended = false;
		let tooLong = false;
		const timer = setTimeout(() => {
			tooLong = true;
			process.kill(-child.pid!, 'SIGKILL');
		}, limit * 1000);
		const memory = peakMemory(child.pid!, () => ended);
		child.on('error', reject);
		child.on('close', async (status) => {
			ended = true;
			clearTimeout(timer);
			resolve({status: tooLong ? undefined : (status ?? 1), output, memory: await memory});
		});
	});
}

/** Looks at the processes below one again and again, at most a fiftieth of the time. */
async function peakMemory(pid: number, ended: () => boolean): Promise<number> {
	let peak = 0;
	while (!ended()) {
		const before = performance.now();
		peak = Math.max(peak, memoryBelow(pid));
		const took = performance.now() - before;
		await new Promise((resolve) => setTimeout(resolve, Math.max(50, took * 50)));
	}
	return peak;
}

/** The proportional set size of a process and all below it, in bytes. */
function memoryBelow(pid: number): number {
	const own = /^Pss:\s+(\d+) kB/m.exec(read(`/proc/${pid}/smaps_rollup`));
	const children = threads(pid).flatMap((thread) => read(`/proc/${pid}/task/${thread}/children`).split(' ').filter(Boolean));
	return Number(own?.[1] ?? 0) * 1024 + children.reduce((sum, child) => sum + memoryBelow(Number(child)), 0);
}

function threads(pid: number): string[] {
	try {
		return readdirSync(`/proc/${pid}/task`);
	} catch {
		return [];
	}
}

/** A file of /proc, empty when its process has ended. */
function read(path: string): string {
	try {
		return readFileSync(path, 'utf8');
	} catch {
		return '';
	}
}
