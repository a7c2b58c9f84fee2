import {sh} from '../connection/connection.js';
import {defineModule, ModuleFailure, type States, type Step} from './contract.js';
import {type AptSaid, aptGet} from './kinds/package-apt.js';
import {packageSteps, planPackages, preludeOf, readMatches, readPackages, reportIndex} from './kinds/package-plan.js';
import type {PackageState, PackageStates, PackageTask} from './kinds/package-state.js';
import {type AptWork, aptWorkRead} from './kinds/package-work.js';

interface AptArgs extends Record<string, unknown> {
	readonly state: 'absent' | 'build-dep' | 'fixed' | 'latest' | 'present';
	readonly update_cache?: boolean;
	readonly cache_valid_time: number;
	readonly package?: readonly string[];
	readonly deb?: string;
	readonly default_release?: string;
	readonly upgrade: 'dist' | 'full' | 'no' | 'safe' | 'yes';
	readonly purge: boolean;
	readonly autoremove: boolean;
	readonly autoclean: boolean;
	readonly clean: boolean;
}

export default defineModule<AptArgs, States>({
	name: 'apt',
	summary: 'Install, upgrade and remove packages of Debian and its kin.',
	args: {
		state: {
			type: 'str',
			default: 'present',
			choices: ['absent', 'build-dep', 'fixed', 'latest', 'present'],
			description: 'How the packages shall be.',
		},
		update_cache: {type: 'bool', aliases: ['update-cache'], description: 'Bring the index up to date first (`apt-get update`).'},
		update_cache_retries: {type: 'int', default: 5, description: 'How often to try that.'},
		update_cache_retry_max_delay: {type: 'int', default: 12, description: 'The longest pause between two tries, in seconds.'},
		cache_valid_time: {type: 'int', default: 0, description: 'Update the index only when it is older than so many seconds.'},
		purge: {type: 'bool', default: false, description: 'Remove configuration files too.'},
		package: {
			type: 'list',
			elements: 'str',
			aliases: ['pkg', 'name'],
			description: 'Packages; `name=version`, `name>=version` and patterns too.',
		},
		deb: {type: 'path', description: 'A package file on the host, or its address.'},
		default_release: {type: 'str', aliases: ['default-release'], description: 'The release to take packages from.'},
		install_recommends: {
			type: 'bool',
			aliases: ['install-recommends'],
			description: "Whether recommended packages come along; else as the host's apt is set.",
		},
		force: {type: 'bool', default: false, description: 'Go on where apt would stop: downgrades, held and unsigned packages.'},
		upgrade: {
			type: 'str',
			default: 'no',
			choices: ['dist', 'full', 'no', 'safe', 'yes'],
			description: 'Upgrade all packages: `dist` and `full` also remove, `yes` and `safe` never do.',
		},
		dpkg_options: {type: 'str', default: 'force-confdef,force-confold', description: 'Options of dpkg, joined by commas.'},
		autoremove: {type: 'bool', default: false, description: 'Remove dependencies that nothing needs any more.'},
		autoclean: {type: 'bool', default: false, description: 'Remove package files that can no longer be downloaded.'},
		fail_on_autoremove: {type: 'bool', default: false, description: 'Fail when something would be removed.'},
		policy_rc_d: {
			type: 'int',
			description: 'What `policy-rc.d` says while packages are set up; 101 keeps services from starting.',
		},
		only_upgrade: {type: 'bool', default: false, description: 'Leave packages alone that are not installed.'},
		force_apt_get: {type: 'bool', default: false, description: 'Always apt-get; nothing else is ever used here.'},
		clean: {type: 'bool', default: false, description: 'Remove all downloaded package files.'},
		allow_unauthenticated: {
			type: 'bool',
			default: false,
			aliases: ['allow-unauthenticated'],
			description: 'Take packages that are not signed.',
		},
		allow_downgrade: {
			type: 'bool',
			default: false,
			aliases: ['allow-downgrade', 'allow_downgrades', 'allow-downgrades'],
			description: 'Take an older version than the installed one.',
		},
		allow_change_held_packages: {type: 'bool', default: false, description: 'Change packages that are held.'},
		lock_timeout: {type: 'int', default: 60, description: "Seconds to wait for apt's lock."},
		auto_install_module_deps: {type: 'bool', default: true, description: 'Without meaning here: nothing is needed on the host.'},
	},
	rules: {
		mutuallyExclusive: [['deb', 'package', 'upgrade']],
		requiredOneOf: [['autoremove', 'deb', 'package', 'update_cache', 'upgrade']],
	},
	unmodelled: true,
	inspect: (args) => ({
		...readPackages(taskOf(args)),
		...Object.fromEntries(workOf(args).map((words) => [workName(words), aptWorkRead(words, args.default_release)])),
	}),
	inspectMore: (args, before) => readMatches(taskOf(args), packagesOf(before)),
	prelude: (args, before) => preludeOf(taskOf(args), packagesOf(before)),
	plan(args, before, preluded) {
		const {after} = planPackages(taskOf(args), packagesOf(before), preluded);
		const work = Object.fromEntries(workOf(args).map((words) => [workName(words), {pending: []} satisfies AptWork]));
		return {after: {...after, ...work}, impulses: args.clean && nothingElse(args) ? ['cleaned'] : []};
	},
	apply(args, {before, after}) {
		const task = taskOf(args);
		const steps: Step[] = args.clean ? [{script: cleanArchives}] : [];
		for (const words of workOf(args)) {
			if ((before[workName(words)] as AptWork).pending.length > 0) steps.push(workStep(words, task));
		}
		return [...steps, ...packageSteps(task, packagesOf(before), packagesOf(after))];
	},
	report(args, {before}, outputs) {
		const said = (outputs as readonly Partial<AptSaid>[]).filter((output): output is AptSaid => output?.stdout !== undefined);
		const text: Record<string, string> =
			said.length > 0 ? {stdout: said.map(({stdout}) => stdout).join(''), stderr: said.map(({stderr}) => stderr).join('')} : {};
		if (args.upgrade !== 'no') return text['stdout'] === undefined ? {} : {...text, msg: text['stdout']};
		if (args.state === 'absent') return text;
		return {...text, ...reportIndex(taskOf(args), packagesOf(before), outputs, outputs.length > 0)};
	},
});

