import type {Diagnostic, Span} from '../source/source.js';

/** A variable is called like a keyword or a function of templates. */
export function reservedName(name: string, ansible: string, span: Span): Diagnostic {
	return {
		severity: 'warning',
		code: 'playbook/reserved-name',
		message: `the variable \`${name}\` has a name that means something else already`,
		labels: [{span}],
		ansible,
	};
}

/** `--start-at-task` named a task that no play has; Ansible goes no further and is content. */
export function noSuchTask(name: string): Diagnostic {
	return {
		severity: 'error',
		code: 'cli/usage',
		message: `no task is called \`${name}\`, so none was run`,
		labels: [],
		help: '`--list-tasks` shows the names; tasks that an `include_` brings cannot be started at',
		ansible: `No matching task "${name}" found. Note: --start-at-task can only follow static includes.`,
	};
}
