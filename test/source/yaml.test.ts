import test from 'ava';
import {type Diagnostic, type Node, parseYaml, SourceFile, YamlDate, YamlFloat} from '../../src/source/source.js';

function read(text: string): {node: Node | undefined; diagnostics: Diagnostic[]} {
	const diagnostics: Diagnostic[] = [];
	const node = parseYaml(new SourceFile('f.yml', text), (diagnostic) => diagnostics.push(diagnostic));
	return {node, diagnostics};
}

/** A node as plain data; dates as `date:`, whole floats as `float:`. */
function plain(node: Node | undefined): unknown {
	if (!node) return undefined;
	if (node.kind === 'seq') return node.items.map(plain);
	if (node.kind === 'map') return Object.fromEntries(node.entries.map(({key, value}) => [String(key.text), plain(value)]));
	if (node.value instanceof YamlFloat) return `float:${node.value.value}`;
	if (node.value instanceof YamlDate) return `${node.value.hasTime ? 'time' : 'date'}:${node.value.text}`;
	return node.value;
}

// Expected values are PyYAML's.
const scalars: [text: string, value: unknown][] = [
	['yes', true],
	['Off', false],
	['ON', true],
	['y', 'y'],
	['yEs', 'yEs'],
	['~', null],
	['Null', null],
	['nUll', 'nUll'],
	['""', ''],
	['=', '='],
	['10', 10],
	['010', 8],
	['09', '09'],
	['0o17', '0o17'],
	['0x1F', 31],
	['0b101', 5],
	['1_000', 1000],
	['1:30', 90],
	['1:90', '1:90'],
	['-5', -5],
	['+7', 7],
	['123456789012345678901234567890', 123456789012345678901234567890n],
	['1.0', 'float:1'],
	['1.5', 1.5],
	['1e3', '1e3'],
	['1.e+3', 'float:1000'],
	['1.0e3', '1.0e3'],
	['.5', 0.5],
	['-.5', '-.5'],
	['-.INF', Number.NEGATIVE_INFINITY],
	['1:30.5', 90.5],
	['2020-01-02', 'date:2020-01-02'],
	['2020-01-02T03:04:05Z', 'time:2020-01-02T03:04:05Z'],
	['2020-1-2', '2020-1-2'],
	['!!str 123', '123'],
	['!!int "3"', 3],
	['!unsafe "12"', 12],
	["'it''s'", "it's"],
	['"a\\tb\\u00e9"', 'a\tbé'],
];
for (const [text, value] of scalars) test(`scalar ${text}`, (t) => t.deepEqual(plain(read(text).node), value));

const texts: [name: string, text: string, value: unknown][] = [
	['literal block', 'a: |\n  x\n    y\n\n  z\n', {a: 'x\n  y\n\nz\n'}],
	['folded block', 'a: >-\n  x\n  y\n\n  z\n', {a: 'x y\nz'}],
	['merge key', 'a: &a {x: 1, y: 2}\nb:\n  <<: *a\n  z: 3\n', {a: {x: 1, y: 2}, b: {x: 1, y: 2, z: 3}}],
	[
		'merge list, first wins',
		'a: &a {x: 1}\nb: &b {x: 2, y: 2}\nc:\n  <<: [*a, *b]\n',
		{a: {x: 1}, b: {x: 2, y: 2}, c: {x: 1, y: 2}},
	],
	['flow brackets closed at the margin', 'a: [\n1, "x\ny"\n]\nb: {\n}\n', {a: [1, 'x y'], b: {}}],
	['JSON', '{\n\t"a": 1e3,\n\t"b": "x\\/y", "<<": 1}', {a: 'float:1000', b: 'x/y', '<<': 1}],
	['empty', '# nothing\n', undefined],
	['empty document', '---\n', null],
];
for (const [name, text, value] of texts) {
	test(`text: ${name}`, (t) => {
		const {node, diagnostics} = read(text);
		t.deepEqual(plain(node), value);
		t.deepEqual(diagnostics, []);
	});
}

