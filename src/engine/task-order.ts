import type {Entry, Play, Task} from '../playbook/playbook.js';

/** The order in which tasks come when nothing fails and no handler runs: what a host is likely to do next. */
export class TaskOrder {
	readonly first: Task | undefined;
	readonly #next = new Map<number, Task | undefined>();
	/** The task that stands behind a task in the same list. */
	readonly #siblings = new Map<number, Task>();
	/** The last task of what an include brought. */
	readonly #ends = new Map<number, Task>();

	constructor({preTasks, roles, tasks, postTasks}: Play) {
		const all = [preTasks, roles, tasks, postTasks].flat().flatMap(tasksIn);
		this.first = all[0];
		for (const section of [preTasks, roles, tasks, postTasks]) this.#align(section);
		this.#link(all, undefined);
	}

	/** What an include brought comes behind it. */
	include(include: Task, entry: Entry): void {
		const tasks = tasksIn(entry);
		this.#align([entry]);
		const before = this.#ends.get(include.id) ?? include;
		const behind = this.#next.get(before.id);
		if (tasks.length === 0) return;
		this.#next.set(before.id, tasks[0]);
		this.#link(tasks, behind);
		this.#ends.set(include.id, tasks.at(-1)!);
	}

	/** The tasks behind this one. */
	*after(task: Task): Generator<Task> {
		for (let next = this.#next.get(task.id); next; next = this.#next.get(next.id)) yield next;
	}

	/** The tasks that come behind this one for certain unless it fails: those of its own list, up to a block. */
	*beside(task: Task): Generator<Task> {
		for (let next = this.#siblings.get(task.id); next; next = this.#siblings.get(next.id)) yield next;
	}

	#align(entries: readonly Entry[]): void {
		for (const [index, entry] of entries.entries()) {
			const next = entries[index + 1];
			if (entry.kind === 'block') for (const list of [entry.block, entry.rescue, entry.always]) this.#align(list);
			else if (next?.kind === 'task') this.#siblings.set(entry.id, next);
		}
	}

	#link(tasks: readonly Task[], behind: Task | undefined): void {
		for (const [index, task] of tasks.entries()) this.#next.set(task.id, tasks[index + 1] ?? behind);
	}
}

function tasksIn(entry: Entry): Task[] {
	return entry.kind === 'task' ? [entry] : [...entry.block, ...entry.always].flatMap(tasksIn);
}
