import type {Args, Change, Diff, ModuleDefinition, Read, States, Step} from '../modules/modules.js';
import {asRead, type Performed} from './performing.js';

export type AnyModule = ModuleDefinition<Args, States>;
export type Reads = Readonly<Record<string, Read<unknown>>>;

/** What a module makes of what is there: nothing is done yet. */
export interface Decision {
	readonly reads: Reads;
	readonly change: Change<States>;
	readonly isChange: boolean;
	readonly diffs: readonly Diff[];
	readonly warnings: readonly string[];
	/** Where it changes the host: the places of the paths that differ, undefined when that is not all; or it is not known on which host. */
	readonly places: readonly string[] | undefined | 'anything';
}

/** What was there: `first` before the prelude, whose outputs are `preluded`, and `before` behind it. */
interface Seen {
	readonly first: States;
	readonly before: States;
	readonly preluded: readonly unknown[];
}

/** Throws `ModuleFailure` when what is asked for cannot be. */
export function decide(module: AnyModule, args: Args, reads: Reads, {first, before, preluded}: Seen, diff: boolean): Decision {
	const {after, impulses = [], warnings = []} = module.plan(args, before, preluded);
	const differing = Object.keys(reads).filter((name) => name in after && !reads[name]!.kind.equal(first[name], after[name]));
	return {
		reads,
		change: {before, after, impulses},
		isChange: differing.length > 0 || impulses.length > 0,
		diffs: diff ? differing.flatMap((name) => diffOf(reads[name]!, before[name], after[name])) : [],
		warnings,
		places: module.unmodelled ? 'anything' : changedPlaces(reads, before, after, differing),
	};
}

/** A decision that needs no further look at the host: `states` gives what is known of these reads. Undefined where there is more to ask. */
export function decideAtOnce(
	module: AnyModule,
	args: Args,
	diff: boolean,
	states: (asked: readonly Read<unknown>[]) => readonly unknown[] | undefined,
): Decision | undefined {
	const seen = (reads: Reads): States | undefined => {
		const known = states(asRead(Object.values(reads), diff));
		return known && Object.fromEntries(Object.keys(reads).map((name, index) => [name, known[index]]));
	};
	const own: Reads = module.inspect(args);
	const first = seen(own);
	const further = first && furtherReads(module, args, first);
	const more = further && seen(further);
	if (!more) return undefined;
	const reads = {...own, ...further};
	const before = {...first, ...more};
	if ((module.prelude?.(args, before) ?? []).length > 0) return undefined;
	return decide(module, args, reads, {first: before, before, preluded: []}, diff);
}

/** What a decision comes to: `outputs` of its steps, and the states that they `observed`. */
export function concluded(
	module: AnyModule,
	args: Args,
	{change, isChange, diffs, warnings}: Decision,
	outputs: readonly unknown[],
	observed: States,
): Performed {
	const done: Change<States> = {...change, after: {...change.after, ...observed}};
	return {changed: isChange, result: module.report?.(args, done, outputs) ?? {}, diffs, effects: [], warnings};
}

/** What the outputs of steps say of the states. */
export function observedBy(steps: readonly Step[], outputs: readonly unknown[]): States {
	return Object.fromEntries(steps.flatMap(({observes}, index) => (observes ? [[observes, outputs[index]] as const] : [])));
}

/** What is to be read on top of the first readings. */
export function furtherReads(module: AnyModule, args: Args, before: States): Reads {
	const more = module.inspectMore?.(args, before) ?? {};
	return Object.fromEntries(Object.entries(more).filter(([, read]) => read)) as Reads;
}

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

function diffOf(read: Read<unknown>, before: unknown, after: unknown): Diff[] {
	const diff = read.kind.diff?.(read.key, before, after);
	return diff ? [diff] : [];
}
