import type {Task} from '../playbook/playbook.js';
import {type Diagnostic, joinMessages, type Node} from '../source/source.js';
import type {TaskScope} from '../vars/vars.js';
import {causesOf} from './causes.js';
import {judge} from './conditions.js';
import type {ResultDict} from './events.js';
import type {PlayRun} from './play-run.js';
import {withResult} from './register.js';
import {FieldError} from './task-error.js';
import {faultAt, faultOf} from './task-fault.js';
import {statusOf, type TaskResult} from './task-result.js';

/** `changed_when` and `failed_when`, which may contradict the module; a skipped task is not asked, nor the second rule when the first fails. */
export function applyRules(play: PlayRun, task: Task, scope: TaskScope, before: TaskResult): TaskResult {
	if (before.status === 'skipped') return before;
	const changedWhen = task.keywords.get('changed_when');
	const after = changedWhen ? judged(play, task, scope, before, 'changed_when', changedWhen) : before;
	const failedWhen = task.keywords.get('failed_when');
	if (!failedWhen || typeof after.result['changed_when_result'] === 'string') return after;
	return judged(play, task, scope, after, 'failed_when', failedWhen);
}

function judged(
	play: PlayRun,
	task: Task,
	scope: TaskScope,
	before: TaskResult,
	rule: 'changed_when' | 'failed_when',
	node: Node,
): TaskResult {
	const told = `${rule}_result`;
	try {
		const {met} = judge(rule, [node], withResult(task, scope, before), play.variables);
		if (met === 'unknown') return before;
		if (rule === 'changed_when') return withRules(before, {changed: met, [told]: met}, before.fault);
		const whose = before.fault?.ansible?.includes('Module failed') ? 'Module' : 'Action';
		const message = `Task failed: ${whose} failed: A 'failed_when' expression evaluated to 'True'.`;
		return withRules(before, {...suppressed(rule, before), failed: met, [told]: met}, met ? faultAt(task, message) : undefined);
	} catch (error) {
		if (!(error instanceof FieldError)) throw error;
		const reason = joinMessages(causesOf(error).slice(1));
		const fault = faultOf(task, error, ['Task failed.', 'Action failed.']);
		return withRules(before, {...suppressed(rule, before), failed: true, [told]: reason}, fault);
	}
}

/** A failure that a rule stands in front of is still told of. */
function suppressed(rule: string, {fault}: TaskResult): ResultDict {
	return fault ? {[`${rule}_suppressed_exception`]: '(traceback unavailable)'} : {};
}

/** A result as the rules leave it; the message of a failure stays the module's, if it has one. */
function withRules({fault: _, ...before}: TaskResult, more: ResultDict, fault: Diagnostic | undefined): TaskResult {
	const changed = {...before.result, ...more};
	const result = fault && !changed['msg'] ? {...changed, msg: fault.ansible!} : changed;
	return {...before, result, status: statusOf(result), ...(fault ? {fault} : {})};
}
