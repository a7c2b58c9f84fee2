import {DeadlineError, UnreachableError} from '../connection/connection.js';
import {Dict, pythonStr, Unknown, type Value} from '../jinja/jinja.js';
import {type Diff, outputLines} from '../modules/modules.js';
import type {Task} from '../playbook/playbook.js';
import {joinMessages} from '../source/source.js';
import {comingReads} from './coming.js';
import {companionsOf} from './companions.js';
import {judge} from './conditions.js';
import {isControllerAction} from './controller-actions.js';
import {carryOut} from './effects.js';
import type {ResultDict} from './events.js';
import type {HostRun} from './host-run.js';
import {requestInclude} from './include.js';
import {actionScope, invoke} from './invocation.js';
import {type Manner, mannerOf} from './manner.js';
import {perform} from './perform.js';
import type {Performed} from './performing.js';
import type {PlayRun} from './play-run.js';
import type {Prepared, PreparedTask} from './prepared.js';
import {withResult} from './register.js';
import {applyRules} from './result-rules.js';
import {validateRoleArguments} from './role-arguments.js';
import {TimeoutError} from './task-error.js';
import {faultAt, hostFault} from './task-fault.js';
import {censored, statusOf, type TaskResult, unforeseen, unreachable} from './task-result.js';
import type {Leading} from './together.js';

/** Where a run of a task stands. */
export interface Place {
	/** It is done before the host's turn. */
	readonly isAhead: boolean;
	/** The items of the loop that come behind it, where nothing but the host stands between them; none for a task without a loop. */
	readonly rest: PreparedTask['runs'] | undefined;
}

/** Runs a task whose conditions hold: arguments, then attempts until it is as it should be. */
export async function runInvocation(
	play: PlayRun,
	host: HostRun,
	task: Task,
	run: Pick<Prepared, 'scope' | 'fields'> | Prepared,
	place: Place,
): Promise<TaskResult> {
	const {scope, fields} = run;
	switch (task.module) {
		case 'include_tasks':
		case 'include_role':
			return requestInclude(play, task, scope);
		case 'validate_argument_spec':
			if (task.implicit === 'argument-spec') return validateRoleArguments(play, task, scope);
	}
	const ready = 'invocation' in run ? run : await evaluated(play, host, task, run);
	if (ready instanceof Unknown) return unforeseen(ready);
	const notified = {notify: (fields.all('notify').flat() as Value[]).map((name) => pythonStr(name))};
	const until = task.keywords.get('until');
	const retries = until || task.keywords.has('retries') ? (fields.number('retries') ?? 3) : 0;
	const delay = fields.number('delay') ?? 5;
	for (let attempt = 1; ; attempt++) {
		const result = await attemptOnce(play, host, task, ready, place, retries > 0 ? attempt : undefined).catch(
			(error: unknown) => {
				if (!(error instanceof UnreachableError) || play.run.stopping.aborted) throw error;
				return lost(task, error, ready.manner);
			},
		);
		if (retries === 0 || result.status === 'skipped' || result.status === 'unreachable') return {...result, ...notified};
		const verdict = until
			? judge('until', [until], withResult(task, scope, result), play.variables).met
			: result.status !== 'failed';
		const counted: TaskResult = {...result, ...notified};
		if (verdict !== false) return counted;
		if (attempt > retries)
			return {
				...counted,
				status: 'failed',
				result: {...counted.result, failed: true, attempts: retries},
				fault: result.fault ?? {...faultAt(task, 'the `until` condition was not met'), ansibleCauses: []},
			};
		const told = fields.flag('no_log') ? censored(counted.result) : counted.result;
		play.retrying(host, task, {...told, retries: retries + 1}, retries - attempt, attempt);
		await play.sleep((delay < 0 ? 1 : delay) * 1000);
	}
}

/** The rest of what a task is, where it was not evaluated ahead of its turn. */
async function evaluated(
	play: PlayRun,
	host: HostRun,
	task: Task,
	{scope, fields}: Pick<Prepared, 'scope' | 'fields'>,
): Promise<Prepared | Unknown> {
	const invocation = await invoke(task, play.definition(task), scope, play.variables);
	if (invocation instanceof Unknown) return invocation;
	play.secrets.addLong(...invocation.secrets);
	return {scope, fields, invocation, manner: mannerOf(play, host, task, scope, fields)};
}

/** What a task comes to whose host cannot be reached; no rule of the task and no further attempt is asked. */
function lost(task: Task, error: UnreachableError, {delegate}: Manner): TaskResult {
	const fault = hostFault(task, `Task failed: ${error.message}`);
	return unreachable(fault.message, {fault, ...(delegate === undefined ? {} : {delegate})});
}

/**
 * Does a task's work once and judges it by the task's own rules; throws `TimeoutError`, which no rule and no further attempt answers.
 * `attempt` is its number, counted in the result before the task's rules are asked, where there may be several.
 */
