import test from 'ava';
import {
	Dict,
	evaluateExpression,
	finalize,
	pythonRepr,
	reveal,
	type Scope,
	Secret,
	TemplateError,
	Tuple,
	type Value,
} from '../../src/jinja/jinja.js';
import {plugins} from '../../src/jinja/registry.js';

const variables: Readonly<Record<string, Value>> = {password: new Secret('hunter2'), number: new Secret('7')};
const scope: Scope = {resolve: (name) => (Object.hasOwn(variables, name) ? variables[name] : undefined)};

function evaluate(expression: string, names: Scope = scope): Value {
	return finalize(evaluateExpression(expression, names, {rawStrings: true}), names);
}

/** The plain texts anywhere in a value. */
function plainTexts(value: Value): string[] {
	if (typeof value === 'string') return [value];
	if (Array.isArray(value)) return value.flatMap((item: Value) => plainTexts(item));
	if (value instanceof Tuple) return value.items.flatMap(plainTexts);
	if (value instanceof Dict)
		return Array.from(value.entries()).flatMap(([key, item]) => [...plainTexts(key), ...plainTexts(item)]);
	return [];
}

/** What operators make of a secret text: the text of a secret, or the Python text of what is plain. */
const operators: readonly (readonly [expression: string, secret: string | undefined, plain?: string])[] = [
	["password ~ 'x'", 'hunter2x'],
	["'x' ~ password", 'xhunter2'],
	["password + 'x'", 'hunter2x'],
	["'x' + password", 'xhunter2'],
	['password * 2', 'hunter2hunter2'],
	['2 * password', 'hunter2hunter2'],
	["'<%s>' % password", '<hunter2>'],
	["'%s %s' % (password, 1)", 'hunter2 1'],
	["'%(p)s' % {'p': password}", 'hunter2'],
	['password % ()', 'hunter2'],
	['password[0]', 'h'],
	['password[-1]', '2'],
	['password[:3]', 'hun'],
	['password[::2]', 'hne2'],
	["'a' if password else 'b'", undefined, "'a'"],
	["password if true else 'b'", 'hunter2'],
	["'' or password", 'hunter2'],
	['password and password', 'hunter2'],
	['not password', undefined, 'False'],
	["password == 'hunter2'", undefined, 'True'],
	["password != 'hunter2'", undefined, 'False'],
	["password < 'z'", undefined, 'True'],
	["password <= 'a'", undefined, 'False'],
	["password > 'a'", undefined, 'True'],
	["password >= 'z'", undefined, 'False'],
	["'h' in password", undefined, 'True'],
	["password in ['hunter2']", undefined, 'True'],
	["password not in 'hunter2!'", undefined, 'False'],
	["{'hunter2': 1}[password]", undefined, '1'],
	['[password][0]', 'hunter2'],
	["{'p': password}.p", 'hunter2'],
	['(password, 1)[0]', 'hunter2'],
	['password.upper()', 'HUNTER2'],
	["'x'.join([password, 'a'])", 'hunter2xa'],
	["'abc'.replace('b', password)", 'ahunter2c'],
	["'{}!'.format(password)", 'hunter2!'],
	["'{p}!'.format(p=password)", 'hunter2!'],
	['password.split("n")[0]', 'hu'],
	['password.startswith("h")', undefined, 'True'],
	['password.find("n")', undefined, '2'],
	['dict(a=password).a', 'hunter2'],
	['namespace(a=password).a', 'hunter2'],
];

for (const [expression, secret, plain] of operators) {
	test(`operator: ${expression}`, (t) => {
		const value = evaluate(expression);
		if (secret === undefined) t.is(pythonRepr(value), plain!);
		else {
			t.true(value instanceof Secret, pythonRepr(value));
			t.is((value as Secret).text, secret);
		}
	});
}

/** Filters and tests that may tell: the name of the type, the keys of a dict (which are never secret), that a text came from a vault. */
const telling: ReadonlySet<string> = new Set([
	'type_debug',
	'from_yaml',
	'community.general.counter',
	'community.general.from_csv',
	'community.general.from_ini',
	'vault_encrypted',
]);

