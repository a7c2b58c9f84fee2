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
	readings.readBehind(gone, [read('a')], {});
	await new Promise((resolve) => setTimeout(resolve, 20));
	t.deepEqual(unhandled, []);
	const there = {key: 'root', run: async () => ({stdout: Buffer.of(), stderr: Buffer.of(), status: 0})};
	t.deepEqual(await readings.states(there, [read('a')], async () => []), ['a'], 'it is asked again when it is wanted');
});