test('every span is the text that was written', (t) => {
	const text =
		'a: 1\n"b": !vault |\n  x\n  y\nc: [p, {q: r}, "s"]\nd:\ne:\n- f\n-\n- g: h\n  i: "j\n    k"\nl: &x m\nn: *x\no: [\nz]\n';
	const {node, diagnostics} = read(text);
	const seen: string[] = [];
	const walk = (one: Node): void => {
		seen.push(text.slice(one.span.start, one.span.end));
		if (one.kind === 'seq') one.items.forEach(walk);
		if (one.kind === 'map') {
			for (const {key, value} of one.entries) {
				walk(key);
				walk(value);
			}
		}
	};
	walk(node!);
	t.deepEqual(diagnostics, []);
	t.deepEqual(seen, [
		text.trimEnd(),
		...['a', '1', '"b"', '!vault |\n  x\n  y', 'c', '[p, {q: r}, "s"]', 'p', '{q: r}', 'q', 'r', '"s"', 'd', ''],
		...['e', '- f\n-\n- g: h\n  i: "j\n    k"', 'f', '', 'g: h\n  i: "j\n    k"', 'g', 'h', 'i', '"j\n    k"'],
		...['l', '&x m', 'n', '&x m', 'o', '[\nz]', 'z'],
	]);
});

test('content starts where the characters of the text stand', (t) => {
	const text = `a: plain {{ x }}\nb: "quoted"\nc: 'it''s'\nd: "\\t"\ne: |\n  x\n`;
	const {node} = read(text);
	const starts = node?.kind === 'map' ? node.entries.map(({value}) => value.kind === 'scalar' && value.contentStart) : [];
	t.deepEqual(starts, [text.indexOf('plain'), text.indexOf('quoted'), undefined, undefined, undefined]);
});

const faults: [text: string, code: string, place: string, message: string][] = [
	['a:\n\tb: 1\n', 'yaml/tab', '2:1', 'a tab is used for indentation'],
	['a: {{ b }}\n', 'yaml/syntax', '1:4', 'a value that begins with `{{` needs quotes'],
	['a: {{ b }}/c\n', 'yaml/syntax', '1:4', 'a value that begins with `{{` needs quotes'],
	['a: b: c\n', 'yaml/syntax', '1:5', 'a value that contains `: ` needs quotes'],
	['a: "b" c\n', 'yaml/syntax', '1:4', 'a value that begins with a quote must end with it'],
	['a: 1\nb: "c\nd: 2\n', 'yaml/syntax', '2:4', 'this `"` is never closed'],
	['a: 1\nb: [c\nd: 2\n', 'yaml/syntax', '2:4', 'this `[` is never closed'],
	['a: *b\n', 'yaml/syntax', '1:4', 'no anchor `&b` stands before this alias'],
	['a: &b [*b]\n', 'yaml/syntax', '1:8', 'the anchor `&b` contains itself'],
	['a: !foo b\n', 'yaml/syntax', '1:4', 'the tag `!foo` has no meaning'],
	['[a]: b\n', 'yaml/syntax', '1:1', 'a list cannot be a key'],
	['a: 1\n---\nb: 1\n', 'yaml/syntax', '3:1', 'a second YAML document begins here, but one is expected'],
	['a:\n   b: 1\n  c: 2\n', 'yaml/syntax', '3:3', 'this line is indented differently from the mapping it belongs to'],
];
for (const [text, code, place, message] of faults) {
	test(`fault ${JSON.stringify(text)}`, (t) => {
		const {diagnostics} = read(text);
		t.is(diagnostics.length, 1);
		const [{code: found, labels, message: said}] = diagnostics as [Diagnostic];
		const {line, column} = labels[0]!.span.file.position(labels[0]!.span.start);
		t.deepEqual([found, `${line}:${column}`, said], [code, place, message]);
	});
}

test('of duplicate keys the last counts, with a warning at the last', (t) => {
	const {node, diagnostics} = read('a: 1\nb: 2\na: 3\n');
	t.deepEqual(plain(node), {a: 3, b: 2});
	t.is(node?.kind === 'map' && node.duplicates.length, 1);
	t.deepEqual(
		diagnostics.map(({severity, code, labels}) => [severity, code, labels[0]!.span.start]),
		[['warning', 'yaml/duplicate-key', 10]],
	);
});

test('several unquoted templates are all found', (t) => {
	const {diagnostics} = read('a: {{ b }}\nc: {{ d }}\n');
	t.deepEqual(
		diagnostics.map((one) => one.help),
		['write "{{ b }}"', 'write "{{ d }}"'],
	);
});
