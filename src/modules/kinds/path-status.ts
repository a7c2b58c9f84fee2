import type {PathDetails, PathState} from './path-state.js';

/** What a host says of a path that is there. */
export interface FoundPath {
	readonly access: string;
	/** A line of `stat`, or two of `ls`. */
	readonly status: readonly string[];
}

type Status = Omit<PathState, 'path' | 'details'> & {details?: PathDetails};

/** What stands at a path: what stat says of it, and what the user who looked may do there (`r`, `w`, `x`; `s` when a folder above is a link). */
export function presentState(path: string, {access, status: lines}: FoundPath, umask: number | undefined): PathState {
	return {
		...parseStatus(lines),
		...(access.includes('s') ? {throughLink: true} : {}),
		path,
		readable: access.includes('r'),
		writable: access.includes('w'),
		executable: access.includes('x'),
		...(umask === undefined ? {} : {umask}),
	};
}

/** What a line of `stat`, or the two lines of `ls -ldn` and `ls -ld` where a host has no stat, say of a path. */
export function parseStatus(lines: readonly string[]): Status {
	return /^[0-9a-f]+:/.test(lines[0]!) ? parseStat(lines[0]!) : parseLs(lines[0]!, lines[1] ?? lines[0]!);
}

function parseStat(line: string): Status {
	const fields = line.split(':');
	const [raw, uid, gid, size, atime, mtime, ctime, links, inode, device, blocks, , blockSize, major, minor, owner, group] =
		fields;
	const [accessed = '', modified = '', changed = ''] = fields.slice(17).join(':').split('|');
	const rawMode = Number.parseInt(raw!, 16);
	return {
		type: types.get(rawMode & 0o170000) ?? 'other',
		mode: rawMode & 0o7777,
		uid: Number(uid),
		gid: Number(gid),
		owner: owner === 'UNKNOWN' ? uid! : owner!,
		group: group === 'UNKNOWN' ? gid! : group!,
		size: Number(size),
		atime: seconds(atime!, accessed),
		mtime: seconds(mtime!, modified),
		accessed: wallClock(accessed),
		modified: wallClock(modified),
		links: Number(links),
		inode: Number(inode),
		device: Number(device),
		details: {
			rawMode,
			ctime: seconds(ctime!, changed),
			blocks: Number(blocks),
			blockSize: Number(blockSize),
			deviceType: Number.parseInt(major!, 16) * 256 + Number.parseInt(minor!, 16),
		},
	};
}

const types: ReadonlyMap<number, PathState['type']> = new Map([
	[0o100000, 'file'],
	[0o040000, 'directory'],
	[0o120000, 'link'],
]);

/** Whole seconds from one field of stat, the fraction from another (`2026-01-31 12:59:30.123456789 +0000`). */
function seconds(whole: string, text: string): number {
	return Number(`${whole}${/\.\d+/.exec(text)?.[0] ?? ''}`);
}

/** `202601311259.30` of `2026-01-31 12:59:30.123456789 +0000`. */
function wallClock(text: string): string {
	return text.replace(/^(\d+)-(\d+)-(\d+) (\d+):(\d+):(\d+).*$/, '$1$2$3$4$5.$6');
}

function parseLs(numeric: string, named: string): Status {
	const [letters = '', links, uid, gid, size] = numeric.split(/\s+/);
	const [, , owner, group] = named.split(/\s+/);
	const bits = [...letters.slice(1, 10)].map((letter) => (letter === '-' || letter === 'S' || letter === 'T' ? 0 : 1));
	const special =
		(/[sS]/.test(letters[3]!) ? 0o4000 : 0) | (/[sS]/.test(letters[6]!) ? 0o2000 : 0) | (/[tT]/.test(letters[9]!) ? 0o1000 : 0);
	return {
		type: letters[0] === '-' ? 'file' : letters[0] === 'd' ? 'directory' : letters[0] === 'l' ? 'link' : 'other',
		mode: special | Number.parseInt(bits.join(''), 2),
		uid: Number(uid),
		gid: Number(gid),
		owner: owner!,
		group: group!,
		size: Number(size),
		links: Number(links),
	};
}
