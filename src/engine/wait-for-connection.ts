import {BecomeError, UnreachableError} from '../connection/connection.js';
import type {Effect} from '../modules/modules.js';
import type {Task} from '../playbook/playbook.js';
import type {PlayRun, ReachableHost} from './play-run.js';
import {faultAt} from './task-fault.js';
import {failed, type TaskResult} from './task-result.js';

/** Tries the way to a host until it answers or the time is over (ansible/plugins/action/wait_for_connection.py); times are seconds. */
export async function waitForConnection(
	play: PlayRun,
	task: Task,
	host: ReachableHost,
	{connectTimeout, delay, sleep, timeout}: Extract<Effect, {kind: 'wait-for-connection'}>,
	result: TaskResult,
	limit: AbortSignal | undefined,
): Promise<TaskResult> {
	const started = play.run.now();
	const elapsed = () => Math.trunc((play.run.now() - started) / 1000);
	if (delay > 0) await play.sleep(delay * 1000, limit);
	for (;;) {
		try {
			await host.reopen(connectTimeout * 1000);
			return {...result, result: {...result.result, elapsed: elapsed()}};
		} catch (error) {
			if (!(error instanceof UnreachableError || error instanceof BecomeError)) throw error;
			if (elapsed() >= timeout || play.run.stopping.aborted || limit?.aborted) {
				const message = `timed out waiting for ping module test: ${error.message}`;
				return failed(message, {elapsed: elapsed()}, {fault: faultAt(task, `Task failed: Action failed: ${message}`)});
			}
			await play.sleep(sleep * 1000, limit);
		}
	}
}
