import test from 'ava';
import {selectsTask} from '../../src/engine/tags.js';

// [tags of the task, --tags, --skip-tags, runs], each as real Ansible decides it.
const rows: readonly (readonly [string, string, string, boolean])[] = [
	['', '', '', true],
	['a', '', '', true],
	['never', '', '', false],
	['never,a', '', '', false],
	['never,a', 'a', '', true],
	['never', 'all', '', false],
	['never', 'never', '', true],
	['always', 'b', '', true],
	['always', '', 'always', false],
	['a', 'b', '', false],
	['a,b', 'b', '', true],
	['', 'tagged', '', false],
	['a', 'tagged', '', true],
	['never', 'tagged', '', false],
	['', 'untagged', '', true],
	['a', 'untagged', '', false],
	['a', 'all', '', true],
	['a', '', 'a', false],
	['a', 'a', 'a', false],
	['', '', 'untagged', false],
	['a', '', 'tagged', false],
	['', '', 'tagged', true],
	['always', '', 'all', true],
	['a', '', 'all', false],
	['always', '', 'all,always', false],
];

for (const [tags, only, skip, expected] of rows) {
	test(`tags=${tags} --tags=${only} --skip-tags=${skip}`, (t) => {
		const list = (text: string) => text.split(',').filter(Boolean);
		t.is(selectsTask(list(tags), {tags: list(only), skipTags: list(skip)}), expected);
	});
}
