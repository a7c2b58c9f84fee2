import {readdirSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import test from 'ava';
import {definitions, exampleOf, modulePage, modulesPage} from '../../scripts/docs-modules.js';
import {root} from '../project.js';

const all = await definitions();
const stale = 'run `npm run docs`';

for (const definition of all) {
	const {name} = definition;
	test(`docs/modules/${name}.md is what the module says`, (t) => {
		t.is(readFileSync(join(root, 'docs/modules', `${name}.md`), 'utf8'), modulePage(definition, exampleOf(root, name)), stale);
	});
	test(`${name}: every argument is described`, (t) => {
		const silent = Object.entries(definition.args as Record<string, {description?: string}>).filter(
			([, spec]) => !spec.description,
		);
		t.deepEqual(
			silent.map(([argument]) => argument),
			[],
		);
	});
}

test('docs/modules.md lists every module', (t) => {
	t.is(readFileSync(join(root, 'docs/modules.md'), 'utf8'), modulesPage(all), stale);
	t.deepEqual(readdirSync(join(root, 'docs/modules')).sort(), all.map(({name}) => `${name}.md`).sort(), stale);
});
