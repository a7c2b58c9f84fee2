import {type Entry, type Play, rolesOf, type Task} from '../playbook/playbook.js';

/**
 * `--start-at-task`: the tasks of a play that stand before the first one of that name (`*` and `?` stand for any text); undefined when
 * the play has no such task. Only tasks that are known before the run are looked at, as in Ansible.
 */
export function tasksBefore(play: Play, wanted: string): ReadonlySet<number> | undefined {
	const tasks = [...play.preTasks, ...play.roles, ...play.tasks, ...play.postTasks].flatMap(tasksIn);
	const at = tasks.findIndex((task) => namesOf(task).some((name) => name === wanted || matches(name, wanted)));
	return at < 0 ? undefined : new Set(tasks.slice(0, at).map(({id}) => id));
}

function tasksIn(entry: Entry): Task[] {
	return entry.kind === 'task' ? [entry] : [...entry.block, ...entry.rescue, ...entry.always].flatMap(tasksIn);
}

function namesOf(task: Task): string[] {
	const node = task.keywords.get('name');
	const name = node?.kind === 'scalar' && node.value !== null ? node.text : task.module;
	const role = rolesOf(task).at(-1)?.name;
	return role ? [name, `${role} : ${name}`] : [name];
}

function matches(name: string, pattern: string): boolean {
	const escaped = pattern
		.replace(/[.+^${}()|\\]/g, '\\$&')
		.replace(/\*/g, '.*')
		.replace(/\?/g, '.')
		.replace(/\[!/g, '[^');
	try {
		return new RegExp(`^${escaped}$`, 's').test(name);
	} catch {
		return false;
	}
}
