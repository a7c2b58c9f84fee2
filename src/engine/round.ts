import pLimit from 'p-limit';
import {UnreachableError} from '../connection/connection.js';
import type {Value} from '../jinja/jinja.js';
import type {Task} from '../playbook/playbook.js';
import type {Diagnostic} from '../source/source.js';
import {applyEffects} from './effects.js';
import type {HostOutcome, ResultDict} from './events.js';
import {Fields} from './fields.js';
import {notify} from './handlers.js';
import type {HostRun} from './host-run.js';
import {type Included, includesOf, resolveIncludes} from './include.js';
import {performMeta} from './meta.js';
import type {PlayRun} from './play-run.js';
import {registering} from './register.js';
import type {Secrets} from './secrets.js';
import {faultAt} from './task-fault.js';
import {censored, failed, type ItemResult, type TaskResult} from './task-result.js';
import {runTask} from './task-run.js';
import type {Outcome} from './walk.js';

/** What happened to one host in a round, with the task's own rules applied. */
interface Finished {
	readonly host: HostRun;
	readonly result: TaskResult;
	readonly ignored: boolean;
	readonly outcome: HostOutcome;
	/** The run was interrupted meanwhile, and the connection closed: what became of the task is not told. */
	readonly interrupted?: boolean;
}

/** Runs one task on the hosts whose turn it is, tells of it in their order, and says what each does next. */
export async function runRound(
	play: PlayRun,
	task: Task,
	hosts: readonly HostRun[],
	siblings: readonly HostRun[],
): Promise<Map<HostRun, Outcome>> {
	const first = hosts[0]!;
	if (task.module === 'meta') return performMeta(play, task, hosts, siblings);
	const facts = play.facts(task, first);
	play.emit({type: 'task-start', task: facts, at: play.run.now()});
	const definition = play.run.definitions.get(task.module);
	const isOnce =
		settingOf(play, task, first, 'run_once') === true || (definition?.kind === 'action' && definition.oncePerBatch === true);
	const acting = isOnce ? [first] : hosts;
	const throttle = Number(settingOf(play, task, first, 'throttle') ?? 0);
	const limit = pLimit(Math.max(1, throttle > 0 ? Math.min(throttle, play.options.forks) : play.options.forks));
	const tell = inOrder<Finished>(acting.length, (finished) => announce(play, task, finished));
	const finished = await Promise.all(
		acting.map((host, index) =>
			limit(async () => {
				const one = await runOn(play, task, host);
				tell(index, one);
				return one;
			}),
		),
	);
	const outcomes = new Map<HostRun, Outcome>();
	for (const one of finished) {
		for (const host of isOnce ? hosts : [one.host]) remember(play, task, host, one);
		notifyHandlers(play, task, one);
	}
	const requests = new Map(
		finished.filter(({result}) => includesOf(result).length > 0).map((one) => [one.host, includesOf(one.result)] as const),
	);
	const included = requests.size > 0 ? await include(play, task, requests) : new Map();
	for (const one of finished)
		for (const host of isOnce ? hosts : [one.host]) outcomes.set(host, toOutcome(one, included.get(host)));
	failTogether(play, task, finished, siblings, isOnce || settingOf(play, task, first, 'any_errors_fatal') === true);
	return outcomes;
}

async function runOn(play: PlayRun, task: Task, host: HostRun): Promise<Finished> {
	const started = play.run.now();
	play.emit({type: 'host-start', task: task.id, host: host.name, at: started});
	const facts = play.facts(task, host);
	const onItem = (item: ItemResult) => {
		if (item.include && item.status === 'ok') return;
		const ignored = item.status === 'failed' && ignores(play, task, host, 'ignore_errors');
		const label = item.noLog ? '(censored due to no_log)' : play.secrets.hide(item.label);
		play.emit({type: 'item', task: facts, outcome: {...outcomeOf(play, host, item, play.run.now() - started), ignored}, label});
	};
	let result: TaskResult;
	try {
		result = await runTask(play, host, task, onItem);
	} catch (error) {
		if (!(error instanceof UnreachableError)) throw error;
		if (play.run.stopping.aborted) {
			const outcome = outcomeOf(play, host, failed('interrupted'), 0);
			return {host, result: failed('interrupted'), ignored: true, interrupted: true, outcome};
		}
		const msg = `Task failed: ${error.message}`;
		const lost = {...failed(msg), status: 'unreachable' as const, result: {changed: false, msg, unreachable: true}};
		result = registering(task, play.scope(host, task), lost);
	}
	const ignored =
		result.status === 'unreachable'
			? ignores(play, task, host, 'ignore_unreachable')
			: result.status === 'failed' && ignores(play, task, host, 'ignore_errors');
	return {
		host,
		result,
		ignored,
		outcome: {...outcomeOf(play, host, result, play.run.now() - started), ...(ignored ? {ignored} : {})},
	};
}

function outcomeOf(play: PlayRun, host: HostRun, result: TaskResult, duration: number): HostOutcome {
	const secrets = result.hidden ? play.secrets.and(result.hidden) : play.secrets;
	const shown: ResultDict = result.noLog
		? censored(result.result)
		: Object.fromEntries(Object.entries(result.result).map(([key, value]) => [key, secrets.hide(value)]));
	const diffs = result.noLog
		? []
		: result.diffs.map((diff) => ({
				...diff,
				before: secrets.hideText(diff.before),
				after: secrets.hideText(diff.after),
			}));
	return {
		host: host.name,
		...(result.delegate === undefined ? {} : {delegate: result.delegate}),
		status: result.status,
		...(result.unknown === undefined ? {} : {unknown: result.unknown}),
		result: shown,
		diffs: result.items ? [] : diffs,
		warnings: result.warnings,
		...(result.fault && !result.noLog ? {fault: hideFault(secrets, result.fault)} : {}),
		duration,
	};
}

