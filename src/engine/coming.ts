import {type Args, type Definition, ModuleFailure, type Read} from '../modules/modules.js';
import type {Task} from '../playbook/playbook.js';
import type {HostRun} from './host-run.js';
import {asRead, viewpointKey} from './performing.js';
import type {PlayRun} from './play-run.js';
import type {Prepared, PreparedTask} from './prepared.js';

/** How many reads ride along at the most. */
const mostReads = 1000;

/**
 * What the coming tasks will want to know of a host from a viewpoint, as far as their arguments are known: up to the first task that may
 * change something nobody knows, since all would have to be read again behind it.
 */
export async function comingReads(play: PlayRun, host: HostRun, task: Task, viewpoint: string): Promise<Read<unknown>[]> {
	const reads: Read<unknown>[] = [];
	for (const next of following(play, task)) {
		if (reads.length > mostReads) break;
		if (!play.isSelected(host, next)) continue;
		if (isOfEngine(next)) continue;
		const prepared = await host.prepared.prepare(play, host, next);
		if (prepared) reads.push(...readsOf(prepared, viewpoint));
		if (cuts(play, next, prepared)) break;
	}
	return reads;
}

/** What the engine does itself, without any module: it wants to know nothing of the host. */
function isOfEngine({module, implicit}: Task): boolean {
	return implicit === 'argument-spec' || module === 'meta' || module === 'include_tasks' || module === 'include_role';
}

/** The rest of the present task's loop, and what comes behind it. */
function* following(play: PlayRun, task: Task): Generator<Task> {
	if (task.loop) yield task;
	yield* play.order.after(task);
}

/** What prepared tasks want to know, and from which viewpoint. */
const wanted = new WeakMap<PreparedTask, readonly (readonly [viewpoint: string, reads: readonly Read<unknown>[]])[]>();

function readsOf(task: PreparedTask, viewpoint: string): Read<unknown>[] {
	let runs = wanted.get(task);
	if (!runs) {
		runs = task.runs.map((run) => ('condition' in run ? ['', []] : [viewpointOf(run), readsOfRun(run)]));
		wanted.set(task, runs);
	}
	return runs.flatMap(([own, reads]) => (own === viewpoint ? reads : []));
}

function viewpointOf({manner: {reached, environment}}: Prepared): string {
	return viewpointKey(reached, environment);
}

function readsOfRun({manner, invocation: {definition, args}}: Prepared): readonly Read<unknown>[] {
	if (manner.timeout !== undefined) return [];
	if (manner.check && definition.kind === 'action' && definition.inCheckMode === 'skip') return [];
	return asRead(Object.values(readsWanted(definition, args)), manner.diff);
}

/** The reads of a module; what is wrong with its arguments is told in the task's turn. */
function readsWanted({inspect}: Definition, args: Args): Readonly<Record<string, Read<unknown>>> {
	try {
		return inspect?.(args) ?? {};
	} catch (error) {
		if (error instanceof ModuleFailure) return {};
		throw error;
	}
}

/** Whether what lies behind a task is better read behind it. */
function cuts(play: PlayRun, task: Task, prepared: PreparedTask | undefined): boolean {
	if (prepared?.runs.every((run) => 'condition' in run)) return false;
	const definition = play.definition(task);
	return definition.kind === 'action' && definition.needsHost && !definition.onlyReads && !definition.inspect;
}
