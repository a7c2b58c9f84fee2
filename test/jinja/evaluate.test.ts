import test from 'ava';
import {
	Dict,
	evaluateCondition,
	evaluateExpression,
	evaluateTemplate,
	finalize,
	Omit,
	pythonRepr,
	renderFile,
	type Scope,
	Secret,
	Template,
	TemplateError,
	type TemplateErrorCategory,
	Unknown,
	type Value,
} from '../../src/jinja/jinja.js';
import {formatSpan, SourceFile} from '../../src/source/source.js';

function scopeOf(variables: Record<string, Value>): Scope {
	return {resolve: (name) => (Object.hasOwn(variables, name) ? variables[name] : undefined)};
}

const ports: readonly Value[] = [80, 443];
const unknown = new Unknown('not run');
const variables: Record<string, Value> = {
	ports,
	n: null,
	one: 1,
	name: 'kafka1',
	nested: new Template('v={{ name }}'),
	list: new Template('{{ ports }}'),
	broken: new Template('{{ nope }}'),
	loop_a: new Template('{{ loop_b }}'),
	loop_b: new Template('{{ loop_a }}'),
	tree: Dict.from([
		['url', new Template('http://{{ name }}:{{ ports[0] }}')],
		['bad', new Template('{{ missing_here }}')],
		['items', 5],
	]),
	plain: '{{ name }}',
	password: new Secret('hunter2'),
	later: unknown,
};

/** Template, and the Python text of its value; all seen in ansible-core 2.21. */
const values: [source: string, repr: string][] = [
	['plain text', "'plain text'"],
	['{{ 1 }}', '1'],
	['{{ 1 }}{{ none }}', '1'],
	['{{ none }}', 'None'],
	["{{ '' }}{{ 1 }}", "'1'"],
	['{{ (1, 2) }}', '[1, 2]'],
	['x{{ (1, 2) }}', "'x[1, 2]'"],
	["{{ 'x' ~ (1, 2) }}", "'x(1, 2)'"],
	['{{ omit }}x', "'x'"],
	['{{ [omit, 1] }}', '[1]'],
	['{% set x %}{{ ports }}{% endset %}{{ x }}', '[80, 443]'],
	['{% macro m() %}{{ 1 }}{% endmacro %}{{ m() }}', '1'],
	['{{ 2**3**2 }} {{ -2**2 }} {{ 7 // -2 }} {{ -7 % 3 }}', "'64 4 -4 2'"],
	['{{ 1 / 2 }} {{ 4 / 2 }}', "'0.5 2.0'"],
	['{{ 10 ** 20 }}', '100000000000000000000'],
	['{{ 1 == 1.0 == true }}', 'True'],
	['{{ nested }}', "'v=kafka1'"],
	['{{ list | length }}', '2'],
	['{{ tree.url }}', "'http://kafka1:80'"],
	['{{ tree.items is callable }} {{ tree["items"] }}', "'True 5'"],
	["{{ broken | default('d') }}", "'d'"],
	['{{ broken is defined }}', 'False'],
	['{{ a.b.c | default(3) }}', '3'],
	['{{ [nope] | length }}', '1'],
	['{{ plain }}', "'{{ name }}'"],
	['{{ n is none and n is defined }}', 'True'],
	["{{ '\\n' | length }}", '2'],
	["{% set x = '\\n' %}{{ x | length }}", '1'],
	["{{ '😀x' | length }} {{ '😀x'[1] }}", "'2 x'"],
	['{{ ports.append(1) }}{{ ports }}', '[80, 443, 1]'],
	['{% for p in ports %}{{ loop.index }}:{{ p }}{{ "," if not loop.last }}{% endfor %}', "'1:80,2:443'"],
	['{% for a in [1, [2]] recursive %}{{ loop(a) if a is iterable else a }}{% endfor %}', "'12'"],
	['{% set ns = namespace(c=0) %}{% for p in ports %}{% set ns.c = ns.c + 1 %}{% endfor %}{{ ns.c }}', '2'],
	['{{ "%s-%03d" | format("a", 7) }} {{ "{0:>5}|{b!r}".format(1, b="x") }}', '"a-007     1|\'x\'"'],
	["{{ ports | map('string') | join(',') }}", "'80,443'"],
	['#jinja2: variable_start_string: "[[", variable_end_string: "]]"\n[[ one ]]', '1'],
];

for (const [source, repr] of values) {
	test(`value of ${JSON.stringify(source)}`, (t) => t.is(pythonRepr(evaluateTemplate(source, scopeOf(variables))), repr));
}

test('the variables themselves are never changed', (t) => {
	evaluateTemplate('{{ ports.append(1) }}', scopeOf(variables));
	t.deepEqual(ports, [80, 443]);
});

