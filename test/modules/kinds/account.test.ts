import test from 'ava';
import type {Kind} from '../../../src/modules/contract.js';
import {type GroupState, groupKind, type UserState, userKind} from '../../../src/modules/kinds/account.js';
import {pathKind, readPath} from '../../../src/modules/kinds/path.js';

const rows: readonly (readonly [
	name: string,
	kind: Kind<UserState> | Kind<GroupState>,
	before: UserState & GroupState,
	after: UserState & GroupState,
	known: boolean,
])[] = [
	['a new group', groupKind, {exists: false, tools: 'shadow'}, {exists: true, tools: 'shadow'}, true],
	['a new user without a home', userKind, {exists: false, tools: 'shadow'}, {exists: true, tools: 'shadow'}, true],
	['a new user with a home', userKind, {exists: false, tools: 'shadow'}, {exists: true, homeExists: true}, false],
	['a new user with a key', userKind, {exists: false, tools: 'shadow'}, {exists: true, sshKey: {exists: true}}, false],
	['a host with hooks', groupKind, {exists: false, tools: 'shadow', hooked: true}, {exists: true}, false],
	['busybox', groupKind, {exists: false, tools: 'busybox'}, {exists: true}, false],
	['a group that goes', groupKind, {exists: true, tools: 'shadow'}, {exists: false}, false],
	['a number that changes', groupKind, {exists: true, gid: 1, tools: 'shadow'}, {exists: true, gid: 2}, false],
];
for (const [name, kind, before, after, known] of rows) {
	test(`${known ? 'the places are known' : 'nobody knows what changes'}: ${name}`, (t) => {
		t.is((kind as Kind<UserState & GroupState>).changes!(undefined as never, before, after) !== undefined, known);
	});
}

for (const [name, path, owner, rests] of [
	['an owner with a name', '/a', 'root', false],
	['an owner without a name', '/a', '0', true],
	["somebody's home", '~root/a', 'root', true],
] as const) {
	test(`${name}: what is told of a path ${rests ? 'may change' : 'does not change'} with a new account`, (t) => {
		const state = {type: 'file', path: '/a', uid: 0, gid: 0, owner, group: 'root', links: 1} as const;
		t.is(pathKind.places!(readPath(path), state)?.includes('/etc/passwd'), rests);
	});
}
