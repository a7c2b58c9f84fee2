import {UnreachableError} from '../connection/connection.js';
import type {Value} from '../jinja/jinja.js';
import {inherited, type Task} from '../playbook/playbook.js';
import type {Diagnostic} from '../source/source.js';
import type {SeenBy} from '../vars/vars.js';
import {applyEffects} from './effects.js';
import type {Emit, Event, HostOutcome, ResultDict, TaskFacts} from './events.js';
import {Fields} from './fields.js';
import {notify} from './handlers.js';
import type {HostRun} from './host-run.js';
import {type Included, includesOf} from './include.js';
import type {PlayRun} from './play-run.js';
import type {Secrets} from './secrets.js';
import {censored, failed, type ItemResult, type TaskResult} from './task-result.js';
import {runTask} from './task-run.js';
import type {Outcome} from './walk.js';

/** What happened to one host in a round, with the task's own rules applied. */
export interface Finished {
	readonly host: HostRun;
	readonly result: TaskResult;
	readonly ignored: boolean;
	readonly outcome: HostOutcome;
	readonly facts: TaskFacts;
	/** Milliseconds since the epoch. */
	readonly started: number;
	readonly ended: number;
	/** A block around the task rescues its failure. */
	readonly isRescued: boolean;
	/** Events that are told before its result. */
	readonly events: readonly Event[];
	/** The run was interrupted meanwhile, and the connection closed: what became of the task is not told. */
	readonly interrupted: boolean;
}

/** Does a task on one host. What is done ahead of the host's turn is told later. */
export async function runOn(play: PlayRun, task: Task, host: HostRun, {isAhead}: {isAhead: boolean}): Promise<Finished> {
	const started = play.run.now();
	const events: Event[] = [];
	const emit: Emit = isAhead ? (event) => events.push(event) : play.emit;
	emit({type: 'host-start', task: task.id, host: host.name, at: started});
	const facts = play.facts(task, host);
	const onItem = (item: ItemResult) => {
		if (item.include && item.status === 'ok') return;
		const ignored = item.status === 'failed' && ignores(play, task, host, 'ignore_errors');
		const label = item.noLog ? '(censored due to no_log)' : play.secrets.hide(item.label);
		emit({type: 'item', task: facts, outcome: {...outcomeOf(play, host, item, play.run.now() - started), ignored}, label});
	};
	let interrupted = false;
	const result = await runTask(play, host, task, onItem, isAhead).catch((error: unknown) => {
		if (!(error instanceof UnreachableError && play.run.stopping.aborted)) throw error;
		interrupted = true;
		return failed('interrupted');
	});
	const ignored =
		interrupted ||
		(result.status === 'unreachable'
			? ignores(play, task, host, 'ignore_unreachable')
			: result.status === 'failed' && ignores(play, task, host, 'ignore_errors'));
	const ended = play.run.now();
	return {
		host,
		result,
		ignored,
		outcome: {...outcomeOf(play, host, result, ended - started), ...(ignored ? {ignored} : {})},
		facts,
		started,
		ended,
		isRescued: host.rescuers > 0,
		events,
		interrupted,
	};
}

/** Tells what became of a task on a host, and counts it. */
export function announce(play: PlayRun, task: Task, finished: Finished): void {
	const {host, result, ignored, outcome, facts, isRescued, ended, events, interrupted} = finished;
	const {status, unknown} = result;
	const isInclude = includesOf(result).length > 0;
	for (const event of events) play.emit(event);
	if (interrupted) {
		play.run.stats.markInterrupted(host.name, facts.name);
		return;
	}
	if (!(isInclude && status === 'ok'))
		play.run.stats.countResult(host.name, status, {
			ignored,
			rescued: isRescued,
			unknown: unknown !== undefined,
			changed: result.result.changed === true,
		});
	if (status === 'failed' && !ignored && !isRescued) play.run.stats.markFailed(host.name);
	if (status === 'unreachable' && !ignored) play.run.stats.markUnreachable(host.name);
	if (isInclude && status === 'ok') return;
	if (task.implicit === 'facts' && status === 'skipped') return;
	play.emit({type: 'result', task: {...facts, loops: result.items !== undefined}, outcome, at: ended});
}

/** Registers the result, takes over facts and variables. */
export function remember(play: PlayRun, task: Task, host: HostRun, {result}: Finished, seenBy: SeenBy): void {
	applyEffects(play, host, task, result, seenBy);
	for (const [name, value] of result.registered?.entries() ?? []) {
		play.variables.noteName(String(name), task.keywords.get('register')?.span);
		play.variables.setRegistered(host.name, String(name), value, seenBy);
	}
}

/** Notifies handlers for the host that acted. */
export function notifyHandlers(play: PlayRun, task: Task, {host, result}: Finished, emit: Emit): void {
	if (result.result.changed !== true || result.status === 'failed') return;
	for (const one of result.items ?? [result]) if (one.notify) notify(play, host, task, one.notify, emit);
}

/** What a result means for the host's way. */
export function toOutcome({result, ignored, host}: Finished, included: Included | undefined): Outcome {
	const isFailed = (result.status === 'failed' && !ignored) || included?.failure !== undefined;
	if (isFailed) host.failure = included?.failure === undefined ? result : failed(included.failure.message);
	return {
		failed: isFailed,
		unreachable: result.status === 'unreachable' && !ignored,
		ran: result.status !== 'skipped',
		...(included ? {included: included.blocks} : {}),
	};
}

/** A result with its secrets replaced. */
function hideAll(secrets: Secrets, result: ResultDict): ResultDict {
	const shown: Record<string, Value> = {};
	for (const key in result) shown[key] = secrets.hide(result[key]!);
	return shown;
}

/** What is shown of a result. */
export function outcomeOf(play: PlayRun, host: HostRun, result: TaskResult, duration: number): HostOutcome {
	const secrets = result.hidden ? play.secrets.and(result.hidden) : play.secrets;
	const shown = result.noLog ? censored(result.result) : hideAll(secrets, result.result);
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
		...(result.delegateAddress === undefined ? {} : {delegateAddress: result.delegateAddress}),
		status: result.status,
		...(result.unknown === undefined ? {} : {unknown: result.unknown}),
		result: shown,
		diffs: result.items ? [] : diffs,
		warnings: result.warnings.map((text) => secrets.hideText(text)),
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

/** A flag or number of a task where nothing can be told of a wrong one: it failed of it. */
export function settingOf(play: PlayRun, task: Task, host: HostRun, keyword: string): Value | undefined {
	if (!inherited(task, keyword)) return undefined;
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
