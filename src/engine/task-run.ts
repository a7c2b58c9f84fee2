import {BecomeError, DeadlineError, UnreachableError} from '../connection/connection.js';
import {Dict, finalize, TemplateError, Unknown, type Value} from '../jinja/jinja.js';
import {accumulated, type Task} from '../playbook/playbook.js';
import {DiagnosticError} from '../source/source.js';
import {dictLayer, type TaskScope} from '../vars/vars.js';
import {VaultError} from '../vault/vault.js';
import {type Place, runInvocation} from './attempts.js';
import {mayShare} from './companions.js';
import {judge} from './conditions.js';
import {variablesOf} from './effects.js';
import {Fields} from './fields.js';
import type {HostRun} from './host-run.js';
import {UnknownArgument} from './local-files.js';
import {itemVariables, type LoopControl, loopItems, readLoopControl} from './loop.js';
import {NeedsTurn} from './performing.js';
import type {PlayRun} from './play-run.js';
import type {Prepared, PreparedTask, Unmet} from './prepared.js';
import {registering} from './register.js';
import {ArgumentError, FieldError, TimeoutError} from './task-error.js';
import {faultAt, faultOf} from './task-fault.js';
import {failed, type ItemResult, skipped, sumUp, type TaskResult, unforeseen} from './task-result.js';

/** Runs a task on one host: its loop, each item's conditions, arguments and attempts. Only unreachable hosts are thrown. */
export async function runTask(
	play: PlayRun,
	host: HostRun,
	task: Task,
	onItem: (item: ItemResult) => void,
	isAhead: boolean,
): Promise<TaskResult> {
	const prepared = host.prepared.take(play, host, task);
	if (isAhead && !prepared) throw new NeedsTurn();
	const scope = play.scope(host, task);
	if (!task.loop) return registering(task, scope, await runOnce(play, host, task, scope, prepared?.runs[0], {isAhead, rest: []}));
	const result = await asFailure(task, () => runLoop(play, host, task, scope, onItem, prepared, isAhead), 'loop');
	const silent = !result.items && isSilent(new Fields(task, scope, play.variables));
	return registering(task, scope, silent ? {...result, noLog: true} : result);
}

async function runLoop(
	play: PlayRun,
	host: HostRun,
	task: Task,
	scope: TaskScope,
	onItem: (item: ItemResult) => void,
	prepared: PreparedTask | undefined,
	isAhead: boolean,
): Promise<TaskResult> {
	let items: readonly Value[];
	try {
		items = prepared?.loop?.items ?? loopItems(task, scope, play.variables);
	} catch (error) {
		// A loop over something undefined is no error where the conditions, which can be judged without an item, keep the task from running.
		const verdict = judgeQuietly(play, task, scope);
		if (verdict === 'unmet') return skipped('Conditional result was False', {});
		throw error;
	}
	const unknown = items.find((item) => item instanceof Unknown);
	if (unknown instanceof Unknown) return unforeseen(unknown);
	if (items.length === 0) return {...skipped('No items in the list', {results: [], skipped_reason: 'No items in the list'})};
	const control = prepared?.loop?.control ?? readLoopControl(task, scope, play.variables);
	const results: ItemResult[] = [];
	const given = new Dict();
	const {localChanges} = play.run.knowledge;
	const sharing = prepared && mayShare(play, prepared);
	for (const index of items.keys()) {
		if (index > 0 && control.pause > 0) await play.sleep(control.pause * 1000);
		const isStale = prepared?.watch.readsFiles === true && play.run.knowledge.localChanges !== localChanges;
		const ready = given.size === 0 && !isStale ? prepared?.runs[index] : undefined;
		const layers = [dictLayer('loop item', itemVariables(control, items, index)), dictLayer('set_fact', given)];
		const itemScope = ready && 'scope' in ready ? ready.scope : scope.over(...layers);
		if (isAhead && !ready && !isStale) throw new NeedsTurn();
		const rest = sharing && ready ? prepared.runs.slice(index + 1) : undefined;
		const result = await runItem(play, host, task, itemScope, control, items[index]!, ready, {isAhead, rest});
		results.push(result);
		for (const [name, value] of variablesOf(result).entries()) given.set(name, value);
		onItem(result);
		if (control.breakWhen && judge('break_when', [control.breakWhen], itemScope, play.variables).met === true) break;
	}
	return {...sumUp(results), ...(results.some((one) => one.noLog) ? {noLog: true} : {})};
}

