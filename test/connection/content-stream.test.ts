import {Readable, Writable} from 'node:stream';
import test from 'ava';
import {sendContent} from '../../src/connection/content-stream.js';

const pieces = Array.from({length: 40}, (_, index) => Buffer.alloc(100_000, `piece ${index} `));
const size = 4_000_000;

/** A host that takes one piece at a time, each a moment later. */
function slowHost(taken: Buffer[]): Writable {
	return new Writable({
		highWaterMark: 1,
		write(piece: Buffer, _, done) {
			taken.push(piece);
			setImmediate(done);
		},
	});
}

for (const compress of [false, true]) {
	test(`what is sent waits for the host, and leaves nothing behind (compress: ${compress})`, async (t) => {
		const taken: Buffer[] = [];
		const to = slowHost(taken);
		let given = 0;
		let most = 0;
		const content = Readable.from(
			(function* () {
				for (const piece of pieces) {
					given += piece.length;
					most = Math.max(most, given - taken.reduce((sum, {length}) => sum + length, 0));
					yield piece;
				}
			})(),
			{highWaterMark: 1},
		);
		const listeners = () => ['drain', 'close', 'error'].map((event) => to.listenerCount(event));
		const before = listeners();
		t.is(await sendContent(content, to, {compress, size, over: () => false}), size);
		t.deepEqual(listeners(), before);
		if (!compress) {
			t.true(Buffer.concat(taken).equals(Buffer.concat([Buffer.from('plain\n'), ...pieces])));
			t.true(most <= 4 * 100_000, `${most} bytes were held`);
		}
	});
}

test('it ends when the host goes away in the middle', async (t) => {
	const to = new Writable({highWaterMark: 1, write: () => {}});
	const sending = sendContent(Readable.from(pieces), to, {compress: false, size, over: () => to.destroyed});
	setImmediate(() => to.destroy());
	t.true((await sending) < size);
});
