import test from 'ava';
import {templateFault} from '../../src/engine/template-fault.js';
import {
	type Dict,
	finalize,
	nodeToValue,
	renderFile,
	type Scope,
	Secret,
	Template,
	TemplateError,
	type Value,
} from '../../src/jinja/jinja.js';
import {type MapNode, parseYaml, renderDiagnostic, SourceFile, type Span} from '../../src/source/source.js';

const vars = `port: 9092
broker: {id: 1, host: a}
names: [a, b]
inner: "{{ prot }}:1"
outer: "{{ inner }}!"
deep: {texts: ["{{ outer }}"], n: 1}
`;
const templates: Record<string, string> = {
	'outer.j2': "# outer\n{% include 'inner.j2' %}\n",
	'inner.j2': 'port={{ prot }}\n',
	'macro.j2': '{% macro line(name) %}\n{{ name }}={{ broker.hots }}\n{% endmacro %}\n{{ line(1) }}\n',
	'import.j2': "{% from 'macro.j2' import line %}\n{{ line(2) }}\n",
};

const node = parseYaml(new SourceFile('vars.yml', vars), () => {}) as MapNode;
const values = nodeToValue(node, {trusted: true}) as Dict;
values.set('password', new Secret('hunter2'));
const scope = (): Scope => ({
	resolve: (name) => values.get(name),
	names: () => [...values.keys()] as string[],
	load: (name) => (name in templates ? new SourceFile(name, templates[name]!) : undefined),
});

/** What a template of `t.yml` fails of, as people read it. */
function failure(source: string): string {
	const file = new SourceFile('t.yml', source);
	const span: Span = {file, start: 0, end: source.length};
	return told(() => finalize(new Template(source, span, 0), scope()), span);
}

function failureOfFile(name: string): string {
	const file = new SourceFile(name, templates[name]!);
	const origin: Span = {file, start: 0, end: file.text.length};
	return told(() => renderFile(file.text, scope(), {origin}), origin);
}

function told(evaluate: () => Value, span: Span): string {
	try {
		return `no error but ${String(evaluate())}`;
	} catch (error) {
		if (!(error instanceof TemplateError)) throw error;
		return renderDiagnostic({severity: 'error', ...templateFault(error, error.span ?? span)}, {color: false});
	}
}

