import test from 'ava';
import apt from '../../src/modules/apt.js';
import {type Kind, unknown} from '../../src/modules/contract.js';
import {packageKind} from '../../src/modules/kinds/package.js';
import type {PackageState} from '../../src/modules/kinds/package-state.js';
import {aptWorkKind} from '../../src/modules/kinds/package-work.js';

const defaults = Object.fromEntries(
	Object.entries(apt.args)
		.filter(([, {default: value}]) => value !== undefined)
		.map(([name, {default: value}]) => [name, value]),
);

const index: PackageState = {manager: 'apt', time: 1000, now: 5000};
const absent: PackageState = {manager: 'apt', present: false};
const available: PackageState = {...absent, candidate: '2.0-1', versions: ['2.0-1', '1.9-3']};
const installed: PackageState = {manager: 'apt', present: true, version: '1.9-3'};
const old: PackageState = {...installed, candidate: '2.0-1', versions: ['2.0-1', '1.9-3']};
const newest: PackageState = {...old, version: '2.0-1'};

interface Row {
	readonly name: string;
	readonly args: Readonly<Record<string, unknown>>;
	readonly before: Readonly<Record<string, unknown>>;
	/** The words that apt-get gets after its options, a step each; none when nothing changes. */
	readonly does?: readonly string[];
	readonly fails?: string;
	/** What the prelude would run, in check mode. */
	readonly prelude?: readonly string[];
	/** Readings that differ after. */
	readonly changes?: readonly string[];
}

const rows: readonly Row[] = [
	{name: 'a package that is there', args: {package: ['nginx']}, before: {nginx: installed}},
	{
		name: 'a package that is missing',
		args: {package: ['nginx']},
		before: {nginx: available},
		does: ['install -- nginx'],
		changes: ['nginx'],
	},
	{
		name: 'several at once, one of them there',
		args: {package: ['a', 'b', 'c']},
		before: {a: available, b: installed, c: available},
		does: ['install -- a c'],
		changes: ['a', 'c'],
	},
	{
		name: 'a name that nobody knows',
		args: {package: ['nosuch']},
		before: {nosuch: absent},
		fails: "No package matching 'nosuch' is available",
	},
	{
		name: 'a pattern that fits nothing',
		args: {package: ['no*']},
		before: {'no*': {...absent, matches: []}},
		fails: "No package(s) matching 'no*' available",
	},
	{
		name: 'a pattern stands for packages',
		args: {package: ['ng*']},
		before: {'ng*': {...absent, matches: ['nginx', 'ngrep']}, nginx: installed, ngrep: available},
		does: ['install -- ngrep'],
		changes: ['ngrep'],
	},
	{name: 'a name that an installed package provides', args: {package: ['awk']}, before: {awk: {manager: 'apt', present: true}}},
	{
		name: 'a name that others would provide',
		args: {package: ['awk']},
		before: {awk: {...absent, providers: ['mawk', 'gawk']}},
		does: ['install -- awk'],
		changes: ['awk'],
	},
	{name: 'latest, and it is', args: {package: ['x'], state: 'latest'}, before: {x: newest}},
	{
		name: 'latest, and it is not',
		args: {package: ['x'], state: 'latest'},
		before: {x: old},
		does: ['install -- x=2.0-1'],
		changes: ['x'],
	},
	{name: 'latest never goes back', args: {package: ['x'], state: 'latest'}, before: {x: {...newest, version: '3.0'}}},
	{name: 'a version that is there', args: {package: ['x=1.9-3']}, before: {x: old}},
	{name: 'a version by pattern that is there', args: {package: ['x=1.9*']}, before: {x: old}},
	{
		name: 'a version that is not there',
		args: {package: ['x=2.0*']},
		before: {x: old},
		does: ['install -- x=2.0-1'],
		changes: ['x'],
	},
	{
		name: 'an older version when that is allowed',
		args: {package: ['x=1.9-3'], allow_downgrade: true},
		before: {x: newest},
		does: ['--allow-downgrades install -- x=1.9-3'],
		changes: ['x'],
	},
	{
		name: 'a version that does not exist',
		args: {package: ['x=7']},
		before: {x: old},
		fails: 'no available installation candidate for x=7',
	},
	{name: 'at least a version, and it is', args: {package: ['x>=1.5']}, before: {x: old}},
	{
		name: 'at least a version, and it is not',
		args: {package: ['x>=2.0-1']},
		before: {x: old},
		does: ['install -- x=2.0-1'],
		changes: ['x'],
	},
	{name: 'a spec with two versions', args: {package: ['x=1=2']}, before: {x: old}, fails: 'invalid package spec: x=1=2'},
	{
		name: 'only_upgrade leaves alone what is not there',
		args: {package: ['x'], only_upgrade: true, state: 'latest'},
		before: {x: available},
	},
	{name: 'absent, and it is', args: {package: ['x'], state: 'absent'}, before: {x: available}},
	{
		name: 'absent, and it is not',
		args: {package: ['x'], state: 'absent'},
		before: {x: installed},
		does: ['remove -- x'],
		changes: ['x'],
	},
	{name: 'absent, an unknown name', args: {package: ['x'], state: 'absent'}, before: {x: absent}},
	{name: 'absent keeps the configuration', args: {package: ['x'], state: 'absent'}, before: {x: {...absent, residue: true}}},
	{
		name: 'purge removes the configuration',
		args: {package: ['x'], state: 'absent', purge: true},
		before: {x: {...absent, residue: true}},
		does: ['--purge remove -- x'],
		changes: ['x'],
	},
	{name: 'a stale index, in check mode', args: {update_cache: true}, before: {}, prelude: ['5 12 60'], changes: ['#index']},
	{name: 'an index that is young enough', args: {cache_valid_time: 4000}, before: {}},
	{name: 'an index that is too old', args: {cache_valid_time: 3999}, before: {}, prelude: ['5 12 60'], changes: ['#index']},
	{
		name: 'a stale index is no change where packages are asked for',
		args: {update_cache: true, package: ['x']},
		before: {x: installed},
		prelude: ['5 12 60'],
	},
	{
		name: 'a name that may be there after the update',
		args: {update_cache: true, package: ['new']},
		before: {new: absent},
		prelude: ['5 12 60'],
		changes: ['new'],
	},
	{
		name: 'a name that may be there after an earlier update',
		args: {package: ['new']},
		before: {new: {...absent, pending: true}},
		does: ['install -- new'],
		changes: ['new'],
	},
	{
		name: 'a dependency that is now wanted for itself',
		args: {package: ['x']},
		before: {x: {...installed, automatic: true}},
		prelude: ['x'],
	},
	{name: 'upgrade with nothing to do', args: {upgrade: 'dist'}, before: {'apt-get dist-upgrade': {pending: []}}},
	{
		name: 'upgrade',
		args: {upgrade: 'yes'},
		before: {'apt-get upgrade --with-new-pkgs': {pending: ['Inst x']}},
		does: ['upgrade --with-new-pkgs'],
		changes: ['apt-get upgrade --with-new-pkgs'],
	},
	{
		name: 'all packages the latest',
		args: {package: ['*'], state: 'latest'},
		before: {'apt-get upgrade --with-new-pkgs': {pending: ['Inst x']}},
		does: ['upgrade --with-new-pkgs'],
		changes: ['apt-get upgrade --with-new-pkgs'],
	},
	{name: 'autoremove with nothing to do', args: {autoremove: true}, before: {'apt-get autoremove': {pending: []}}},
	{
		name: 'autoremove',
		args: {autoremove: true},
		before: {'apt-get autoremove': {pending: ['Remv x']}},
		does: ['autoremove'],
		changes: ['apt-get autoremove'],
	},
	{
		name: 'a package file of the installed version',
		args: {deb: '/x.deb'},
		before: {'/x.deb': {...installed, candidate: '1.9-3', matches: ['x']}},
	},
	{
		name: 'a package file of another version',
		args: {deb: '/x.deb'},
		before: {'/x.deb': {...installed, candidate: '2.0', matches: ['x']}},
		does: ['install -- /x.deb'],
		changes: ['/x.deb'],
	},
	{
		name: 'a name that looks like an option or a command',
		args: {package: ['--yes', '$(id)']},
		before: {'--yes': available, '$(id)': available},
		does: ['install -- --yes $(id)'],
		changes: ['--yes', '$(id)'],
	},
	{
		name: 'a host without apt',
		args: {package: ['x']},
		before: {'#index': {manager: ''}, x: {}},
		fails: 'Could not detect which package manager to use. Try gathering facts or setting the "use" option.',
	},
];

