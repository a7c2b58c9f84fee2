import {Dict, type Value} from '../jinja/jinja.js';
import {type Args, defineModule, ModuleFailure, type Read, type Result} from './contract.js';
import {modeBits, type PathState, readPath} from './kinds/path.js';
import {baseName} from './kinds/path-names.js';
import {readTree, type TreeState} from './kinds/tree.js';
import {pythonRegex} from './python-regex.js';

type FindArgs = Args & {
	readonly paths: readonly string[];
	readonly patterns: readonly string[];
	readonly excludes?: readonly string[];
	readonly contains?: string;
	readonly read_whole_file: boolean;
	readonly file_type: 'any' | 'directory' | 'file' | 'link';
	readonly age?: string;
	readonly age_stamp: 'atime' | 'ctime' | 'mtime';
	readonly size?: string;
	readonly recurse: boolean;
	readonly hidden: boolean;
	readonly follow: boolean;
	readonly get_checksum: boolean;
	readonly checksum_algorithm: string;
	readonly use_regex: boolean;
	readonly depth?: number;
	readonly mode?: unknown;
	readonly exact_mode: boolean;
	readonly limit?: number;
};

/** The trees under `in PATH`; the files whose bytes or digests are wanted under `file PATH`. */
type FindStates = {readonly [tree: `in ${string}`]: TreeState} & {readonly [file: `file ${string}`]: PathState};

export default defineModule<FindArgs, FindStates>({
	name: 'find',
	summary: 'Find files, folders or links in folders of the host.',
	args: {
		paths: {type: 'list', elements: 'path', required: true, aliases: ['name', 'path'], description: 'The folders to look in.'},
		patterns: {
			type: 'list',
			elements: 'str',
			default: [],
			aliases: ['pattern'],
			description: 'What the name matches, by one of them.',
		},
		excludes: {type: 'list', elements: 'str', aliases: ['exclude'], description: 'What the name does not match, by any of them.'},
		contains: {type: 'str', description: 'A pattern that a line of the file matches from its beginning.'},
		read_whole_file: {type: 'bool', default: false, description: 'Search `contains` in the file as a whole.'},
		file_type: {type: 'str', default: 'file', choices: ['any', 'directory', 'file', 'link'], description: 'What to find.'},
		age: {type: 'str', description: 'At least so old (`1d`), or at most (`-1d`).'},
		age_stamp: {type: 'str', default: 'mtime', choices: ['atime', 'ctime', 'mtime'], description: 'The time that tells the age.'},
		size: {type: 'str', description: 'At least so big (`1k`), or at most (`-1k`).'},
		recurse: {type: 'bool', default: false, description: 'Look in the folders below too.'},
		hidden: {type: 'bool', default: false, description: 'Find names that begin with a dot too.'},
		follow: {type: 'bool', default: false, description: 'Follow links to folders.'},
		get_checksum: {type: 'bool', default: false, description: "Give the files' digests."},
		checksum_algorithm: {
			type: 'str',
			default: 'sha1',
			choices: ['md5', 'sha1', 'sha224', 'sha256', 'sha384', 'sha512'],
			aliases: ['checksum', 'checksum_algo'],
			description: 'The digest to give.',
		},
		use_regex: {type: 'bool', default: false, description: 'Patterns are regular expressions.'},
		depth: {type: 'int', description: 'How deep to look.'},
		mode: {type: 'raw', description: 'The permissions that it has.'},
		exact_mode: {type: 'bool', default: true, description: 'Exactly these permissions, not only at least.'},
		encoding: {type: 'str', description: 'The encoding of the files for `contains`.'},
		limit: {type: 'int', description: 'The greatest number to find.'},
	},
	inspect({paths, recurse, depth, follow}) {
		const wants = {follow, ...(recurse ? (depth ? {depth} : {}) : {depth: 1})};
		return Object.fromEntries(paths.map((path) => [`in ${path}`, readTree(path, wants)])) as unknown as Record<
			`in ${string}`,
			Read<TreeState>
		> as never;
	},
	inspectMore(args, before) {
		const {contains, get_checksum, checksum_algorithm} = args;
		if (contains === undefined && !get_checksum) return undefined;
		const digest = !get_checksum ? {} : checksum_algorithm === 'sha1' ? {sha1: true} : {algorithm: checksum_algorithm};
		const files = candidates(args, before).filter(({type}) => type === 'file');
		return Object.fromEntries(
			files.map(({path}) => [`file ${path}`, readPath(path, {...digest, content: contains !== undefined})]),
		) as never;
	},
	plan({limit, paths}, before) {
		if (limit !== undefined && limit !== null && limit <= 0)
			throw new ModuleFailure(`limit cannot be ${limit} (use None for unlimited)`);
		const warnings = missingPaths(paths, before).map(
			(path) => `Skipped '${path}' path due to this access issue: ${noFolder(path)}`,
		);
		return {after: {}, warnings};
	},
	apply: () => [],
	report(args, {before}): Result {
		const found = candidates(args, before).filter((entry) => containsText(args, before[`file ${entry.path}`]));
		const files = found.slice(0, args.limit ?? undefined);
		const missing = missingPaths(args.paths, before);
		const full = args.limit !== undefined && files.length === args.limit;
		return {
			files: files.map((entry) => Dict.from(Object.entries(describe(entry, before[`file ${entry.path}`])))),
			matched: files.length,
			examined: args.paths.reduce((sum, path) => sum + before[`in ${path}`]!.entries.length, 0),
			msg:
				missing.length > 0
					? 'Not all paths examined, check warnings for details'
					: full
						? 'Limit of matches reached'
						: 'All paths examined',
			skipped_paths: Dict.from(missing.map((path) => [path, noFolder(path)])),
		};
	},
});