/** Template, category and text of its error; the words are ansible-core's. */
const errors: [source: string, category: TemplateErrorCategory, message: RegExp][] = [
	['{{ nope }}', 'undefined', /^'nope' is undefined$/],
	['{{ nope.a.b }}', 'undefined', /^'nope' is undefined$/],
	['{{ tree.gone }}', 'undefined', /^object of type 'dict' has no attribute 'gone'$/],
	['{{ nope is none }}', 'undefined', /'nope'/],
	['{{ broken }}', 'undefined', /'nope'/],
	['{{ 1 / 0 }}', 'runtime', /division by zero/],
	["{% set x = 'a' + 1 %}ok", 'runtime', /can only concatenate str \(not "int"\) to str/],
	["{{ 1 | pow('x') }}", 'plugin', /^The filter plugin 'ansible.builtin.pow' failed: /],
	["{{ [1] | join(',', 1, 2, 3) }}", 'plugin', /join\(\) takes/],
	['{{ 1 | nofilter }}', 'no_plugin', /No filter named 'nofilter'/],
	['{% if false %}{{ 1 is notest }}{% endif %}{{ 1 is notest }}', 'no_plugin', /No test named 'notest'/],
	['{{ loop_a }}', 'recursion', /Recursive loop detected in template: .*->/],
	['{{ range(3) }}', 'type', /Type 'range' is unsupported for variable storage/],
	["{{ ''.__class__ }}", 'undefined', /access to attribute '__class__' of 'str' object is unsafe/],
	['{{ a', 'syntax', /unexpected end of template|end of print statement/],
	['{% for x in y %}', 'syntax', /looking for the following tags: 'endfor' or 'else'/],
	['{% wrong %}', 'syntax', /unknown tag 'wrong'/],
	['{{ 1 +* 2 }}', 'syntax', /unexpected '\*'/],
];

for (const [source, category, message] of errors) {
	test(`error of ${JSON.stringify(source)}`, (t) => {
		const error = t.throws(() => evaluateTemplate(source, scopeOf(variables)), {instanceOf: TemplateError, message});
		t.is(error.category, category);
	});
}

/** Source with the place of the error between angle brackets. */
const places: string[] = [
	'{{ «nope» }}',
	'a {{ one + «nope» }}',
	'{{ tree.«gone» }}',
	"{{ «1 + 'a'» }}",
	"{{ one | «pow('x')» }}",
	'{{ one | «nofilter» }}',
	'{% if one %}{{ ports | map("upper") | «nofilter(1)» }}{% endif %}',
	'{{ one %«}» }}',
];

for (const marked of places) {
	test(`place of the error in ${marked}`, (t) => {
		const start = marked.indexOf('«');
		const end = marked.indexOf('»') - 1;
		const source = marked.replace(/[«»]/g, '');
		const file = new SourceFile('main.yml', `- msg: ${source}\n`);
		const template = new Template(source, {file, start: 7, end: 7 + source.length}, 7);
		const error = t.throws(() => evaluateTemplate(template, scopeOf({...variables})), {instanceOf: TemplateError});
		t.truthy(error.span);
		t.is(formatSpan(error.span!), `main.yml:1:${8 + start}`);
		if (!marked.includes('nofilter(1)')) t.is(file.text.slice(error.span!.start, error.span!.end), source.slice(start, end));
	});
}

const conditions: [source: Value, result: boolean | RegExp][] = [
	['one == 1', true],
	['ports is defined and one > 0', true],
	[' not n ', true],
	[true, true],
	[new Template('{{ one == 1 }}'), true],
	["name == '{{ name }}'", true],
	['ports', /Conditional result \(True\) was derived from value of type 'list'/],
	['one', /type 'int'/],
	['', /Empty conditional/],
	[5, /must be strings/],
	[new Template('{{ plain }}'), /untrusted/],
	['nope', /^Error while evaluating conditional: 'nope' is undefined$/],
];

for (const [source, result] of conditions) {
	test(`condition ${pythonRepr(source)}`, (t) => {
		if (typeof result === 'boolean') t.is(evaluateCondition(source, scopeOf(variables)), result);
		else t.throws(() => evaluateCondition(source, scopeOf(variables)), {message: result});
	});
}

const files: [text: string, result: string][] = [
	['a={{ one }}\n', 'a=1\n'],
	['{{ one }}\n', '1'],
	['{{ none }}\n', ''],
	['{% for p in ports %}\n{{ p }}\n{% endfor %}\nend\n\n', '80\n443\nend\n\n'],
	["{{ 'a\\nb' }}\n", 'a\nb\n'],
	['{# gone #}\nx', 'x'],
	['{%- raw %} {{ x }} {% endraw -%} \n y', ' {{ x }} y'],
];

for (const [text, result] of files) {
	test(`file ${JSON.stringify(text)}`, (t) => t.is(renderFile(text, scopeOf(variables)), result));
}

