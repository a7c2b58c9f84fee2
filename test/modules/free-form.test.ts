import test from 'ava';
import {commandKeys, parseFreeForm, splitArguments} from '../../src/modules/free-form.js';
import {showCommandLine, splitCommandLine} from '../../src/modules/shlex.js';

const split: [text: string, ...words: string[]][] = [
	['a=b c="foo bar"', 'a=b', 'c="foo bar"'],
	['src={{ a b }} dest=x', 'src={{ a b }}', 'dest=x'],
	["a='x y' b={% if c %}d e{% endif %}", "a='x y'", 'b={% if c %}d', 'e{% endif %}'],
	['echo  a   b', 'echo ', 'a  ', 'b'],
	['one\ntwo three\n', 'one\n', 'two', 'three\n'],
	['one \\\ntwo', 'one', 'two'],
	[`a="it's" b='say "x"'`, `a="it's"`, `b='say "x"'`],
	['a={# c d #} e', 'a={# c d #}', 'e'],
	['"a b\nc d" e', '"a b\nc d"', 'e'],
	[''],
];
for (const [text, ...words] of split) test(`splits ${JSON.stringify(text)}`, (t) => t.deepEqual(splitArguments(text), words));

for (const text of ["a='b", 'a={{ b', 'echo "x'])
	test(`refuses ${text}`, (t) => {
		const {message} = t.throws(() => splitArguments(text))!;
		t.is(message, `failed at splitting arguments, either an unbalanced jinja2 block or quotes: ${text}`);
	});

const parsed: [text: string, keys: readonly string[] | undefined, args: Record<string, string>, raw?: string][] = [
	['src=a dest="b c"', undefined, {src: 'a', dest: 'b c'}],
	['echo hi chdir=/tmp a=b creates="/x y"', commandKeys, {chdir: '/tmp', creates: '/x y'}, 'echo hi a=b'],
	['file.yml name=x', undefined, {name: 'x'}, 'file.yml'],
	['msg=a\\nb', undefined, {msg: 'a\nb'}],
	['a\\=b c=d', undefined, {c: 'd'}, 'a=b'],
	['=x y=z', undefined, {y: 'z'}, '=x'],
	['echo one\n  echo two', commandKeys, {}, 'echo one\n  echo two'],
	["path={{ a['b c'] }}/x", undefined, {path: "{{ a['b c'] }}/x"}],
];
for (const [text, keys, args, raw] of parsed) {
	test(`reads ${JSON.stringify(text)}`, (t) => {
		const form = parseFreeForm(text, keys);
		t.deepEqual(Object.fromEntries(form.args.map(({name, text: value}) => [name, value])), args);
		t.is(form.raw?.text, raw);
	});
}

test('tells where a value stands', (t) => {
	const text = 'src=a dest="{{ b }}"';
	const {args} = parseFreeForm(text);
	t.deepEqual(
		args.map(({start, text: value}) => text.slice(start, start! + value.length)),
		['a', '{{ b }}'],
	);
});

const commands: [text: string, ...words: string[]][] = [
	['a b  c', 'a', 'b', 'c'],
	[`'a b' "c \\" \\d" e\\ f`, 'a b', 'c " \\d', 'e f'],
	[`a''b "" x`, 'ab', '', 'x'],
	['a#b # c', 'a#b', '#', 'c'],
	['a\nb\tc', 'a', 'b', 'c'],
	["'it'\\''s'", "it's"],
];
for (const [text, ...words] of commands)
	test(`a command line ${JSON.stringify(text)}`, (t) => t.deepEqual(splitCommandLine(text), words));

test('an open quote or a last backslash is an error in Python’s words', (t) => {
	t.is(t.throws(() => splitCommandLine("a 'b"))!.message, 'No closing quotation');
	t.is(t.throws(() => splitCommandLine('a \\'))!.message, 'No escaped character');
});

test('shows words as Python does', (t) => t.is(showCommandLine(['a', 'b c', "d'e", '']), `a 'b c' 'd'"'"'e' ''`));
