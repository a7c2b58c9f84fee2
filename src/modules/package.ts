import {defineModule, type Result, type States} from './contract.js';
import {
	packageSteps,
	planPackages,
	preludeOf,
	readMatches,
	readPackages,
	reportIndex,
	reportPackages,
} from './kinds/package-plan.js';
import type {PackageState, PackageStates, PackageTask} from './kinds/package-state.js';

interface PackageArgs extends Record<string, unknown> {
	readonly name: readonly string[];
	readonly state: string;
	readonly use: string;
	readonly update_cache: boolean;
	readonly cache_valid_time: number;
}

export default defineModule<PackageArgs, States>({
	name: 'package',
	summary: 'Install and remove packages by whatever package manager the host has.',
	args: {
		name: {type: 'list', elements: 'str', required: true, aliases: ['pkg'], description: 'Packages, as the host calls them.'},
		state: {
			type: 'str',
			default: 'present',
			choices: ['absent', 'installed', 'latest', 'present', 'removed'],
			description: 'How the packages shall be.',
		},
		use: {type: 'str', default: 'auto', description: 'The package manager, when it shall not be found out: apt, dnf.'},
		update_cache: {type: 'bool', default: false, description: 'Bring the index up to date first.'},
		cache_valid_time: {type: 'int', default: 0, description: 'Update the index only when it is older than so many seconds.'},
		default_release: {type: 'str', description: 'The release to take packages from; of apt.'},
		install_recommends: {type: 'bool', description: 'Whether recommended packages come along; of apt.'},
		only_upgrade: {type: 'bool', default: false, description: 'Leave packages alone that are not installed; of apt.'},
		purge: {type: 'bool', default: false, description: 'Remove configuration files too; of apt.'},
		autoremove: {type: 'bool', default: false, description: 'Remove dependencies that nothing needs any more.'},
		allow_downgrade: {type: 'bool', default: false, description: 'Take an older version than the installed one.'},
		disable_gpg_check: {type: 'bool', default: false, description: 'Take packages that are not signed; of dnf.'},
		enablerepo: {type: 'list', elements: 'str', default: [], description: 'Repositories to use besides; of dnf.'},
		disablerepo: {type: 'list', elements: 'str', default: [], description: 'Repositories to leave out; of dnf.'},
		lock_timeout: {type: 'int', default: 60, description: "Seconds to wait for the manager's lock."},
	},
	unmodelled: true,
	inspect: (args) => readPackages(taskOf(args)),
	inspectMore: (args, before) => readMatches(taskOf(args), before),
	prelude: (args, before) => preludeOf(taskOf(args), before),
	plan: (args, before, preluded) => planPackages(taskOf(args), before, preluded),
	apply: (args, {before, after}) => packageSteps(taskOf(args), before, after),
	report(args, {before}, outputs) {
		const task = taskOf(args);
		if ((before['#index'] as PackageState).manager !== 'apt') return reportPackages(task, before);
		const said: Result = outputs.reduce<Result>((all, output) => {
			const {stdout, stderr = ''} = (output ?? {}) as {stdout?: string; stderr?: string};
			return stdout !== undefined ? {stdout, stderr} : all;
		}, {});
		if (task.state === 'absent') return said;
		return {...said, ...reportIndex(task, before as PackageStates, outputs, outputs.length > 0)};
	},
});

function taskOf(args: PackageArgs): PackageTask {
	const {state} = args;
	return {
		use: args.use.replace(/^ansible\.(builtin|legacy)\./, '').replace(/^(yum|dnf4)$/, 'dnf'),
		names: args.name
			.flatMap((name) => name.split(','))
			.map((name) => name.trim())
			.filter(Boolean),
		state: state === 'absent' || state === 'removed' ? 'absent' : state === 'latest' ? 'latest' : 'present',
		...(args.update_cache || args.cache_valid_time > 0 ? {maximumAge: args.cache_valid_time} : {}),
		options: args,
	};
}
