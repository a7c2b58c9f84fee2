import {readFileSync} from 'node:fs';
import test from 'ava';
import {compatibilityPage} from '../../scripts/docs-compatibility.js';

const page = readFileSync(new URL('../../docs/compatibility.md', import.meta.url), 'utf8');

test('the lists of docs/compatibility.md are what the sources say', (t) => {
	t.is(page, compatibilityPage(page), 'run `npm run docs`');
});
