import test from 'ava';
import {cutBatches} from '../../src/engine/batches.js';

const hosts = ['a', 'b', 'c', 'd', 'e'];

for (const [serial, expected] of [
	[undefined, [5]],
	[0, [5]],
	[2, [2, 2, 1]],
	['2', [2, 2, 1]],
	['50%', [2, 2, 1]],
	['10%', [1, 1, 1, 1, 1]],
	['100%', [5]],
	[
		[1, 2],
		[1, 2, 2],
	],
	[
		[1, '40%'],
		[1, 2, 2],
	],
	[
		[1, 0],
		[1, 4],
	],
] as const) {
	test(`serial ${JSON.stringify(serial)}`, (t) => {
		const batches = cutBatches(hosts, serial as never);
		t.deepEqual(
			batches.map((batch) => batch.length),
			[...expected],
		);
		t.deepEqual(batches.flat(), hosts);
	});
}

test('a serial that is no number', (t) => {
	t.throws(() => cutBatches(hosts, 'many'), {message: /must be a number of hosts or a percentage, not 'many'/});
});
