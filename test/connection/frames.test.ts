import test from 'ava';
import {FrameReader} from '../../src/connection/frames.js';

/** What is read of a text that comes in pieces of some length: output as it is, frames in angle brackets. */
function read(text: string, length: number): string {
	let seen = '';
	const reader = new FrameReader(
		'MARK',
		(bytes) => {
			seen += bytes.toString('latin1');
		},
		(frame) => {
			seen += `<${frame.join(',')}>`;
		},
	);
	const bytes = Buffer.from(text, 'latin1');
	for (let at = 0; at < bytes.length; at += length) reader.push(bytes.subarray(at, at + length));
	return seen;
}

const rows: Record<string, string> = {
	'MARK 1 0\n': '<1,0>',
	'outMARK 1 0\n': 'out<1,0>',
	'out\nMARK 1 0\nmoreMARK 2 1\n': 'out\n<1,0>more<2,1>',
	'MAMARK 1 0\n': 'MA<1,0>',
	'MARMARMAX\nMARK 1\n': 'MARMARMAX\n<1>',
	'\0\xff\nMARK 1 0\n\n': '\0\xff\n<1,0>\n',
};
for (const [text, expected] of Object.entries(rows)) {
	test(JSON.stringify(text), (t) => {
		for (let length = 1; length <= text.length; length++) t.is(read(text, length), expected, `in pieces of ${length}`);
	});
}
