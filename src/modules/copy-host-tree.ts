import {type Read, unknown} from './contract.js';
import {type TreeEntry, type TreeSource, type TreeStates, treeDestinationReads} from './copy-tree.js';
import {type PathState, reached, readPath} from './kinds/path.js';
import {readTree, type TreeState} from './kinds/tree.js';

/** What `copy` with `remote_src` knows of a folder of the host: what lies in it, and each file's digest. */
export type HostTreeStates = {readonly tree?: TreeState; readonly [from: `from ${string}`]: PathState};

/** The reading of what lies in a folder, links followed unless `local_follow` says otherwise. */
export function hostTreeRead(src: string, follow: boolean): Read<TreeState> {
	return readTree(src, follow ? {follow} : {});
}

/** The further readings, once it is known what lies in the folder. */
export function hostTreeReads(src: string, dest: string, {path, entries}: TreeState): Readonly<Record<string, Read<PathState>>> {
	const files = entries.filter(({type}) => type === 'file' || type === 'link');
	const source = {name: src, path, entries: entries.map((entry) => ({path: entry.path.slice(path.length + 1)}))};
	return {
		...Object.fromEntries(files.map((entry) => [`from ${entry.path}`, readPath(entry.path, {sha1: true})])),
		...treeDestinationReads(source, dest),
	};
}

/** The folder as it is copied: files by the host itself, modes as they are. */
export function hostTree(src: string, follow: boolean, before: HostTreeStates & TreeStates): TreeSource {
	const {path, entries} = before.tree!;
	return {
		name: src,
		path,
		entries: entries.flatMap((entry) => {
			const own = before[`from ${entry.path}`] ?? entry;
			const isLost = own.type === 'link' && reached(own).type === 'absent';
			return entryOf(entry.path.slice(path.length + 1), follow && !isLost ? reached(own) : own);
		}),
	};
}

function entryOf(path: string, {type, mode = 0o644, ...state}: PathState): TreeEntry[] {
	const shared = {path, mode, keepsMode: true};
	if (type === 'directory') return [{...shared, type}];
	if (type === 'link') return [{...shared, type, target: state.target ?? ''}];
	if (type !== 'file') return [];
	const {sha1 = unknown, size = unknown} = state;
	return [{...shared, type, bytes: {sha1, size}, content: {path: state.path, ...(typeof size === 'number' ? {size} : {})}}];
}
