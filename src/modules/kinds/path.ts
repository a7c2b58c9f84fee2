import type {Kind, OwnFolder, Read} from '../contract.js';
import {diffPath} from './path-diff.js';
import {equalPaths, overlayPath} from './path-forecast.js';
import {probeManyPaths} from './path-probe.js';
import type {PathState} from './path-state.js';

export {
	attributeChanges,
	changeAttributes,
	type FileArguments,
	fileArguments,
	pathResult,
	withAttributes,
} from './path-arguments.js';
export {
	type Attributes,
	backupIn,
	changeStep,
	type PathChange,
	type PathChanged,
	type ValidationFailure,
} from './path-change.js';
export {stateName} from './path-diff.js';
export {modeBits, modeText} from './path-mode.js';
export {exists, type PathState, reached} from './path-state.js';

/** What of a path is wanted beside its attributes. */
export interface PathWants {
	/** The SHA-1 of a regular file. */
	readonly sha1?: boolean;
	/** The digest by another algorithm (`md5`, `sha256`, …) instead. */
	readonly algorithm?: string;
	/** The bytes of a regular file, when there are at most so many; true for any number. */
	readonly content?: number | boolean;
	readonly mime?: boolean;
	readonly attributes?: boolean;
	/** What only `stat` tells: `PathState.details`. They change when a file is put in its place. */
	readonly details?: boolean;
	/** Of a folder, only what its entries do not change: enough for what is made in it. */
	readonly asFolder?: boolean;
}

/** Files, folders and links of a host, by path. */
export const pathKind: Kind<PathState> = {
	name: 'path',
	probe: probeManyPaths,
	equal: equalPaths,
	diff: (_key, before, after) => diffPath(before, after),
	forDiff: (read) =>
		read.wants?.['sha1'] && !read.wants['content'] ? {...read, wants: {...read.wants, content: 104_448}} : read,
	overlay: overlayPath,
	places: ({key, wants}, state) =>
		isPlain(state) ? [placeOf(state, !wants?.['asFolder']), ...(restsOnAccounts(key, state) ? accounts : [])] : undefined,
	// A hard link changes what its other name is told to be.
	changes: (_read, before, {inode}) =>
		isPlain(before) && (inode === undefined || inode === before.inode) ? [before.path] : undefined,
};

/** What is told of a folder does not change with what lies deeper than its entries. */
function placeOf({type, path}: PathState, entries: boolean): string | OwnFolder {
	return type === 'directory' ? {folder: path, entries} : path;
}

/** Where the names of users and groups are written. */
const accounts = ['/etc/passwd', '/etc/group'];

/** Whether a new account may change what is told: somebody's home, or an owner who has no name yet. */
function restsOnAccounts(key: string, {uid, gid, owner, group}: PathState): boolean {
	return key.startsWith('~') || (uid !== undefined && (owner === String(uid) || group === String(gid)));
}

/** Whether a path is the only name of what stands there: no link leads to it or from it, and no second hard link. */
function isPlain({type, path, throughLink, links}: PathState): boolean {
	if (throughLink || type === 'link' || type === 'unreadable' || (type === 'file' && links !== 1)) return false;
	return path.startsWith('/') && !/\/\.{0,2}(\/|$)/.test(path);
}

/** The reading of one path. A link is read itself, and what it leads to as its `followed`. */
export function readPath(path: string, wants: PathWants = {}): Read<PathState> {
	const given = Object.entries(wants).filter(([, value]) => value !== undefined && value !== false);
	return {kind: pathKind, key: path.replace(/(?<=[^/])\/+$/, ''), wants: Object.fromEntries(given)};
}

/** The reading of the folder in which something is to be made. */
export function readFolder(path: string): Read<PathState> {
	return readPath(path, {asFolder: true});
}
