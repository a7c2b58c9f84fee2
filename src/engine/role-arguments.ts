import {Dict, finalize} from '../jinja/jinja.js';
import {validateSpec} from '../modules/modules.js';
import type {Task} from '../playbook/playbook.js';
import {getEntry} from '../source/source.js';
import type {TaskScope} from '../vars/vars.js';
import {evaluateNode} from './fields.js';
import type {PlayRun} from './play-run.js';
import {failed, type TaskResult} from './task-result.js';

/** Checks the arguments of a role against its `meta/argument_specs.yml`, as Ansible's `validate_argument_spec` does. */
export function validateRoleArguments(play: PlayRun, task: Task, scope: TaskScope): TaskResult {
	const spec = task.moduleArgs?.kind === 'map' ? task.moduleArgs : undefined;
	const optionsNode = spec && getEntry(spec, 'options')?.value;
	const options = optionsNode && evaluateNode(optionsNode, scope, play.variables);
	const given = new Dict();
	if (options instanceof Dict) {
		for (const name of options.keys()) {
			const value = scope.resolve(String(name));
			if (value !== undefined) given.set(name, finalize(value, scope));
		}
	}
	const problems = options instanceof Dict ? validateSpec(options, given) : [];
	const name = task.keywords.get('name');
	const specName = (name?.kind === 'scalar' && /arg spec '([^']*)'/.exec(name.text)?.[1]) || 'main';
	if (problems.length === 0) {
		return {status: 'ok', result: {changed: false, msg: 'The arg spec validation passed'}, diffs: [], effects: [], warnings: []};
	}
	return failed(`Validation of arguments failed:\n${problems.join('\n')}`, {
		argument_errors: problems,
		argument_spec_data: options ?? null,
		validate_args_context: Dict.from([
			['argument_spec_name', specName],
			['name', task.parent?.role?.name ?? ''],
			['path', task.parent?.role?.path ?? ''],
			['type', 'role'],
		]),
	});
}
