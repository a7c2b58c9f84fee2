import {createHash} from 'node:crypto';
import {type BigIntStats, createReadStream, readFileSync, statSync} from 'node:fs';

/** What is known of a file of this side once it has been read. */
export interface FileDigest {
	readonly size: number;
	/** In hex. */
	readonly sha1: string;
	/** Its first bytes: vault text is known by them. */
	readonly head: Buffer;
}

/** The last digest of each file, with what the file system said of the file before it was read. */
const digests = new Map<string, {readonly identity: string; readonly digest: Promise<FileDigest>}>();

/** Milliseconds: a file system's clock ticks so slowly that a file which was written just now may be written again without showing it. */
const settled = 100;
/** Bytes: what is not larger is read in one go. */
const small = 256 * 1024;
const headSize = 16;

/**
 * Reads a file for its digest. Many hosts get the same file, so it is read once as long as the file system says that it is the same; within a
 * run only. Throws what the file system throws.
 */
export function digestOf(path: string): Promise<FileDigest> {
	const stat = statSync(path, {bigint: true});
	const identity = [stat.dev, stat.ino, stat.size, stat.mtimeNs, stat.ctimeNs].join(' ');
	const known = digests.get(path);
	if (known?.identity === identity) return known.digest;
	const digest = read(path, stat);
	if (Date.now() - Number(stat.ctimeMs) > settled) {
		digests.set(path, {identity, digest});
		digest.catch(() => digests.delete(path));
	} else digests.delete(path);
	return digest;
}

async function read(path: string, stat: BigIntStats): Promise<FileDigest> {
	const hash = createHash('sha1');
	if (stat.size <= small) {
		const bytes = readFileSync(path);
		return {size: bytes.length, sha1: hash.update(bytes).digest('hex'), head: Buffer.from(bytes.subarray(0, headSize))};
	}
	let size = 0;
	let head: Buffer | undefined;
	for await (const chunk of createReadStream(path, {highWaterMark: small}) as AsyncIterable<Buffer>) {
		head ??= Buffer.from(chunk.subarray(0, headSize));
		size += chunk.length;
		hash.update(chunk);
	}
	return {size, sha1: hash.digest('hex'), head: head ?? Buffer.alloc(0)};
}
