import {type Change, ModuleFailure, type Read, type Step, unknown} from '../contract.js';
import {exists, type PathState, reached, readFolder, readPath} from './path.js';
import {withAttributes} from './path-arguments.js';
import {ancestors, parentOf} from './path-names.js';
import {type PlannedBytes, plannedBytes, type WriteArguments, writeStep, writtenState} from './written-file.js';

/** What modules that edit a text read: the file with its bytes, the folder it lies in, and where it may be made the folders above that under `above PATH`. */
export type EditedStates = {
	readonly dest: PathState;
	readonly folder: PathState;
	readonly [above: `above ${string}`]: PathState;
};

export function editedReads(
	path: string,
	create: boolean,
): {readonly dest: Read<PathState>; readonly folder: Read<PathState>; readonly [above: `above ${string}`]: Read<PathState>} {
	const folder = parentOf(path);
	return {
		...Object.fromEntries((create ? ancestors(folder) : []).map((one) => [`above ${one}`, readFolder(one)])),
		folder: readFolder(folder),
		dest: readPath(path, {sha1: true, content: true}),
	};
}

/** The file that the edit is about: what a link leads to. */
export function editedFile({dest}: EditedStates): PathState {
	return reached(dest);
}

/** The bytes that are there: undefined for no file, `unknown` for those that cannot be foretold. Throws for what cannot be read. */
export function presentBytes(before: EditedStates, path: string): Buffer | typeof unknown | undefined {
	const {type, content, readable} = editedFile(before);
	if (type === 'directory') throw new ModuleFailure(`Path ${path} is a directory !`, {rc: 256});
	if (type === 'unreadable' || readable === false) throw new ModuleFailure(`Path ${path} is not readable`, {rc: 257});
	if (!exists(before.dest)) return undefined;
	return content ?? unknown;
}

/** The states when the file shall have these bytes; folders that lack are made. */
export function planEdit(args: WriteArguments, before: EditedStates, bytes: Buffer | typeof unknown): EditedStates {
	const planned: PlannedBytes = bytes === unknown ? {sha1: unknown, size: unknown, content: unknown} : plannedBytes(bytes);
	const {dest, folder} = before;
	const state =
		dest.type === 'link'
			? {...dest, followed: writtenState(args, dest.followed ?? {type: 'absent', path: dest.path}, planned)}
			: writtenState(args, dest, planned);
	if (reached(folder).type === 'directory') return {dest: state, folder};
	const above = foldersAbove(before).filter(([, {type, opaque}]) => type === 'absent' && !opaque);
	return {...Object.fromEntries(above.map(([name, one]) => [name, madeAnew(one)])), dest: state, folder: madeAnew(folder)};
}

function foldersAbove(states: EditedStates): readonly (readonly [name: string, state: PathState])[] {
	return Object.entries(states).filter(([name]) => name.startsWith('above '));
}

function madeAnew({path, umask}: PathState): PathState {
	return {type: 'directory', path, umask, fresh: true};
}

/** The states when the bytes stay, and only owner and mode may differ. */
export function planAttributes(args: WriteArguments, before: EditedStates): EditedStates {
	const {dest} = before;
	if (!exists(dest)) return before;
	return {
		...before,
		dest: dest.type === 'link' ? {...dest, followed: withAttributes(args, dest.followed!)} : withAttributes(args, dest),
	};
}

/** The steps of an edit: folders are made when they were planned, the bytes are those of the planned state. */
export function editSteps(args: WriteArguments, {before, after}: Change<EditedStates>): readonly Step[] {
	const {content} = reached(after.dest);
	const folders =
		before.folder === after.folder ? [] : [...foldersAbove(after), [`above ${after.folder.path}`, after.folder] as const];
	const states = {dest: after.dest, ...Object.fromEntries(folders)};
	const failure = (rc: number, _: string, stderr: string) => new ModuleFailure(`failed to validate: rc:${rc} error:${stderr}`);
	return [writeStep(args, {dest: before.dest}, states, Buffer.isBuffer(content) ? content : Buffer.alloc(0), failure)];
}

/** Whether owner or mode change beside the bytes. */
export function attributesChange(before: EditedStates, after: EditedStates): boolean {
	const [from, to] = [editedFile(before), editedFile(after)];
	if (from.type !== 'file' || to.type !== 'file') return false;
	return (['mode', 'owner', 'group', 'uid', 'gid'] as const).some(
		(field) => to[field] !== undefined && to[field] !== from[field],
	);
}
