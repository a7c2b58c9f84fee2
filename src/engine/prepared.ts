import {Dict, Unknown, type Value} from '../jinja/jinja.js';
import {accumulated, type Task} from '../playbook/playbook.js';
import {dictLayer, type TaskScope, Watch} from '../vars/vars.js';
import {judge} from './conditions.js';
import {Fields} from './fields.js';
import type {HostRun} from './host-run.js';
import {type Invocation, invoke} from './invocation.js';
import {itemVariables, type LoopControl, loopItems, readLoopControl} from './loop.js';
import {type Manner, mannerOf} from './manner.js';
import type {PlayRun} from './play-run.js';

/** A task, or an item of its loop, evaluated so far that only the host is left to ask. */
export interface Prepared {
	readonly scope: TaskScope;
	readonly fields: Fields;
	readonly invocation: Invocation;
	readonly manner: Manner;
}

/** A condition keeps it from running. */
export interface Unmet {
	readonly condition: Value;
}

/** A task evaluated for a host ahead of its turn. */
export interface PreparedTask {
	/** Its items, and how they are named; undefined for a task without a loop. */
	readonly loop?: {readonly items: readonly Value[]; readonly control: LoopControl};
	/** For each item, or the task itself. */
	readonly runs: readonly (Prepared | Unmet)[];
	/** What the values rest on. */
	readonly watch: Watch;
}

/** How many items of a loop are looked at. */
const mostItems = 1000;

/** The tasks that were evaluated for one host ahead of their turns. */
export class PreparedTasks {
	readonly #known = new Map<number, Known>();
	readonly #pinned = new Set<number>();

	/**
	 * Evaluates a task as far as that is possible already: undefined when something is not known yet, or belongs to the task's turn.
	 * What is evaluated is used in the task's turn if it still holds then (DESIGN 12.11).
	 */
	async prepare(play: PlayRun, host: HostRun, task: Task): Promise<PreparedTask | undefined> {
		const known = this.#pinned.has(task.id) ? this.#known.get(task.id) : this.#holding(play, host, task);
		if (known) return known.task;
		const watch = new Watch();
		const at = momentOf(play);
		// What is wrong with a task is told in its turn.
		const prepared = await evaluate(play, host, task, watch).catch(() => undefined);
		const usable = watch.isTooEarly ? undefined : prepared;
		this.#known.set(task.id, {task: usable, watch, at});
		return usable;
	}

	/** Its work was begun: what was evaluated is what it is done with. */
	pin(task: Task): void {
		this.#pinned.add(task.id);
	}

	/** What was evaluated of a task, if it still holds; it is given once. */
	take(play: PlayRun, host: HostRun, task: Task): PreparedTask | undefined {
		const known = this.#pinned.delete(task.id) ? this.#known.get(task.id) : this.#holding(play, host, task);
		this.#known.delete(task.id);
		known?.watch.end();
		return known?.task;
	}

	#holding(play: PlayRun, host: HostRun, task: Task): Known | undefined {
		const known = this.#known.get(task.id);
		if (!known) return undefined;
		const {watch, at} = known;
		const now = momentOf(play);
		const holds =
			at.published === now.published &&
			(!watch.readsFiles || at.localChanges === now.localChanges) &&
			(!watch.seesOthers || at.lost === now.lost) &&
			play.variables.hold(host.name, watch.names, watch.seesOthers, at.variables);
		return holds ? known : undefined;
	}
}

/** What became of evaluating a task ahead of its turn (undefined: it cannot be), and what that rests on. */
interface Known {
	readonly task: PreparedTask | undefined;
	readonly watch: Watch;
	readonly at: Moment;
}

/** What evaluated values rest on beside names. */
interface Moment {
	readonly variables: number;
	readonly published: number;
	readonly localChanges: number;
	readonly lost: number;
}

function momentOf(play: PlayRun): Moment {
	return {
		variables: play.variables.moment,
		published: play.play.published.length,
		localChanges: play.run.knowledge.localChanges,
		lost: play.run.stats.lostCount,
	};
}

async function evaluate(play: PlayRun, host: HostRun, task: Task, watch: Watch): Promise<PreparedTask | undefined> {
	const scope = play.scope(host, task, watch);
	if (!task.loop) {
		const run = await evaluateRun(play, host, task, scope);
		return run === 'unknown' ? undefined : {runs: [run], watch};
	}
	const control = readLoopControl(task, scope, play.variables);
	const items = loopItems(task, scope, play.variables);
	if (items.length > mostItems || items.some((item) => item instanceof Unknown)) return undefined;
	const runs: (Prepared | Unmet)[] = [];
	for (const index of items.keys()) {
		const layers = [dictLayer('loop item', itemVariables(control, items, index)), dictLayer('set_fact', new Dict())];
		const run = await evaluateRun(play, host, task, scope.over(...layers));
		if (run === 'unknown') return undefined;
		runs.push(run);
	}
	return {loop: {items, control}, runs, watch};
}

async function evaluateRun(play: PlayRun, host: HostRun, task: Task, scope: TaskScope): Promise<Prepared | Unmet | 'unknown'> {
	const fields = new Fields(task, scope, play.variables);
	fields.check();
	const verdict = judge('when', accumulated(task, 'when'), scope, play.variables);
	if (verdict.met === 'unknown') return 'unknown';
	if (!verdict.met) return {condition: verdict.condition};
	const definition = play.definition(task);
	const invocation = await invoke(task, definition, scope, play.variables);
	if (invocation instanceof Unknown) return 'unknown';
	play.secrets.addLong(...invocation.secrets);
	return {scope, fields, invocation, manner: mannerOf(play, host, task, scope, fields)};
}
