import {createHash} from 'node:crypto';
import {createReadStream, readFileSync} from 'node:fs';
import {Readable} from 'node:stream';
import type {Content, Request} from './contract.js';
import {digestOf} from './file-digest.js';

/** Bytes that are read and passed on at once. */
const PIECE = 256 * 1024;

/** Content that is already in memory: a rendered template, `content:`. */
export function contentOfBytes(bytes: Uint8Array | string): Content {
	const buffer = typeof bytes === 'string' ? Buffer.from(bytes) : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
	let sha1: string | undefined;
	return {
		size: buffer.length,
		get sha1() {
			sha1 ??= createHash('sha1').update(buffer).digest('hex');
			return sha1;
		},
		open: () => Readable.from(buffer.length > 0 ? [buffer] : [], {objectMode: false}),
		read: () => buffer,
	};
}

/** A file of this side: read for its digest, by streaming when it is large, and again each time it is sent. Throws what the file system throws. */
export async function contentOfFile(path: string): Promise<Content & {readonly head: Buffer}> {
	return {
		...(await digestOf(path)),
		open: () => createReadStream(path, {highWaterMark: PIECE}),
		read: () => readFileSync(path),
	};
}

/** Content one after another, read when its turn comes. Its stream fails when some of it is not as long as it was. */
export function contentInTurn(parts: readonly (Content | Buffer)[]): Content {
	const whole = () => Buffer.concat(parts.map((part) => (Buffer.isBuffer(part) ? part : part.read())));
	return {
		size: parts.reduce((sum, part) => sum + (Buffer.isBuffer(part) ? part.length : part.size), 0),
		get sha1() {
			return createHash('sha1').update(whole()).digest('hex');
		},
		open: () => Readable.from(gathered(piecesOf(parts), PIECE), {objectMode: false, highWaterMark: PIECE}),
		read: whole,
	};
}

async function* piecesOf(parts: readonly (Content | Buffer)[]): AsyncIterable<Buffer> {
	for (const part of parts) {
		let left = Buffer.isBuffer(part) ? part.length : part.size;
		for await (const piece of Buffer.isBuffer(part) ? [part] : left <= PIECE ? [part.read()] : part.open()) {
			left -= piece.length;
			yield piece;
		}
		if (left !== 0) throw new Error('a file is not as long as it was: it changed while it was sent');
	}
}

/** The same bytes in pieces of at least so many each, but for the last. */
export async function* gathered(pieces: AsyncIterable<Buffer>, least: number): AsyncIterable<Buffer> {
	let held: Buffer[] = [];
	let length = 0;
	for await (const piece of pieces) {
		held.push(piece);
		length += piece.length;
		if (length < least) continue;
		yield Buffer.concat(held);
		held = [];
		length = 0;
	}
	if (length > 0) yield Buffer.concat(held);
}

/** What a request has for the script's stdin, as a stream. */
export function streamOf(stdin: NonNullable<Request['stdin']>): Readable {
	return (typeof stdin === 'object' && 'open' in stdin ? stdin : contentOfBytes(stdin)).open();
}
