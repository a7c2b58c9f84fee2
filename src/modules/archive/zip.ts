import {inflateRawSync} from 'node:zlib';
import type {ArchiveEntry} from './listing.js';
import {cleanName} from './tar.js';

/** Reads a zip by its central directory: stored and deflated entries. Throws on what is cut short or written in another way. */
export function readZip(bytes: Buffer): readonly ArchiveEntry[] {
	const end = bytes.lastIndexOf(Buffer.from('504b0506', 'hex'));
	if (end < 0) throw new Error('the archive is cut short');
	const count = bytes.readUInt16LE(end + 10);
	let at = bytes.readUInt32LE(end + 16);
	if (count === 0xffff || at === 0xffffffff) throw new Error('zip64 archives are not offered');
	const entries: ArchiveEntry[] = [];
	for (let index = 0; index < count; index++) {
		if (bytes.readUInt32LE(at) !== 0x02014b50) throw new Error('the list of the archive is damaged');
		const [nameLength, extraLength, commentLength] = [28, 30, 32].map((offset) => bytes.readUInt16LE(at + offset)) as [
			number,
			number,
			number,
		];
		const path = bytes.toString('utf8', at + 46, at + 46 + nameLength);
		const name = cleanName(path);
		if (name !== '') entries.push(entryAt(bytes, at, path, name));
		at += 46 + nameLength + extraLength + commentLength;
	}
	return entries;
}

function entryAt(bytes: Buffer, at: number, path: string, name: string): ArchiveEntry {
	const unixMode = bytes.readUInt16LE(at + 40);
	const madeByUnix = bytes[at + 5] === 3;
	const isDirectory = path.endsWith('/');
	const mode = madeByUnix && unixMode !== 0 ? unixMode & 0o7777 : isDirectory ? 0o755 : 0o644;
	const mtime = dosTime(bytes.readUInt16LE(at + 14), bytes.readUInt16LE(at + 12));
	if (isDirectory) return {name, type: 'directory', mode, mtime, bytes: Buffer.alloc(0)};
	const body = bodyOf(bytes, at, path);
	if (madeByUnix && (unixMode & 0o170000) === 0o120000)
		return {name, type: 'link', mode, mtime, target: body.toString(), bytes: Buffer.alloc(0)};
	return {name, type: 'file', mode, mtime, bytes: body};
}

function bodyOf(bytes: Buffer, at: number, path: string): Buffer {
	const [method, flags] = [bytes.readUInt16LE(at + 10), bytes.readUInt16LE(at + 8)];
	if (flags & 1) throw new Error(`${path} is encrypted`);
	const local = bytes.readUInt32LE(at + 42);
	const start = local + 30 + bytes.readUInt16LE(local + 26) + bytes.readUInt16LE(local + 28);
	const packed = bytes.subarray(start, start + bytes.readUInt32LE(at + 20));
	if (method === 0) return packed;
	if (method === 8) return inflateRawSync(packed);
	throw new Error(`${path} is packed by method ${method}, which is not offered`);
}

/** Seconds since 1970 of a DOS date and time, which know no zone. */
function dosTime(date: number, time: number): number {
	return Date.UTC(1980 + (date >> 9), ((date >> 5) & 15) - 1, date & 31, time >> 11, (time >> 5) & 63, (time & 31) * 2) / 1000;
}
