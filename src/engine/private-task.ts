import {inherited, type Task} from '../playbook/playbook.js';
import type {PlayRun} from './play-run.js';

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

/** Whether a task, as it is written, concerns nobody but the host that does it. */
export function isPrivate(play: PlayRun, task: Task): boolean {
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
