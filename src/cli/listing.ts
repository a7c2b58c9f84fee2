import {selectsTask, tagsOf} from '../engine/engine.js';
import {finalize, pythonStr} from '../jinja/jinja.js';
import {type Entry, type Play, rolesOf, type Task} from '../playbook/playbook.js';
import type {Variables} from '../vars/vars.js';
import type {Options} from './options.js';

/** What `--list-hosts`, `--list-tasks` and `--list-tags` print, as Ansible does. */
export function listPlays(
	playbooks: readonly (readonly Play[])[],
	options: Options,
	chosen: {readonly tags: readonly string[]; readonly skipTags: readonly string[]},
	variables: Variables,
	limit: readonly string[] | undefined,
): string {
	const wanted = [options.list, ...options.listAlso];
	// The list of tags shows those too that run only when they are asked for.
	const tags = chosen.tags.length === 0 && wanted.includes('tags') ? ['all', 'never'] : chosen.tags;
	const lines: string[] = [];
	for (const [index, plays] of playbooks.entries()) {
		lines.push('', `playbook: ${options.playbooks[index]}`);
		for (const [number, play] of plays.entries()) {
			const scope = variables.playScope(play);
			const value = (keyword: string) => {
				const node = play.keywords.get(keyword);
				return node ? finalize(variables.read(node), scope) : null;
			};
			const pattern = value('hosts') ?? 'all';
			const shown = Array.isArray(pattern) ? pattern.map((one) => pythonStr(one)).join(',') : pythonStr(pattern);
			const own = tagList(value('tags'));
			lines.push('', `  play #${number + 1} (${shown}): ${pythonStr(value('name') ?? shown)}\tTAGS: [${own.join(',')}]`);
			if (wanted.includes('hosts')) {
				const hosts = variables.matchHosts(pattern, limit, play.span);
				lines.push(
					`    pattern: [${(Array.isArray(pattern) ? pattern : [pattern]).map((one) => `'${pythonStr(one)}'`).join(', ')}]`,
					`    hosts (${hosts.length}):`,
					...hosts.map((host) => `      ${host}`),
				);
			}
			const tasks = tasksOf(play).filter((task) =>
				selectsTask(tagsOf(task, scope, variables), {tags, skipTags: chosen.skipTags}),
			);
			if (wanted.includes('tasks')) {
				lines.push(
					'    tasks:',
					...tasks.map((task) => `      ${nameOf(task)}\tTAGS: [${tagsOf(task, scope, variables).sort().join(', ')}]`),
				);
			}
			if (wanted.includes('tags')) {
				const all = new Set(tasks.flatMap((task) => tagsOf(task, scope, variables)));
				lines.push(`      TASK TAGS: [${[...all].sort().join(', ')}]`);
			}
		}
	}
	return `${lines.join('\n')}\n`;
}

function tasksOf(play: Play): Task[] {
	return [...play.preTasks, ...play.roles, ...play.tasks, ...play.postTasks].flatMap(flatten).filter((task) => !task.implicit);
}

/** Ansible lists what runs when all goes well: neither rescue nor always. */
function flatten(entry: Entry): Task[] {
	return entry.kind === 'task' ? [entry] : entry.block.flatMap(flatten);
}

function nameOf(task: Task): string {
	const name = task.keywords.get('name');
	if (name?.kind !== 'scalar' || name.value === null) return task.written;
	const role = rolesOf(task).at(-1)?.name;
	return role ? `${role} : ${name.text}` : name.text;
}

function tagList(value: unknown): string[] {
	return Array.isArray(value) ? value.map(String) : value === null || value === undefined ? [] : String(value).split(',');
}
