import type {Args} from '../modules/modules.js';
import type {Task} from '../playbook/playbook.js';
import {PreparedTasks} from './prepared.js';
import type {TaskResult} from './task-result.js';
import type {Joined} from './together.js';

/** One host on its way through a play. */
export class HostRun {
	readonly name: string;
	/** What tasks notified since the last flush: names and topics, which are looked up when handlers run. */
	readonly notifications = new Set<string>();
	/** The handlers that are to run in this flush, by task id. */
	readonly notified = new Set<number>();
	/** Handlers are running: what they notify is looked up at once. */
	isFlushing = false;
	/** How many blocks around the present task would rescue a failure. */
	rescuers = 0;
	/** Roles that ran to their end here, by identity; a role named twice runs once. */
	readonly finishedRoles = new Set<string>();
	/** How many tasks have really run (not skipped), to see whether a role did anything. */
	tasksRun = 0;
	/** Set from outside (`any_errors_fatal`, the end of a play): what the host meets at its next step. */
	summons: Summons | undefined;
	/** The latest failure, for the rescue that answers it. */
	failure: TaskResult | undefined;
	/** Work that was sent with that of a task before it, until its own turn: by its arguments, with its task's name. */
	readonly begun = new Map<Args, {readonly name: string; readonly joined: Joined}>();
	/** Tasks that were evaluated ahead of their turns. */
	readonly prepared = new PreparedTasks();

	constructor(name: string) {
		this.name = name;
	}
}

export type Summons = TaskFailed | HostEnded;

/** A task failed on a host and nothing passed over it: on to the nearest rescue. */
export class TaskFailed extends Error {
	readonly task: Task;
	constructor(task: Task) {
		super('task failed');
		this.task = task;
	}
}

/** The host leaves the play without rescue or always: it is unreachable, or `meta: end_host`, `end_play`, `end_batch`. */
export class HostEnded extends Error {
	readonly reason: 'unreachable' | 'ended' | 'stopped';
	constructor(reason: 'unreachable' | 'ended' | 'stopped') {
		super(reason);
		this.reason = reason;
	}
}

/** `meta: end_role`: on behind the role. */
export class RoleEnded extends Error {}
