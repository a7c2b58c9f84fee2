import {contentOfBytes} from '../../connection/connection.js';
import {ModuleFailure, type Read, type Step} from '../contract.js';
import {changeAttributes, changeStep, type FileArguments, type PathState, readPath, withAttributes} from '../kinds/path.js';
import {joinPath} from '../kinds/path-names.js';
import {type ArchiveEntry, digestOf} from './listing.js';
import {takeUnpacked} from './taken-script.js';
import {writeTar} from './tar.js';
import {unpackArchive} from './unpack-script.js';

type LocalArguments = FileArguments & {readonly keep_newer: boolean};

/** Bytes up to this size are kept in the state of an entry, where later tasks of a check can read them. */
const keptSize = 104_448;

/** Each entry of the archive at its place below `dest`. */
export function localReads(entries: readonly ArchiveEntry[], dest: string): Record<`at ${string}`, Read<PathState>> {
	return Object.fromEntries(entries.map(({name}) => [`at ${name}`, readPath(joinPath(dest, name), {sha1: true})]));
}

/** The entries as they shall be; owners are the host's to decide unless arguments name them. */
export function planLocal(
	args: LocalArguments,
	entries: readonly ArchiveEntry[],
	before: Readonly<Record<string, unknown>>,
): Record<`at ${string}`, PathState> {
	const after: Record<`at ${string}`, PathState> = {};
	for (const entry of entries) {
		const present = before[`at ${entry.name}`] as PathState;
		after[`at ${entry.name}`] = {...planEntry(args, entry, present), quiet: true};
	}
	return after;
}

function planEntry(args: LocalArguments, entry: ArchiveEntry, present: PathState): PathState {
	if (present.type === 'unreadable') throw new ModuleFailure(`${present.path} cannot be read`);
	if (args.keep_newer && (present.mtime ?? 0) > entry.mtime) return present;
	const {path, umask, owner, group, uid, gid} = present;
	const kept = present.type === entry.type ? {owner, group, uid, gid} : {};
	if (entry.type === 'link') return withAttributes(args, {type: 'link', path, umask, target: entry.target!, ...kept});
	if (entry.type === 'directory') {
		if (present.type === 'link' && present.followed?.type === 'directory') return present;
		return withAttributes(args, {type: 'directory', path, umask, mode: entry.mode, ...kept});
	}
	const content = entry.bytes.length <= keptSize ? {content: entry.bytes} : {};
	return withAttributes(args, {
		type: 'file',
		path,
		umask,
		mode: entry.mode,
		sha1: digestOf(entry),
		size: entry.bytes.length,
		...content,
		...kept,
	});
}

/** One tar with the entries whose bytes differ, then the attributes that unpacking does not set. */
export function localSteps(
	args: LocalArguments,
	entries: readonly ArchiveEntry[],
	before: Readonly<Record<string, unknown>> & {readonly dest: PathState},
	after: Readonly<Record<string, unknown>>,
): readonly Step[] {
	const packed: ArchiveEntry[] = [];
	const changes = entries.flatMap((entry) => {
		const present = before[`at ${entry.name}`] as PathState;
		const planned = after[`at ${entry.name}`] as PathState;
		if (present.type === planned.type && present.sha1 === planned.sha1 && present.target === planned.target)
			return changeAttributes(present, planned);
		packed.push(planned.mode === undefined ? entry : {...entry, mode: planned.mode});
		const unpacked: PathState = {...planned, owner: undefined, group: undefined, uid: undefined, gid: undefined};
		return args.owner || args.group ? changeAttributes(unpacked, planned) : [];
	});
	const tar = writeTar(packed);
	const at = before.dest.path;
	const unpack: Step = {script: unpackArchive, args: ['unpack', '-', at, '0'], stdin: tar, ...leftBy(packed, tar.length, at)};
	return [...(packed.length > 0 ? [unpack] : []), ...(changes.length > 0 ? [changeStep(changes)] : [])];
}

/** Big content that is unpacked can be taken from there for another place; links, and names that are no lines, cannot. */
function leftBy(packed: readonly ArchiveEntry[], size: number, at: string): Pick<Step, 'leaves'> {
	if (packed.some(({type, name}) => type === 'link' || name.includes('\n'))) return {};
	const list = contentOfBytes(packed.map(lineOf).join(''));
	const instead = (from: string): Step => ({script: takeUnpacked, args: [from, at], stdin: list});
	return {leaves: {content: {size, sha1: list.sha1}, at, instead}};
}

function lineOf(entry: ArchiveEntry): string {
	const kind = entry.type === 'directory' ? 0o040000 : 0o100000;
	const digest = entry.type === 'directory' ? '-' : digestOf(entry);
	return `${(kind | entry.mode).toString(16)} ${digest} ./${entry.name}\n`;
}
