import type {ArchiveEntry} from './listing.js';

const blockSize = 512;

/** Reads a tar: ustar, GNU's long names, pax. Devices and the like are left out. Throws on what is cut short. */
export function readTar(bytes: Buffer): readonly ArchiveEntry[] {
	const entries: ArchiveEntry[] = [];
	const byName = new Map<string, ArchiveEntry>();
	let longer: {path?: string; linkpath?: string; size?: string; mtime?: string} = {};
	for (let at = 0; at + blockSize <= bytes.length; ) {
		const header = bytes.subarray(at, at + blockSize);
		if (header.every((byte) => byte === 0)) return entries;
		if (checksumOf(header) !== octal(header, 148, 8)) throw new Error('not a tar archive, or a damaged one');
		const size = Number(longer.size ?? octal(header, 124, 12));
		const type = String.fromCharCode(header[156]!);
		at += blockSize;
		if (at + size > bytes.length) throw new Error('the archive is cut short');
		const body = bytes.subarray(at, at + size);
		at += Math.ceil(size / blockSize) * blockSize;
		if (type === 'L') longer = {...longer, path: text(body, 0, size)};
		else if (type === 'K') longer = {...longer, linkpath: text(body, 0, size)};
		else if (type === 'x') longer = {...longer, ...paxFields(body)};
		else if (type !== 'g') {
			const entry = entryOf(header, type, body, longer, byName);
			longer = {};
			if (!entry) continue;
			entries.push(entry);
			byName.set(entry.name, entry);
		}
	}
	throw new Error('the archive is cut short');
}

function entryOf(
	header: Buffer,
	flag: string,
	body: Buffer,
	longer: {path?: string; linkpath?: string; mtime?: string},
	byName: ReadonlyMap<string, ArchiveEntry>,
): ArchiveEntry | undefined {
	const prefix = header.toString('latin1', 257, 262) === 'ustar' && header[262] === 0 ? text(header, 345, 155) : '';
	const path = longer.path ?? (prefix ? `${prefix}/${text(header, 0, 100)}` : text(header, 0, 100));
	const name = cleanName(path);
	const target = longer.linkpath ?? text(header, 157, 100);
	const rest = {name, mode: octal(header, 100, 8) & 0o7777, mtime: Number(longer.mtime ?? octal(header, 136, 12))};
	if (name === '') return undefined;
	if (flag === '5' || (flag === '0' && path.endsWith('/'))) return {...rest, type: 'directory', bytes: Buffer.alloc(0)};
	if (flag === '2') return {...rest, type: 'link', target, bytes: Buffer.alloc(0)};
	if (flag === '1') {
		const same = byName.get(cleanName(target));
		if (!same) throw new Error(`the hard link ${name} leads to ${target}, which is not in the archive`);
		return {
			...rest,
			type: same.type,
			bytes: same.bytes,
			mode: same.mode,
			...(same.target === undefined ? {} : {target: same.target}),
		};
	}
	return flag === '0' || flag === '\0' || flag === '7' ? {...rest, type: 'file', bytes: body} : undefined;
}

/** A name below the folder that is unpacked into: no slash in front, no `.` parts, no way up. */
export function cleanName(path: string): string {
	const parts = path.split('/').filter((part) => part !== '' && part !== '.');
	if (parts.includes('..')) throw new Error(`the name ${path} leads out of the folder`);
	return parts.join('/');
}

/** Writes a tar that GNU's and busybox's tar read: ustar, with GNU's long names. */
export function writeTar(entries: readonly ArchiveEntry[]): Buffer {
	const blocks = entries.flatMap((entry) => [
		...long(entry.name, 'L'),
		...long(entry.target ?? '', 'K'),
		headerOf(
			entry.name + (entry.type === 'directory' ? '/' : ''),
			{directory: '5', link: '2', file: '0'}[entry.type],
			entry.bytes.length,
			entry,
		),
		padded(entry.bytes),
	]);
	return Buffer.concat([...blocks, Buffer.alloc(2 * blockSize)]);
}

/** The header of a private file that was written now; its name must be shorter than 99 bytes. */
export function fileHeader(name: string, size: number): Buffer {
	return headerOf(name, '0', size, {mode: 0o600, mtime: 0});
}

/** The zeros that fill up the last block of so many bytes. */
export function padding(size: number): Buffer {
	return Buffer.alloc((blockSize - (size % blockSize)) % blockSize);
}

function long(name: string, flag: string): readonly Buffer[] {
	if (Buffer.byteLength(name) < 99) return [];
	const bytes = Buffer.from(`${name}\0`);
	return [headerOf('././@LongLink', flag, bytes.length, {mode: 0o644, mtime: 0}), padded(bytes)];
}

function headerOf(
	name: string,
	flag: string,
	size: number,
	{mode, mtime, target = ''}: Pick<ArchiveEntry, 'mode' | 'mtime' | 'target'>,
): Buffer {
	const header = Buffer.alloc(blockSize);
	header.write(name.slice(0, 99), 0, 100);
	header.write(`${mode.toString(8).padStart(7, '0')}\0`, 100);
	header.write('0000000\0', 108);
	header.write('0000000\0', 116);
	header.write(`${size.toString(8).padStart(11, '0')}\0`, 124);
	header.write(`${Math.max(0, Math.floor(mtime)).toString(8).padStart(11, '0')}\0`, 136);
	header.write(flag, 156);
	header.write(target.slice(0, 99), 157, 100);
	header.write('ustar  \0', 257, 'latin1');
	header.write('        ', 148);
	header.write(`${checksumOf(header).toString(8).padStart(6, '0')}\0 `, 148);
	return header;
}

function padded(bytes: Buffer): Buffer {
	return Buffer.concat([bytes, padding(bytes.length)]);
}

/** The sum of the header's bytes, with blanks in the place of the sum itself. */
function checksumOf(header: Buffer): number {
	return header.reduce((sum, byte, index) => sum + (index >= 148 && index < 156 ? 32 : byte), 0);
}

function text(bytes: Buffer, start: number, length: number): string {
	const end = bytes.indexOf(0, start);
	return bytes.toString('utf8', start, end < 0 ? start + length : Math.min(end, start + length));
}

/** An octal field, or GNU's big numbers in base 256. */
function octal(bytes: Buffer, start: number, length: number): number {
	if ((bytes[start]! & 0x80) !== 0) return Number(BigInt(`0x${bytes.subarray(start + 1, start + length).toString('hex')}`));
	return Number.parseInt(text(bytes, start, length).trim() || '0', 8);
}

function paxFields(body: Buffer): Record<string, string> {
	const fields: Record<string, string> = {};
	for (let at = 0; at < body.length; ) {
		const space = body.indexOf(32, at);
		const length = Number(body.toString('latin1', at, space));
		if (space < 0 || !(length > 0)) break;
		const line = body.toString('utf8', space + 1, at + length - 1);
		fields[line.slice(0, line.indexOf('='))] = line.slice(line.indexOf('=') + 1);
		at += length;
	}
	return fields;
}