for (const row of rows) {
	test(row.name, (t) => {
		const args = {...defaults, ...row.args} as Parameters<typeof apt.plan>[0];
		const before = {'#index': index, ...row.before};
		const reads = () => ({...apt.inspect(args), ...apt.inspectMore?.(args, before)});
		if (row.fails) {
			t.throws(
				() => {
					apt.prelude!(args, before);
					reads();
					apt.plan(args, before);
				},
				{message: row.fails},
			);
			return;
		}
		t.deepEqual(
			apt.prelude!(args, before).map((step) => step.args?.join(' ')),
			[...(row.prelude ?? [])],
		);
		const {after} = apt.plan(args, before);
		reads();
		const differing = Object.keys(after).filter(
			(name) => !kindOf(name).equal(before[name as keyof typeof before] as never, after[name] as never),
		);
		t.deepEqual(differing, [...(row.changes ?? [])]);
		t.deepEqual(
			Object.keys(apt.plan(args, {...before, ...withoutUnknown(after)}, [{}]).after).filter(
				(name) => !kindOf(name).equal(after[name] as never, apt.plan(args, {...before, ...after}, [{}]).after[name] as never),
			),
			[],
			'planning again on what was planned changes nothing',
		);
		if (row.prelude) return;
		const steps = apt.apply(args, {before, after, impulses: []});
		t.deepEqual(
			steps.map((step) => wordsOf(step.args ?? [])),
			[...(row.does ?? [])],
		);
	});
}

function kindOf(name: string): Kind<never> {
	return (name.startsWith('apt-get ') ? aptWorkKind : packageKind) as Kind<never>;
}

function withoutUnknown(states: Readonly<Record<string, unknown>>): Record<string, unknown> {
	return Object.fromEntries(Object.entries(states).filter(([, state]) => (state as PackageState).time !== unknown));
}

/** apt-get's words without the options that are always there. */
function wordsOf(args: readonly string[]): string {
	return args
		.slice(1)
		.join(' ')
		.replace(/^(-q )?-y -o Dpkg::Options::=--force-confdef -o Dpkg::Options::=--force-confold -o DPkg::Lock::Timeout=60 /, '');
}

test('a real run that updated an index that nobody renewed is no change', (t) => {
	const args = {...defaults, update_cache: true} as Parameters<typeof apt.plan>[0];
	const before = {'#index': index};
	const {after} = apt.plan(args, before, [{updated: false}]);
	t.true(apt.inspect(args)['#index']!.kind.equal(before['#index'], after['#index']));
	t.deepEqual(apt.report!(args, {before, after, impulses: []}, [{updated: false}]), {
		cache_updated: false,
		cache_update_time: 1000,
	});
});
