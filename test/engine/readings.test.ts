import test from 'ava';
import {sh, UnreachableError} from '../../src/connection/connection.js';
import {Readings} from '../../src/engine/readings.js';
import type {Kind, Read} from '../../src/modules/contract.js';

const kind: Kind<string> = {
	name: 'word',
	probe: (reads) => ({
		script: sh`
			# prints nothing
			:
		`,
		args: [],
		parse: () => reads.map(({key}) => key),
	}),
	equal: (actual, planned) => actual === planned,
};
const read = (key: string): Read<unknown> => ({kind, key}) as Read<unknown>;

test('a host that goes while coming tasks are read for is no fault of the program', async (t) => {
	const unhandled: unknown[] = [];
	const note = (reason: unknown) => unhandled.push(reason);
	process.on('unhandledRejection', note);
	t.teardown(() => process.off('unhandledRejection', note));
	const readings = new Readings();
	const gone = {key: 'root', run: () => Promise.reject(new UnreachableError('the connection was closed'))};
	readings.readBehind(gone, [read('a')], {answers: []});
	await new Promise((resolve) => setTimeout(resolve, 20));
	t.deepEqual(unhandled, []);
	const there = {key: 'root', run: async () => ({stdout: Buffer.of(), stderr: Buffer.of(), status: 0})};
	t.deepEqual(await readings.states(there, [read('a')], async () => []), ['a'], 'it is asked again when it is wanted');
});

for (const [rests, changed, forgotten] of [
	['/a/b', '/a/b', true],
	['/a/b', '/a', true],
	['/a/b', '/a/b/c/d', true],
	['/a/b', '/a/bc', false],
	[{folder: '/a/b', entries: true}, '/a/b', true],
	[{folder: '/a/b', entries: true}, '/a', true],
	[{folder: '/a/b', entries: true}, '/a/b/c', true],
	[{folder: '/a/b', entries: true}, '/a/b/c/d', false],
	[{folder: '/', entries: true}, '/a', true],
	[{folder: '/', entries: true}, '/a/b', false],
	[{folder: '/a/b', entries: false}, '/a/b/c', false],
	[{folder: '/a/b', entries: false}, '/a', true],
	[undefined, '/a', true],
] as const) {
	const name =
		typeof rests === 'object' ? `the folder ${rests.folder}${rests.entries ? ' and its entries' : ''}` : (rests ?? 'anything');
	test(`what rests on ${name} is ${forgotten ? 'forgotten' : 'kept'} when ${changed} is changed`, async (t) => {
		const readings = new Readings();
		const own = {...kind, places: () => rests && [rests]};
		const there = {key: 'root', run: async () => ({stdout: Buffer.of(), stderr: Buffer.of(), status: 0})};
		await readings.states(there, [{kind: own, key: 'a'} as Read<unknown>], async () => []);
		t.is(readings.forget([changed]).size, forgotten ? 1 : 0);
	});
}

for (const [changed, again] of [
	['/a/b', 2],
	['/c', 1],
] as const) {
	test(`a change in ${changed} while /a/b is being read has it read ${again === 1 ? 'no more' : 'again'}`, async (t) => {
		const readings = new Readings();
		const own = {...kind, places: () => ['/a/b']};
		let trips = 0;
		let answer!: () => void;
		const first = new Promise<void>((resolve) => {
			answer = resolve;
		});
		const there = {
			key: 'root',
			run: async () => {
				if (++trips === 1) await first;
				return {stdout: Buffer.of(), stderr: Buffer.of(), status: 0};
			},
		};
		const reading = {kind: own, key: 'a'} as Read<unknown>;
		readings.readBehind(there, [reading], {answers: []});
		readings.forget([changed]);
		const states = readings.states(there, [reading], async () => []);
		answer();
		t.deepEqual(await states, ['a']);
		t.is(trips, again);
	});
}

for (const [happens, told, forgotten, trips] of [
	['shows what it was to be', async () => 'told', undefined, 0],
	['shows something else', async () => undefined, undefined, 1],
	['fails', () => Promise.reject(new Error('disk full')), undefined, 1],
	['shows what another has changed since', async () => 'told', '/a/b', 1],
] as const) {
	test(`a change that ${happens} has its resource read ${trips === 0 ? 'no more' : 'again'}`, async (t) => {
		const readings = new Readings();
		let asked = 0;
		const there = {
			key: 'root',
			run: async () => {
				asked++;
				return {stdout: Buffer.of(), stderr: Buffer.of(), status: 0};
			},
		};
		const reading = {kind: {...kind, places: () => ['/a/b']}, key: 'a'} as Read<unknown>;
		const change = {answers: [{read: reading, stateIn: (output: unknown) => output}]};
		readings.tell(there, told(), change.answers, change);
		readings.forget(['/a/b'], change);
		if (forgotten) readings.forget([forgotten]);
		t.deepEqual(await readings.states(there, [reading], async () => []), [trips === 0 ? 'told' : 'a']);
		t.is(asked, trips);
	});
}