const rows: readonly (readonly [name: string, told: () => string, text: string])[] = [
	[
		'a misspelt name',
		() => failure('{{ prot }}'),
		`error[template/undefined]: \`prot\` is undefined
  --> t.yml:1:4
  |
1 | {{ prot }}
  |    ^^^^ did you mean \`port\`?`,
	],
	[
		'a misspelt key',
		() => failure('{{ broker.hots }}'),
		`error[template/undefined]: object of type 'dict' has no attribute 'hots'
  --> t.yml:1:11
  |
1 | {{ broker.hots }}
  |           ^^^^ did you mean \`host\`?
 = note: \`broker\` is {'id': 1, 'host': 'a'}`,
	],
	[
		'a misspelt key in brackets',
		() => failure("{{ broker['hots'] }}"),
		`error[template/undefined]: object of type 'dict' has no attribute 'hots'
  --> t.yml:1:11
  |
1 | {{ broker['hots'] }}
  |           ^^^^^^ did you mean \`host\`?
 = note: \`broker\` is {'id': 1, 'host': 'a'}`,
	],
	[
		'an index past the end',
		() => failure('{{ names[5] }}'),
		`error[template/undefined]: object of type 'list' has no attribute 5
  --> t.yml:1:10
  |
1 | {{ names[5] }}
  |          ^
 = note: \`names\` is ['a', 'b']`,
	],
	[
		'the chain of variables',
		() => failure('{{ outer }}'),
		`error[template/undefined]: \`prot\` is undefined
  --> vars.yml:4:12
  |
3 | names: [a, b]
4 | inner: "{{ prot }}:1"
  |            ^^^^ did you mean \`port\`?
5 | outer: "{{ inner }}!"
  |            ----- read here
  ::: t.yml:1:4
  |
1 | {{ outer }}
  |    ----- read here`,
	],
	[
		'a chain through containers',
		() => failure('x {{ deep.texts[0] }}'),
		`error[template/undefined]: \`prot\` is undefined
  --> vars.yml:4:12
  |
3 | names: [a, b]
4 | inner: "{{ prot }}:1"
  |            ^^^^ did you mean \`port\`?
5 | outer: "{{ inner }}!"
  |            ----- read here
6 | deep: {texts: ["{{ outer }}"], n: 1}
  |                    ----- read here`,
	],
	[
		'wrong operands',
		() => failure('{{ names + port }}'),
		`error[template/failed]: can only concatenate list (not "int") to list
  --> t.yml:1:4
  |
1 | {{ names + port }}
  |    ^^^^^^^^^^^^
 = note: \`names\` is ['a', 'b']
 = note: \`port\` is 9092`,
	],
	[
		"a filter's value",
		() => failure('{{ broker | from_json }}'),
		`error[template/failed]: the filter \`from_json\` failed: the JSON object must be str, bytes or bytearray, not dict
  --> t.yml:1:13
  |
1 | {{ broker | from_json }}
  |             ^^^^^^^^^
 = note: it was given {'id': 1, 'host': 'a'}`,
	],
	[
		'a misspelt filter',
		() => failure('{{ port | uper }}'),
		`error[template/unknown-filter]: there is no filter \`uper\`
  --> t.yml:1:11
  |
1 | {{ port | uper }}
  |           ^^^^ did you mean \`upper\`?`,
	],
	[
		'a misspelt test',
		() => failure('{{ port is odddd }}'),
		`error[template/unknown-test]: there is no test \`odddd\`
  --> t.yml:1:12
  |
1 | {{ port is odddd }}
  |            ^^^^^`,
	],
	[
		'what is no function',
		() => failure('{{ port(1) }}'),
		`error[template/failed]: 'int' object is not callable
  --> t.yml:1:4
  |
1 | {{ port(1) }}
  |    ^^^^^^^
 = note: \`port\` is 9092`,
	],
	[
		'a secret in a sum',
		() => failure('{{ password + port }}'),
		`error[template/failed]: can only concatenate str (not "int") to str
  --> t.yml:1:4
  |
1 | {{ password + port }}
  |    ^^^^^^^^^^^^^^^
 = note: \`password\` is «hidden»
 = note: \`port\` is 9092`,
	],
	[
		'a secret in a filter',
		() => failure('{{ password | from_json }}'),
		`error[template/failed]: the filter \`from_json\` failed: Expecting value: line 1 column 1 (char 0)
  --> t.yml:1:15
  |
1 | {{ password | from_json }}
  |               ^^^^^^^^^
 = note: it was given «hidden»`,
	],
	[
		'a method with a wrong argument',
		() => failure("{{ 'a'.join(port) }}"),
		`error[template/failed]: 'int' object is not iterable
  --> t.yml:1:4
  |
1 | {{ 'a'.join(port) }}
  |    ^^^^^^^^^^^^^^
 = note: \`port\` is 9092`,
	],
	[
		'the variable of a loop',
		() => failure('{% for one in names %}{{ one.size }}{% endfor %}'),
		`error[template/undefined]: object of type 'str' has no attribute 'size'
  --> t.yml:1:30
  |
1 | {% for one in names %}{{ one.size }}{% endfor %}
  |                              ^^^^
 = note: \`one\` is 'a'`,
	],
	[
		'a name that is cured in one place',
		() => failure("{{ outer | default('') }}{{ inner }}"),
		`error[template/undefined]: \`prot\` is undefined
  --> vars.yml:4:12
  |
3 | names: [a, b]
4 | inner: "{{ prot }}:1"
  |            ^^^^ did you mean \`port\`?
  ::: t.yml:1:29
  |
1 | {{ outer | default('') }}{{ inner }}
  |                             ----- read here`,
	],
	[
		'an unclosed tag',
		() => failure('{{ port '),
		`error[template/syntax]: unexpected end of template, expected 'end of print statement'
  --> t.yml:1:9
  |
1 | {{ port 
  |         ^`,
	],
	[
		'a bad regular expression',
		() => failure("{{ 'a' is match('(') }}"),
		`error[template/failed]: the test \`match\` failed: missing ), unterminated subpattern at position 0
  --> t.yml:1:11
  |
1 | {{ 'a' is match('(') }}
  |           ^^^^^^^^^^
 = note: it was given 'a'`,
	],
	[
		'an include',
		() => failureOfFile('outer.j2'),
		`error[template/undefined]: \`prot\` is undefined
  --> inner.j2:1:9
  |
1 | port={{ prot }}
  |         ^^^^ did you mean \`port\`?
  ::: outer.j2:2:1
  |
1 | # outer
2 | {% include 'inner.j2' %}
  | --------------------- included here`,
	],
	[
		'a macro',
		() => failureOfFile('macro.j2'),
		`error[template/undefined]: object of type 'dict' has no attribute 'hots'
  --> macro.j2:2:22
  |
1 | {% macro line(name) %}
2 | {{ name }}={{ broker.hots }}
  |                      ^^^^ did you mean \`host\`?
3 | {% endmacro %}
4 | {{ line(1) }}
  |    ------- called here
 = note: \`broker\` is {'id': 1, 'host': 'a'}`,
	],
	[
		'an imported macro',
		() => failureOfFile('import.j2'),
		`error[template/undefined]: \`broker\` is undefined
  --> macro.j2:2:15
  |
1 | {% macro line(name) %}
2 | {{ name }}={{ broker.hots }}
  |               ^^^^^^
  ::: import.j2:2:4
  |
1 | {% from 'macro.j2' import line %}
2 | {{ line(2) }}
  |    ------- called here
 = help: what is imported sees \`broker\` only if the import ends in \`with context\`; or give it as an argument`,
	],
];
for (const [name, tell, text] of rows) test(`error: ${name}`, (t) => t.is(tell(), text));
