import {finalize} from '../jinja/jinja.js';
import {ModuleFailure, type Read, type Step} from '../modules/modules.js';
import {inherited, type Task} from '../playbook/playbook.js';
import {comingReads} from './coming.js';
import {type AnyModule, decideAtOnce} from './decision.js';
import {findsHandlers} from './handlers.js';
import type {HostRun} from './host-run.js';
import type {LoopControl} from './loop.js';
import {viewpointKey} from './performing.js';
import type {PlayRun} from './play-run.js';
import type {Prepared, PreparedTask} from './prepared.js';
import type {Companion, Companions, Leading} from './together.js';

/** How many changes share a script at the most, and how many bytes they send. */
const most = {changes: 32, bytes: 48 * 1024};

/**
 * The work of tasks behind a change that may be done in the same script (DESIGN 9): the rest of its loop, and the tasks behind it in the same list, as
 * long as all that they rest on is known, is not touched by what is changed before them, and nothing but a failure can come between.
 */
export async function companionsOf(
	play: PlayRun,
	host: HostRun,
	task: Task,
	rest: PreparedTask['runs'],
	leading: Leading,
): Promise<Companions> {
	const gathering = new Gathering(leading);
	if (gathering.takes(task, rest) && leadsOn(play, task)) {
		const registered = new Set([registeredBy(task)]);
		for (const next of play.order.beside(task)) {
			if (!play.isSelected(host, next)) continue;
			if (!play.mayRunAhead(next)) break;
			const prepared = await host.prepared.prepare(play, host, next);
			if (!prepared || !isFree(play, prepared, registered)) break;
			if (!gathering.takes(next, prepared.runs) || !leadsOn(play, next)) break;
			registered.add(registeredBy(next));
		}
	}
	const found = gathering.found();
	const told = new Map(found.map((one) => [one.args, {own: one.task, name: play.facts(one.task, host).name}]));
	const last = found.at(-1)?.task ?? task;
	return {
		all: found,
		coming: (viewpoint) => comingReads(play, host, last, viewpoint),
		begun: ({args}, joined) => {
			const {name, own} = told.get(args)!;
			if (own !== task) host.prepared.pin(own);
			host.begun.set(args, {name, joined});
		},
	};
}

/** Tells of work that was sent with that of another task and whose own turn has not come: the play has ended for the host before. */
export async function tellBegun(play: PlayRun, host: HostRun): Promise<void> {
	for (const {name, joined} of host.begun.values()) {
		if (!joined.step) continue;
		const became = await joined.done.then(
			(done) => done && 'was done already',
			() => 'may have been done',
		);
		if (became) play.emit({type: 'warning', text: `${host.name}: "${name}" ${became}, with a task before it`});
	}
	host.begun.clear();
}

/** Whether the items of a task may share a script, as far as it is known before the first. */
export function mayShare(play: PlayRun, {loop, runs, watch}: PreparedTask): boolean {
	const isOnFilesHere = watch.readsFiles && runs.some((run) => 'scope' in run && run.manner.reached.isHere);
	return isSmooth(play, loop?.control, runs) && !isOnFilesHere;
}

/** Whether nothing that comes before a task can change what it was evaluated to, be it that it has nothing to do. */
function isFree(play: PlayRun, {loop, runs, watch}: PreparedTask, registered: ReadonlySet<string | undefined>): boolean {
	const {seesOthers, readsFiles, names} = watch;
	if (seesOthers || (readsFiles && play.run.knowledge.actsHere)) return false;
	return isSmooth(play, loop?.control, runs) && [...names].every((name) => !registered.has(name));
}

/** Whether the items of a loop follow each other without a pause or a question. */
function isSmooth(play: PlayRun, control: LoopControl | undefined, runs: PreparedTask['runs']): boolean {
	if (!control) return true;
	if (control.pause > 0 || control.breakWhen) return false;
	const {label} = control;
	if (!label) return true;
	try {
		for (const run of runs) if ('scope' in run) finalize(play.variables.read(label), run.scope);
		return true;
	} catch {
		return false;
	}
}

/** Whether the task behind this one comes next for certain if its module does not fail. */
function leadsOn(play: PlayRun, task: Task): boolean {
	return !inherited(task, 'failed_when') && task.keywords.get('register')?.kind !== 'map' && findsHandlers(play, task);
}

function registeredBy(task: Task): string | undefined {
	const register = task.keywords.get('register');
	return register?.kind === 'scalar' ? register.text : undefined;
}

type Found = Companion & {readonly task: Task};

/** Gathers what may join a change. */
class Gathering {
	readonly #leading: Leading;
	readonly #touched: string[];
	readonly #found: Found[] = [];
	/** How many of them are left when what changes nothing at the end is not counted. */
	#end = 0;
	#changes = 1;
	#bytes: number;

	constructor(leading: Leading) {
		this.#leading = leading;
		this.#touched = [...leading.places];
		this.#bytes = leading.joint.size;
	}

	found(): readonly Found[] {
		return this.#found.slice(0, this.#end);
	}

	/** Takes what may join of a task's items; false when it does not come to their end. */
	takes(task: Task, runs: PreparedTask['runs']): boolean {
		return runs.every((run) => {
			if (!('scope' in run)) return true;
			try {
				return this.#take(task, run);
			} catch (error) {
				// What is wrong with it is told in its turn.
				if (error instanceof ModuleFailure) return false;
				throw error;
			}
		});
	}

	#take(task: Task, {invocation: {definition, args}, manner}: Prepared): boolean {
		const {reached, environment, check, timeout, diff} = manner;
		const {viewpoint} = this.#leading;
		if (definition.kind !== 'module' || check || timeout !== undefined) return false;
		if (viewpointKey(reached, environment) !== viewpoint) return false;
		const {readings} = reached;
		const looks: [asked: readonly Read<unknown>[], states: readonly unknown[]][] = [];
		const decision = decideAtOnce(definition as AnyModule, args, diff, (asked) => {
			const states = readings.settled(viewpoint, asked, this.#touched);
			if (states) looks.push([asked, states]);
			return states;
		});
		if (!decision) return false;
		const holds = () => looks.every(([asked, states]) => readings.holds(viewpoint, asked, states));
		if (!decision.isChange) {
			this.#found.push({task, args, decision, step: undefined, holds});
			return true;
		}
		const steps = definition.apply(args, decision.change);
		const step = steps.length === 1 ? steps[0]! : undefined;
		if (!step || !Array.isArray(decision.places) || !this.#hasRoomFor(step)) return false;
		this.#found.push({task, args, decision, step, holds});
		this.#touched.push(...decision.places);
		this.#end = this.#found.length;
		return true;
	}

	#hasRoomFor({joint}: Step): boolean {
		if (joint?.join !== this.#leading.joint.join) return false;
		this.#changes++;
		this.#bytes += joint.size;
		return this.#changes <= most.changes && this.#bytes <= most.bytes;
	}
}
