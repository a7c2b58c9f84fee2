import {defineModule, ModuleFailure} from './contract.js';
import {accountStep, type GroupState, groupRead} from './kinds/account.js';

interface GroupArgs extends Record<string, unknown> {
	readonly name: string;
	readonly state: 'absent' | 'present';
	readonly gid?: number;
	readonly system: boolean;
	readonly force: boolean;
	readonly local: boolean;
	readonly non_unique: boolean;
	readonly gid_min?: number;
	readonly gid_max?: number;
}

export default defineModule<GroupArgs, {group: GroupState}>({
	name: 'group',
	summary: 'Make and remove groups.',
	args: {
		name: {type: 'str', required: true, description: 'The group.'},
		state: {type: 'str', default: 'present', choices: ['absent', 'present'], description: 'Whether it shall be there.'},
		gid: {type: 'int', description: 'Its number.'},
		system: {type: 'bool', default: false, description: 'Take a number of the range for system groups when it is made.'},
		force: {type: 'bool', default: false, description: 'Remove it though it is the primary group of a user.'},
		local: {type: 'bool', default: false, description: "Look at the host's own files only, not at a directory."},
		non_unique: {type: 'bool', default: false, description: 'Allow a number that another group has.'},
		gid_min: {type: 'int', description: 'The lowest number to take.'},
		gid_max: {type: 'int', description: 'The highest number to take.'},
	},
	rules: {requiredIf: [['non_unique', true, ['gid']]]},
	inspect: ({name, local}) => ({group: {...groupRead(name, {local}), key: name}}),
	plan(args, {group: before}) {
		if (args.force && args.local) {
			throw new ModuleFailure('force is not a valid option for local, force=True and local=True are mutually exclusive');
		}
		for (const option of ['gid_min', 'gid_max'] as const) {
			if (args.local && args[option] !== undefined) throw new ModuleFailure(`'${option}' can not be used with 'local'`);
		}
		// A number may have answered for a group of that name: only the name is meant here.
		const there = before.exists && before.name === args.name;
		if (args.state === 'absent') return {after: {group: there ? {exists: false, tools: before.tools} : before}};
		if (there) return {after: {group: {...before, gid: args.gid ?? before.gid}}};
		return {after: {group: {exists: true, name: args.name, gid: args.gid, tools: before.tools}}};
	},
	apply(args, {before: {group: before}, after: {group: after}}) {
		return [accountStep(args.name, groupRead(args.name, {local: args.local}), [commandOf(args, before, after)])];
	},
	report({name, state, system}, {after: {group: after}}) {
		return {
			name,
			state,
			...(state === 'present' && after.exists ? {system, ...(after.gid === undefined ? {} : {gid: after.gid})} : {}),
		};
	},
});

function commandOf(args: GroupArgs, before: GroupState, after: GroupState): string[] {
	const {name, gid} = args;
	if (before.tools === '') throw new ModuleFailure('Failed to find required executable "groupadd" in paths');
	const number = gid === undefined ? [] : ['-g', String(gid), ...(args.non_unique ? ['-o'] : [])];
	if (before.tools === 'busybox') {
		if (!after.exists) {
			if (args.force) throw new ModuleFailure('The force option is not supported for group deletion on this platform.');
			return ['delgroup', name];
		}
		return before.exists
			? ['replace_line', '/etc/group', name, `${name}:x:${gid}:`]
			: ['addgroup', ...(gid === undefined ? [] : ['-g', String(gid)]), ...(args.system ? ['-S'] : []), name];
	}
	if (!after.exists) return ['groupdel', ...(args.force ? ['-f'] : []), name];
	if (before.exists) return ['groupmod', ...number, name];
	const range = [
		...(args.gid_min === undefined ? [] : ['-K', `GID_MIN=${args.gid_min}`]),
		...(args.gid_max === undefined ? [] : ['-K', `GID_MAX=${args.gid_max}`]),
	];
	return ['groupadd', ...number, ...(args.system ? ['-r'] : []), ...range, name];
}
