import type {Block, Entry, Play, Task} from '../playbook/playbook.js';
import {HostEnded, type HostRun, RoleEnded, TaskFailed} from './host-run.js';
import type {Position, Turns} from './turns.js';

/** What a task means for the way of a host through the play. */
export interface Outcome {
	readonly failed: boolean;
	readonly unreachable: boolean;
	/** The task did something, so its role counts as run. */
	readonly ran: boolean;
	/** What an include brought for this host: blocks, each with its place behind the include. */
	readonly included?: readonly {readonly index: number; readonly block: Block}[];
	readonly flush?: boolean;
	readonly endRole?: boolean;
	readonly end?: HostEnded;
}

/** What walking needs: the turns, and what is known of tasks and handlers. */
export interface Walk {
	readonly host: HostRun;
	readonly play: Play;
	readonly turns: Turns<Outcome>;
	/** Aborted when the run is to end. */
	readonly stopping: AbortSignal;
	/** Whether tags let the task run. */
	isSelected(task: Task): boolean;
	/** Looks up the handlers for what was notified. */
	expandNotifications(): void;
	/** Called when a failure goes to a rescue, with the task that failed. */
	rescued(task: Task): void;
}

/** Walks a list of tasks and blocks. */
export async function walkEntries(walk: Walk, entries: readonly Entry[], position: Position): Promise<void> {
	for (const [index, entry] of entries.entries()) {
		const place = [...position, index];
		if (entry.kind === 'block') await walkBlock(walk, entry, place);
		else await walkTask(walk, entry, place);
	}
}

/** Block, then rescue where it failed, then always: a failure that nothing rescued goes on outwards. */
async function walkBlock(walk: Walk, block: Block, position: Position): Promise<void> {
	const {host} = walk;
	const {roleIdentity: identity, role} = block;
	const isOnce = identity !== undefined && !role?.allowDuplicates;
	if (isOnce && host.finishedRoles.has(identity)) return;
	const before = host.tasksRun;
	let failure: unknown;
	try {
		await rescuing(host, block.rescue.length > 0, () => walkEntries(walk, block.block, [...position, 0]));
	} catch (error) {
		if (error instanceof RoleEnded && role) return;
		if (!(error instanceof TaskFailed)) throw error;
		failure = error;
	}
	if (failure instanceof TaskFailed && block.rescue.length > 0) {
		walk.rescued(failure.task);
		failure = await failureOf(() => walkEntries(walk, block.rescue, [...position, 1]));
	}
	if (block.always.length > 0) failure = (await failureOf(() => walkEntries(walk, block.always, [...position, 2]))) ?? failure;
	if (failure) throw failure;
	if (isOnce && host.tasksRun > before) host.finishedRoles.add(identity);
}

async function rescuing(host: HostRun, rescues: boolean, walk: () => Promise<void>): Promise<void> {
	host.rescuers += rescues ? 1 : 0;
	try {
		await walk();
	} finally {
		host.rescuers -= rescues ? 1 : 0;
	}
}

async function failureOf(walk: () => Promise<void>): Promise<TaskFailed | undefined> {
	try {
		await walk();
		return undefined;
	} catch (error) {
		if (error instanceof TaskFailed) return error;
		throw error;
	}
}

async function walkTask(walk: Walk, task: Task, position: Position): Promise<void> {
	const {host, turns} = walk;
	if (walk.stopping.aborted) throw new HostEnded('stopped');
	heed(host);
	if (!task.isHandler && !walk.isSelected(task)) return;
	const outcome = await turns.take(host, task, position);
	if (outcome.ran) host.tasksRun++;
	if (outcome.unreachable) throw new HostEnded('unreachable');
	for (const {index, block} of outcome.included ?? []) await walkBlock(walk, block, [...position, index]);
	if (outcome.failed) throw new TaskFailed(task);
	if (outcome.end) throw outcome.end;
	heed(host);
	if (outcome.flush) await walkHandlers(walk, position);
	if (outcome.endRole) throw new RoleEnded();
}

/** Runs the notified handlers in the order they are defined; one that an earlier one notifies runs in the same pass. */
export async function walkHandlers(walk: Walk, position: Position): Promise<void> {
	const {host, play} = walk;
	walk.expandNotifications();
	host.isFlushing = true;
	try {
		for (let index = 0; index < play.handlers.length; index++) {
			for (const task of tasksOf(play.handlers[index]!)) {
				if (host.notified.delete(task.id)) await walkTask(walk, task, [...position, index]);
			}
		}
	} finally {
		host.isFlushing = false;
	}
}

/** The tasks of an entry of the handlers: imports make blocks of them. */
export function tasksOf(entry: Entry): Task[] {
	return entry.kind === 'task' ? [entry] : entry.block.flatMap(tasksOf);
}

function heed(host: HostRun): void {
	const {summons} = host;
	host.summons = undefined;
	if (summons) throw summons;
}
