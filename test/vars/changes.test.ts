import test from 'ava';
import {Changes} from '../../src/vars/changes.js';

test('names are touched by what was set after a moment', (t) => {
	const changes = new Changes();
	changes.add('a', 1);
	changes.add('b', 2);
	const touched = (name: string, since: number) => changes.touch(new Set([name]), since);
	t.deepEqual(
		[touched('a', 0), touched('a', 1), touched('b', 1), touched('b', 2), touched('c', 0)],
		[true, false, true, false, false],
	);
});

test('what is too long ago to be known may have touched anything', (t) => {
	const changes = new Changes();
	for (let moment = 1; moment <= 10_000; moment++) changes.add('a', moment);
	t.true(changes.touch(new Set(['c']), 1));
	t.false(changes.touch(new Set(['c']), 9_900));
	t.true(changes.touch(new Set(['a']), 9_999));
});
