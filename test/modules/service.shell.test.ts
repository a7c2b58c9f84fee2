import test from 'ava';
import type {UnitState} from '../../src/modules/kinds/unit.js';
import {planUnit, reportUnit, type UnitWish} from '../../src/modules/kinds/unit-plan.js';
import {unitSteps} from '../../src/modules/kinds/unit-steps.js';
import service from '../../src/modules/service.js';
import systemd, {reloadSteps} from '../../src/modules/systemd-service.js';
import {runTable} from './laws.js';

const stopped: UnitState = {
	exists: true,
	active: 'no',
	enabled: false,
	masked: false,
	manager: 'systemd',
	properties: {ActiveState: 'inactive'},
};
const running: UnitState = {...stopped, active: 'yes', enabled: true, properties: {ActiveState: 'active'}};
const nothing: UnitState = {
	exists: false,
	active: 'no',
	enabled: false,
	masked: false,
	manager: 'systemd',
	properties: {ActiveState: 'inactive'},
};

const plans: [name: string, before: UnitState, wish: Omit<UnitWish, 'name'>, verbs: string | {fails: string}][] = [
	['starts', stopped, {state: 'started'}, 'start'],
	['runs already', running, {state: 'started'}, ''],
	['stops', running, {state: 'stopped'}, 'stop'],
	['is stopped already', stopped, {state: 'stopped'}, ''],
	['waits for what is stopping', {...running, active: 'stopping'}, {state: 'stopped'}, 'stop'],
	['starts what is stopping', {...running, active: 'stopping'}, {state: 'started'}, 'start'],
	['restarts', running, {state: 'restarted'}, 'restart'],
	['restarts what does not run by starting it', stopped, {state: 'restarted'}, 'start'],
	['reloads', running, {state: 'reloaded'}, 'reload'],
	['reloads what does not run by starting it', stopped, {state: 'reloaded'}, 'start'],
	['enables and starts', stopped, {state: 'started', enabled: true}, 'enable start'],
	['disables and stops', running, {state: 'stopped', enabled: false}, 'disable stop'],
	[
		'unmasks before all else',
		{...stopped, masked: true},
		{state: 'started', enabled: true, masked: false},
		'unmask enable start',
	],
	['masks what is not there', nothing, {masked: true}, 'mask'],
	['cannot start what is not there', nothing, {state: 'started'}, {fails: 'Could not find the requested service x: host'}],
	['cannot enable what is not there', nothing, {enabled: true}, {fails: 'Could not find the requested service x: host'}],
	['cannot disable what is not there', nothing, {enabled: false}, {fails: 'Could not find the requested service x: host'}],
	[
		'tells of a broken file',
		{...stopped, properties: {LoadError: 'bad'}},
		{state: 'started'},
		{fails: "Error loading unit file 'x': bad"},
	],
	[
		'leaves the state alone where systemd does not run',
		{...stopped, properties: {}},
		{state: 'started', enabled: true},
		'enable',
	],
];

for (const [name, before, wish, expected] of plans) {
	test(`plan: ${name}`, (t) => {
		if (typeof expected !== 'string') {
			t.throws(() => planUnit({name: 'x', ...wish}, before), {message: expected.fails});
			return;
		}
		const {after, impulses = []} = planUnit({name: 'x', ...wish}, before);
		const steps = unitSteps({name: 'x'}, {before: {unit: before}, after, impulses});
		t.deepEqual(
			steps.map((step) => step.args),
			expected === '' ? [] : [['x', 'system', '', '', ...expected.split(' ')]],
		);
		t.deepEqual(planUnit({name: 'x', ...wish}, after.unit).after, after, 'planning again on what was planned changes nothing');
	});
}

test('reports what Ansible reports', (t) => {
	const {status, ...rest} = reportUnit({name: 'x', state: 'restarted', enabled: true}, running);
	t.deepEqual(rest, {name: 'x', enabled: true, state: 'started'});
	t.is((status as ReadonlyMap<string, string>).get('ActiveState'), 'active');
});

test('daemon_reload comes first, and only where it is needed', (t) => {
	const args = {daemon_reload: true, daemon_reexec: false, scope: 'system'};
	t.deepEqual(
		reloadSteps(args, undefined).map((step) => step.args),
		[['daemon-reload', 'system']],
	);
	t.is(reloadSteps(args, {...running, stale: false}).length, 0);
	t.is(reloadSteps(args, {...running, stale: true}).length, 1);
	t.is(reloadSteps(args, {...stopped, manager: 'process'}).length, 0);
});

test('patterns are refused as Ansible refuses them', (t) => {
	t.throws(
		() =>
			systemd.plan(
				{name: 'a*', state: 'started', daemon_reload: false, daemon_reexec: false, scope: 'system', no_block: false},
				{unit: running},
			),
		{
			message: "This module does not currently support using glob patterns, found '*' in service name: a*",
		},
	);
});

/** Ends by itself when the row's folder goes. */
const unit = `printf '[Service]\\nExecStart=/bin/sh -c "while [ -d DIR ]; do sleep 0.3; done"\\n' >demo.service`;
const demo = {name: 'demo', use: 'process', _unit_dir: 'DIR'};
const runs = 'read -r pid rest <demo.pid && kill -0 "$pid"';
const started = `${unit}; sh -c 'while [ -d DIR ]; do sleep 0.3; done' >/dev/null 2>&1 & echo "$! $(sed 's/.*) //' /proc/$!/stat | cut -d' ' -f20) $(cat /proc/sys/kernel/random/boot_id)" >demo.pid`;

runTable(service, [
	{
		name: 'starts a process',
		before: unit,
		args: {...demo, state: 'started'},
		after: runs,
		result: {name: 'demo', state: 'started'},
	},
	{
		name: 'starts and enables a process',
		before: unit,
		args: {...demo, state: 'started', enabled: true},
		after: `${runs}; test -e demo.enabled`,
	},
	{name: 'leaves a running process alone', before: started, args: {...demo, state: 'started'}, changed: false, after: runs},
	{name: 'stops a process', before: started, args: {...demo, state: 'stopped'}, after: '! test -e demo.pid'},
	{name: 'has no process to stop', before: unit, args: {...demo, state: 'stopped'}, changed: false},
	{name: 'restarts a process', before: started, args: {...demo, state: 'restarted'}, after: runs, restless: true},
	{
		name: 'disables a process',
		before: `${unit}; : >demo.enabled`,
		args: {...demo, enabled: false},
		after: '! test -e demo.enabled',
	},
	{name: 'takes the suffix too', before: unit, args: {...demo, name: 'demo.service', state: 'started'}, after: runs},
	{
		name: 'does not know a unit without a file',
		args: {...demo, state: 'started'},
		fails: 'Could not find the requested service demo: host',
	},
	{
		name: 'takes a name for a name',
		args: {...demo, name: '$(touch DIR/injected)', state: 'started'},
		fails: 'Could not find the requested service $(touch DIR/injected): host',
	},
	{
		name: 'cannot reload without a command for it',
		before: started,
		args: {...demo, state: 'reloaded'},
		fails: 'Unable to reload service demo: Job type reload is not applicable for unit demo.service.\n',
		failsLate: true,
	},
]);
