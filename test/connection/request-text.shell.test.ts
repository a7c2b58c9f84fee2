import {execFileSync} from 'node:child_process';
import test from 'ava';
import {contentOfBytes, sh} from '../../src/connection/connection.js';
import {KEEP_TEXT} from '../../src/connection/kept-outcome.js';
import {type Feed, feedOf, requestText} from '../../src/connection/request-text.js';

const feeds: Record<string, [stdin: Parameters<typeof feedOf>[0], builtinPrintf: boolean, kind: Feed['kind']]> = {
	nothing: [undefined, true, 'none'],
	'an empty text': ['', true, 'none'],
	'a text': ['a', true, 'inline'],
	'bytes of content': [contentOfBytes('a'), true, 'inline'],
	'a text, where printf would be a process': ['a', false, 'stream'],
	'a long text': ['a'.repeat(70_000), true, 'stream'],
	'bytes that are long when they are written': [Buffer.alloc(20_000), true, 'stream'],
};
for (const [title, [stdin, builtinPrintf, kind]] of Object.entries(feeds)) {
	test(`stdin: ${title}`, (t) => t.is(feedOf(stdin, builtinPrintf, () => 'seal').kind, kind));
}

test('a request that is cut anywhere runs nothing', (t) => {
	const script = sh`
		# prints its argument
		echo "ran $1"
	`;
	const define = `pb_d=\n${KEEP_TEXT}pb_e() { :; }\n${script.id}() { echo "ran $1"; }\n`;
	const run = (part: string) => execFileSync('sh', ['-c', `(eval "$1") 2>/dev/null; :`, 'sh', define + part], {encoding: 'utf8'});
	for (const kept of [false, true]) {
		const request = {script, args: ['/a b', "it's"], cwd: '/', environment: {A: 'b'}};
		const text = requestText(1, request, {kind: 'inline', format: "'in'"}, kept);
		const end = text.indexOf(kept ? 'pb_x' : '; pb_e');
		for (let length = 0; length < end; length++) t.false(run(text.slice(0, length)).includes('ran'), text.slice(0, length));
		t.is(run(text), 'ran /a b\n');
	}
});