/** A filter of the manual's example with its text secret: the same result, but no text of it plain. */
for (const {
	kind,
	name,
	plugin: {example},
} of plugins()) {
	if (!example) continue;
	const [expression, result] = example;
	const literal = /^'[^'\\]*'(?= (?:\||is) )/.exec(expression)?.[0];
	if (literal === undefined || telling.has(name)) continue;
	test(`${kind} ${name} of a secret`, (t) => {
		const names: Scope = {resolve: (asked) => (asked === 'secret' ? new Secret(literal.slice(1, -1)) : undefined)};
		const value = evaluate(`secret${expression.slice(literal.length)}`, names);
		t.is(pythonRepr(reveal(value)), result);
		if (kind === 'filter') t.deepEqual(plainTexts(value).filter(Boolean), []);
	});
}

/** Containers with a secret: filters that move values keep the others plain, those that make text hide all of it. */
const containers: readonly (readonly [expression: string, plain: readonly string[], revealed: string])[] = [
	["[password, 'a'] | sort", ['a'], "['a', 'hunter2']"],
	["[password, 'a'] | unique", [], "['hunter2', 'a']"],
	["[password, 'a'] | reverse", ['a'], "['a', 'hunter2']"],
	["[password, 'a'] | first", [], "'hunter2'"],
	["[password, 'a'] | last", ['a'], "'a'"],
	["[[password], 'a'] | flatten", ['a'], "['hunter2', 'a']"],
	["[password, 'a'] | batch(1)", ['a'], "[['hunter2'], ['a']]"],
	["[password] | zip(['a'])", ['a'], "[['hunter2', 'a']]"],
	["[password] | product(['a'])", ['a'], "[['hunter2', 'a']]"],
	["[password] | map('upper')", [], "['HUNTER2']"],
	["[{'p': password}] | map(attribute='p')", [], "['hunter2']"],
	["[{'p': password, 'n': 'a'}] | selectattr('p')", ['p', 'n', 'a'], "[{'p': 'hunter2', 'n': 'a'}]"],
	["{'p': password} | dict2items", ['key', 'p', 'value'], "[{'key': 'p', 'value': 'hunter2'}]"],
	["{'p': password} | combine({'n': 'a'})", ['p', 'n', 'a'], "{'p': 'hunter2', 'n': 'a'}"],
	["[password, 'a'] | join('-')", [], "'hunter2-a'"],
	["[password, 'a'] | string", [], "\"['hunter2', 'a']\""],
	["{'p': password} | to_json", [], '\'{"p": "hunter2"}\''],
	["{'p': password} | to_nice_json", [], '\'{\\n    "p": "hunter2"\\n}\''],
	["{'p': password} | to_yaml", [], "'{p: hunter2}\\n'"],
	["'%s' | format(password)", [], "'hunter2'"],
	["'abc' | replace('b', password)", [], "'ahunter2c'"],
	["'abc' | regex_replace('b', password)", [], "'ahunter2c'"],
	['nope | default(password)', [], "'hunter2'"],
	["true | ternary(password, 'a')", [], "'hunter2'"],
	['password | b64encode | b64decode', [], "'hunter2'"],
	['password | length', [], '7'],
	['number | int', [], '7'],
	["password is match('h')", [], 'True'],
	['[password] | union([password])', [], "['hunter2']"],
	["[password] | difference(['hunter2'])", [], '[]'],
	["[password] | intersect(['hunter2'])", [], "['hunter2']"],
];

for (const [expression, plain, revealed] of containers) {
	test(`inside: ${expression}`, (t) => {
		const value = evaluate(expression);
		t.is(pythonRepr(reveal(value)), revealed);
		t.deepEqual(plainTexts(value), plain);
	});
}

test('no error of a template shows a secret text', (t) => {
	for (const expression of [
		'password | from_json',
		"password | regex_search('(')",
		'password + 1',
		'password.nope',
		'{}[password]',
		'{}.a[password]',
		'password | to_datetime',
		'password | community.general.to_seconds',
		'[password] | items2dict',
		'password | nope_at_all',
		'password()',
		'[1][password]',
		'password | dictsort',
		"password | community.general.json_query('(')",
		'lookup(password)',
		"'a' | mandatory(msg=password) ~ nope",
		'undef(hint=password)',
	]) {
		const error = t.throws(() => evaluate(expression), {instanceOf: TemplateError}, expression);
		t.notRegex(error.message, /hunter2/, expression);
	}
});
