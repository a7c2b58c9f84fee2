import {existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {dirname, join} from 'node:path';
import test from 'ava';
import {Dict, evaluateFile, evaluateTemplate, Secret, Template, Tuple, type Value} from '../../src/jinja/jinja.js';
import {delimitersOf, filePlaces, findFile, type LookupContext, lookupNames, runLookup} from '../../src/lookup/lookup.js';
import {sealVault, VaultSecrets} from '../../src/vault/vault.js';

const folder = mkdtempSync(join(tmpdir(), 'lookup-'));
test.after.always(() => rmSync(folder, {recursive: true}));
const texts: Record<string, string> = {
	'files/a.txt': '  text \n\n',
	'files/b.conf': 'b',
	'c.conf': 'root',
	'files/sub/one': '1',
	'files/sub/two': '2',
	'files/v.txt': sealVault('hello: wörld\n', 'sekret'),
	'files/ansible.csv': 'name\tval\nx\ty\t"z ""q"""\n',
	'files/e.csv': 'k,1,2\n"a b","q,r",3\n\n',
	'files/ansible.ini': '[DEFAULT]\nd=dd\n[sec]\nKey = Value ; x\nmulti = a\n  b\nref = %(key)s-x\npct=5%%\n; c\n[global]\ng: h\n',
	'files/p.properties': 'a.b=c\nx : y\n',
	'templates/t.j2': '{{ foo }} and {{ 1+1 }}\n',
	pwfile: 'stored',
};
for (const [name, text] of Object.entries(texts)) {
	mkdirSync(dirname(join(folder, name)), {recursive: true});
	writeFileSync(join(folder, name), text);
}

const variables: Record<string, Value> = {foo: new Template('{{ bar }}'), bar: 'BAR'};
const context: LookupContext = {
	folders: [],
	basedir: folder,
	home: '/home/someone',
	environment: {PATH: process.env['PATH'], HERE: 'there'},
	vault: new VaultSecrets([{id: 'default', kind: 'password', password: 'sekret'}]),
	resolve: (name) => (variables[name] === undefined ? undefined : evaluateTemplate(new Template(`{{ ${name} }}`), scope)),
	variableNames: () => Object.keys(variables),
	matchHosts: (patterns) => (patterns[0] === 'all' ? ['h1', 'h2'] : patterns[0] === 'g:!h1' ? ['h2'] : []),
	render: (file, options) => evaluateFile(file.text, scope, {options: delimitersOf(options)}),
	setting: (name) => (name === 'DEFAULT_FORKS' ? 5 : undefined),
};
const scope = {
	resolve: (name: string) => variables[name],
	lookup: (name: string, terms: readonly Value[], options: ReadonlyMap<string, Value>) =>
		runLookup(name, terms, options, context),
};

function plain(value: Value): unknown {
	if (value instanceof Dict) return Object.fromEntries([...value.entries()].map(([key, one]) => [String(key), plain(one)]));
	if (value instanceof Tuple) return value.items.map(plain);
	return Array.isArray(value) ? value.map(plain) : value;
}
const evaluate = (expression: string): unknown => plain(evaluateTemplate(new Template(`{{ ${expression} }}`), scope));

// Expected results and messages are those of ansible-core 2.21.
const rows: [expression: string, result: unknown][] = [
	["query('items', 1, [2, [3]])", [1, 2, [3]]],
	["query('items', [1,2], [3])", [1, 2, 3]],
	["query('list', [1,2], 3)", [[1, 2], 3]],
	[
		"query('dict', {'a': 1, 'b': {'c': 2}})",
		[
			{key: 'a', value: 1},
			{key: 'b', value: {c: 2}},
		],
	],
	["lookup('dict', {'a': 1})", {key: 'a', value: 1}],
	[
		"query('indexed_items', ['a','b'])",
		[
			[0, 'a'],
			[1, 'b'],
		],
	],
	[
		"query('nested', [1,2], ['a','b'], [true])",
		[
			[1, 'a', true],
			[1, 'b', true],
			[2, 'a', true],
			[2, 'b', true],
		],
	],
	[
		"query('nested', [1,[2,3]], ['a'])",
		[
			[1, 'a'],
			[2, 3, 'a'],
		],
	],
	[
		"query('together', [1,2,3], ['a'])",
		[
			[1, 'a'],
			[2, null],
			[3, null],
		],
	],
	[
		"query('subelements', [{'n': 'x', 'l': [1,2]}, {'n': 'y', 'l': []}], 'l')",
		[
			[{n: 'x'}, 1],
			[{n: 'x'}, 2],
		],
	],
	[
		"query('subelements', [{'n': 'x', 'o': {'l': [1,2], 'm': 1}}], 'o.l')",
		[
			[{n: 'x', o: {m: 1}}, 1],
			[{n: 'x', o: {m: 1}}, 2],
		],
	],
	["query('subelements', [{'n': 'x'}], 'l', {'skip_missing': true})", []],
	["query('sequence', '5')", ['1', '2', '3', '4', '5']],
	["query('sequence', '5-8')", ['5', '6', '7', '8']],
	["query('sequence', '2-10/2')", ['2', '4', '6', '8', '10']],
	["query('sequence', '4:host%02d')", ['host01', 'host02', 'host03', 'host04']],
	["query('sequence', 'start=5 end=11 stride=2 format=0x%02x')", ['0x05', '0x07', '0x09', '0x0b']],
	["query('sequence', 'count=5')", ['1', '2', '3', '4', '5']],
	["query('sequence', 'start=0 count=5 stride=2')", ['0', '2', '4', '6', '8']],
	["query('sequence', start=1, end=3)", ['1', '2', '3']],
	["query('sequence', 'start=10 end=0 stride=-5')", ['10', '5', '0']],
	["query('sequence', 'count=0')", []],
	["query('sequence', '010')", ['1', '2', '3', '4', '5', '6', '7', '8', '9', '10']],
	["query('sequence', 'end=3 format=%5d|')", ['    1|', '    2|', '    3|']],
	["query('file', 'a.txt')", ['  text']],
	["query('file', 'a.txt', rstrip=false)", ['  text \n\n']],
	["query('file', 'a.txt', lstrip=true)", ['text']],
	["query('fileglob', '*.conf')", ['FOLDER/files/b.conf']],
	["query('first_found', 'nope', 'b.conf')", ['FOLDER/files/b.conf']],
	["query('first_found', ['nope', 'b.conf'])", ['FOLDER/files/b.conf']],
	["query('first_found', {'files': ['nope', 'b.conf'], 'paths': ['sub', 'files']})", ['FOLDER/files/b.conf']],
	["query('first_found', {'files': 'nope', 'skip': true})", []],
	["query('first_found', ['nope'], skip=true)", []],
	["query('first_found', files=['t.j2'], paths=['templates'])", ['FOLDER/templates/t.j2']],
	["query('env', 'HOMEX')", ['']],
	["query('env', 'HOMEX', default='d')", ['d']],
	["query('pipe', 'echo a; echo b')", ['a\nb']],
	["query('lines', 'printf \"a\\nb\\n\"')", ['a', 'b']],
	["query('ini', 'key', section='sec')", ['Value ; x']],
	["query('ini', 'multi', section='sec')", ['a\nb']],
	["query('ini', 'ref', section='sec')", ['Value ; x-x']],
	["query('ini', 'pct', section='sec')", ['5%']],
	["query('ini', 'd', section='sec')", ['dd']],
	["query('ini', 'g')", ['h']],
	["query('ini', 'nope', section='sec')", ['']],
	["query('ini', 'nope', section='sec', default='x')", ['x']],
	["query('ini', '^[km]', section='sec', re=true)", ['Value ; x', 'a\nb']],
	["query('ini', 'Key', section='sec', case_sensitive=true)", ['Value ; x']],
	["query('ini', 'a.b', type='properties', file='p.properties')", ['c']],
	["query('ini', 'x', type='properties', file='p.properties')", ['y']],
	["query('ini', 'key section=sec')", ['Value ; x']],
	["query('csvfile', 'x')", ['y']],
	["query('csvfile', 'x', col=2)", ['z "q"']],
	["query('csvfile', 'k file=e.csv delimiter=, col=2')", ['2']],
	["query('csvfile', '\"a b\"', file='e.csv', delimiter=',')", []],
	["query('csvfile', 'none', default='dd')", ['dd']],
	["query('csvfile', 'none')", []],
	["query('template', 't.j2')", ['BAR and 2\n']],
	["query('vars', 'foo', 'bar')", ['BAR', 'BAR']],
	["query('vars', 'nope', default='d')", ['d']],
	["query('varnames', '^fo+$')", ['foo']],
	["query('inventory_hostnames', 'all')", ['h1', 'h2']],
	["query('inventory_hostnames', 'g:!h1')", ['h2']],
	["query('random_choice', [1])", [[1]]],
	["query('random_choice')", []],
	["query('password', 'pwfile')", ['stored']],
	["query('password', '/dev/null', seed='kafka1')", ['fo0fm0EBeG.b29o7NPTP']],
	["query('password', '/dev/null seed=kafka1 length=8 chars=ascii_lowercase')", ['ybrdsxyz']],
	["query('password', '/dev/null', seed=7, length=5)", ['qMz6U']],
	["query('ansible.builtin.items', 1)", [1]],
];
/** What lies in a vault is secret wherever it is read. */
const sealed: readonly (readonly [expression: string, text: string])[] = [
	["lookup('file', 'v.txt')", 'hello: wörld'],
	["lookup('unvault', 'v.txt')", 'hello: wörld\n'],
];
for (const [expression, text] of sealed)
	test(`${expression} is secret`, (t) => t.deepEqual(evaluate(expression), new Secret(text)));

for (const [expression, result] of rows) {
	test(expression, (t) => t.deepEqual(evaluate(expression), JSON.parse(JSON.stringify(result).replaceAll('FOLDER', folder))));
}

const faults: [expression: string, message: string][] = [
	[
		"query('subelements', [{'n': 'x'}], 'l')",
		"The lookup plugin 'subelements' failed: could not find 'l' key in iterated item '{'n': 'x'}'",
	],
	["query('sequence', 'start=10 end=0')", "The lookup plugin 'sequence' failed: to count backwards make stride negative"],
	["query('sequence', 'end=3 format=x')", "The lookup plugin 'sequence' failed: bad formatting string: x"],
	["query('sequence', 'foo=3')", "The lookup plugin 'sequence' failed: unrecognized arguments to with_sequence: ['foo']"],
	[
		"lookup('file', 'nope.txt')",
		"The lookup plugin 'file' failed: Unable to access the file 'nope.txt': File not found. Use -vvvvv to see paths searched.",
	],
	["query('first_found', ['nope'])", "The lookup plugin 'first_found' failed: No file was found when using first_found."],
	["query('env', 'HOMEX', default=undef())", "The environment variable 'HOMEX' is not set."],
	["query('pipe', 'exit 3')", "The lookup plugin 'pipe' failed: lookup_plugin.pipe(exit 3) returned 3"],
	["query('ini', 'g', section='nosec')", "The lookup plugin 'ini' failed: No section 'nosec' in 'ansible.ini'."],
	[
		"query('template', 'no.j2')",
		"The lookup plugin 'template' failed: the template file no.j2 could not be found for the lookup",
	],
	["query('vars', 'nope')", "No variable named 'nope' was found."],
	[
		"query('password', 'pwfile bad=1')",
		"The lookup plugin 'password' failed: Unrecognized parameter(s) given to password lookup: bad",
	],
	["query('nosuch', 1)", "The lookup plugin 'nosuch' was not found."],
];
for (const [expression, message] of faults) {
	test(`${expression} fails`, (t) => t.is(t.throws(() => evaluate(expression)).message, message));
}

test('files of a folder, sorted', (t) => {
	t.deepEqual(
		evaluate("query('fileglob', 'sub/*')"),
		['one', 'two'].map((name) => join(folder, 'files/sub', name)),
	);
	t.deepEqual(evaluate(`query('fileglob', '${folder}/files/*.c?nf')`), [join(folder, 'files/b.conf')]);
	t.deepEqual(evaluate("query('fileglob', 'sub/[!o]*')"), [join(folder, 'files/sub/two')]);
});

test('commands run in the folder of the playbook, with the environment they are given', (t) => {
	t.deepEqual(evaluate("query('pipe', 'pwd -P; echo $HERE')"), [`${folder}\nthere`]);
});

test('places of a file: roles first, kinds before bare names, the playbook last', (t) => {
	const role = join(folder, 'roles/r');
	mkdirSync(join(role, 'tasks'), {recursive: true});
	writeFileSync(join(role, 'tasks/main.yml'), '');
	const path = {folders: [role, join(role, 'tasks')], basedir: folder, home: '/h'};
	const places = filePlaces('x', 'files', path).map((place) => place.slice(folder.length + 1));
	t.deepEqual(places, ['roles/r/files/x', 'roles/r/x', 'roles/r/tasks/files/x', 'roles/r/tasks/x', 'files/x', 'x']);
	t.deepEqual(filePlaces('files/x', 'files', {...path, folders: []}), [join(folder, 'files/x')]);
	t.deepEqual(filePlaces('/abs/x', 'files', path), ['/abs/x']);
	t.deepEqual(filePlaces('~/x', 'files', path), ['/h/x']);
	t.is(findFile('a.txt', 'files', path), join(folder, 'files/a.txt'));
	t.is(findFile('nope', 'files', path), undefined);
});

test('a password is drawn once and kept, readable for its owner only', (t) => {
	const first = evaluate("lookup('password', 'new/pw length=12 chars=digits')");
	t.regex(String(first), /^[0-9]{12}$/);
	t.is(evaluate("lookup('password', 'new/pw length=12 chars=digits')"), first);
	t.is(statSync(join(folder, 'new/pw')).mode & 0o777, 0o600);
	t.false(existsSync(join(folder, 'new/pw.playbill-lock')));
	t.regex(String(evaluate("lookup('password', '/dev/null', chars='ab,,', length=40)")), /^[ab,]{40}$/);
	t.regex(String(evaluate("lookup('password', 'hashed', encrypt='md5_crypt')")), /^\$1\$[\w./]{8}\$[\w./]{22}$/);
	t.regex(readFileSync(join(folder, 'hashed'), 'utf8'), /^.{20} salt=.{8}\n$/);
});

test('settings', (t) => {
	t.is(evaluate("lookup('config', 'DEFAULT_FORKS')"), 5);
	t.deepEqual(evaluate("query('config', 'NOPE', on_missing='skip')"), []);
	t.throws(() => evaluate("query('config', 'NOPE')"), {message: /was not defined in configuration/});
});

test('a vault file with another password fails by name', (t) => {
	writeFileSync(join(folder, 'files/other'), sealVault('x', 'other'));
	t.throws(() => evaluate("lookup('file', 'other')"), {
		message: /Unable to open .*no vault secrets were found that could decrypt/,
	});
});

test('all lookups of ansible-core are there', (t) => t.is(lookupNames.length, 25));