async function runItem(
	play: PlayRun,
	host: HostRun,
	task: Task,
	scope: TaskScope,
	control: LoopControl,
	item: Value,
	prepared: Prepared | Unmet | undefined,
	place: Place,
): Promise<ItemResult> {
	const result = await runOnce(play, host, task, scope, prepared, place);
	const label = control.label ? finalize(play.variables.read(control.label), scope) : item;
	const more: Record<string, Value> = {[control.variable]: item, ansible_loop_var: control.variable, _ansible_item_label: label};
	if (control.index !== undefined) {
		more[control.index] = scope.resolve(control.index)!;
		more.ansible_index_var = control.index;
	}
	if (control.extended) more.ansible_loop = scope.resolve('ansible_loop')!;
	return {...result, result: {...result.result, ...more}, label};
}

async function runOnce(
	play: PlayRun,
	host: HostRun,
	task: Task,
	scope: TaskScope,
	prepared: Prepared | Unmet | undefined,
	place: Place,
): Promise<TaskResult> {
	const ready = prepared && 'scope' in prepared ? prepared : undefined;
	const fields = ready?.fields ?? new Fields(task, scope, play.variables);
	const result = await asFailure(task, () => {
		if (ready) return runInvocation(play, host, task, ready, place);
		if (prepared && 'condition' in prepared) return unmet(prepared);
		fields.check();
		return judged(play, host, task, scope, fields, place);
	});
	return isSilent(fields) ? {...result, noLog: true} : result;
}

function unmet({condition}: Unmet): TaskResult {
	return skipped('Conditional result was False', {false_condition: condition});
}

/** `no_log`, also where it cannot be evaluated: what a fault says may hold what is not to be shown. */
function isSilent(fields: Fields): boolean {
	try {
		return fields.flag('no_log') ?? false;
	} catch {
		return true;
	}
}

async function judged(
	play: PlayRun,
	host: HostRun,
	task: Task,
	scope: TaskScope,
	fields: Fields,
	place: Place,
): Promise<TaskResult> {
	const verdict = judge('when', accumulated(task, 'when'), scope, play.variables);
	if (verdict.met === false) return unmet(verdict);
	if (verdict.met === 'unknown') return unforeseen(verdict.unknown);
	return runInvocation(play, host, task, {scope, fields}, place);
}

function judgeQuietly(play: PlayRun, task: Task, scope: TaskScope): 'unmet' | 'met' {
	try {
		return judge('when', accumulated(task, 'when'), scope, play.variables).met === false ? 'unmet' : 'met';
	} catch {
		return 'met';
	}
}

/** Errors that are no failure of a task. */
const passing = [UnreachableError, DiagnosticError, NeedsTurn];

/**
 * Faults of the user's text and of files of this side, of becoming another user and of deadlines are failures of the task; so are
 * faults of this program, which say that they are.
 */
async function asFailure(
	task: Task,
	run: () => TaskResult | Promise<TaskResult>,
	part: 'task' | 'loop' = 'task',
): Promise<TaskResult> {
	try {
		return await run();
	} catch (error) {
		if (error instanceof UnknownArgument) return unforeseen(error.unknown);
		if (!(error instanceof Error) || passing.some((kind) => error instanceof kind)) throw error;
		if (!isForeseen(error)) {
			const message = `Task failed: a fault of Playbill itself, please report it: ${error.stack}`;
			return failed(message, {}, {fault: faultAt(task, message)});
		}
		const fault = faultOf(task, error, headsOf(error, part));
		const message = error instanceof FieldError && error.bare ? error.message : fault.ansible!;
		return failed(message, error instanceof TimeoutError ? {timedout: overtime(error)} : {}, {fault});
	}
}

/** What a result says of a task whose time was over. */
function overtime({seconds}: TimeoutError): Dict {
	return Dict.from([
		['frame', 'Configure `DISPLAY_TRACEBACK` to see a traceback on timeout errors.'],
		['period', seconds],
	]);
}

/** What Ansible says before an error: of a loop that cannot be evaluated only where a name is undefined. */
function headsOf(error: Error, part: 'task' | 'loop'): string[] {
	if (error instanceof ArgumentError && error.byModule) return ['Task failed.', 'Module failed.'];
	const isUndefined = error instanceof TemplateError && error.category === 'undefined';
	return part === 'loop' && !isUndefined ? [] : ['Task failed.'];
}

/** Errors with a cause outside this program: the user's text, a host, a file. */
function isForeseen(error: Error): boolean {
	const kinds = [TemplateError, FieldError, BecomeError, DeadlineError, VaultError];
	return kinds.some((kind) => error instanceof kind) || 'syscall' in error;
}

/** A result dict as a value. */
export function toDict(result: Readonly<Record<string, Value>>): Dict {
	return Dict.from(Object.entries(result));
}
