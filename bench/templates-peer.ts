/* The Python side of the template benchmark: finds or makes an environment with Jinja2 and talks to templates.py. */
import {type ChildProcess, spawn, spawnSync} from 'node:child_process';
import {existsSync, mkdirSync} from 'node:fs';
import {join} from 'node:path';
import {createInterface} from 'node:readline';

// npm starts scripts at the root of the project; the compiled script itself lies elsewhere.
const script = join('bench', 'templates.py');
const cache = join('.cache', 'bench-templates');

export interface Peer {
	/** The versions, or why one of them is not measured. */
	readonly description: string;
	/** Microseconds of CPU time for one operation of a case; undefined when that engine has no such case or is not there. */
	measure(engine: 'jinja2' | 'templar', key: string, seconds: number, sources?: readonly string[]): Promise<number | undefined>;
	/** What Jinja2 gives for some cases, to be compared. */
	results(): Promise<Record<string, string>>;
	close(): void;
}

/** Starts the Python side with the sources and variables of the cases. Throws when there is no Python. */
export async function connectPython(data: unknown): Promise<Peer> {
	const python = findPython();
	const child = spawn(python, [script], {stdio: ['pipe', 'pipe', 'inherit']});
	const answers = createInterface({input: child.stdout})[Symbol.asyncIterator]();
	const ask = async (request: unknown): Promise<unknown> => {
		child.stdin.write(`${JSON.stringify(request)}\n`);
		const {value, done} = await answers.next();
		if (done) throw new Error(`${python} ended${exitOf(child)}`);
		return JSON.parse(value);
	};
	const description = (await ask(data)) as string;
	return {
		description,
		measure: async (engine, key, seconds, sources) =>
			((await ask({engine, key, seconds, sources})) as number | null) ?? undefined,
		results: async () => (await ask({engine: 'jinja2', key: 'results'})) as Record<string, string>,
		close: () => child.stdin.end(),
	};
}

function exitOf(child: ChildProcess): string {
	return child.exitCode === null ? '' : ` with status ${child.exitCode}`;
}

/** A Python that can import Jinja2, with ansible-core where its version allows. */
function findPython(): string {
	const given = process.env['PYTHON'];
	const names = given ? [given] : ['python3.14', 'python3.13', 'python3.12', 'python3'];
	const base = names.find((name) => spawnSync(name, ['-c', '']).status === 0);
	if (!base) throw new Error(`no Python found: ${names.join(', ')}`);
	if (spawnSync(base, ['-c', 'import jinja2, ansible.template']).status === 0) return base;
	const version = spawnSync(base, ['-c', 'import sys; print("%d.%d" % sys.version_info[:2])'], {encoding: 'utf8'}).stdout.trim();
	const home = join(cache, `python${version}`);
	const python = join(home, 'bin', 'python');
	const done = join(home, 'pyvenv.cfg');
	const packages = Number(version.split('.')[1]) >= 12 ? ['jinja2', 'ansible-core'] : ['jinja2'];
	if (!existsSync(done) || spawnSync(python, ['-c', 'import jinja2']).status !== 0) {
		mkdirSync(cache, {recursive: true});
		run(base, ['-m', 'venv', home]);
		run(python, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', ...packages]);
	}
	return python;
}

function run(command: string, args: readonly string[]): void {
	const {status, error} = spawnSync(command, args, {stdio: 'inherit'});
	if (status !== 0) throw new Error(`${command} ${args.join(' ')} failed${error ? `: ${error.message}` : ''}`);
}
