import {execFileSync} from 'node:child_process';
import {mkdtempSync, readFileSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {type Connection, contentOfBytes} from '../../src/connection/connection.js';
import {perform} from '../../src/engine/perform.js';
import type {Performed} from '../../src/engine/performing.js';
import {Dict, type Value} from '../../src/jinja/jinja.js';
import type {ActionDefinition, ActionScope, Args, SourceFiles} from '../../src/modules/contract.js';
import {readArguments} from '../../src/modules/read-arguments.js';
import {hosts} from './laws.js';
import {performHost} from './perform-host.js';

/** One case of an action. Shell texts run in a folder of the row's own; `DIR` in texts is its absolute path. */
export interface ActionRow {
	readonly name: string;
	readonly before?: string;
	readonly args: Readonly<Record<string, Value>>;
	readonly check?: boolean;
	readonly verbosity?: number;
	/** Values of expressions. */
	readonly variables?: Readonly<Record<string, Value>>;
	readonly changed?: boolean;
	readonly skipped?: boolean;
	readonly fails?: string | RegExp;
	/** Return values that must be among the result's; a pattern or predicate must fit. */
	readonly result?: Readonly<Record<string, unknown>>;
	readonly effects?: readonly unknown[];
	readonly after?: string;
	/** Needs tools that busybox has not. */
	readonly fullHost?: boolean;
	readonly environment?: Readonly<Record<string, string>>;
}

const allHosts = hosts();

/** Runs every row in every shell at hand; actions that need no host once. */
// biome-ignore lint/suspicious/noExplicitAny: tables serve actions of any arguments and states
export function runActions(action: ActionDefinition<any, any>, rows: readonly ActionRow[]): void {
	for (const host of action.needsHost ? allHosts : allHosts.slice(0, 1)) {
		let opened: Promise<Connection> | undefined;
		if (action.needsHost) test.after.always(`${action.name}: hang up (${host.name})`, async () => (await opened)?.close());
		for (const row of rows) {
			if (row.fullHost && host.environment) continue;
			test(`${action.name}: ${row.name} (${host.name})`, async (t) => {
				const dir = mkdtempSync(join(tmpdir(), 'playbill-row-'));
				const run = (text: string) =>
					execFileSync('sh', ['-ec', text.replaceAll('DIR', dir)], {cwd: dir, stdio: ['ignore', 'pipe', 'pipe']});
				try {
					if (row.before) run(row.before);
					const connect = async () => (opened ??= host.connect());
					const shell = async () => {
						const lane = await (await connect()).shell();
						return {
							run: (request: Parameters<typeof lane.run>[0]) =>
								lane.run({
									...request,
									environment: {
										...host.environment,
										...(placed(row.environment ?? {}, dir) as Record<string, string>),
										...request.environment,
									},
								}),
						};
					};
					const given = placed(row.args, dir) as Readonly<Record<string, Value>>;
					const {args, problem} = readArguments(action, new Map(Object.entries(given)));
					const done: Performed =
						problem === undefined
							? await perform(action, openFiles(action, args), performHost(shell), {
									check: row.check ?? false,
									diff: false,
									scope: scopeOf(row),
								})
							: {changed: false, failed: problem, result: {}, diffs: [], effects: [], warnings: []};
					endsAsSaid(t, row, done, dir);
					if (row.after) t.notThrows(() => run(row.after!), 'the run ends as the row says');
				} finally {
					rmSync(dir, {recursive: true, force: true});
				}
			});
		}
	}
}

function endsAsSaid(t: ExecutionContext, row: ActionRow, done: Performed, dir: string): void {
	const {fails} = row;
	if (fails instanceof RegExp) t.regex(done.failed ?? '', fails);
	else t.is(done.failed, fails?.replaceAll('DIR', dir));
	t.is(done.changed, row.changed ?? false, 'changed');
	t.is(done.skipped ?? false, row.skipped ?? false, 'skipped');
	for (const [name, value] of Object.entries(row.result ?? {})) {
		const actual = done.result[name];
		if (value instanceof RegExp) t.regex(String(actual), value, `result ${name}`);
		else if (typeof value === 'function') t.true(value(actual), `result ${name}: ${String(actual)}`);
		else t.deepEqual(actual, placed(value, dir) as Value, `result ${name}`);
	}
	if (row.effects) t.deepEqual(done.effects, row.effects as Performed['effects']);
}

/** What the engine puts in place of names of files of this side. */
function openFiles(action: ActionDefinition<Args, Record<string, unknown>>, args: Args): Args {
	const opened: Record<string, unknown> = {...args};
	for (const [name, spec] of Object.entries(action.args)) {
		const path = args[name];
		if (!spec.local || typeof path !== 'string') continue;
		const file: SourceFiles = {
			path,
			name: path,
			type: 'file',
			mode: 0o644,
			content: contentOfBytes(readFileSync(path)),
			entries: [],
		};
		opened[name] = file;
	}
	return opened;
}

function scopeOf({check = false, verbosity = 0, variables = {}}: ActionRow): ActionScope {
	const evaluate = (expression: string) => variables[expression] ?? null;
	return {
		checkMode: check,
		verbosity,
		hostName: 'here',
		evaluate,
		show: evaluate,
		variable: (name) => variables[name],
		test: (condition) => variables[String(condition)] === true,
	};
}

function placed(value: unknown, dir: string): unknown {
	if (typeof value === 'string') return value.replaceAll('DIR', dir);
	if (Array.isArray(value)) return value.map((item) => placed(item, dir));
	if (value instanceof Dict) return Dict.from([...value.entries()].map(([key, item]) => [key, placed(item, dir) as Value]));
	if (value?.constructor !== Object) return value;
	return Object.fromEntries(Object.entries(value as object).map(([name, item]) => [name, placed(item, dir)]));
}
