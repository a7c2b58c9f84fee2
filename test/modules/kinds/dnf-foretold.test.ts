import test from 'ava';
import {foretoldState, foretoldTransaction, withTransaction} from '../../../src/modules/kinds/dnf-foretold.js';
import {type Foretold, nothingToDo, type RpmPackage} from '../../../src/modules/kinds/dnf-state.js';
import type {PackageState} from '../../../src/modules/kinds/package-state.js';

function rpm(text: string): RpmPackage {
	const [, name = '', version = ''] = /^(.*?)-(\d.*)$/.exec(text)!;
	return {name, version, full: `${text}.noarch`};
}

/** `hello-2.0-1` is foretold to be there, `-hello` to be gone. */
function foretellings(texts: readonly string[]): Foretold {
	return new Map(texts.map((text) => (text.startsWith('-') ? [text.slice(1), null] : [rpm(text).name, rpm(text)])));
}

interface Row {
	readonly name: string;
	readonly foretold: readonly string[];
	readonly asked: string;
	readonly mayGoBack?: boolean;
	/** What dnf says it would do now. */
	readonly says?: {readonly comes?: readonly string[]; readonly goes?: readonly string[]};
	readonly comes?: readonly string[];
	readonly goes?: readonly string[];
}

const transactions: readonly Row[] = [
	{
		name: 'what has come does not come again',
		foretold: ['hello-1-1'],
		asked: 'install hello',
		says: {comes: ['hello-1-1', 'dep-1-1']},
		comes: ['dep-1-1'],
	},
	{
		name: 'a newer version replaces the foretold',
		foretold: ['hello-1-1'],
		asked: 'install hello',
		says: {comes: ['hello-2-1']},
		comes: ['hello-2-1'],
		goes: ['hello-1-1'],
	},
	{name: 'an older one does not', foretold: ['hello-2-1'], asked: 'install hello', says: {comes: ['hello-1-1']}},
	{
		name: 'unless it may',
		foretold: ['hello-2-1'],
		asked: 'install hello-1',
		mayGoBack: true,
		says: {comes: ['hello-1-1']},
		comes: ['hello-1-1'],
		goes: ['hello-2-1'],
	},
	{
		name: 'an upgrade that is foretold already',
		foretold: ['hello-2-1'],
		asked: 'upgrade hello',
		says: {comes: ['hello-2-1'], goes: ['hello-1-1']},
	},
	{name: 'what only has been foretold can go', foretold: ['hello-1-1'], asked: 'remove hello', goes: ['hello-1-1']},
	{name: 'by pattern too', foretold: ['hello-1-1', 'other-1-1'], asked: 'remove hel*', goes: ['hello-1-1']},
	{
		name: 'what is there goes in the version that is foretold',
		foretold: ['hello-2-1'],
		asked: 'remove hello',
		says: {goes: ['hello-1-1']},
		goes: ['hello-2-1'],
	},
	{name: 'what has gone does not go again', foretold: ['-hello'], asked: 'remove hello', says: {goes: ['hello-1-1']}},
];

for (const {name, foretold, asked, mayGoBack = false, says = {}, comes = [], goes = []} of transactions) {
	test(name, (t) => {
		const [verb = '', ...names] = asked.split(' ');
		const now = {...nothingToDo, comes: (says.comes ?? []).map(rpm), goes: (says.goes ?? []).map(rpm)};
		const then = foretoldTransaction(now, {verb, names, mayGoBack}, foretellings(foretold));
		t.deepEqual({comes: then.comes, goes: then.goes}, {comes: comes.map(rpm), goes: goes.map(rpm)});
	});
}

const states: readonly [foretold: string, asked: string, Partial<PackageState> | undefined][] = [
	['hello-2-1', 'hello', {present: true, newer: false}],
	['hello-2-1', 'hello-2', {present: true, newer: false}],
	['hello-2-1', 'hello-2-1.noarch', {present: true, newer: false}],
	['hello-2-1', 'hello-1', {present: false, newer: true}],
	['hello-2-1', 'hello-3', {present: false, newer: false}],
	['hello-2-1', 'hello >= 1', {present: true, newer: false}],
	['hello-2-1', 'hello > 2', {present: false, newer: false}],
	['hello-2-1', 'hello = 2', {present: true, newer: false}],
	['hello-2-1', 'hello < 2', {present: false, newer: false}],
	['hello-2-1', 'hello <= 2', {present: true, newer: false}],
	['-hello', 'hello', {present: false, newer: false}],
	['-hello', 'hello-1', {present: false, newer: false}],
	['hello-2-1', 'hello-world', undefined],
	['hello-2-1', 'other', undefined],
];

for (const [foretold, asked, expected] of states) {
	test(`after ${foretold}: ${asked}`, (t) => {
		const state = foretoldState({manager: 'dnf', present: false}, asked, foretellings([foretold]));
		t.deepEqual(state && {present: state.present, newer: state.newer}, expected as typeof expected & object);
	});
}

test('a package file is about the package in it', (t) => {
	const actual: PackageState = {manager: 'dnf', present: false, candidate: '2-1', matches: ['hello']};
	t.is(foretoldState(actual, '/srv/hello-2-1.noarch.rpm', foretellings(['hello-2-1']))?.version, '2-1');
	t.is(
		foretoldState({...actual, present: true, version: '2-1'}, '/srv/hello-2-1.noarch.rpm', foretellings(['-hello']))?.present,
		false,
	);
});

test('what is foretold is carried on', (t) => {
	const first = withTransaction(new Map(), {...nothingToDo, comes: [rpm('hello-1-1'), rpm('dep-1-1')]});
	const second = withTransaction(first, {...nothingToDo, comes: [rpm('hello-2-1')], goes: [rpm('hello-1-1')]});
	t.deepEqual(second, foretellings(['hello-2-1', 'dep-1-1']));
	t.deepEqual(withTransaction(second, {...nothingToDo, goes: [rpm('dep-1-1')]}), foretellings(['hello-2-1', '-dep']));
});
