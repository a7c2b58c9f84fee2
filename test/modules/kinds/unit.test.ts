import test from 'ava';
import type {Planned} from '../../../src/modules/contract.js';
import {parseUnits, type UnitAddress, type UnitState, unitKind, unitRead} from '../../../src/modules/kinds/unit.js';

const rows: [name: string, text: string, expected: Partial<UnitState>][] = [
	[
		'a running unit',
		'@systemd\nId=a.service\nLoadState=loaded\nActiveState=active\nUnitFileState=enabled\n\n',
		{exists: true, active: 'yes', enabled: true, masked: false, manager: 'systemd'},
	],
	[
		'one that starts',
		'@systemd\nLoadState=loaded\nActiveState=activating\nUnitFileState=disabled\n\n',
		{active: 'yes', enabled: false},
	],
	[
		'one that stops',
		'@systemd\nLoadState=loaded\nActiveState=deactivating\nUnitFileState=static\n\n',
		{active: 'stopping', enabled: true},
	],
	[
		'one that failed',
		'@systemd\nLoadState=loaded\nActiveState=failed\nUnitFileState=indirect\n\n',
		{active: 'no', enabled: false},
	],
	[
		'an unknown one',
		'@systemd\nLoadState=not-found\nActiveState=inactive\nUnitFileState=\n\n',
		{exists: false, active: 'no', enabled: false},
	],
	[
		'a masked one',
		'@systemd\nLoadState=masked\nActiveState=inactive\nUnitFileState=masked\n\n',
		{exists: true, masked: true, enabled: false},
	],
	[
		'an init script under systemd',
		'@systemd\n+init 1 yes\nLoadState=loaded\nActiveState=active\nUnitFileState=generated\n\n',
		{exists: true, enabled: true, initScript: true},
	],
	[
		'an init script that is off',
		'@sysvinit\n+init 1 no\nLoadState=loaded\nActiveState=inactive\n\n',
		{exists: true, enabled: false, active: 'no', manager: 'sysvinit'},
	],
	[
		'a value over several lines',
		'@systemd\nLoadState=loaded\nExecStart={ path=/a ; argv[]=/a b\nc ; }\nActiveState=active\n\n',
		{active: 'yes'},
	],
	[
		'a host without systemd running',
		'@systemd\nLoadState=loaded\nIsEnabled=enabled\n\n',
		{exists: true, enabled: true, active: 'no'},
	],
	['files that were not read again', '@systemd\n+stale\nLoadState=loaded\nActiveState=active\n\n', {stale: true}],
];

for (const [name, text, expected] of rows) {
	test(`reads ${name}`, (t) => {
		const states = parseUnits(text);
		t.is(states.length, 1);
		t.like(states[0], expected);
	});
}

test('gives the states in the order asked, though scopes are asked apart', (t) => {
	const reads = [unitRead({name: 'a'}), unitRead({name: 'b', scope: 'user'}), unitRead({name: 'c'})];
	const {args, parse} = unitKind.probe(reads);
	t.deepEqual(args, ['auto', 'system', '', '', '2', 'a', 'c', 'auto', 'user', '', '', '1', 'b']);
	const block = (id: string) => `Id=${id}\nLoadState=loaded\n\n`;
	const stdout = Buffer.from(`@systemd\n${block('a')}${block('c')}@systemd\n${block('b')}`);
	t.deepEqual(
		parse({stdout, stderr: Buffer.alloc(0), status: 0}).map(({properties}) => properties?.['Id']),
		['a', 'b', 'c'],
	);
	t.throws(() => parse({stdout: Buffer.from('@systemd\n'), stderr: Buffer.alloc(0), status: 0}), {
		message: /0 units instead of 3/,
	});
});

const nothing: UnitState = {exists: false, active: 'no', enabled: false, masked: false, manager: 'systemd', properties: {}};
const running: UnitState = {...nothing, exists: true, active: 'yes', enabled: true};
const foretold: [
	name: string,
	address: UnitAddress,
	actual: UnitState,
	planned: Record<string, unknown>,
	expected: Partial<UnitState>,
][] = [
	['nothing planned', {name: 'kafka'}, nothing, {}, {exists: false}],
	[
		'its file will be written',
		{name: 'kafka'},
		nothing,
		{'path:/etc/systemd/system/kafka.service': {type: 'file'}},
		{exists: true, active: 'no', enabled: false},
	],
	[
		'what systemd says of the missing file is forgotten',
		{name: 'kafka'},
		{...nothing, properties: {LoadState: 'not-found', LoadError: 'org.freedesktop.systemd1.NoSuchUnit'}},
		{'path:/etc/systemd/system/kafka.service': {type: 'file'}},
		{exists: true, properties: {LoadState: 'loaded', ActiveState: 'inactive'}},
	],
	[
		'the template of an instance will be written',
		{name: 'a@b'},
		nothing,
		{'path:/etc/systemd/system/a@.service': {type: 'file'}},
		{exists: true, active: 'no'},
	],
	[
		'its file will be replaced',
		{name: 'kafka'},
		running,
		{'path:/etc/systemd/system/kafka.service': {type: 'file'}},
		{exists: true, active: 'yes', enabled: true},
	],
	[
		'its file will go',
		{name: 'kafka.service'},
		running,
		{'path:/etc/systemd/system/kafka.service': {type: 'absent'}},
		{exists: false},
	],
	[
		'a file in the folder of processes',
		{name: 'kafka', use: 'process', directory: '/u'},
		nothing,
		{'path:/u/kafka.service': {type: 'file'}},
		{exists: true},
	],
	[
		'a file elsewhere',
		{name: 'kafka', use: 'process', directory: '/u'},
		nothing,
		{'path:/etc/systemd/system/kafka.service': {type: 'file'}},
		{exists: false},
	],
	[
		'a package of its name comes by apt',
		{name: 'nginx'},
		nothing,
		{'package:nginx': {present: true, manager: 'apt'}},
		{exists: true, active: 'yes', enabled: true},
	],
	[
		'a package of its name comes by dnf',
		{name: 'nginx'},
		nothing,
		{'package:nginx': {present: true, manager: 'dnf'}},
		{exists: true, active: 'no', enabled: false},
	],
	[
		'an earlier task would stop it',
		{name: 'nginx'},
		running,
		{'unit:nginx': {...running, active: 'no'}},
		{exists: true, active: 'no', enabled: true},
	],
];

for (const [name, address, actual, planned, expected] of foretold) {
	test(`foretells: ${name}`, (t) => {
		const view: Planned = {
			get: (kind, key) => planned[`${kind}:${key}`],
			entries: (kind) => Object.entries(planned).filter(([key]) => key.startsWith(`${kind}:`)),
		};
		t.like(unitKind.overlay!(actual, unitRead(address), view), expected);
	});
}
