import {spawnSync} from 'node:child_process';
import {mkdtempSync, readdirSync, readFileSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {program, root} from '../project.js';

/** What runs may cost, as measured when the file was written: more is a fault, less is to be written down. */
export const costs = JSON.parse(readFileSync(join(root, 'test/cost/costs.json'), 'utf8')) as {
	readonly loaded: Readonly<Record<string, {readonly files: number; readonly kilobytes: number}>>;
	readonly roundTrips: Readonly<Record<string, {readonly first: number; readonly again: number}>>;
};

/** Runs the built program in a folder; throws with what it printed when it fails. */
export function runProgram(folder: string, args: readonly string[], environment: Readonly<Record<string, string>> = {}): string {
	const {status, stdout, stderr} = spawnSync(process.execPath, [program, ...args], {
		cwd: folder,
		encoding: 'utf8',
		env: {PATH: process.env['PATH'], HOME: folder, LC_ALL: 'C.UTF-8', ...environment},
		timeout: 120_000,
	});
	if (status !== 0) throw new Error(`it ended with ${status}: ${stdout}${stderr}`);
	return stdout;
}

/** The files of JavaScript that a command loads, with their sizes: V8 lists them. */
export function loadedBy(folder: string, args: readonly string[]): {readonly path: string; readonly bytes: number}[] {
	const coverage = mkdtempSync(join(tmpdir(), 'playbill-loaded-'));
	try {
		runProgram(folder, args, {NODE_V8_COVERAGE: coverage});
		const reports = readdirSync(coverage).map((name) => JSON.parse(readFileSync(join(coverage, name), 'utf8')) as Coverage);
		const scripts = reports.flatMap(({result}) => result).filter(({url}) => url.startsWith('file:'));
		return scripts.map(({url, functions}) => ({path: new URL(url).pathname, bytes: functions[0]!.ranges[0]!.endOffset}));
	} finally {
		rmSync(coverage, {recursive: true, force: true});
	}
}

/** What of V8's coverage is needed here: the first function of a script is the script. */
interface Coverage {
	readonly result: readonly {
		readonly url: string;
		readonly functions: readonly {readonly ranges: readonly {readonly endOffset: number}[]}[];
	}[];
}
