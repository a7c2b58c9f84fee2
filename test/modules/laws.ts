import {execFileSync} from 'node:child_process';
import {existsSync, lstatSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {type Connection, openConnection, type Request, type Response, type Shell} from '../../src/connection/connection.js';
import {Forecast} from '../../src/engine/forecast.js';
import {perform} from '../../src/engine/perform.js';
import type {Performed} from '../../src/engine/performing.js';
import {Readings} from '../../src/engine/readings.js';
import type {ArgumentSpecs} from '../../src/modules/argument-spec.js';
import type {Args, ModuleDefinition, Read, States} from '../../src/modules/contract.js';
import {localTarget, performHost} from './perform-host.js';

/** One case of a module. Shell texts run in a folder of the row's own; `DIR` in arguments and texts is its absolute path. */
export interface Row {
	readonly name: string;
	/** Makes what is there before. */
	readonly before?: string;
	readonly args: Readonly<Record<string, unknown>> | ((dir: string) => Readonly<Record<string, unknown>>);
	/** Must end with status 0 when the module has run. */
	readonly after?: string;
	/** Whether the first run changes something; true unless said otherwise. */
	readonly changed?: boolean;
	/** The message of the failure. */
	readonly fails?: string | RegExp;
	/** Only the real run can know that it fails (a validation, a refused owner). */
	readonly failsLate?: boolean;
	/** It changes something each time it runs (an impulse). */
	readonly restless?: boolean;
	/** Return values that must be among those of the real run, failed or not. */
	readonly result?: Readonly<Record<string, unknown>>;
	/** All warnings of the real run. */
	readonly warns?: readonly string[];
	/** The two texts of the first diff. */
	readonly diff?: readonly [before: string, after: string];
	/** How many times the host is asked when nothing changes: 1, more for chains. */
	readonly trips?: number;
	/** Needs tools that busybox has not. */
	readonly fullHost?: boolean;
}

type AnyModule = ModuleDefinition<Args, States>;

/** Runs every row in every shell at hand and holds it to the laws of `STYLE`: see the assertions' messages. */
// biome-ignore lint/suspicious/noExplicitAny: tables serve modules of any arguments and states
export function runTable(module: ModuleDefinition<any, any>, rows: readonly Row[]): void {
	for (const host of hosts()) {
		let opened: Promise<Connection> | undefined;
		const connect = () => (opened ??= host.connect());
		test.after.always(`${module.name}: hang up (${host.name})`, async () => (await opened)?.close());
		for (const row of rows) {
			if (row.fullHost && host.environment) continue;
			test(`${module.name}: ${row.name} (${host.name})`, async (t) => {
				const dir = mkdtempSync(join(tmpdir(), 'playbill-row-'));
				try {
					await obeys(t, module as AnyModule, row, dir, await (await connect()).shell(), host.environment);
				} finally {
					rmSync(dir, {recursive: true, force: true});
				}
			});
		}
	}
}

async function obeys(
	t: ExecutionContext,
	module: AnyModule,
	row: Row,
	dir: string,
	lane: Shell,
	environment: TestHost['environment'],
): Promise<void> {
	const run = (text: string) =>
		execFileSync('sh', ['-ec', text.replaceAll('DIR', dir)], {cwd: dir, stdio: ['ignore', 'pipe', 'pipe']});
	if (row.before) run(row.before);
	const args = {
		...defaultsOf(module.args),
		...(typeof row.args === 'function' ? row.args(dir) : (placed(row.args, dir) as Args)),
	};
	const shell = new CountingShell(lane, environment);
	const told = new ToldReadings();
	const once = (check: boolean) =>
		perform(
			module,
			args,
			performHost(async () => shell, new Forecast(), told),
			{check, diff: true, scope: undefined as never},
		);
	const untouched = snapshot(dir);
	const foretold = await once(true);
	t.is(snapshot(dir), untouched, 'check mode leaves the host as it was');
	const planned = row.fails ? undefined : await planOf(module, args, shell);
	const done = await once(false);
	endsAsSaid(t, row, done, dir);
	if (row.fails) {
		if (!row.failsLate) t.is(foretold.failed, done.failed, 'check mode tells of the failure');
		return;
	}
	if (row.after) t.notThrows(() => run(row.after!), 'the run ends as the row says');
	t.is(foretold.changed, done.changed, 'check mode had told the truth');
	t.deepEqual(foretold.diffs, done.diffs, 'check mode shows the same difference');
	await isAsPlanned(t, shell, planned!);
	await isAsTold(t, shell, told);
	shell.trips = 0;
	const again = await once(false);
	t.is(again.failed, undefined);
	if (row.restless) return;
	t.false(again.changed, 'a second run changes nothing');
	t.true(shell.trips <= (row.trips ?? 1), `an unchanged task costs at most one round trip, not ${shell.trips}`);
}

function endsAsSaid(t: ExecutionContext, row: Row, done: Performed, dir: string): void {
	for (const [name, value] of Object.entries(row.result ?? {}))
		t.deepEqual(done.result[name], placed(value, dir), `result ${name}`);
	if (row.fails) {
		if (typeof row.fails === 'string') t.is(done.failed, row.fails.replaceAll('DIR', dir));
		else t.regex(done.failed ?? '', row.fails);
		return;
	}
	t.is(done.failed, undefined);
	t.is(done.changed, row.changed ?? true, 'the first run changes what the row says');
	if (row.warns) t.deepEqual(done.warnings, placed(row.warns, dir));
	if (row.diff) t.deepEqual([done.diffs[0]?.before, done.diffs[0]?.after], placed(row.diff, dir));
}

/** The readings and the planned states, as the engine would make them. */
async function planOf(module: AnyModule, args: Args, shell: Shell): Promise<{reads: Reads; after: States}> {
	let reads: Reads = module.inspect(args);
	let before = await read(reads, shell);
	const more = (module.inspectMore?.(args, before) ?? {}) as Reads;
	reads = {...reads, ...more};
	before = {...before, ...(await read(more, shell))};
	return {reads, after: module.plan(args, before).after};
}

async function isAsPlanned(t: ExecutionContext, shell: Shell, {reads, after}: {reads: Reads; after: States}): Promise<void> {
	const found = await read(reads, shell);
	for (const [name, planned] of Object.entries(after)) {
		if (planned === undefined) continue;
		const same = reads[name]!.kind.equal(found[name], planned);
		if (!same) t.deepEqual(found[name], planned, `what was planned for ${name} is what a fresh look finds`);
		t.true(same);
	}
}

/** Notes what changes tell beside what they do. */
class ToldReadings extends Readings {
	readonly told: {read: Read<unknown>; state: Promise<unknown>}[] = [];

	override tell(...[view, output, answers, change]: Parameters<Readings['tell']>): void {
		for (const {read, stateIn} of answers) this.told.push({read, state: output.then(stateIn, () => undefined)});
		super.tell(view, output, answers, change);
	}
}

async function isAsTold(t: ExecutionContext, shell: Shell, {told}: ToldReadings): Promise<void> {
	for (const {read: one, state} of told) {
		const found = await read({one}, shell);
		t.deepEqual(unread(await state), unread(found['one']), `what the change tells of ${one.key} is what a fresh look finds`);
	}
}

/** A state without the time when it was last read. */
function unread(state: unknown): unknown {
	const {atime: _, accessed: __, ...rest} = state as {atime?: number; accessed?: string};
	return rest;
}

type Reads = Readonly<Record<string, Read<unknown>>>;

async function read(reads: Reads, shell: Shell): Promise<States> {
	const states: Record<string, unknown> = {};
	for (const [name, one] of Object.entries(reads)) {
		const {script, args, stdin, parse} = one.kind.probe([one]);
		states[name] = parse(await shell.run({script, args, stdin}))[0];
	}
	return states;
}

/** Counts how often the host is waited for: requests that are under way together are one trip. */
class CountingShell implements Shell {
	readonly #shell: Shell;
	readonly #environment: Readonly<Record<string, string>> | undefined;
	#running = 0;
	trips = 0;
	constructor(shell: Shell, environment: Readonly<Record<string, string>> | undefined) {
		this.#shell = shell;
		this.#environment = environment;
	}
	async run(request: Request): Promise<Response> {
		if (this.#running++ === 0) this.trips++;
		try {
			return await this.#shell.run({...request, environment: {...this.#environment, ...request.environment}});
		} finally {
			this.#running--;
		}
	}
}

export interface TestHost {
	readonly name: string;
	readonly environment?: Readonly<Record<string, string>>;
	connect(): Promise<Connection>;
}

/**
 * dash, bash in its POSIX mode and busybox ash, those that are here, on this machine; ash with nothing but busybox's own tools. With
 * `PLAYBILL_TEST_SHELLS` (`dash,ash`) only those; with `PLAYBILL_TEST_SSH` (a JSON of a target that sees this machine's /tmp) also over SSH.
 */
export function hosts(): readonly TestHost[] {
	const found: TestHost[] = [];
	const chosen = process.env['PLAYBILL_TEST_SHELLS']?.split(',');
	const links = mkdtempSync(join(tmpdir(), 'playbill-shells-'));
	process.on('exit', () => rmSync(links, {recursive: true, force: true}));
	for (const [name, program] of [
		['dash', '/usr/bin/dash'],
		['bash', '/usr/bin/bash'],
		['ash', '/usr/bin/busybox'],
	] as const) {
		if (!existsSync(program) || chosen?.includes(name) === false) continue;
		mkdirSync(join(links, name));
		const shellExecutable = join(links, name, 'sh');
		symlinkSync(program, shellExecutable);
		const environment = name === 'ash' ? {PATH: busyboxTools(links)} : undefined;
		found.push({name, ...(environment ? {environment} : {}), connect: () => open({...localTarget, shellExecutable})});
	}
	const ssh = process.env['PLAYBILL_TEST_SSH'];
	if (ssh) found.push({name: 'ssh', connect: () => open(JSON.parse(ssh))});
	return found;
}

function open(target: Parameters<typeof openConnection>[0]): Promise<Connection> {
	return openConnection(target, {home: process.env['HOME'] ?? '/', user: process.env['USER'] ?? 'root'});
}

function busyboxTools(folder: string): string {
	const tools = join(folder, 'tools');
	mkdirSync(tools);
	execFileSync('/usr/bin/busybox', ['--install', '-s', tools]);
	return tools;
}

/** Names, types, modes, owners, sizes, times and bytes of all that lies in a folder. */
function snapshot(dir: string): string {
	return entries(Buffer.from(dir)).sort().join('\n');
}

function entries(path: Buffer): string[] {
	const {mode, uid, gid, size, mtimeMs, nlink} = lstatSync(path);
	const type = mode & 0o170000;
	const bytes = type === 0o100000 ? readFileSync(path, 'latin1') : '';
	const line = [path.toString('latin1'), mode, uid, gid, size, mtimeMs, nlink, bytes].join(' ');
	if (type !== 0o040000) return [line];
	return [line, ...readdirSync(path, 'buffer').flatMap((name) => entries(Buffer.concat([path, Buffer.from('/'), name])))];
}

function defaultsOf(specs: ArgumentSpecs): Args {
	return Object.fromEntries(
		Object.entries(specs)
			.filter(([, spec]) => spec.default !== undefined)
			.map(([name, spec]) => [name, spec.default]),
	);
}

/** Puts the row's folder in place of `DIR` in every text of a value. */
function placed(value: unknown, dir: string): unknown {
	if (typeof value === 'string') return value.replaceAll('DIR', dir);
	if (Array.isArray(value)) return value.map((item) => placed(item, dir));
	if (value?.constructor !== Object) return value;
	return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, placed(item, dir)]));
}
