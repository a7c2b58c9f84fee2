import type {Content} from '../connection/connection.js';
import {ModuleFailure, type Read, type SourceEntry, type SourceFiles, type Step} from './contract.js';
import type {FileArguments} from './kinds/path.js';
import {
	changeAttributes,
	changeStep,
	modeText,
	type PathChange,
	type PathState,
	reached,
	readFolder,
	readPath,
	withAttributes,
} from './kinds/path.js';
import type {HostFile} from './kinds/path-change.js';
import {ancestors, baseName, joinPath} from './kinds/path-names.js';
import {writeSteps} from './kinds/write-files.js';
import {type PlannedBytes, plannedBytes, type WriteArguments, writeChanges, writtenState} from './kinds/written-file.js';

/** Each folder, file and link of the tree under its path on the host; `above PATH` the folders over it. */
export type TreeStates = {readonly [entry: `at ${string}`]: PathState; readonly [above: `above ${string}`]: PathState};

/** A folder to be copied: of this side, or of the host. */
export interface TreeSource {
	/** As the user wrote it: with a slash at its end its contents are meant. */
	readonly name: string;
	readonly path: string;
	readonly entries: readonly TreeEntry[];
}

export interface TreeEntry {
	/** Below the folder. */
	readonly path: string;
	readonly type: SourceEntry['type'];
	readonly mode: number;
	readonly target?: string;
	readonly bytes?: PlannedBytes;
	readonly content?: Content | HostFile;
	/** What is made anew gets the mode of the source, if the task names none. */
	readonly keepsMode?: boolean;
}

/** A folder of this side as it is copied. */
export function treeOf({name, path, entries}: SourceFiles): TreeSource {
	return {
		name,
		path,
		entries: entries.map((entry) => ({...entry, ...(entry.content ? {bytes: plannedBytes(entry.content)} : {})})),
	};
}

/** Where an entry of the source goes: below `dest`, under the folder's own name unless the source was written with a slash at its end. */
function entryPath({name, path}: Pick<TreeSource, 'name' | 'path'>, dest: string, entry: string): string {
	return joinPath(name.endsWith('/') ? dest : joinPath(dest, baseName(path)), entry).replace(/\/+$/, '');
}

export function treeDestinationReads(
	src: Pick<TreeSource, 'name' | 'path'> & {readonly entries: readonly Pick<TreeEntry, 'path'>[]},
	dest: string,
): Readonly<Record<string, Read<PathState>>> {
	const root = entryPath(src, dest, '');
	return {
		...Object.fromEntries([...ancestors(root), root].map((folder) => [`above ${folder}`, readFolder(folder)])),
		...Object.fromEntries(
			src.entries.map((entry) => entryPath(src, dest, entry.path)).map((path) => [`at ${path}`, readPath(path, {sha1: true})]),
		),
	};
}

export function planTree(args: WriteArguments & {dest: string}, src: TreeSource, before: TreeStates): TreeStates {
	const after: Record<string, PathState> = {};
	for (const [name, state] of Object.entries(before) as [string, PathState][]) {
		if (!name.startsWith('above ') || reached(state).type === 'directory') continue;
		if (reached(state).type !== 'absent') throw new ModuleFailure(`${state.path} exists and is not a folder`, {dest: args.dest});
		after[name] = newFolder(args, state);
	}
	for (const entry of src.entries) {
		const name = `at ${entryPath(src, args.dest, entry.path)}` as const;
		after[name] = {...planEntry(args, src, entry, before[name]!), quiet: true};
	}
	return after;
}

function planEntry(args: WriteArguments, src: TreeSource, entry: TreeEntry, before: PathState): PathState {
	if (entry.type === 'link') {
		return before.type === 'link' && before.target === entry.target
			? before
			: {type: 'link', path: before.path, target: entry.target!, umask: before.umask};
	}
	if (entry.type === 'file') {
		if (args.force === false && before.type !== 'absent') return before;
		const kept = args.mode === 'preserve' || (entry.keepsMode && before.type === 'absent');
		return writtenState({...args, mode: kept ? modeText(entry.mode) : args.mode}, before, entry.bytes!);
	}
	const present = reached(before);
	if (present.type === 'absent')
		return newFolder(entry.keepsMode ? {...args, directory_mode: modeText(entry.mode)} : args, before);
	if (present.type !== 'directory')
		throw new ModuleFailure(`${before.path} already exists as a ${present.type}`, {path: before.path});
	const isLeaf = !src.entries.some((other) => other.path.startsWith(`${entry.path}/`));
	return isLeaf && before.type === 'directory' ? withAttributes(folderArguments(args), before) : before;
}

function newFolder(args: WriteArguments, {path, umask}: PathState): PathState {
	return withAttributes(folderArguments(args), {type: 'directory', path, umask, fresh: true});
}

function folderArguments(args: WriteArguments): FileArguments {
	return {...args, mode: args.directory_mode};
}

/** All folders, links and attributes in one script, then the files whose bytes differ. */
export function applyTree(
	args: WriteArguments & {dest: string},
	src: TreeSource,
	before: TreeStates,
	after: TreeStates,
): readonly Step[] {
	const first: PathChange[] = [];
	const writes: (PathChange & {readonly verb: 'write'})[] = [];
	const contents = new Map(src.entries.map((entry) => [`at ${entryPath(src, args.dest, entry.path)}`, entry.content]));
	for (const [name, state] of Object.entries(after) as [keyof TreeStates, PathState][]) {
		const old = before[name]!;
		if (state.type === 'directory') {
			if (old.type === 'directory') first.push(...changeAttributes(old, state));
			else
				first.push({
					verb: 'directory',
					path: state.path,
					mode: state.mode,
					owner: state.owner ?? state.uid?.toString(),
					group: state.group ?? state.gid?.toString(),
				});
		} else if (state.type === 'link') {
			if (old.type !== 'link' || old.target !== state.target) first.push({verb: 'link', path: state.path, target: state.target!});
		} else {
			for (const change of writeChanges(args, old, state, contents.get(name)!))
				if (change.verb === 'write') writes.push(change);
				else first.push(change);
		}
	}
	const steps = first.length > 0 ? [changeStep(first)] : [];
	return [...steps, ...writeSteps(writes)];
}