/** A fault without the secrets that its texts may quote. */
function hideFault(secrets: Pick<Secrets, 'hideText'>, fault: Diagnostic): Diagnostic {
	const hide = (text: string) => secrets.hideText(text);
	const {ansible, ansibleCauses, notes} = fault;
	return {
		...fault,
		message: hide(fault.message),
		...(notes === undefined ? {} : {notes: notes.map(hide)}),
		...(ansible === undefined ? {} : {ansible: hide(ansible)}),
		...(ansibleCauses ? {ansibleCauses: ansibleCauses.map((cause) => ({...cause, message: hide(cause.message)}))} : {}),
	};
}

function announce(play: PlayRun, task: Task, {host, result, ignored, outcome, interrupted}: Finished): void {
	if (interrupted) {
		play.run.stats.markInterrupted(host.name, play.facts(task, host).name);
		return;
	}
	const {status, unknown} = result;
	const isInclude = includesOf(result).length > 0;
	if (!(isInclude && status === 'ok'))
		play.run.stats.countResult(host.name, status, {
			ignored,
			rescued: host.rescuers > 0,
			unknown: unknown !== undefined,
			changed: result.result.changed === true,
		});
	if (status === 'failed' && !ignored && host.rescuers === 0) play.run.stats.markFailed(host.name);
	if (status === 'unreachable' && !ignored) play.run.stats.markUnreachable(host.name);
	if (isInclude && status === 'ok') return;
	if (task.implicit === 'facts' && status === 'skipped') return;
	const facts = {...play.facts(task, host), loops: result.items !== undefined};
	play.emit({type: 'result', task: facts, outcome, at: play.run.now()});
}

/** Registers the result, takes over facts and variables. */
function remember(play: PlayRun, task: Task, host: HostRun, {result}: Finished): void {
	applyEffects(play, host, task, result);
	for (const [name, value] of result.registered?.entries() ?? []) play.variables.setRegistered(host.name, String(name), value);
}

/** Notifies handlers for the host that acted. */
function notifyHandlers(play: PlayRun, task: Task, {host, result}: Finished): void {
	if (result.result.changed !== true || result.status === 'failed') return;
	for (const one of result.items ?? [result]) if (one.notify) notify(play, host, task, one.notify);
}

async function include(
	play: PlayRun,
	task: Task,
	requests: ReadonlyMap<HostRun, ReturnType<typeof includesOf>>,
): Promise<Map<HostRun, Included>> {
	const included = resolveIncludes(play, task, requests);
	await play.run.definitionsLoaded();
	for (const [host, {failure}] of included) {
		if (failure === undefined) continue;
		play.run.stats.count(host.name, 'failed');
		if (host.rescuers === 0) play.run.stats.markFailed(host.name);
		const outcome = outcomeOf(play, host, failed(failure, {}, {fault: faultAt(task, failure)}), 0);
		play.emit({type: 'result', task: play.facts(task, host), outcome, at: play.run.now()});
	}
	return included;
}

function toOutcome({result, ignored, host}: Finished, included: Included | undefined): Outcome {
	const isFailed = (result.status === 'failed' && !ignored) || included?.failure !== undefined;
	if (isFailed) host.failure = included?.failure === undefined ? result : failed(included.failure);
	return {
		failed: isFailed,
		unreachable: result.status === 'unreachable' && !ignored,
		ran: result.status !== 'skipped',
		...(included ? {included: included.blocks} : {}),
	};
}

/** `any_errors_fatal` and a failed `run_once`: the other hosts of the batch fail with it. */
function failTogether(
	play: PlayRun,
	task: Task,
	finished: readonly Finished[],
	siblings: readonly HostRun[],
	fatal: boolean,
): void {
	const lost = finished.filter(
		({result, ignored}) => (result.status === 'failed' || result.status === 'unreachable') && !ignored,
	);
	if (lost.length === 0 || !fatal) return;
	const failing = new Set(lost.map(({host}) => host));
	for (const host of siblings) {
		if (failing.has(host) || play.run.stats.isLost(host.name)) continue;
		if (host.rescuers === 0) play.run.stats.markFailed(host.name);
		host.summons = play.summonsFor(task);
	}
}

function settingOf(play: PlayRun, task: Task, host: HostRun, keyword: string): Value | undefined {
	try {
		const fields = new Fields(task, play.scope(host, task), play.variables);
		return keyword === 'throttle' ? fields.number(keyword) : fields.flag(keyword);
	} catch {
		return undefined;
	}
}

function ignores(play: PlayRun, task: Task, host: HostRun, keyword: 'ignore_errors' | 'ignore_unreachable'): boolean {
	return settingOf(play, task, host, keyword) === true;
}

/** Passes on results in the order of their index, each as soon as all before it have come. */
function inOrder<T>(count: number, pass: (value: T) => void): (index: number, value: T) => void {
	const waiting = new Map<number, T>();
	let next = 0;
	return (index, value) => {
		waiting.set(index, value);
		while (next < count && waiting.has(next)) {
			pass(waiting.get(next)!);
			waiting.delete(next++);
		}
	};
}