const cleanArchives = sh`
	# prints what apt-get prints
	LC_ALL=C; export LC_ALL
	apt-get clean
`;

/** The arguments as every package manager's task. */
function taskOf(args: AptArgs): PackageTask {
	const names = (args.package ?? []).map((name) => name.trim()).filter((name) => name !== '' && name !== '*');
	if (args.state === 'latest' && args.package?.includes('*') && names.length > 0) {
		throw new ModuleFailure('unable to install additional packages when upgrading all installed packages');
	}
	for (const name of names) if (name.split('=').length > 2) throw new ModuleFailure(`invalid package spec: ${name}`);
	if (args.deb !== undefined && args.state !== 'present') throw new ModuleFailure('deb only supports state=present');
	const wanted = args.update_cache === true || args.cache_valid_time > 0;
	return {
		use: 'apt',
		names: args.deb !== undefined ? args.deb.split(',') : args.state === 'build-dep' ? [] : names,
		state: args.state === 'absent' || args.state === 'latest' ? args.state : 'present',
		...(wanted ? {maximumAge: args.cache_valid_time} : {}),
		options: args,
	};
}

/** The commands over all packages that a task asks for. */
function workOf(args: AptArgs): string[][] {
	const all = args.package?.includes('*') === true && args.state === 'latest';
	if (args.upgrade === 'dist' || args.upgrade === 'full') return [['dist-upgrade']];
	if (args.upgrade !== 'no' || all) return [['upgrade', '--with-new-pkgs']];
	if (args.state === 'build-dep') return [['build-dep', ...(args.package ?? [])]];
	if ((args.package ?? []).length > 0 || args.deb !== undefined) return [];
	const purge = args.purge ? ['--purge'] : [];
	return [...(args.autoclean ? [['autoclean']] : []), ...(args.autoremove ? [['autoremove', ...purge]] : [])];
}

function workStep([verb = '', ...words]: readonly string[], {options}: PackageTask): Step {
	return verb === 'build-dep' ? aptGet(verb, words, options) : aptGet(verb, [], options, words);
}

function nothingElse(args: AptArgs): boolean {
	return (args.package ?? []).length === 0 && args.upgrade === 'no' && args.deb === undefined;
}

/** No package has a blank in its name, so these names never clash with packages. */
function workName(words: readonly string[]): string {
	return `apt-get ${words.join(' ')}`;
}

function packagesOf(states: States): PackageStates {
	return Object.fromEntries(Object.entries(states).filter(([name]) => !name.startsWith('apt-get '))) as Record<
		string,
		PackageState
	>;
}