/** What is not known yet: expression, and its result (undefined: unknown). */
const unknowns: [expression: string, repr: string | undefined][] = [
	['later', undefined],
	['later.stdout', undefined],
	['later is defined', 'True'],
	['later and false', 'False'],
	['false and later', 'False'],
	['later or true', 'True'],
	['later and true', undefined],
	['not later', undefined],
	['later == 1', undefined],
	["'a' ~ later", undefined],
	['later + 1', undefined],
	['later | int', undefined],
	["later | default('x')", undefined],
	['[later, 1] | length', '2'],
	["[later, 'a'] | join(',')", undefined],
	['1 if later else 2', undefined],
	['1 if later else 1', '1'],
	["later is match('a')", undefined],
	["later.split(',')", undefined],
	['later | type_debug', "'unknown'"],
];

for (const [expression, repr] of unknowns) {
	test(`not known: ${expression}`, (t) => {
		const value = evaluateExpression(expression, scopeOf(variables));
		if (repr === undefined) t.is(value, unknown);
		else t.is(pythonRepr(value), repr);
	});
}

test('text and branches that depend on what is not known are unknown', (t) => {
	t.is(evaluateTemplate('a{{ later }}b', scopeOf(variables)), unknown);
	t.is(evaluateTemplate('{% if later %}a{% endif %}', scopeOf(variables)), unknown);
	t.is(evaluateCondition('later', scopeOf(variables)), unknown);
	t.is(renderFile('x={{ later }}\n', scopeOf(variables)), unknown);
});

/** Whatever is made of a secret's text is secret; lengths, comparisons and booleans are not. */
const secrets: [source: string, text: string][] = [
	['{{ password }}', 'hunter2'],
	['pw={{ password }}', 'pw=hunter2'],
	["{{ 'a' ~ password }}", 'ahunter2'],
	["{{ 'a' + password }}", 'ahunter2'],
	['{{ password * 2 }}', 'hunter2hunter2'],
	['{{ password | upper }}', 'HUNTER2'],
	['{{ password.upper() }}', 'HUNTER2'],
	['{{ password[:3] }}', 'hun'],
	["{{ '%s!' % password }}", 'hunter2!'],
	["{{ '{}!'.format(password) }}", 'hunter2!'],
	["{{ [password, 'x'] | join('-') }}", 'hunter2-x'],
	["{{ {'p': password} | to_json }}", '{"p": "hunter2"}'],
	["{{ [password] | map('upper') | first }}", 'HUNTER2'],
	['{{ password | e }}', 'hunter2'],
	['{% for c in password %}{{ c }}{% endfor %}', 'hunter2'],
	["{{ password | regex_replace('2', '3') }}", 'hunter3'],
	["{{ {'p': [password]} }}x", "{'p': ['hunter2']}x"],
	['{% set p %}{{ password }}!{% endset %}{{ p }}', 'hunter2!'],
];

for (const [source, text] of secrets) {
	test(`secret ${source}`, (t) => {
		const value = evaluateTemplate(source, scopeOf(variables));
		t.true(value instanceof Secret, pythonRepr(value));
		t.is((value as Secret).text, text);
	});
}

test('what is learnt about a secret is plain', (t) => {
	t.is(evaluateTemplate('{{ password | length }}', scopeOf(variables)), 7);
	t.is(evaluateTemplate("{{ password == 'hunter2' }}", scopeOf(variables)), true);
	t.true(renderFile('p={{ password }}\n', scopeOf(variables)) instanceof Secret);
	t.true(evaluateTemplate(new Template('{{ name }}', undefined, undefined, true), scopeOf(variables)) instanceof Secret);
});

test('a value with templates inside is finalized', (t) => {
	const value = Dict.from([
		['a', new Template('{{ one }}')],
		['b', [new Template('{{ omit }}'), new Template('{{ ports }}')]],
	]);
	t.is(pythonRepr(finalize(value, scopeOf(variables))), "{'a': 1, 'b': [[80, 443]]}");
	t.is(finalize(new Template('{{ omit }}'), scopeOf(variables)), Omit.omit);
});

test('a template is evaluated once for each scope', (t) => {
	let lookups = 0;
	const scope: Scope = {
		resolve: (name) => (name === 'token' ? new Template("{{ lookup('count') }}") : undefined),
		lookup(name) {
			lookups++;
			return name === 'count' ? [lookups] : undefined;
		},
	};
	const token = new Template("{{ lookup('count') }}");
	const shared: Scope = {...scope, resolve: (name) => (name === 'token' ? token : undefined)};
	t.is(pythonRepr(evaluateTemplate('{{ [token, token] }}', shared)), '[1, 1]');
	t.is(evaluateTemplate('{{ token }}', shared), 1);
	t.is(lookups, 1);
	t.throws(() => evaluateTemplate("{{ lookup('gone', errors='ignore') }}", shared), {
		message: "The lookup plugin 'gone' was not found.",
	});
});
