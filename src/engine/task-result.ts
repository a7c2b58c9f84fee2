import {Dict, type Unknown, type Value} from '../jinja/jinja.js';
import type {Diff, Effect} from '../modules/modules.js';
import type {Diagnostic} from '../source/source.js';
import type {ResultDict, Status} from './events.js';

/** What a task came to on a host, or one item of its loop. */
export interface TaskResult {
	readonly status: Status;
	readonly result: ResultDict;
	readonly diffs: readonly Diff[];
	readonly effects: readonly Effect[];
	readonly warnings: readonly string[];
	/** Why the outcome cannot be foretold in check mode. */
	readonly unknown?: string;
	/** The host it was delegated to. */
	readonly delegate?: string;
	readonly delegateAddress?: string;
	/** The items of a loop, each with its label and the variables it saw. */
	readonly items?: readonly ItemResult[];
	/** What an include asks for. */
	readonly include?: IncludeRequest;
	/** The handlers it notifies when it changed something. */
	readonly notify?: readonly string[];
	readonly noLog?: boolean;
	/** Texts that this result may not show (values of `no_log` arguments). */
	readonly hidden?: readonly string[];
	/** Why it failed, with the place in the user's text. */
	readonly fault?: Diagnostic;
	/** What `register` keeps, by name. */
	readonly registered?: Dict;
}

export interface ItemResult extends TaskResult {
	readonly label: Value;
}

/** A dynamic include on one host: what it brings is shared by the hosts that ask for the same. */
export interface IncludeRequest {
	readonly kind: 'tasks' | 'role';
	/** The file's path, or the role's name. */
	readonly name: string;
	/** The evaluated arguments (`apply`, `tasks_from`, `public`, …). */
	readonly args: Dict;
	/** The loop's variables, which the included tasks see too. */
	readonly variables: Dict;
	readonly label: Value | undefined;
}

export function statusOf(result: ResultDict): Status {
	if (result.failed === true) return 'failed';
	if (result.skipped === true) return 'skipped';
	return result.changed === true ? 'changed' : 'ok';
}

/** A failure, in Ansible's shape. */
export function failed(message: string, more: ResultDict = {}, rest: Partial<TaskResult> = {}): TaskResult {
	return {
		status: 'failed',
		result: {changed: false, ...more, failed: true, msg: message},
		diffs: [],
		effects: [],
		warnings: [],
		...rest,
	};
}

/** A host that could not be reached, in Ansible's shape. */
export function unreachable(message: string, rest: Partial<TaskResult>): TaskResult {
	return {
		status: 'unreachable',
		result: {changed: false, unreachable: true, msg: message},
		diffs: [],
		effects: [],
		warnings: [],
		...rest,
	};
}

/** A task that a condition kept from running. */
export function skipped(reason: string, more: ResultDict = {}): TaskResult {
	return {
		status: 'skipped',
		result: {changed: false, ...more, skipped: true, skip_reason: reason},
		diffs: [],
		effects: [],
		warnings: [],
	};
}

/** A task whose condition, loop or arguments check mode cannot know. */
export function unforeseen(unknown: Unknown): TaskResult {
	return {...skipped('Conditional result was unknown', {changed: unknown}), unknown: unknown.cause};
}

/** The sum of a loop, as Ansible makes it of the items' results. */
export function sumUp(items: readonly ItemResult[]): TaskResult {
	const anyFailed = items.some((item) => item.status === 'failed');
	const anyUnreachable = items.some((item) => item.status === 'unreachable');
	const anyChanged = items.some((item) => item.result.changed === true);
	const allSkipped = items.length > 0 && items.every((item) => item.status === 'skipped');
	const unknown = items.find((item) => item.unknown !== undefined)?.unknown;
	const msg = anyFailed ? 'One or more items failed' : allSkipped ? 'All items skipped' : 'All items completed';
	const status: Status = anyUnreachable
		? 'unreachable'
		: anyFailed
			? 'failed'
			: allSkipped
				? 'skipped'
				: anyChanged
					? 'changed'
					: 'ok';
	return {
		status,
		result: {
			results: items.map((item) => Dict.from(Object.entries({...item.result, ...exceptionOf(item)}))),
			changed: anyChanged,
			...(anyFailed ? {failed: true} : {}),
			...(anyUnreachable ? {unreachable: true} : {}),
			...(allSkipped ? {skipped: true} : {}),
			msg,
		},
		diffs: items.flatMap((item) => item.diffs),
		effects: items.flatMap((item) => item.effects),
		warnings: [],
		items,
		...(unknown === undefined ? {} : {unknown}),
	};
}

/** What Ansible keeps of the reason for a failure beside its message. */
export function exceptionOf({status, fault}: TaskResult): ResultDict {
	return fault && (status === 'failed' || status === 'unreachable') ? {exception: '(traceback unavailable)'} : {};
}

/** What is shown of a result with `no_log`. */
export function censored({changed}: ResultDict): ResultDict {
	return {
		censored: "the output has been hidden due to the fact that 'no_log: true' was specified for this result",
		changed: changed ?? false,
	};
}
