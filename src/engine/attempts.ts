import {DeadlineError} from '../connection/connection.js';
import {Dict, pythonStr, Unknown, type Value} from '../jinja/jinja.js';
import type {Task} from '../playbook/playbook.js';
import {dictLayer, type TaskScope} from '../vars/vars.js';
import {comingReads} from './coming.js';
import {judge} from './conditions.js';
import {carryOut} from './effects.js';
import type {ResultDict, Status} from './events.js';
import type {HostRun} from './host-run.js';
import {requestInclude} from './include.js';
import {actionScope, invoke} from './invocation.js';
import {mannerOf} from './manner.js';
import {type Performed, perform} from './perform.js';
import type {PlayRun} from './play-run.js';
import type {Prepared} from './prepared.js';
import {validateRoleArguments} from './role-arguments.js';
import {faultAt} from './task-fault.js';
import {censored, failed, type TaskResult, unforeseen} from './task-result.js';

/** Runs a task whose conditions hold: arguments, then attempts until it is as it should be. */
export async function runInvocation(
	play: PlayRun,
	host: HostRun,
	task: Task,
	{scope, fields, ...prepared}: Pick<Prepared, 'scope' | 'fields'> & Partial<Prepared>,
): Promise<TaskResult> {
	switch (task.module) {
		case 'include_tasks':
		case 'include_role':
			return requestInclude(play, task, scope);
		case 'validate_argument_spec':
			if (task.implicit === 'argument-spec') return validateRoleArguments(play, task, scope);
	}
	const invocation = prepared.invocation ?? (await invoke(task, play.definition(task), scope, play.variables));
	if (invocation instanceof Unknown) return unforeseen(invocation);
	play.secrets.add(...invocation.secrets);
	const ready: Prepared = {scope, fields, invocation, manner: prepared.manner ?? mannerOf(play, host, task, scope, fields)};
	const notified = {notify: (fields.all('notify').flat() as Value[]).map((name) => pythonStr(name))};
	const until = task.keywords.get('until');
	const retries = until || task.keywords.has('retries') ? (fields.number('retries') ?? 3) : 0;
	const delay = Math.max(0, fields.number('delay') ?? 5);
	for (let attempt = 1; ; attempt++) {
		const result = await attemptOnce(play, host, task, ready);
		if (retries === 0 || result.status === 'skipped') return {...result, ...notified};
		const verdict = until ? judge([until], withResult(task, scope, result), play.variables).met : result.status !== 'failed';
		const counted: TaskResult = {...result, ...notified, result: {...result.result, attempts: attempt}};
		if (verdict !== false) return counted;
		if (attempt > retries)
			return {
				...counted,
				status: 'failed',
				result: {...counted.result, failed: true, msg: result.result.msg ?? '', attempts: retries},
				fault: result.fault ?? faultAt(task.moduleSpan, 'Task failed: the `until` condition was not met'),
			};
		const told = fields.flag('no_log') ? censored(counted.result) : counted.result;
		play.retrying(host, task, {...told, retries: retries + 1}, retries + 1 - attempt, attempt);
		await play.sleep(delay * 1000);
	}
}

async function attemptOnce(
	play: PlayRun,
	host: HostRun,
	task: Task,
	{scope, fields, invocation, manner}: Prepared,
): Promise<TaskResult> {
	const {definition, args, given, hidden} = invocation;
	const {check, diff, delegate, timeout, environment, reached} = manner;
	const performing = perform(definition, args, reached, {
		check,
		diff,
		scope: actionScope(scope, host.name, check, play.options.verbosity),
		environment,
		coming: (viewpoint) => comingReads(play, host, task, viewpoint),
		...(timeout ? {deadline: timeout * 1000} : {}),
		onLine: (line) => (fields.flag('no_log') ? undefined : play.line(host, task, line)),
	});
	const performed = await performing.catch((error: unknown) => {
		if (timeout && error instanceof DeadlineError) return undefined;
		throw error;
	});
	if (!performed) return timedOut(task, timeout!);
	const {effects, diffs, warnings} = performed;
	const result = resultOf(performed, given);
	const said = performed.cause === undefined ? performed.failed : `${performed.failed}: ${performed.cause}`;
	const kind = definition.kind === 'action' && controllerActions.has(definition.name) ? 'Action' : 'Module';
	const fault = said === undefined ? {} : {fault: faultAt(task.moduleSpan, `Task failed: ${kind} failed: ${said}`)};
	const composed: TaskResult = {
		...(hidden.length > 0 ? {hidden} : {}),
		...fault,
		status: statusOf(result),
		result,
		effects,
		diffs,
		warnings,
		...(delegate === undefined ? {} : {delegate}),
	};
	return applyRules(play, task, scope, await carryOut(play, task, reached, composed));
}

/** `timeout` has passed: a failure in Ansible's words. */
function timedOut(task: Task, seconds: number): TaskResult {
	const message = `Task failed: Timed out after ${seconds} second(s).`;
	const timedout = Dict.from([['period', seconds]]);
	return failed(message, {timedout}, {fault: faultAt(task.moduleSpan, message)});
}

/** What Ansible does on the controller: their failures are told as an action's. */
const controllerActions = new Set([
	'assert',
	'fail',
	'debug',
	'set_fact',
	'pause',
	'add_host',
	'group_by',
	'include_vars',
	'wait_for_connection',
	'reboot',
	'validate_argument_spec',
]);

function resultOf({changed, failed: message, skipped, result}: Performed, given: ReadonlyMap<string, Value>): ResultDict {
	return {
		changed,
		...result,
		...(skipped ? {skipped: true} : {}),
		...(message === undefined ? {} : {failed: true, msg: message}),
		invocation: Dict.from([['module_args', Dict.from([...given])]]),
	};
}

function statusOf(result: ResultDict): Status {
	if (result.failed === true) return 'failed';
	if (result.skipped === true) return 'skipped';
	return result.changed === true ? 'changed' : 'ok';
}

/** `changed_when` and `failed_when`, which may contradict the module; a skipped task is not asked. */
function applyRules(play: PlayRun, task: Task, scope: TaskScope, before: TaskResult): TaskResult {
	let after = before;
	const changedWhen = task.keywords.get('changed_when');
	if (changedWhen && before.status !== 'skipped') {
		const {met} = judge([changedWhen], withResult(task, scope, after), play.variables);
		if (met !== 'unknown') after = {...after, result: {...after.result, changed: met}};
	}
	const failedWhen = task.keywords.get('failed_when');
	if (failedWhen && before.status !== 'skipped') {
		const {met} = judge([failedWhen], withResult(task, scope, after), play.variables);
		if (met !== 'unknown') after = {...after, result: {...after.result, failed: met, failed_when_result: met}};
	}
	if (after === before) return before;
	const status = statusOf(after.result);
	const {fault, ...rest} = after;
	return {...rest, status, ...(fault && status === 'failed' ? {fault} : {})};
}

/** The scope in which a result is judged: the registered name holds it already. */
function withResult(task: Task, scope: TaskScope, {result}: TaskResult): TaskScope {
	const register = task.keywords.get('register');
	const own = Dict.from(Object.entries(result));
	const names: [Value, Value][] = register?.kind === 'scalar' ? [[register.text, own]] : [];
	return scope.over(dictLayer('result', Dict.from(names)));
}
