import test from 'ava';
import {analyze, Template, TemplateError, type Use} from '../../src/jinja/jinja.js';
import {SourceFile} from '../../src/source/source.js';

/** What an analysis says of a template: each use with the text that its span covers. */
function found(source: string): Record<string, unknown> {
	const file = new SourceFile('t.j2', source);
	const origin = {file, start: 0, end: source.length};
	const {variables, filters, tests, lookups, templates, sets, optional, missing, misused, pure} = analyze({file: source, origin});
	const shown = (uses: readonly Use[]) =>
		uses.map(({name, span}) => {
			const text = span && source.slice(span.start, span.end);
			return text === name ? name : `${name} at ${text}`;
		});
	const all = {
		variables: shown(variables),
		filters: shown(filters),
		tests: shown(tests),
		lookups: shown(lookups),
		templates: shown(templates),
		sets,
		optional,
		missing: shown(missing),
		misused: misused.map(({message}) => message),
		...(pure ? {} : {pure}),
	};
	return Object.fromEntries(Object.entries(all).filter(([, value]) => !Array.isArray(value) || value.length > 0));
}

const rows: readonly (readonly [source: string, analysis: Record<string, unknown>])[] = [
	['plain', {}],
	['{{ a.b[c] + d(e=f) }}', {variables: ['a', 'c', 'd', 'f']}],
	['{{ a if b else none }} {{ range(3) }} {{ lookup }}', {variables: ['b', 'a']}],
	['{% for x in xs if x %}{{ x }}{{ loop.index }}{% else %}{{ y }}{% endfor %}', {variables: ['xs', 'y'], sets: ['x']}],
	['{% set a, b = c %}{{ a ~ b }}', {variables: ['c'], sets: ['a', 'b']}],
	['{% macro m(p, q=r) %}{{ p }}{{ varargs }}{% endmacro %}{{ m(s) }}', {variables: ['r', 's'], sets: ['m', 'p', 'q']}],
	['{% with a = b %}{{ a }}{% endwith %}', {variables: ['b'], sets: ['a']}],
	['{{ a | upper | default(b) }}', {variables: ['a', 'b'], filters: ['default', 'upper']}],
	[
		'{{ a | default(1) }} {{ b.c is defined }} {{ d is undefined }}',
		{
			variables: ['a', 'b', 'd'],
			filters: ['default'],
			tests: ['defined', 'undefined'],
			optional: ['a', 'b', 'd'],
		},
	],
	["{{ lookup('env', 'HOME') }} {{ q('items', x) }}", {variables: ['x'], lookups: ["env at 'env'", "items at 'items'"]}],
	['{{ lookup(name) }}', {variables: ['name'], pure: false}],
	["{{ lookup('pipe', 'date') }}", {lookups: ["pipe at 'pipe'"], pure: false}],
	['{{ [1] | random }}', {filters: ['random'], pure: false}],
	[
		"{% include 'a.j2' %}{% import 'b.j2' as b %}{% from 'c.j2' import d as e %}",
		{
			templates: ["a.j2 at 'a.j2'", "b.j2 at 'b.j2'", "c.j2 at 'c.j2'"],
			sets: ['b', 'e'],
		},
	],
	[
		'{{ a | nope }} {{ a is strange }}',
		{
			variables: ['a', 'a'],
			filters: ['nope'],
			tests: ['strange'],
			missing: ['nope', 'strange'],
		},
	],
	[
		'{{ a | upper(1, 2) }}',
		{variables: ['a'], filters: ['upper'], misused: ['upper() takes 1 positional argument but 3 were given']},
	],
	[
		'{{ a | replace }}',
		{variables: ['a'], filters: ['replace'], misused: ["replace() missing 2 required positional arguments: 'old' and 'new'"]},
	],
	[
		'{{ a | to_json(indent=2) | indent(wide=1) }}',
		{variables: ['a'], filters: ['indent', 'to_json'], misused: ["indent() got an unexpected keyword argument 'wide'"]},
	],
	[
		'{{ a is divisibleby }}',
		{variables: ['a'], tests: ['divisibleby'], misused: ["divisibleby() missing 1 required positional argument: 'num'"]},
	],
	['{{ a | upper(*b) | replace(**c) }}', {variables: ['a', 'b', 'c'], filters: ['replace', 'upper']}],
];
for (const [source, analysis] of rows) test(`analysis of ${source}`, (t) => t.deepEqual(found(source), analysis));

test('the uses of an expression and of a template in YAML have their places in the file', (t) => {
	const text = 'when: "a | uper"\nmsg: \'{{ b is oddd }}\'\n';
	const file = new SourceFile('play.yml', text);
	const at = (part: string) => ({file, start: text.indexOf(part), end: text.indexOf(part) + part.length});
	const condition = analyze({expression: 'a | uper', origin: at('"a | uper"'), contentStart: text.indexOf('a |')});
	const message = analyze(new Template('{{ b is oddd }}', at("'{{ b is oddd }}'"), text.indexOf('{{')));
	t.deepEqual(
		[...condition.variables, ...condition.missing, ...message.variables, ...message.missing].map(({span}) =>
			text.slice(span!.start, span!.end),
		),
		['a', 'uper', 'b', 'oddd'],
	);
});

const broken = ['{{ a', '{% if a %}', '{% endfor %}', '{{ a b }}', '{% nope %}', '{{ (a }}', "{{ 'a }}", '{{ 1 + }}'];
for (const source of broken) {
	test(`no analysis of ${source}`, (t) => {
		const error = t.throws(() => found(source), {instanceOf: TemplateError});
		t.is(error.category, 'syntax');
		t.true(error.span !== undefined && error.span.end <= source.length);
	});
}
