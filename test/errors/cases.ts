import {spawn, spawnSync} from 'node:child_process';
import {closeSync, cpSync, existsSync, mkdtempSync, openSync, readdirSync, readFileSync, realpathSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {program, root} from '../project.js';

const here = join(root, 'test/errors');

/** What a command printed (both streams, as a person sees them) and how it ended. */
export interface Ran {
	readonly text: string;
	readonly status: number | null;
}

/** The names of the cases: folders with a file `command`. */
export function caseNames(): string[] {
	return readdirSync(here, {withFileTypes: true})
		.filter((entry) => entry.isDirectory())
		.map(({name}) => name)
		.sort();
}

export function readCase(name: string, file: string): string {
	return readFileSync(join(here, name, file), 'utf8');
}

/** The files of a case, for the reader of the documentation. */
export function caseFiles(name: string): string[] {
	return readdirSync(join(here, name)).filter((file) => !['command', 'output'].includes(file) && /\.(yml|ini|cfg)$/.test(file));
}

/**
 * Runs `playbill …` in a folder, both streams into one file, so that their order is kept. No setting of the person who runs the tests
 * reaches it.
 */
export function runIn(folder: string, args: readonly string[], environment: Readonly<Record<string, string>> = {}): Promise<Ran> {
	const log = `${folder}.log`;
	const output = openSync(log, 'w');
	return new Promise((resolve, reject) => {
		const child = spawn(process.execPath, [program, ...args], {
			cwd: folder,
			stdio: ['ignore', output, output],
			env: {PATH: process.env['PATH'], HOME: '/nonexistent', LC_ALL: 'C.UTF-8', ...environment},
		});
		child.on('error', reject);
		child.on('close', (status) => {
			closeSync(output);
			const text = readFileSync(log, 'utf8');
			rmSync(log);
			resolve({text, status});
		});
	});
}

/** Does something in a folder of its own, which is removed. */
export async function inFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
	const folder = realpathSync(mkdtempSync(join(tmpdir(), 'playbill-errors-')));
	try {
		return await work(folder);
	} finally {
		rmSync(folder, {recursive: true, force: true});
	}
}

/**
 * Runs a case's command in a copy of its folder; gives what is recorded of it. A case may have two scripts: `setup` makes what the case
 * needs (status 77: it cannot be had here, and undefined is given), `after` prints what was left and takes down what `setup` put up.
 */
export function runCase(name: string): Promise<string | undefined> {
	return inFolder(async (folder) => {
		cpSync(join(here, name), folder, {recursive: true});
		const setup = script(folder, 'setup');
		if (setup.status === 77) return undefined;
		if (setup.status !== 0) throw new Error(`setup of ${name}: ${setup.text}`);
		const [, ...args] = readCase(name, 'command').trim().split(' ');
		const {text, status} = await runIn(folder, args);
		const after = script(folder, 'after').text;
		return `${steady(text, folder)}exit status ${status}\n${after && `\nleft on the host:\n${steady(after, folder)}`}`;
	});
}

/** Runs one of a case's scripts, when it has it; its argument is the project's folder. */
function script(folder: string, name: string): Ran {
	if (!existsSync(join(folder, name))) return {text: '', status: 0};
	const {stdout, stderr, status} = spawnSync('sh', ['-eu', name, root], {
		cwd: folder,
		encoding: 'utf8',
		timeout: 60_000,
	});
	return {text: stdout + stderr, status};
}

/** A text without what differs from run to run: the folder, times, the stars of banners. */
export function steady(text: string, folder: string): string {
	return text
		.replaceAll(folder, '/home/you/project')
		.replace(/"(start|end)": "[^"]*"/g, '"$1": "2026-01-01 12:00:00.000000"')
		.replace(/"delta": "[^"]*"/g, '"delta": "0:00:00.010000"')
		.replace(/"elapsed": [1-9]\d*/g, '"elapsed": 1')
		.replace(/Wrote only \d+ of/g, 'Wrote only 512 of')
		.replace(/^((?:PLAY|TASK)\b.*?) \*{3,}$/gm, '$1 ***')
		.replace(/ +$/gm, '');
}
