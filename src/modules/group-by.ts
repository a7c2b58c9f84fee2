import {pythonStr, type Value} from '../jinja/jinja.js';
import {defineAction, ModuleFailure} from './contract.js';

export default defineAction<{readonly key?: Value; readonly parents?: Value; readonly [other: string]: unknown}>({
	name: 'group_by',
	summary: 'Put hosts into groups by a value.',
	args: {
		key: {type: 'raw', description: 'The name of the group.'},
		parents: {type: 'raw', default: ['all'], description: 'The groups that the group lies in.'},
		_raw_params: {type: 'str', description: 'Not used.'},
	},
	freeForm: '_raw_params',
	inCheckMode: 'run',
	needsHost: false,
	concernsOthers: true,
	act({key, parents = ['all']}) {
		if (key === undefined || key === null) throw new ModuleFailure("the 'key' param is required when using group_by");
		const names = (Array.isArray(parents) ? parents : [parents]).map(hyphened);
		return {
			result: {add_group: hyphened(key), parent_groups: names},
			changed: true,
			// The name itself keeps its blanks, other than Ansible's documentation has it: real Ansible says otherwise than it does.
			effects: [{kind: 'group-by', group: pythonStr(key), parents: names}],
		};
	},
});

function hyphened(name: Value): string {
	return pythonStr(name).replaceAll(' ', '-');
}
