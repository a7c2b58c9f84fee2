import type {Value} from '../jinja/jinja.js';
import {defineModule, ModuleFailure, type Result, type States} from './contract.js';
import {dnfFlags} from './kinds/dnf-flags.js';
import {listRead} from './kinds/dnf-list.js';
import {packageSteps, planPackages, preludeOf, readMatches, readPackages, reportPackages} from './kinds/package-plan.js';
import type {PackageTask} from './kinds/package-state.js';

interface DnfArgs extends Record<string, unknown> {
	readonly name: readonly string[];
	readonly state?: 'absent' | 'installed' | 'latest' | 'present' | 'removed';
	readonly update_cache: boolean;
	readonly autoremove: boolean;
	readonly list?: string;
}

const names = {type: 'list', elements: 'str', default: []} as const;
const no = {type: 'bool', default: false} as const;

export default defineModule<DnfArgs, States>({
	name: 'dnf',
	aliases: ['yum'],
	summary: 'Install, upgrade and remove packages of the Red Hat family.',
	args: {
		name: {
			...names,
			aliases: ['pkg'],
			description:
				'Packages; versions, patterns, provided names, package files and addresses too. Groups and modules (`@name`) are refused.',
		},
		state: {
			type: 'str',
			choices: ['absent', 'installed', 'latest', 'present', 'removed'],
			description: 'How the packages shall be; `present` when nothing is said.',
		},
		update_cache: {...no, aliases: ['expire-cache'], description: 'Bring the index up to date first.'},
		update_only: {...no, description: 'With `latest`, leave packages alone that are not installed.'},
		autoremove: {...no, description: 'Remove dependencies that nothing needs any more.'},
		allow_downgrade: {...no, description: 'Take an older version than the installed one.'},
		allowerasing: {...no, description: 'Remove installed packages that stand in the way.'},
		best: {type: 'bool', description: 'Take the best version or fail.'},
		nobest: {type: 'bool', description: 'Take an older version where the best cannot be had.'},
		bugfix: {...no, description: 'With `latest`, take bug fixes only.'},
		security: {...no, description: 'With `latest`, take security fixes only.'},
		cacheonly: {...no, description: 'Use the index as it lies here.'},
		conf_file: {type: 'str', description: "dnf's configuration file."},
		disable_excludes: {type: 'str', description: 'The excludes to lift: `all`, `main`, or a repository.'},
		disable_gpg_check: {...no, description: 'Take packages that are not signed.'},
		disable_plugin: {...names, description: 'Plugins of dnf to leave out.'},
		enable_plugin: {...names, description: 'Plugins of dnf to use besides.'},
		disablerepo: {...names, description: 'Repositories to leave out.'},
		enablerepo: {...names, description: 'Repositories to use besides.'},
		download_only: {...no, description: 'Fetch the packages and install nothing.'},
		download_dir: {type: 'str', description: 'The folder for that.'},
		exclude: {...names, description: 'Packages to leave out.'},
		installroot: {type: 'str', default: '/', description: 'The root to install into.'},
		install_weak_deps: {type: 'bool', default: true, description: 'Whether recommended packages come along.'},
		list: {type: 'str', description: 'List packages instead: `installed`, `updates`, `available`, `repos`, or those of a name.'},
		releasever: {type: 'str', description: 'The release to take packages of.'},
		skip_broken: {...no, description: 'Leave out packages whose dependencies cannot be had.'},
		sslverify: {type: 'bool', default: true, description: "Whether repositories' certificates are checked."},
		validate_certs: {
			type: 'bool',
			default: true,
			description: 'Whether certificates are checked where package files are fetched.',
		},
		lock_timeout: {type: 'int', default: 30, description: "Seconds to wait for dnf's lock; dnf waits by itself."},
		use_backend: {
			type: 'str',
			default: 'auto',
			choices: ['auto', 'dnf', 'yum', 'yum4', 'dnf4', 'dnf5'],
			description: 'Without meaning here: the host has one `dnf`.',
		},
	},
	rules: {
		mutuallyExclusive: [
			['name', 'list'],
			['best', 'nobest'],
		],
	},
	unmodelled: true,
	inspect: (args) => (args.list === undefined ? readPackages(taskOf(args)) : {list: listRead(args.list, dnfFlags('list', args))}),
	inspectMore: (args, before) => (args.list === undefined ? readMatches(taskOf(args), before) : undefined),
	prelude: (args, before) => (args.list === undefined ? preludeOf(taskOf(args), before) : []),
	plan: (args, before) => (args.list === undefined ? planPackages(taskOf(args), before) : {after: before}),
	apply: (args, {before, after}) => packageSteps(taskOf(args), before, after),
	report(args, {before}): Result {
		if (args.list !== undefined) return {msg: '', results: before['list'] as Value[]};
		if (args.name.length === 0 && args.update_cache) return {msg: 'Cache updated', results: [], rc: 0};
		return reportPackages(taskOf(args), before);
	},
});

function taskOf(args: DnfArgs): PackageTask {
	const wanted = args.name
		.flatMap((name) => name.split(','))
		.map((name) => name.trim())
		.filter(Boolean);
	for (const name of wanted) {
		if (name.startsWith('@')) throw new ModuleFailure(`dnf: package groups and modules (${name}) are not offered here`);
		if (name.includes(' ') && !/[@<>=]/.test(name)) throw new ModuleFailure(SPACES);
	}
	const {state = args.autoremove ? 'absent' : 'present'} = args;
	const isAbsent = state === 'absent' || state === 'removed';
	if (args.autoremove && !isAbsent)
		throw new ModuleFailure('Autoremove should be used alone or with state=absent', {results: []});
	return {
		use: 'dnf',
		names: wanted,
		state: isAbsent ? 'absent' : state === 'latest' ? 'latest' : 'present',
		...(args.update_cache ? {maximumAge: 0} : {}),
		options: args,
	};
}

const SPACES =
	'It appears that a space separated string of packages was passed in as an argument. ' +
	'To operate on several packages, pass a comma separated string of packages or a list of packages.';
