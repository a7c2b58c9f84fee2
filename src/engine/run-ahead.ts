import type {Task} from '../playbook/playbook.js';
import type {Event} from './events.js';
import type {HostRun} from './host-run.js';
import {announce, type Finished, notifyHandlers, remember, runOn, toOutcome} from './host-task.js';
import {NeedsTurn} from './performing.js';
import type {PlayRun} from './play-run.js';
import type {PreparedTask} from './prepared.js';
import type {Done, Position} from './turns.js';
import type {Outcome} from './walk.js';

/**
 * Does a task on a host before the others have come as far, where nothing can tell the difference (DESIGN 12.14): what it needs was evaluated
 * without a look at other hosts, and it changes only what its module models, which is this host's alone. Undefined: it waits for its turn.
 */
export async function runAhead(play: PlayRun, task: Task, host: HostRun, position: Position): Promise<Done<Outcome> | undefined> {
	if (!play.mayRunAhead(task)) return undefined;
	const prepared = await host.prepared.prepare(play, host, task);
	if (!prepared || seesOthers(play, prepared)) return undefined;
	let finished: Finished;
	try {
		const run = () => runOn(play, task, host, {isAhead: true});
		// What asks no host takes nobody's place among the forks.
		finished = await (needsHost(play, task) ? play.limit(run) : run());
	} catch (error) {
		if (error instanceof NeedsTurn) return undefined;
		throw error;
	}
	remember(play, task, host, finished, 'itself');
	const notified: Event[] = [];
	notifyHandlers(play, task, finished, (event) => notified.push(event));
	return {
		outcome: toOutcome(finished, undefined),
		tell: () => {
			play.begin(task, position, finished.facts, finished.started);
			announce(play, task, finished);
			remember(play, task, host, finished, 'others');
			for (const event of notified) play.emit(event);
		},
	};
}

/** Whether the arguments rest on what other hosts do: on their variables, or on files of this side where some act on it. */
function seesOthers(play: PlayRun, {watch}: PreparedTask): boolean {
	return watch.seesOthers || (watch.readsFiles && play.run.knowledge.actsHere);
}

function needsHost(play: PlayRun, task: Task): boolean {
	const definition = play.definition(task);
	return definition.kind === 'module' || definition.needsHost;
}
