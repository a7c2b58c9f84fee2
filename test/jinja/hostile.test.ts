import test from 'ava';
import {evaluateTemplate, pythonStr, TemplateError, type Value} from '../../src/jinja/jinja.js';
import {hostileScope, hostileTemplates} from './hostile-templates.js';

/*
 * Each template ends with a value or an error of the language, soon. The limit of 1 s and 64 MB itself is held by `npm run test:hostile`,
 * with a process for each.
 */
for (const [kind, sources] of Object.entries(hostileTemplates)) {
	test.serial(`hostile: ${kind}`, (t) => {
		for (const source of sources) {
			const started = process.cpuUsage();
			let text: string;
			try {
				text = pythonStr(evaluateTemplate(source, hostileScope()) as Value);
			} catch (fault) {
				t.true(fault instanceof TemplateError, `${source.slice(0, 100)}: ${(fault as Error).stack}`);
				text = (fault as Error).message;
			}
			t.false(
				/\[object |\bfunction |native code|\bNaN\b|Cannot read|is not a function/.test(text.slice(0, 2000)),
				`${source.slice(0, 100)}: ${text.slice(0, 200)}`,
			);
			const {user, system} = process.cpuUsage(started);
			t.true(user + system < 5e6, `${source.slice(0, 100)} took ${(user + system) / 1e6} s`);
		}
	});
}

test('there are 200 hostile templates in 12 classes', (t) => {
	t.true(Object.values(hostileTemplates).flat().length >= 200);
	t.true(Object.keys(hostileTemplates).length >= 12);
});
