import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import test from 'ava';
import {errorsPage} from '../../scripts/docs-errors.js';
import {diagnosticCodes} from '../../src/source/source.js';
import {root} from '../project.js';
import {caseNames, readCase, runCase} from './cases.js';

for (const name of caseNames()) {
	test(`as recorded: ${name}`, async (t) => {
		const output = await runCase(name);
		if (output === undefined) t.pass('this machine cannot host it');
		else t.is(output, readCase(name, 'output'));
	});
}

for (const code of Object.keys(diagnosticCodes)) {
	test(`${code} is produced by its case, with its place`, (t) => {
		const output = readCase(code.replace('/', '-'), 'output');
		t.regex(output, new RegExp(`^(error|warning)\\[${code}\\]: `, 'm'));
		if (!withoutPlace.has(code)) t.regex(output, /^ +--> [^:\n]+:\d+:\d+$/m);
	});
}

/** What is wrong with the command line or the lack of a file has no place in a file. */
const withoutPlace = new Set(['cli/usage', 'inventory/none']);

test('every code in a recorded output is a known one', (t) => {
	for (const name of caseNames()) {
		for (const [, code] of readCase(name, 'output').matchAll(/^(?:error|warning)\[([^\]]+)\]/gm))
			t.true(code! in diagnosticCodes, code);
	}
});

test('docs/errors.md is what `npm run docs` makes', (t) => {
	t.is(readFileSync(join(root, 'docs/errors.md'), 'utf8'), errorsPage());
});

test('ten mistakes give ten diagnostics in the order of the source', (t) => {
	const output = readCase('ten-mistakes', 'output');
	const lines = [...output.matchAll(/^ +--> playbook\.yml:(\d+):\d+$/gm)].map(([, line]) => Number(line));
	t.is(lines.length, 10);
	t.deepEqual(
		lines,
		[...lines].sort((a, b) => a - b),
	);
	t.regex(output, /exit status 4\n$/);
});
