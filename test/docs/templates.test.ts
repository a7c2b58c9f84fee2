import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import test from 'ava';
import {templatesPage} from '../../scripts/docs-templates.js';
import {root} from '../project.js';

test('docs/templates.md is what the language says', (t) => {
	t.is(readFileSync(join(root, 'docs/templates.md'), 'utf8'), templatesPage(), 'run `npm run docs`');
});
