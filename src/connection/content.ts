import {createHash} from 'node:crypto';
import {createReadStream, readFileSync} from 'node:fs';
import {Readable} from 'node:stream';
import type {Content, Request} from './contract.js';
import {digestOf} from './file-digest.js';

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
		open: () => createReadStream(path, {highWaterMark: 256 * 1024}),
		read: () => readFileSync(path),
	};
}

/** What a request has for the script's stdin, as a stream. */
export function streamOf(stdin: NonNullable<Request['stdin']>): Readable {
	return (typeof stdin === 'object' && 'open' in stdin ? stdin : contentOfBytes(stdin)).open();
}
