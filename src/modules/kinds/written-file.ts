import {createHash} from 'node:crypto';
import type {Content} from '../../connection/connection.js';
import {ModuleFailure, type Read, type Step, type Unknowable} from '../contract.js';
import {splitCommandLine} from '../shlex.js';
import {readFolder, readPath} from './path.js';
import {attributeChanges, changeAttributes, type FileArguments, withAttributes} from './path-arguments.js';
import {changeStep, type HostFile, type PathChange, type ValidationFailure} from './path-change.js';
import {ancestors, joinPath, parentOf} from './path-names.js';
import {observedStep} from './path-observed.js';
import {exists, type PathState, reached} from './path-state.js';

/** What writes one file of a host: `copy`, `template`, and the modules that edit lines. */
export type WriteArguments = FileArguments & {
	readonly force?: boolean;
	readonly follow?: boolean;
	readonly backup?: boolean;
	readonly validate?: string;
	readonly directory_mode?: unknown;
};

/** `dest`, `inside` (the same name within `dest`, should that be a folder), and the folders above under `above PATH`. */
export type DestinationStates = {
	readonly dest: PathState;
	readonly inside?: PathState;
	readonly [above: `above ${string}`]: PathState;
};

/** The readings for a file that goes to `dest`, or into it under `name` when it is a folder or ends in a slash. */
export function destinationReads(dest: string, name: string | undefined): Readonly<Record<string, Read<PathState>>> {
	const folder = dest.endsWith('/');
	const path = folder && name !== undefined ? joinPath(dest, name) : dest;
	const above = folder ? [...ancestors(path)] : [parentOf(path)];
	return {
		// folders before what lies in them: a later one that is made anew would seem to empty the earlier
		...Object.fromEntries(above.map((one) => [`above ${one}`, readFolder(one)])),
		dest: readPath(path, {sha1: true}),
		...(folder || name === undefined ? {} : {inside: readPath(joinPath(dest, name), {sha1: true})}),
	};
}

/** Which of the two it is. */
export function destinationName(before: DestinationStates): 'dest' | 'inside' {
	return before.inside && reached(before.dest).type === 'directory' ? 'inside' : 'dest';
}

/** The bytes a file shall have, as a state knows them. */
export interface PlannedBytes {
	readonly sha1: Unknowable<string>;
	readonly size: Unknowable<number>;
	readonly content?: Unknowable<Buffer>;
}

/** Bytes up to this size are kept in the state, where a forecast and a diff can read them. */
const keptSize = 104_448;

export function plannedBytes(content: Content | Buffer): PlannedBytes {
	if (Buffer.isBuffer(content)) return {sha1: createHash('sha1').update(content).digest('hex'), size: content.length, content};
	return {sha1: content.sha1, size: content.size, ...(content.size <= keptSize ? {content: content.read()} : {})};
}

/** The states of `dest` (or `inside`) and of the folders above that are made on the way. */
export function planWrite(
	args: WriteArguments,
	before: DestinationStates,
	bytes: PlannedBytes,
	makeFolders = false,
): Partial<DestinationStates> {
	const name = destinationName(before);
	const state = before[name]!;
	if (state.type === 'unreadable')
		throw new ModuleFailure(`Destination directory ${parentOf(state.path)} is not accessible`, {dest: state.path});
	if (args.force === false && exists(state)) return {[name]: state};
	const folders = name === 'inside' ? {} : planFolders(args, before, state, makeFolders);
	if (state.type === 'link' && args.follow) {
		return {
			...folders,
			[name]: {...state, followed: writtenState(args, state.followed ?? {type: 'absent', path: state.path}, bytes)},
		};
	}
	return {...folders, [name]: writtenState(args, state, bytes)};
}

/** The state of a file with these bytes and attributes; what is there keeps its owner and mode. */
export function writtenState(args: FileArguments, before: PathState, bytes: PlannedBytes): PathState {
	const {path, umask, mode, owner, group, uid, gid} = before;
	if (before.type === 'directory') throw new ModuleFailure(`${path} is a directory`, {dest: path});
	if (before.type === 'file' && before.sha1 === bytes.sha1)
		return withAttributes(args, {...before, content: bytes.content ?? before.content});
	const kept = before.type === 'file' ? {mode, owner, group, uid, gid} : {};
	return withAttributes(args, {type: 'file', path, umask, ...kept, ...bytes});
}

function planFolders(args: WriteArguments, before: DestinationStates, dest: PathState, make: boolean): Record<string, PathState> {
	const made: Record<string, PathState> = {};
	for (const [name, state] of Object.entries(before) as [string, PathState][]) {
		if (!name.startsWith('above ')) continue;
		const folder = reached(state);
		if (folder.type === 'directory') {
			if (folder.writable === false && !args.unsafe_writes && !exists(dest) && name === `above ${parentOf(dest.path)}`) {
				throw new ModuleFailure(`Destination ${folder.path} not writable`, {dest: dest.path});
			}
			continue;
		}
		if (folder.opaque) continue;
		if (folder.type !== 'absent' || !make)
			throw new ModuleFailure(`Destination directory ${state.path} does not exist`, {dest: dest.path});
		made[name] = withAttributes(
			{...args, mode: args.directory_mode},
			{type: 'directory', path: state.path, umask: state.umask, fresh: true},
		);
	}
	return made;
}

/** The step that takes a file from one state to the other, with the folders made on the way. */
export function writeStep(
	args: WriteArguments,
	before: DestinationStates,
	after: DestinationStates,
	content: Content | Buffer | HostFile,
	failure?: ValidationFailure,
): Step {
	const name = after.inside && before.inside !== after.inside ? 'inside' : 'dest';
	const changes: PathChange[] = [];
	for (const [above, state] of Object.entries(after) as [string, PathState][]) {
		if (above.startsWith('above '))
			changes.push({verb: 'directory', path: state.path, ...attributeChanges({type: 'absent', path: ''}, state)});
	}
	const [from, to] = [before[name]!, after[name]!];
	const followed = from.type === 'link' && to.type === 'link';
	changes.push(
		...writeChanges(
			args,
			followed ? (from.followed ?? {type: 'absent', path: from.path}) : from,
			followed ? to.followed! : to,
			content,
		),
	);
	return followed ? changeStep(changes, failure) : observedStep(changes, name, to, failure);
}

/** Writes the bytes when they differ, else sets the attributes alone. */
export function writeChanges(
	args: WriteArguments,
	before: PathState,
	after: PathState,
	content: Content | Buffer | HostFile,
): readonly PathChange[] {
	if (before.type === 'file' && before.sha1 === after.sha1 && before.digest === after.digest)
		return changeAttributes(before, after);
	return [
		{
			verb: 'write',
			path: after.path,
			content,
			...attributeChanges(before, after),
			backup: args.backup,
			unsafeWrites: args.unsafe_writes,
			validate: args.validate === undefined || args.validate === null ? undefined : validateWords(args.validate),
		},
	];
}

/** The words of a `validate` command, split as `shlex.split` does, with U+0001 for `%s` and one per cent sign for two. */
export function validateWords(command: string): readonly string[] {
	if (!command.replaceAll('%%', '').includes('%s')) throw new ModuleFailure(`validate must contain %s: ${command}`);
	return splitCommandLine(command).map((word) => word.replace(/%([%s])/g, (_, letter) => (letter === 's' ? '\u0001' : '%')));
}
