import type {Response, Shell} from '../connection/connection.js';
import {
	type ActionDefinition,
	type ActionScope,
	type Args,
	type Change,
	type Diff,
	type Effect,
	type ModuleDefinition,
	ModuleFailure,
	type Read,
	type Result,
	type States,
	type Step,
} from '../modules/modules.js';
import type {Forecast} from './forecast.js';

/** The host that a task acts on: its shell as the task's user, opened when first needed, and what is foretold of it. */
export interface PerformHost {
	shell(): Promise<Shell>;
	readonly forecast: Forecast;
}

export interface PerformOptions {
	readonly check: boolean;
	readonly diff: boolean;
	readonly scope: ActionScope;
	/** `environment:` of the task. */
	readonly environment?: Readonly<Record<string, string>>;
	/** Milliseconds for each script. */
	readonly deadline?: number;
	/** The latest line of a running step, for the live view. */
	readonly onLine?: (line: string) => void;
}

/** What became of one task on one host, before the task's own rules (`changed_when`, `failed_when`, loops) look at it. */
export interface Performed {
	readonly changed: boolean;
	/** The message of a failure. */
	readonly failed?: string;
	/** What lies behind that message. */
	readonly cause?: string;
	readonly skipped?: boolean;
	readonly result: Result;
	readonly diffs: readonly Diff[];
	readonly effects: readonly Effect[];
	readonly warnings: readonly string[];
}

type AnyModule = ModuleDefinition<Args, States>;
type AnyAction = ActionDefinition<Args, States>;
type Reads = Readonly<Record<string, Read<unknown>>>;

/**
 * Runs one module or action on one host. Failures of the module are in the outcome; an unreachable host is thrown
 * (`UnreachableError`), as are faults of the program itself.
 */
export async function perform(
	definition: AnyModule | AnyAction,
	args: Args,
	host: PerformHost,
	options: PerformOptions,
): Promise<Performed> {
	try {
		return definition.kind === 'module'
			? await performModule(definition, args, host, options)
			: await performAction(definition, args, host, options);
	} catch (error) {
		if (!(error instanceof ModuleFailure)) throw error;
		return {
			changed: error.result.changed === true,
			failed: error.message,
			result: error.result,
			diffs: [],
			effects: [],
			warnings: [],
		};
	}
}

async function performModule(module: AnyModule, args: Args, host: PerformHost, options: PerformOptions): Promise<Performed> {
	let reads: Reads = module.inspect(args);
	let before = await inspect(reads, host, options);
	const more = module.inspectMore?.(args, before);
	if (more) {
		const further = Object.fromEntries(Object.entries(more).filter(([, read]) => read)) as Reads;
		before = {...before, ...(await inspect(further, host, options))};
		reads = {...reads, ...further};
	}
	const first = before;
	const prelude = options.check ? [] : (module.prelude?.(args, before) ?? []);
	const {outputs: preludeOutputs} = await runSteps(prelude, host, options);
	if (prelude.length > 0) before = await inspect(reads, host, options);
	const {after: planned, impulses = [], warnings = []} = module.plan(args, before, preludeOutputs);
	const differing = Object.keys(reads).filter((name) => name in planned && !reads[name]!.kind.equal(first[name], planned[name]));
	const changed = differing.length > 0 || impulses.length > 0;
	const diffs = options.diff ? differing.flatMap((name) => diffOf(reads[name]!, before[name], planned[name])) : [];
	const change: Change<States> = {before, after: planned, impulses};
	if (!changed || options.check) {
		if (changed) host.forecast.record(reads, planned);
		return {changed, result: module.report?.(args, change, preludeOutputs) ?? {}, diffs, effects: [], warnings};
	}
	const {outputs, observed} = await runSteps(module.apply(args, change), host, options);
	host.forecast.forget(reads);
	const done: Change<States> = {before, after: {...planned, ...observed}, impulses};
	return {changed, result: module.report?.(args, done, [...preludeOutputs, ...outputs]) ?? {}, diffs, effects: [], warnings};
}

async function performAction(action: AnyAction, args: Args, host: PerformHost, options: PerformOptions): Promise<Performed> {
	if (options.check && action.inCheckMode === 'skip') {
		return {changed: false, skipped: true, result: {}, diffs: [], effects: [], warnings: []};
	}
	const reads = action.inspect?.(args) ?? {};
	const before = await inspect(reads, host, options);
	const acted = action.act(args, before, options.scope);
	const outcome = 'steps' in acted ? action.conclude!(args, before, (await runSteps(acted.steps, host, options)).outputs) : acted;
	if (options.check && outcome.planned) host.forecast.record(reads, outcome.planned);
	return {
		changed: outcome.changed ?? false,
		...(outcome.failed === undefined ? {} : {failed: outcome.failed}),
		...(outcome.cause === undefined ? {} : {cause: outcome.cause}),
		...(outcome.skipped ? {skipped: true} : {}),
		result: outcome.verbose ? {...outcome.result, _ansible_verbose_always: true} : outcome.result,
		diffs: [],
		effects: outcome.effects ?? [],
		warnings: [],
	};
}

/** Reads the host, one probe for each kind, and lays the forecast over it. */
async function inspect(reads: Reads, host: PerformHost, options: PerformOptions): Promise<States> {
	const byKind = new Map<Read<unknown>['kind'], string[]>();
	for (const [name, read] of Object.entries(reads)) byKind.set(read.kind, [...(byKind.get(read.kind) ?? []), name]);
	const states: Record<string, unknown> = {};
	await Promise.all(
		[...byKind].map(async ([kind, names]) => {
			const asked = names.map((name) => (options.diff && kind.forDiff ? kind.forDiff(reads[name]!) : reads[name]!));
			const probe = kind.probe(asked);
			const shell = await host.shell();
			const {script, args, stdin} = probe;
			const {environment, deadline} = options;
			const response = await shell.run({script, args, stdin, environment, deadline, changes: false});
			const actual = probe.parse(response);
			for (const [index, name] of names.entries()) states[name] = host.forecast.overlay(actual[index], asked[index]!);
		}),
	);
	return states;
}

async function runSteps(
	steps: readonly Step[],
	host: PerformHost,
	options: PerformOptions,
): Promise<{outputs: unknown[]; observed: Record<string, unknown>}> {
	if (steps.length === 0) return {outputs: [], observed: {}};
	const outputs: unknown[] = [];
	const observed: Record<string, unknown> = {};
	const shell = await host.shell();
	for (const {parse = failOnStatus, observes, ...request} of steps) {
		const environment = request.environment ? {...options.environment, ...request.environment} : options.environment;
		const deadline = request.deadline ?? options.deadline;
		const response = await shell.run({...request, environment, deadline, changes: true, onLine: options.onLine});
		const output = parse(response);
		outputs.push(output);
		if (observes) observed[observes] = output;
	}
	return {outputs, observed};
}

/** The meaning of a step that does not say its own: a status but 0 is a failure, told by what it wrote on stderr. */
function failOnStatus({status, stdout, stderr}: Response): string {
	const text = stdout.toString();
	if (status === 0) return text;
	const said = stderr.toString().trim() || text.trim() || `the script ended with status ${status}`;
	throw new ModuleFailure(said, {rc: status, stdout: text, stderr: stderr.toString()});
}

function diffOf(read: Read<unknown>, before: unknown, after: unknown): Diff[] {
	const diff = read.kind.diff?.(read.key, before, after);
	return diff ? [diff] : [];
}
