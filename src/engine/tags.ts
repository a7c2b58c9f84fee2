import {finalize, type Value} from '../jinja/jinja.js';
import {accumulated, type Task} from '../playbook/playbook.js';
import type {TaskScope, Variables} from '../vars/vars.js';

/** What `--tags` and `--skip-tags` say. */
export interface TagSelection {
	readonly tags: readonly string[];
	readonly skipTags: readonly string[];
}

/** All tags of a task, its own and those of what it stands in. */
export function tagsOf(task: Task, scope: TaskScope, variables: Variables): string[] {
	const values = accumulated(task, 'tags').map((node) => finalize(variables.read(node), scope));
	return [...new Set(values.flatMap((value) => split(value)))];
}

function split(value: Value): string[] {
	if (Array.isArray(value)) return value.flatMap((item: Value) => split(item));
	return value === null
		? []
		: String(value)
				.split(',')
				.map((tag) => tag.trim())
				.filter(Boolean);
}

/** Whether the tags of a task let it run (ansible/playbook/taggable.py). */
export function selectsTask(tags: readonly string[], {tags: only, skipTags: skip}: TagSelection): boolean {
	const own = tags.length > 0 ? tags : ['untagged'];
	const isTagged = tags.length > 0;
	const has = (list: readonly string[]) => own.some((tag) => list.includes(tag));
	let runs = true;
	if (only.length > 0) {
		runs =
			tags.includes('always') ||
			(only.includes('all') && !tags.includes('never')) ||
			has(only) ||
			(only.includes('tagged') && isTagged && !tags.includes('never'));
	} else if (tags.includes('never')) runs = false;
	if (runs && skip.length > 0) {
		if (skip.includes('all')) runs = tags.includes('always') && !skip.includes('always');
		else if (has(skip) || (skip.includes('tagged') && isTagged)) runs = false;
	}
	return runs;
}
