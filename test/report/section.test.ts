import test from 'ava';
import type {HostOutcome, TaskFacts} from '../../src/engine/engine.js';
import {Section} from '../../src/report/section.js';

const task: TaskFacts = {id: 1, name: 'web : Write', module: 'copy', handler: false, check: false, path: 'x:1', loops: false};
const outcome = (host: string, status: HostOutcome['status'], more: Partial<HostOutcome> = {}): HostOutcome => ({
	host,
	status,
	result: {},
	diffs: [],
	duration: 100,
	...more,
});

function summary(outcomes: readonly HostOutcome[], {columns = 80, facts = task} = {}): string {
	const section = new Section(facts);
	for (const one of outcomes) {
		section.start(one.host, 0);
		section.end(one);
	}
	return section.summary({color: false, columns: () => columns});
}

const three = ['a', 'b', 'c'];
const rows: Record<string, [string, string]> = {
	'all the same': [summary(three.map((host) => outcome(host, 'changed'))), '✔ web : Write  changed a b c'],
	'each its own, changes first': [
		summary([outcome('a', 'skipped'), outcome('b', 'ok'), outcome('c', 'changed')]),
		'✔ web : Write  changed c  ok b  skipped a',
	],
	'all skipped': [summary(three.map((host) => outcome(host, 'skipped'))), '- web : Write  skipped a b c'],
	'a failure': [summary([outcome('a', 'ok'), outcome('b', 'failed')]), '✖ web : Write  ok a  failed b'],
	'a failure that is ignored': [summary([outcome('a', 'failed', {ignored: true})]), '✔ web : Write  ignored a'],
	'what check mode cannot know': [summary([outcome('a', 'skipped', {unknown: 'a command'})]), '✔ web : Write  unknown a'],
	'a long time': [summary([outcome('a', 'ok', {duration: 61_240})]), '✔ web : Write  ok a  61.2 s'],
	'more hosts than fit are counted': [
		summary(Array.from({length: 40}, (_, index) => outcome(`host${index}`, index < 2 ? 'changed' : 'ok'))),
		'✔ web : Write  changed 2  ok 38',
	],
	'a title that does not fit': [
		summary([outcome('a', 'ok')], {columns: 30, facts: {...task, name: 'x'.repeat(50)}}),
		`✔ ${'x'.repeat(20)}…  ok 1`,
	],
	'a handler': [summary([outcome('a', 'ok')], {facts: {...task, handler: true}}), '✔ HANDLER web : Write  ok a'],
	nobody: [summary([]), ''],
};
for (const [title, [seen, expected]] of Object.entries(rows))
	test(`the line that stays of a task: ${title}`, (t) => t.is(seen, expected));

test('hosts that are still at it come last, with what they do', (t) => {
	const section = new Section(task);
	section.start('a', 1000);
	section.note('a', 'waits for b:9092');
	section.start('b', 1000);
	section.end(outcome('b', 'ok'));
	t.false(section.isFinished);
	t.deepEqual(section.lines({color: false, now: () => 3500}), [
		'b                ok 0.1 s',
		'a                running 2.5 s  waits for b:9092',
	]);
});
