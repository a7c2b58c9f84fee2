import {readFileSync} from 'node:fs';
import test from 'ava';
import {templatesPage} from '../../scripts/docs-templates.js';

test('docs/templates.md is what the language says', (t) => {
	t.is(readFileSync(new URL('../../docs/templates.md', import.meta.url), 'utf8'), templatesPage(), 'run `npm run docs`');
});
