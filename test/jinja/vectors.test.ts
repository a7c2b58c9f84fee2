import {readdirSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import test from 'ava';
import {parseLine, runAnsibleVector, type Vector} from '../../scripts/vector-run.js';
import {Dict} from '../../src/jinja/jinja.js';
import {stringMethods} from '../../src/jinja/python/string-methods.js';
import {plugins} from '../../src/jinja/registry.js';
import {root} from '../project.js';

/*
 * Rows recorded from real Ansible (`scripts/fuzz/reference.py`), one file for each kind. They are run as `npm run vectors` runs a file, and cover every
 * filter, test and method of texts; lookups have their rows in test/lookup.
 */
const folder = join(root, 'test', 'jinja', 'vectors');
const files = readdirSync(folder).map((name) => {
	const [context, ...rows] = readFileSync(join(folder, name), 'utf8').split('\n').filter(Boolean).map(parseLine);
	return {name, context: context!, rows: rows as Vector[]};
});

for (const {name, context, rows} of files) {
	test(`the ${rows.length} rows of ${name} give what Ansible gives`, (t) => {
		const outcomes = rows.map((row) => ({row, ...runAnsibleVector(row, context)}));
		t.deepEqual(
			outcomes
				.filter(({passed}) => !passed)
				.map(({row, expected, got}) => ({id: row.get('id'), source: row.get('source'), expected, got})),
			[],
		);
		t.deepEqual(
			outcomes.filter(({got}) => /\[object |\bTypeError: Cannot|is not a function|\bundefined is/.test(got)).map(({got}) => got),
			[],
			'no words of JavaScript',
		);
	});
}

for (const {name, context, rows} of files) {
	test(`the rows of ${name} give the same when every text of the variables is secret`, (t) => {
		const outcomes = rows.filter(tellsNothing).map((row) => ({row, ...runAnsibleVector(row, context, true)}));
		t.deepEqual(
			outcomes.filter(({passed}) => !passed).map(({row, expected, got}) => ({source: row.get('source'), expected, got})),
			[],
		);
	});
}

/** Only this test asks whether a text is secret. */
function tellsNothing(row: Vector): boolean {
	return !String(row.get('source')).includes('vault_encrypted');
}

test('every filter and test has three rows', (t) => {
	const sources = files.flatMap(({rows}) => rows.map((row) => String(row.get('source'))));
	const rowsOf = (pattern: RegExp) => sources.filter((source) => pattern.test(source)).length;
	const escaped = (name: string) => name.replace(/[.=<>!]/g, '\\$&');
	const filterPattern = (name: string) =>
		new RegExp(`\\| *(?:ansible\\.builtin\\.)?${escaped(name)}\\b|map\\('${escaped(name)}'|filter ${name}`);
	const testPattern = (name: string) =>
		new RegExp(`is (?:not )?(?:ansible\\.builtin\\.)?${name}\\b|(?:select|reject)\\w*\\((?:[^()]*, )?'${name}'`);
	const few = plugins()
		.filter(({kind, name}) => !elsewhere.has(name) && rowsOf(kind === 'filter' ? filterPattern(name) : testPattern(name)) < 3)
		.map(({kind, name}) => `${kind} ${name}`);
	t.deepEqual(few, []);
});

test('every method of texts has a row', (t) => {
	const sources = files.flatMap(({rows}) => rows.map((row) => String(row.get('source'))));
	const without = Object.keys(stringMethods).filter((name) => !sources.some((source) => source.includes(`.${name}(`)));
	t.deepEqual(without, []);
	t.true(files.every(({context}) => context instanceof Dict));
});

/** What depends on files, on chance or on a vault has its rows beside the code that tests it. */
const elsewhere = new Set([
	'expandvars',
	'fileglob',
	'password_hash',
	'unvault',
	'vault',
	'vaulted_file',
	'directory',
	'file',
	'link',
	'link_exists',
	'mount',
	'same_file',
]);
