import test from 'ava';
import type {Status} from '../../src/engine/engine.js';
import {Stats} from '../../src/engine/stats.js';

type Rules = Partial<{ignored: boolean; rescued: boolean; unknown: boolean; changed: boolean}>;

/** Which columns one result counts in (ansible/plugins/strategy `_process_pending_results`). */
const rows: [status: Status, rules: Rules, columns: string][] = [
	['ok', {}, 'ok'],
	['changed', {}, 'ok changed'],
	['skipped', {}, 'skipped'],
	['failed', {}, 'failed'],
	['failed', {changed: true}, 'failed'],
	['failed', {rescued: true}, 'rescued'],
	['failed', {ignored: true}, 'ok ignored'],
	['failed', {ignored: true, changed: true}, 'ok changed ignored'],
	['unreachable', {}, 'unreachable'],
	['unreachable', {ignored: true}, 'ok ignored'],
	['skipped', {unknown: true}, 'skipped unknown'],
];
for (const [status, rules, columns] of rows) {
	test(`${status} ${JSON.stringify(rules)} counts as ${columns}`, (t) => {
		const stats = new Stats();
		stats.countResult('h', status, {ignored: false, rescued: false, unknown: false, ...rules});
		const counted = Object.entries(stats.summary()['h']!).filter(([, count]) => count > 0);
		t.is(counted.map(([column]) => column).join(' '), columns);
	});
}

test('lost hosts are the failed and the unreachable, until their errors are cleared', (t) => {
	const stats = new Stats();
	stats.markFailed('a');
	stats.markUnreachable('b');
	t.deepEqual([...stats.lost()], ['a', 'b']);
	t.true(stats.isLost('a'));
	stats.clearErrors();
	t.false(stats.isLost('a'));
});