async function attemptOnce(
	play: PlayRun,
	host: HostRun,
	task: Task,
	prepared: Prepared,
	place: Place,
	attempt: number | undefined,
): Promise<TaskResult> {
	const judged = (result: TaskResult) => {
		const counted = attempt === undefined ? result : {...result, result: {...result.result, attempts: attempt}};
		return applyRules(play, task, prepared.scope, counted);
	};
	const {timeout} = prepared.manner;
	if (timeout === undefined) return judged(await act(play, host, task, prepared, place));
	const limit = AbortSignal.timeout(timeout * 1000);
	const expired = new Promise<undefined>((resolve) => limit.addEventListener('abort', () => resolve(undefined)));
	const acting = act(play, host, task, prepared, place, {limit, end: performance.now() + timeout * 1000}).catch(
		(error: unknown) => {
			if (error instanceof DeadlineError) return undefined;
			throw error;
		},
	);
	const result = await Promise.race([acting, expired]);
	if (!result) throw new TimeoutError(timeout);
	return judged(result);
}

/** When the time of a task is over, by `performance.now()` and as a signal. */
interface TimeLimit {
	readonly limit: AbortSignal;
	readonly end: number;
}

/** Does what the task is for, once. Throws `DeadlineError` when a script runs past the limit. */
async function act(
	play: PlayRun,
	host: HostRun,
	task: Task,
	{scope, fields, invocation, manner}: Prepared,
	{isAhead, rest}: Place,
	time?: TimeLimit,
): Promise<TaskResult> {
	const leads = rest && !play.readsSingly && !play.isStrict && play.mayRunAhead(task);
	const {definition, args, given, hidden, isSealed} = invocation;
	const {check, diff, delegate, reached} = manner;
	const isDeaf = definition.kind === 'action' && definition.ignoresEnvironment === true;
	const environment = isDeaf ? {} : manner.environment;
	const begun = host.begun.get(args);
	host.begun.delete(args);
	const performed = await perform(definition, args, reached, {
		check,
		diff,
		scope: actionScope(scope, host.name, check, play.options.verbosity),
		environment,
		...(isAhead ? {isAhead} : {}),
		...(play.readsSingly ? {} : {coming: (viewpoint: string) => comingReads(play, host, task, viewpoint)}),
		...(begun ? {joined: begun.joined} : {}),
		...(leads ? {companions: (leading: Leading) => companionsOf(play, host, task, rest, leading)} : {}),
		...(time ? {remaining: () => Math.max(1, time.end - performance.now())} : {}),
		onLine: (line) => (fields.flag('no_log') ? undefined : play.line(host, task, line)),
	}).finally(() => reached.release());
	const {failed: message, cause, effects, diffs} = performed;
	const unheard = isDeaf && Object.keys(manner.environment).length > 0;
	const warnings = unheard ? [`${definition.name} module does not support the environment keyword`] : performed.warnings;
	const result = {
		...resultOf(performed, given),
		...(diff && !isSealed ? toldDiffs(diffs) : {}),
		...(warnings.length > 0 ? {warnings} : {}),
	};
	const kind = isControllerAction(definition) ? 'Action' : 'Module';
	const causes = [`Task failed: ${kind} failed`, message ?? '', ...(cause === undefined ? [] : [cause])];
	const fault = message === undefined ? {} : {fault: faultAt(task, joinMessages(causes.map((one) => ({message: one}))))};
	const composed: TaskResult = {
		...(hidden.length > 0 ? {hidden} : {}),
		...fault,
		status: statusOf(result),
		result,
		effects,
		diffs: isSealed ? [] : diffs,
		warnings,
		...(delegate === undefined ? {} : {delegate, delegateAddress: reached.address}),
	};
	const carried = await carryOut(play, task, scope, reached, composed, time?.limit);
	return {...carried, result: {...carried.result, ...linesOf(carried.result), ...(task.implicit === 'facts' ? quiet : {})}};
}

/** `diff` of a result, as Ansible's modules for files give it; without `--diff` they have none. */
function toldDiffs(diffs: readonly Diff[]): ResultDict {
	if (diffs.length === 0) return {};
	const told = diffs.map(({before, after, beforeHeader, afterHeader}) =>
		Dict.from([
			['before', before],
			['after', after],
			...(beforeHeader ? [['before_header', beforeHeader] as const] : []),
			...(afterHeader ? [['after_header', afterHeader] as const] : []),
		]),
	);
	return {diff: told};
}

/** Facts that a play gathers by itself are not shown, however much else is. */
const quiet = {_ansible_verbose_override: true} as const;

/** `stdout_lines` and `stderr_lines` of whatever gives a `stdout` or `stderr`. */
function linesOf(result: ResultDict): ResultDict {
	const lines: Record<string, Value> = {};
	for (const key of ['stdout', 'stderr']) {
		const text = result[key];
		if (typeof text === 'string' && result[`${key}_lines`] === undefined) lines[`${key}_lines`] = outputLines(text);
	}
	return lines;
}

function resultOf({changed, failed: message, skipped, result}: Performed, given: ReadonlyMap<string, Value>): ResultDict {
	return {
		changed,
		...result,
		...(skipped ? {skipped: true} : {}),
		...(message === undefined ? {} : {failed: true, msg: result.msg ?? message}),
		invocation: Dict.from([['module_args', Dict.from([...given])]]),
	};
}
