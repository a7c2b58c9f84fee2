import {execFileSync} from 'node:child_process';
import test from 'ava';
import {printfFormat, quote, splitWords} from '../../src/connection/quote.js';

for (const text of ['', 'plain', `it's`, '$(id)`id`"\\', 'a\nb', '-n', '*', '~', '\u00e9世🎭', '\u0001\u007f']) {
	test(`a word of sh stands for ${JSON.stringify(text)}`, (t) => {
		t.is(execFileSync('sh', ['-c', `printf %s ${quote(text)}`], {encoding: 'utf8'}), text);
		t.is(execFileSync('sh', ['-c', `printf ${printfFormat(Buffer.from(text))}`], {encoding: 'utf8'}), text);
	});
}

test('a NUL is no part of a word', (t) => {
	t.throws(() => quote('a\0b'), {instanceOf: TypeError});
});

const lines: Record<string, string[]> = {
	'': [],
	'  -o A=b   -C ': ['-o', 'A=b', '-C'],
	[`-o 'A=b c' -o "D=e f"`]: ['-o', 'A=b c', '-o', 'D=e f'],
	'-o ProxyCommand="ssh -W %h:%p \\"x\\""': ['-o', 'ProxyCommand=ssh -W %h:%p "x"'],
	[`a\\ b 'c'"d" ''`]: ['a b', 'cd', ''],
};
for (const [line, words] of Object.entries(lines)) test(`words of ${line}`, (t) => t.deepEqual(splitWords(line), words));
