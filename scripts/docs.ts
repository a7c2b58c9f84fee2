/*
 * Makes the reference documentation: docs/errors.md, docs/modules.md, docs/modules/*.md, docs/templates.md, the lists of docs/compatibility.md, docs/speed.md (`npm run docs`). The recorded outputs of
 * test/errors come first; look at what changed in them before it is committed.
 */
import {mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {dirname, join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {writePage as writeSpeedPage} from '../bench/page.js';
import {compatibilityPage} from './docs-compatibility.js';
import {errorsPage, recordCases} from './docs-errors.js';
import {definitions, exampleOf, modulePage, modulesPage} from './docs-modules.js';
import {templatesPage} from './docs-templates.js';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const folder = join(root, 'docs/modules');

await recordCases(root);
writeFileSync(join(root, 'docs/errors.md'), errorsPage());
const all = await definitions();
mkdirSync(folder, {recursive: true});
for (const stale of readdirSync(folder)) rmSync(join(folder, stale));
for (const definition of all)
	writeFileSync(join(folder, `${definition.name}.md`), modulePage(definition, exampleOf(root, definition.name)));
writeFileSync(join(root, 'docs/modules.md'), modulesPage(all));
writeFileSync(join(root, 'docs/templates.md'), templatesPage());
const compatibility = join(root, 'docs/compatibility.md');
writeFileSync(compatibility, compatibilityPage(readFileSync(compatibility, 'utf8')));
writeSpeedPage(root);
