import {Dict, type Value} from '../jinja/jinja.js';
import {type Args, defineModule, ModuleFailure} from './contract.js';
import {type PathState, reached, readPath} from './kinds/path.js';

type StatArgs = Args & {
	readonly path: string;
	readonly follow: boolean;
	readonly get_checksum: boolean;
	readonly get_mime: boolean;
	readonly get_attributes: boolean;
	readonly checksum_algorithm: string;
};

export default defineModule<StatArgs, {readonly path?: PathState}>({
	name: 'stat',
	summary: 'Tell what is at a path.',
	args: {
		path: {type: 'path', required: true, aliases: ['dest', 'name'], description: 'The path to look at.'},
		follow: {type: 'bool', default: false, description: 'Tell what a link leads to.'},
		get_checksum: {type: 'bool', default: true, description: 'Give the digest of a file.'},
		get_mime: {
			type: 'bool',
			default: true,
			aliases: ['mime', 'mime_type', 'mime-type'],
			description: "Give a file's kind, by `file`.",
		},
		get_attributes: {
			type: 'bool',
			default: true,
			aliases: ['attr', 'attributes'],
			description: 'Give the attributes, by `lsattr`.',
		},
		get_selinux_context: {offered: [false], type: 'bool', default: false, description: 'Give the SELinux context.'},
		checksum_algorithm: {
			type: 'str',
			default: 'sha1',
			choices: ['md5', 'sha1', 'sha224', 'sha256', 'sha384', 'sha512'],
			aliases: ['checksum', 'checksum_algo'],
			description: 'The digest to give.',
		},
	},
	inspect({path, get_checksum, get_mime, get_attributes, checksum_algorithm}) {
		const algorithm = checksum_algorithm === 'sha1' ? undefined : checksum_algorithm;
		const digest = get_checksum ? (algorithm ? {algorithm} : {sha1: true}) : {};
		return {path: readPath(path, {...digest, mime: get_mime, attributes: get_attributes, details: true})};
	},
	plan({path}, before) {
		if (before.path!.type === 'unreadable') throw new ModuleFailure('Permission denied', {path});
		return {after: {}};
	},
	apply: () => [],
	report: (args, {before: {path}}) => ({stat: Dict.from(Object.entries(statResult(args, path!)))}),
});

function statResult(args: StatArgs, state: PathState): Record<string, Value> {
	const seen = args.follow ? reached(state) : state;
	if (seen.type === 'absent') return {exists: false};
	const {type, uid, gid, size, inode, device, links, atime, mtime, owner, group, details, readable, writable, executable} = seen;
	const mode = details?.rawMode ?? (seen.mode ?? 0) | typeBits[type as keyof typeof typeBits];
	const known = (entries: Record<string, Value | symbol | undefined>) =>
		Object.fromEntries(
			Object.entries(entries).filter((entry): entry is [string, Value] => entry[1] !== undefined && typeof entry[1] !== 'symbol'),
		);
	return {
		exists: true,
		path: args.path,
		mode: (mode & 0o7777).toString(8).padStart(4, '0'),
		...Object.fromEntries(kinds.map(([name, bits]) => [name, (mode & 0o170000) === bits])),
		...known({uid, gid, size, inode, dev: device, nlink: links, atime, mtime, ctime: details?.ctime}),
		...Object.fromEntries(permissions.map(([name, bit]) => [name, (mode & bit) > 0])),
		...known({
			blocks: details?.blocks,
			block_size: details?.blockSize,
			device_type: details?.deviceType,
			disk_usage_bytes: details && details.blocks * 512,
			readable,
			writeable: writable,
			executable,
			lnk_source: type === 'link' ? (state.followed?.path ?? state.path) : undefined,
			lnk_target: type === 'link' ? seen.target : undefined,
			pw_name: owner === String(uid) ? undefined : owner,
			gr_name: group === String(gid) ? undefined : group,
			checksum:
				type === 'file' && readable !== false && args.get_checksum
					? args.checksum_algorithm === 'sha1'
						? seen.sha1
						: seen.digest
					: undefined,
		}),
		...(args.get_mime ? mimeOf(details?.mime) : {}),
		...(args.get_attributes ? attributesOf(details?.attributes) : {}),
	};
}

const typeBits = {file: 0o100000, directory: 0o040000, link: 0o120000, other: 0, unreadable: 0};

const kinds: readonly (readonly [string, number])[] = [
	['isdir', 0o040000],
	['ischr', 0o020000],
	['isblk', 0o060000],
	['isreg', 0o100000],
	['isfifo', 0o010000],
	['islnk', 0o120000],
	['issock', 0o140000],
];

const permissions: readonly (readonly [string, number])[] = [
	['wusr', 0o200],
	['rusr', 0o400],
	['xusr', 0o100],
	['wgrp', 0o020],
	['rgrp', 0o040],
	['xgrp', 0o010],
	['woth', 0o002],
	['roth', 0o004],
	['xoth', 0o001],
	['isuid', 0o4000],
	['isgid', 0o2000],
];

/** `text/plain; charset=us-ascii` in its two parts. */
function mimeOf(line: string | undefined): Record<string, Value> {
	const [, type, charset] = /^([^;]+); charset=(\S+)/.exec(line ?? '') ?? [];
	return {mimetype: type ?? 'unknown', charset: charset ?? 'unknown'};
}

const attributeNames: Readonly<Record<string, string>> = {
	A: 'noatime',
	a: 'append',
	c: 'compressed',
	C: 'nocow',
	d: 'nodump',
	D: 'dirsync',
	e: 'extents',
	E: 'encrypted',
	h: 'blocksize',
	i: 'immutable',
	I: 'indexed',
	j: 'journalled',
	N: 'inline',
	s: 'zero',
	S: 'synchronous',
	t: 'notail',
	T: 'blockroot',
	u: 'undelete',
	X: 'compressedraw',
	Z: 'compresseddirty',
};

/** What `lsattr -vd` says: version, flags and path. */
function attributesOf(line: string | undefined): Record<string, Value> {
	const [, version, flags] = /^\s*(\d+)\s+(\S+)/.exec(line ?? '') ?? [];
	if (flags === undefined) return {version: null, attributes: [], attr_flags: ''};
	const letters = flags.replaceAll('-', '').trim();
	return {version: version!, attributes: [...letters].map((letter) => attributeNames[letter] ?? letter), attr_flags: letters};
}
