import {inherited, type Task} from '../playbook/playbook.js';
import type {Event} from './events.js';
import type {HostRun} from './host-run.js';
import {announce, type Finished, notifyHandlers, remember, runOn, toOutcome} from './host-task.js';
import {NeedsTurn} from './perform.js';
import type {PlayRun} from './play-run.js';
import type {Done, Position} from './turns.js';
import type {Outcome} from './walk.js';

/** Keywords that bring other hosts into play, or time. */
const shared = [
	'run_once',
	'throttle',
	'any_errors_fatal',
	'delegate_to',
	'until',
	'retries',
	'timeout',
	'ignore_unreachable',
] as const;

/**
 * Does a task on a host before the others have come as far, where nothing can tell the difference (DESIGN 12.14): what it needs was evaluated
 * without a look at other hosts, and it changes only what its module models, which is this host's alone. Undefined: it waits for its turn.
 */
export async function runAhead(play: PlayRun, task: Task, host: HostRun, position: Position): Promise<Done<Outcome> | undefined> {
	if (!play.mayRunAhead(task, isPrivate)) return undefined;
	if (!(await host.prepared.prepare(play, host, task)) || host.prepared.seesOthers(task)) return undefined;
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

function needsHost(play: PlayRun, task: Task): boolean {
	const definition = play.definition(task);
	return definition.kind === 'module' || definition.needsHost;
}

/** Whether a task, as it is written, concerns nobody but the host that does it. */
function isPrivate(play: PlayRun, task: Task): boolean {
	if (task.module === 'meta' || task.isLocal || task.implicit === 'argument-spec') return false;
	if (shared.some((keyword) => inherited(task, keyword))) return false;
	for (const keyword of ['changed_when', 'failed_when']) {
		const node = inherited(task, keyword);
		if (node && !(node.kind === 'scalar' && typeof node.value === 'boolean')) return false;
	}
	const notify = inherited(task, 'notify');
	if (notify && JSON.stringify(notify, (key, value) => (key === 'span' ? undefined : value)).includes('{{')) return false;
	const definition = play.run.definitions.get(task.module);
	if (!definition) return false;
	if (definition.kind === 'module') return true;
	return !definition.concernsOthers && !definition.oncePerBatch && (!definition.needsHost || definition.onlyReads === true);
}
