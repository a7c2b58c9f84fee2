import type {Request, Response, Shell} from '../connection/connection.js';
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
import type {ChangeUnderWay} from './known-readings.js';
import {Readings, type Viewpoint} from './readings.js';
import type {SentContent} from './sent-content.js';

/** The host that a task acts on: its shell as the task's user, opened when first needed, and what is known and foretold of it. */
export interface PerformHost {
	shell(): Promise<Shell>;
	readonly forecast: Forecast;
	readonly readings: Readings;
	readonly sent: SentContent;
	/** Tells the ways to look at this machine apart: the connection and the user. */
	readonly viewpoint: string;
	/** Something is changed, in these places or nobody knows where. Gives the viewpoints of which something was forgotten. */
	changed(places: readonly string[] | undefined, change: ChangeUnderWay): ReadonlySet<string>;
	/** Something is done of which nobody knows what it changes, on this host or another. */
	changedAnything(): void;
}

export interface PerformOptions {
	readonly check: boolean;
	readonly diff: boolean;
	readonly scope: ActionScope;
	/** `environment:` of the task. */
	readonly environment?: Readonly<Record<string, string>>;
	/** Milliseconds that are left for the task, when it has a limit. */
	readonly remaining?: () => number;
	/** The latest line of a running step, for the live view. */
	readonly onLine?: (line: string) => void;
	/** The task is done before its turn: what nobody knows the reach of must wait for it (`NeedsTurn`). */
	readonly isAhead?: boolean;
	/** The reads of the tasks that come next on this host from the same viewpoint, as far as they are known. */
	readonly coming?: (viewpoint: string) => Promise<readonly Read<unknown>[]>;
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

/** What a task would do has to wait until all hosts have come as far. */
export class NeedsTurn extends Error {}

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
	const {outputs: preludeOutputs} = await runSteps(prelude, host, options, 'anything');
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
	const places = module.unmodelled ? 'anything' : changedPlaces(reads, before, planned, differing);
	const {outputs, observed} = await runSteps(module.apply(args, change), host, options, places);
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
	const places = action.onlyReads ? 'none' : 'anything';
	const outcome =
		'steps' in acted ? action.conclude!(args, before, (await runSteps(acted.steps, host, options, places)).outputs) : acted;
	if (options.check && outcome.planned) host.forecast.record(reads, outcome.planned);
	return {
		changed: outcome.changed ?? false,
		...(outcome.failed === undefined ? {} : {failed: outcome.failed}),
		...(outcome.cause === undefined ? {} : {cause: outcome.cause}),
		...(outcome.skipped ? {skipped: true} : {}),
		result: outcome.verbose ? {...outcome.result, _ansible_verbose_always: true} : outcome.result,
		diffs: [],
		effects: outcome.effects ?? [],
		warnings: outcome.warnings ?? [],
	};
}

/** Reads what is not known yet; in check mode with the forecast laid over it. What is really done must not rest on what is only foretold. */
async function inspect(reads: Reads, host: PerformHost, options: PerformOptions): Promise<States> {
	const names = Object.keys(reads);
	if (names.length === 0) return {};
	const asked = asRead(Object.values(reads), options.diff);
	const {remaining, coming} = options;
	// A task with a limit asks for itself, so that nothing else is ended with it.
	const readings = remaining === undefined ? host.readings : new Readings();
	const view = viewpointOf(host, options);
	const actual = await readings.states(view, asked, async () =>
		remaining === undefined ? ((await coming?.(view.key)) ?? []) : [],
	);
	const seen = (index: number) => (options.check ? host.forecast.overlay(actual[index], asked[index]!) : actual[index]);
	return Object.fromEntries(names.map((name, index) => [name, seen(index)]));
}

/** The readings as they are made when their differences are shown. */
export function asRead(reads: readonly Read<unknown>[], diff: boolean): Read<unknown>[] {
	return reads.map((read) => (diff && read.kind.forDiff ? read.kind.forDiff(read) : read));
}

