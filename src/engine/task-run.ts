import {BecomeError, DeadlineError, UnreachableError} from '../connection/connection.js';
import {Dict, finalize, TemplateError, Unknown, type Value} from '../jinja/jinja.js';
import {accumulated, type Task} from '../playbook/playbook.js';
import {DiagnosticError} from '../source/source.js';
import {dictLayer, type TaskScope} from '../vars/vars.js';
import {VaultError} from '../vault/vault.js';
import {runInvocation} from './attempts.js';
import {judge} from './conditions.js';
import {variablesOf} from './effects.js';
import {Fields} from './fields.js';
import type {HostRun} from './host-run.js';
import {UnknownArgument} from './local-files.js';
import {itemVariables, type LoopControl, loopItems, readLoopControl} from './loop.js';
import type {PlayRun} from './play-run.js';
import {FieldError} from './task-error.js';
import {faultOf} from './task-fault.js';
import {failed, type ItemResult, skipped, sumUp, type TaskResult, unforeseen} from './task-result.js';

/** Runs a task on one host: its loop, each item's conditions, arguments and attempts. Only unreachable hosts are thrown. */
export async function runTask(play: PlayRun, host: HostRun, task: Task, onItem: (item: ItemResult) => void): Promise<TaskResult> {
	const scope = play.scope(host, task);
	if (!task.loop) return runOnce(play, host, task, scope);
	const result = await asFailure(task, () => runLoop(play, host, task, scope, onItem));
	return !result.items && isSilent(new Fields(task, scope, play.variables)) ? {...result, noLog: true} : result;
}

async function runLoop(
	play: PlayRun,
	host: HostRun,
	task: Task,
	scope: TaskScope,
	onItem: (item: ItemResult) => void,
): Promise<TaskResult> {
	let items: readonly Value[];
	try {
		items = loopItems(task, scope, play.variables);
	} catch (error) {
		// A loop over something undefined is no error where the conditions, which can be judged without an item, keep the task from running.
		const verdict = judgeQuietly(play, task, scope);
		if (verdict === 'unmet') return skipped('Conditional result was False', {});
		throw error;
	}
	const unknown = items.find((item) => item instanceof Unknown);
	if (unknown instanceof Unknown) return unforeseen(unknown);
	if (items.length === 0) return {...skipped('No items in the list', {results: [], skipped_reason: 'No items in the list'})};
	const control = readLoopControl(task, scope, play.variables);
	const results: ItemResult[] = [];
	const given = new Dict();
	for (const index of items.keys()) {
		if (index > 0 && control.pause > 0) await play.sleep(control.pause * 1000);
		const layers = [dictLayer('loop item', itemVariables(control, items, index)), dictLayer('set_fact', given)];
		const itemScope = scope.over(...layers);
		const result = await runItem(play, host, task, itemScope, control, items[index]!);
		results.push(result);
		for (const [name, value] of variablesOf(result).entries()) given.set(name, value);
		onItem(result);
		if (result.status === 'unreachable') break;
		if (control.breakWhen && judge([control.breakWhen], itemScope, play.variables).met === true) break;
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
): Promise<ItemResult> {
	const result = await runOnce(play, host, task, scope);
	const label = control.label ? finalize(play.variables.read(control.label), scope) : item;
	const more: Record<string, Value> = {[control.variable]: item, ansible_loop_var: control.variable, _ansible_item_label: label};
	if (control.index !== undefined) {
		more[control.index] = scope.resolve(control.index)!;
		more.ansible_index_var = control.index;
	}
	if (control.extended) more.ansible_loop = scope.resolve('ansible_loop')!;
	return {...result, result: {...result.result, ...more}, label};
}

/** Keywords that are asked for where a wrong value could not be told: the task fails of it first. */
const flags = ['run_once', 'any_errors_fatal', 'ignore_errors', 'ignore_unreachable', 'delegate_facts', 'no_log'] as const;

async function runOnce(play: PlayRun, host: HostRun, task: Task, scope: TaskScope): Promise<TaskResult> {
	const fields = new Fields(task, scope, play.variables);
	const result = await asFailure(task, () => {
		for (const keyword of flags) fields.flag(keyword);
		fields.number('throttle');
		return judged(play, host, task, scope, fields);
	});
	return isSilent(fields) ? {...result, noLog: true} : result;
}

/** `no_log`, also where it cannot be evaluated: what a fault says may hold what is not to be shown. */
function isSilent(fields: Fields): boolean {
	try {
		return fields.flag('no_log') ?? false;
	} catch {
		return true;
	}
}

async function judged(play: PlayRun, host: HostRun, task: Task, scope: TaskScope, fields: Fields): Promise<TaskResult> {
	const verdict = judge(accumulated(task, 'when'), scope, play.variables);
	if (verdict.met === false) return skipped('Conditional result was False', {false_condition: verdict.condition});
	if (verdict.met === 'unknown') return unforeseen(verdict.unknown);
	return runInvocation(play, host, task, scope, fields);
}

function judgeQuietly(play: PlayRun, task: Task, scope: TaskScope): 'unmet' | 'met' {
	try {
		return judge(accumulated(task, 'when'), scope, play.variables).met === false ? 'unmet' : 'met';
	} catch {
		return 'met';
	}
}

/**
 * Faults of the user's text and of files of this side, of becoming another user and of deadlines are failures of the task; so are
 * faults of this program, which say that they are.
 */
async function asFailure(task: Task, run: () => TaskResult | Promise<TaskResult>): Promise<TaskResult> {
	try {
		return await run();
	} catch (error) {
		if (error instanceof UnknownArgument) return unforeseen(error.unknown);
		if (!(error instanceof Error) || error instanceof UnreachableError || error instanceof DiagnosticError) throw error;
		const message = `Task failed: ${isForeseen(error) ? error.message : `a fault of Playbill itself, please report it: ${error.stack}`}`;
		return failed(message, {}, {fault: faultOf(task, error, message)});
	}
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
