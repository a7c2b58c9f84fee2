import test from 'ava';
import {translateRegex} from '../../../src/jinja/regex.js';
import {testRows} from '../filter-rows.js';

testRows([
	["'aXb' | regex_replace('(?i)x(?-i:b)', '-')", "'a-'"],
	["'\u00c4\u00d6 \u00e4\u00f6' | regex_findall('(?i)\u00e4')", "['\u00c4', '\u00e4']"],
	["'ab' | regex_replace('(a)?(?(1)b|c)', 'x')", "'x'"],
	["'aab' | regex_search('a*+ab')", 'None'],
	["'aab' | regex_search('(?>a+)b')", "'aab'"],
	["'x' | regex_search('(a)?x', '\\\\1')", '[None]'],
	["'abcabc' | regex_replace('(?P<first>a)(?P<rest>bc)', '\\\\g<rest>\\\\g<first>')", "'bcabca'"],
	['"a\\nb\\n" | regex_findall(\'^.$\', multiline=true)', "['a', 'b']"],
	['"a\\n" | regex_search(\'a$\')', "'a'"],
	['"a\\n" | regex_search(\'a\\\\Z\')', 'None'],
	["'a b' | regex_replace('\\\\b', '|')", "'|a| |b|'"],
	["'\u00e9_1 x' | regex_findall('\\\\w+')", "['\u00e9_1', 'x']"],
	["'\u00e9_1 x' | regex_findall('(?a)\\\\w+')", "['_1', 'x']"],
	["'\u06633' | regex_findall('\\\\d')", "['\u0663', '3']"],
	["'aaa' | regex_replace('a*?', '-')", "'-------'"],
	["'abc' | regex_replace('x*', '-')", "'-a-b-c-'"],
	["'a.b' | regex_findall('[^\\\\W]')", "['a', 'b']"],
	["'a' | regex_search('(?<n>a)')"],
	["'a' | regex_search('(a')"],
	["'a' | regex_search('[a')"],
	["'a' | regex_search('*a')"],
	["'a' | regex_search('a**')"],
	["'a' | regex_search('\\\\q')"],
	["'a' | regex_search('(?<=a+)b')"],
	["'a' | regex_search('a(?i)')"],
	["'a' | regex_search('(?P<n>a)(?P<n>b)')"],
	["'a' | regex_search('\\\\2')"],
	["'a{b' | regex_search('a{b')", "'a{b'"],
	["'a{,}' | regex_search('a{,}')", "'a'"],
	["'A' | regex_search('\\\\101\\\\x41?')", "'A'"],
	["\"x y\" | regex_replace('(?x) x \\\\  y # end', 'ok')", "'ok'"],
	["'abc' | regex_search('[[:alpha:]]')", 'None'],
	["'\ud83d\ude00a' | regex_replace('^(.)(.)$', '\\\\2\\\\1')", "'a\ud83d\ude00'"],
	["'foo' is match('(?i)FO')", 'True'],
	["'foo' is regex('O$', ignorecase=true)", 'True'],
	["'foo' is search('o(?!o)')", 'True'],
]);

for (const [pattern, text] of [
	['^(a+)+$', `${'a'.repeat(60)}b`],
	['\\s+$', `${' '.repeat(300_000)}b`],
	['(a|aa)+(?>b)', 'a'.repeat(60)],
] as const) {
	test(`a search that takes too long ends: ${pattern}`, (t) => {
		const error = t.throws(() => translateRegex(pattern).exec(text));
		t.is(error.message, `the regular expression '${pattern}' takes too long on this text`);
	});
}

test('a translated expression works with the methods of texts', (t) => {
	t.is('a-b-'.replace(translateRegex('(\\w)-'), '$1+'), 'a+b+');
	t.deepEqual(
		Array.from('abcabc'.matchAll(translateRegex('b(?>c)')), (match) => match.index),
		[1, 4],
	);
	t.deepEqual('a1b'.split(translateRegex('\\d+')), ['a', 'b']);
});