/** Who looks at a host: its user, with the task's environment. */
function viewpointOf(host: PerformHost, {environment, remaining}: PerformOptions): Viewpoint {
	return {
		key: viewpointKey(host, environment),
		run: async (request: Request) => (await host.shell()).run({...request, environment, deadline: remaining?.()}),
	};
}

export function viewpointKey({viewpoint}: PerformHost, environment: PerformOptions['environment']): string {
	return environment && Object.keys(environment).length > 0 ? `${viewpoint} ${JSON.stringify(environment)}` : viewpoint;
}

/** Where a module changes the host: the places of the paths that differ; undefined when that is not all. */
function changedPlaces(
	reads: Reads,
	before: States,
	planned: States,
	differing: readonly string[],
): readonly string[] | undefined {
	const places: string[] = [];
	for (const name of differing) {
		const own = reads[name]!.kind.changes?.(reads[name]!, before[name], planned[name]);
		if (!own) return undefined;
		places.push(...own);
	}
	return places.length > 0 ? places : undefined;
}

/**
 * Runs steps, and forgets what they make doubtful: `places` (undefined: everything of the machine), `anything` on whichever host, or `none`.
 * What later tasks will want to know again is read behind the last step, in the same trip.
 */
async function runSteps(
	steps: readonly Step[],
	host: PerformHost,
	options: PerformOptions,
	places: readonly string[] | undefined | 'anything' | 'none',
): Promise<{outputs: unknown[]; observed: Record<string, unknown>}> {
	if (steps.length === 0) return {outputs: [], observed: {}};
	if (options.isAhead && places === 'anything') throw new NeedsTurn();
	const change = {answers: steps.at(-1)!.answers ?? []};
	const forget = () => {
		if (places === 'anything') host.changedAnything();
		else if (places !== 'none') return host.changed(places, change);
		return undefined;
	};
	const outputs: unknown[] = [];
	const observed: Record<string, unknown> = {};
	const shell = await host.shell();
	const doubtful = forget();
	const view = viewpointOf(host, options);
	try {
		for (const [index, step] of steps.entries()) {
			const {parse = failOnStatus, observes, says} = step;
			if (says) options.onLine?.(says);
			const instead = host.sent.instead(step);
			const taken = instead && (await runStep(instead, shell, options));
			const answer = taken?.status === 0 ? Promise.resolve(taken) : runStep(step, shell, options);
			const isLast = index === steps.length - 1;
			const isTimed = step.deadline !== undefined || options.remaining !== undefined;
			const told = answer.then(parse);
			if (isLast) host.readings.tell(view, told, change);
			if (isLast && !isTimed && doubtful?.has(view.key)) void readBehind(host, view, options, change);
			const output = await told;
			host.sent.note(step);
			outputs.push(output);
			if (observes) observed[observes] = output;
		}
	} finally {
		forget();
	}
	return {outputs, observed};
}

function runStep(
	{script, args, stdin, cwd, repeatable, shows, ...step}: Step,
	shell: Shell,
	options: PerformOptions,
): Promise<Response> {
	const environment = step.environment ? {...options.environment, ...step.environment} : options.environment;
	const deadline = step.deadline ?? options.remaining?.();
	const onLine = shows && options.onLine && showing(shows, options.onLine);
	return shell.run({script, args, stdin, cwd, repeatable, environment, deadline, changes: true, onLine});
}

/** Passes on what is to be shown of a step's output. */
function showing(shows: NonNullable<Step['shows']>, onLine: (line: string) => void): (line: string) => void {
	return (line) => {
		const shown = shows(line)?.trim();
		if (shown) onLine(shown);
	};
}

/** Reads what comes next and is not known (any more), behind a change that is under way. */
async function readBehind(host: PerformHost, view: Viewpoint, {coming}: PerformOptions, change: ChangeUnderWay): Promise<void> {
	const reads = await coming?.(view.key);
	if (reads) host.readings.readBehind(view, reads, change);
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
