import {once} from 'node:events';
import {pipeline, Readable, type Writable} from 'node:stream';
import {createGzip, gzipSync} from 'node:zlib';
import {gathered} from './content.js';

/** What is compressed must become smaller by this much to be worth it, and so much of it is looked at to see that. */
const WORTH = 0.8;
const SAMPLE = 64 * 1024;
/** Compressed content goes in chunks of about so many bytes: the host starts a process for each. */
const CHUNK = 1024 * 1024;
/** Larger pieces are written in parts, so that it is seen how far they are. */
const PIECE = 256 * 1024;
/** Milliseconds between two words on how far it is. */
const TELL_EVERY = 500;

export interface Sending {
	/** Whether the content may be compressed: the host can take it so, and is far enough for it to be faster. */
	readonly compress: boolean;
	readonly size: number;
	/** Whether nothing more need be sent. */
	over(): boolean;
	/** Told now and then how much is sent, while it takes long. */
	readonly onProgress?: (text: string) => void;
}

/** A line that tells how much of big content is sent, and no other. */
export function progressIn(line: string): string | undefined {
	return /^\d+% of \d+ MB sent$/.test(line) ? line : undefined;
}

/**
 * Sends content at the pace of the host: a line on how it comes, and exactly as many bytes as it was said to have. Returns how many bytes there were.
 * Stops early when it is over, and when there are more than that.
 */
export async function sendContent(content: Readable, to: Writable, {compress, size, over, onProgress}: Sending): Promise<number> {
	const [first, rest] = await takenApart(content);
	const packed =
		compress &&
		first.length > 0 &&
		gzipSync(first.subarray(0, SAMPLE), {level: 1}).length < WORTH * Math.min(first.length, SAMPLE);
	let sent = 0;
	let told = performance.now();
	const counted = async function* () {
		for await (const chunk of rest) {
			sent += chunk.length;
			if (over() || sent > size) return;
			if (onProgress && performance.now() - told > TELL_EVERY) {
				told = performance.now();
				onProgress(`${Math.floor((100 * sent) / size)}% of ${Math.ceil(size / 1e6)} MB sent`);
			}
			yield chunk;
		}
	};
	const write = async (bytes: Buffer | string) => {
		if (to.destroyed || to.write(bytes)) return;
		const either = new AbortController();
		await Promise.race(['drain', 'close'].map((event) => once(to, event, either))).finally(() => either.abort());
	};
	await write(packed ? 'gzip\n' : 'plain\n');
	if (!packed) {
		for await (const chunk of counted()) await write(chunk);
		return sent;
	}
	const gzip = createGzip({level: 4});
	pipeline(Readable.from(counted()), gzip, () => {});
	for await (const chunk of gathered(gzip, CHUNK)) {
		if (over()) break;
		await write(`${chunk.length}\n`);
		await write(chunk);
	}
	await write('0\n');
	return sent;
}

/** The first piece, and all of it. */
async function takenApart(content: Readable): Promise<[Buffer, AsyncIterable<Buffer>]> {
	const pieces = (content as AsyncIterable<Buffer>)[Symbol.asyncIterator]();
	const first = await pieces.next();
	const all = async function* () {
		try {
			for (let piece = first; !piece.done; piece = await pieces.next()) {
				for (let at = 0; at < piece.value.length; at += PIECE) yield piece.value.subarray(at, at + PIECE);
			}
		} finally {
			await pieces.return?.();
		}
	};
	return [first.done ? Buffer.alloc(0) : first.value, all()];
}