function missingPaths(paths: readonly string[], before: FindStates): readonly string[] {
	return paths.filter((path) => !before[`in ${path}`]!.isThere);
}

function noFolder(path: string): string {
	return `'${path}' is not a directory`;
}

/** What fits by all but its bytes. */
function candidates(args: FindArgs, before: FindStates): readonly PathState[] {
	const [age, size] = [measure('age', args.age, ageUnits), measure('size', args.size, sizeUnits)];
	const named = nameFilter(args);
	return args.paths.flatMap((path) => {
		const {entries, now} = before[`in ${path}`]!;
		return entries.filter((entry) => {
			const name = baseName(entry.path);
			if (name.startsWith('.') && !args.hidden) return false;
			if (args.file_type !== 'any' && entry.type !== args.file_type) return false;
			const stamp = args.age_stamp === 'ctime' ? entry.details?.ctime : entry[args.age_stamp];
			if (age !== undefined && !atLeast(now - (stamp ?? now), age)) return false;
			if (size !== undefined && entry.type === 'file' && !atLeast(Number(entry.size), size)) return false;
			return named(name) && hasMode(args, entry);
		});
	});
}

/** At least a positive measure, at most a negative one. */
function atLeast(value: number, measure: number): boolean {
	return measure >= 0 ? value >= measure : value <= -measure;
}

const ageUnits = {s: 1, m: 60, h: 3600, d: 86_400, w: 604_800};
const sizeUnits = {b: 1, k: 1024, m: 1024 ** 2, g: 1024 ** 3, t: 1024 ** 4};

function measure(name: string, text: string | undefined, units: Readonly<Record<string, number>>): number | undefined {
	if (text === undefined || text === null) return undefined;
	const [, number, unit = ''] = /^(-?\d+)([a-z])?$/.exec(text.toLowerCase()) ?? [];
	if (number === undefined || (unit && !units[unit])) throw new ModuleFailure(`failed to process ${name}`, {[name]: text});
	return Number(number) * (units[unit] ?? 1);
}

function nameFilter({patterns, excludes, use_regex}: FindArgs): (name: string) => boolean {
	const compile = (pattern: string): ((name: string) => boolean) => {
		if (use_regex) return pythonRegex(pattern).isAtStartOf;
		const regex = glob(pattern);
		return (name) => regex.exec(name)?.index === 0;
	};
	const [wanted, left] = [patterns.map(compile), (excludes ?? []).map(compile)];
	return (name) => (wanted.length === 0 || wanted.some((matches) => matches(name))) && !left.some((matches) => matches(name));
}

/** A shell pattern, as Python's fnmatch reads it. */
function glob(pattern: string): RegExp {
	const body = pattern.replace(/\[!?\]?[^\]]*\]|[\s\S]/gu, (part) => {
		if (part === '*') return '.*';
		if (part === '?') return '.';
		if (part.length > 2 && part.startsWith('[')) return part.replace('[!', '[^').replaceAll('\\', '\\\\');
		return part.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
	});
	return new RegExp(`^${body}$`, 'su');
}

function hasMode({mode, exact_mode}: FindArgs, entry: PathState): boolean {
	if (mode === undefined || mode === null || mode === '') return true;
	if (typeof mode !== 'string')
		throw new ModuleFailure(
			`argument 'mode' is not a string and conversion is not allowed, value is of type ${typeof mode === 'number' ? 'int' : typeof mode}`,
		);
	const wanted = modeBits(mode, entry.mode ?? 0, entry.type === 'directory', 0o022, entry.path);
	return exact_mode ? entry.mode === wanted : ((entry.mode ?? 0) & wanted) > 0;
}

function containsText({contains, read_whole_file}: FindArgs, file: PathState | undefined): boolean {
	if (contains === undefined || contains === null) return true;
	if (!Buffer.isBuffer(file?.content)) return false;
	const regex = pythonRegex(contains);
	const text = file.content.toString();
	if (read_whole_file) return regex.isIn(text);
	return text.split(/(?<=\n)/).some(regex.isAtStartOf);
}

function describe(entry: PathState, file: PathState | undefined): Record<string, Value> {
	const raw = entry.details?.rawMode ?? entry.mode ?? 0;
	const is = (bits: number) => (raw & 0o170000) === bits;
	const can = (bit: number) => (raw & bit) > 0;
	const {path, uid = 0, gid = 0, size, inode, device, links, atime, mtime, owner, group, details} = entry;
	const digest = file?.sha1 ?? file?.digest;
	return {
		path,
		mode: (raw & 0o7777).toString(8).padStart(4, '0'),
		isdir: is(0o040000),
		ischr: is(0o020000),
		isblk: is(0o060000),
		isreg: is(0o100000),
		isfifo: is(0o010000),
		islnk: is(0o120000),
		issock: is(0o140000),
		uid,
		gid,
		pw_name: owner ?? '',
		gr_name: group ?? '',
		size: typeof size === 'number' ? size : 0,
		...(details ? {blocks: details.blocks, disk_usage_bytes: details.blocks * 512} : {}),
		inode: typeof inode === 'number' ? inode : 0,
		dev: device ?? 0,
		nlink: links ?? 1,
		atime: atime ?? 0,
		mtime: mtime ?? 0,
		ctime: details?.ctime ?? 0,
		wusr: can(0o200),
		rusr: can(0o400),
		xusr: can(0o100),
		wgrp: can(0o020),
		rgrp: can(0o040),
		xgrp: can(0o010),
		woth: can(0o002),
		roth: can(0o004),
		xoth: can(0o001),
		isuid: can(0o4000),
		isgid: can(0o2000),
		...(typeof digest === 'string' ? {checksum: digest} : {}),
	};
}
