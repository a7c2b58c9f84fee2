import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import test from 'ava';
import {compatibilityPage} from '../../scripts/docs-compatibility.js';
import {root} from '../project.js';

const page = readFileSync(join(root, 'docs/compatibility.md'), 'utf8');

test('the lists of docs/compatibility.md are what the sources say', (t) => {
	t.is(page, compatibilityPage(page), 'run `npm run docs`');
});
