import {type Args, type Change, defineModule, ModuleFailure, type Plan, type Result, type Step} from './contract.js';
import {touchTime} from './file-times.js';
import {
	changeAttributes,
	changeStep,
	exists,
	type FileArguments,
	fileArguments,
	type PathChange,
	type PathState,
	pathResult,
	reached,
	readFolder,
	readPath,
	stateName,
	withAttributes,
} from './kinds/path.js';
import {ancestors, parentOf} from './kinds/path-names.js';
import {observedStep} from './kinds/path-observed.js';
import {readTree, type TreeState} from './kinds/tree.js';

type FileArgs = Args &
	FileArguments & {
		readonly path: string;
		readonly state?: 'absent' | 'directory' | 'file' | 'hard' | 'link' | 'touch';
		readonly src?: string;
		readonly recurse: boolean;
		readonly force: boolean;
		readonly follow: boolean;
		readonly modification_time?: string;
		readonly modification_time_format: string;
		readonly access_time?: string;
		readonly access_time_format: string;
	};

/** `path`, `source` of a link, `tree` for `recurse`, and the folders above under their own paths. */
type FileStates = {
	readonly path: PathState;
	readonly source?: PathState;
	readonly tree?: TreeState;
	readonly [above: `above ${string}`]: PathState;
};

export default defineModule<FileArgs, FileStates>({
	name: 'file',
	summary: 'Ensure that a file, folder or link is there with its attributes, or is not.',
	args: {
		path: {type: 'path', required: true, aliases: ['dest', 'name'], description: 'What to manage.'},
		state: {
			type: 'str',
			choices: ['absent', 'directory', 'file', 'hard', 'link', 'touch'],
			description: 'What shall be there; without it what is there, else a file (a folder with `recurse`).',
		},
		src: {type: 'path', description: 'What a link or hard link leads to.'},
		recurse: {type: 'bool', default: false, description: 'Set the attributes of everything in the folder too.'},
		force: {
			type: 'bool',
			default: false,
			description: 'Make a link to what does not exist, and in the place of a file or empty folder.',
		},
		follow: {type: 'bool', default: true, description: 'Act on what a link leads to.'},
		modification_time: {type: 'str', description: '`preserve`, `now`, or a time.'},
		modification_time_format: {type: 'str', default: '%Y%m%d%H%M.%S', description: 'How `modification_time` is written.'},
		access_time: {type: 'str', description: '`preserve`, `now`, or a time.'},
		access_time_format: {type: 'str', default: '%Y%m%d%H%M.%S', description: 'How `access_time` is written.'},
		...fileArguments,
	},
	inspect({path, state, src, recurse}) {
		const above = state === 'directory' || (state === undefined && recurse) ? ancestors(path) : [parentOf(path)];
		return {
			// folders before what lies in them: a later one that is made anew would seem to empty the earlier
			...Object.fromEntries(above.map((folder) => [`above ${folder}`, readFolder(folder)])),
			path: readPath(path),
			...(src === undefined ? {} : {source: readPath(src.startsWith('/') ? src : `${parentOf(path)}/${src}`)}),
			...(recurse ? {tree: readTree(path)} : {}),
		};
	},
	plan(args, before) {
		const state = wantedState(args, before.path);
		if (before.path.type === 'unreadable')
			throw new ModuleFailure(`Insufficient permissions to access ${before.path.path}`, {path: args.path});
		if (state === 'absent') return {after: {path: {type: 'absent', path: before.path.path}}};
		if (state === 'link') return {after: {path: planLink(args, before)}};
		if (state === 'hard') return {after: {path: planHardLink(args, before)}};
		if (state === 'directory') return {after: planDirectory(args, before)};
		return state === 'touch' ? planTouch(args, before) : planFile(args, before.path);
	},
	apply({path: _, ...args}, change) {
		return [fileStep(args as FileArgs, change)];
	},
	report: reportFile,
});

function wantedState(args: FileArgs, before: PathState): NonNullable<FileArgs['state']> {
	const {recurse, src, path} = args;
	const present = stateName(before) as NonNullable<FileArgs['state']>;
	const state = args.state ?? (present !== 'absent' ? present : recurse ? 'directory' : 'file');
	if (recurse && state !== 'directory') throw new ModuleFailure("recurse option requires state to be 'directory'", {path});
	if (src !== undefined && state !== 'link' && state !== 'hard') {
		throw new ModuleFailure("src option requires state to be 'link' or 'hard'", {path});
	}
	return state;
}

/** Puts the state of what is acted on in its place: behind the link, or at the path itself. */
function behind(before: PathState, follow: boolean, act: (state: PathState) => PathState): PathState {
	if (before.type !== 'link' || !follow) return act(before);
	return {...before, followed: act(before.followed ?? {type: 'absent', path: before.path})};
}

function planDirectory(args: FileArgs, before: FileStates): FileStates {
	const after: Record<string, unknown> = {};
	const make = (state: PathState) => withAttributes(args, {type: 'directory', path: state.path, umask: state.umask, fresh: true});
	after['path'] = behind(before.path, args.follow, (state) => {
		if (state.type === 'directory') return withAttributes(args, state);
		if (state.type !== 'absent')
			throw new ModuleFailure(`${state.path} already exists as a ${stateName(state)}`, {path: state.path});
		for (const [name, above] of Object.entries(before)) {
			if (!name.startsWith('above ')) continue;
			const folder = above as PathState;
			if (folder.type === 'absent') after[name] = make(folder);
			else if (reached(folder).type !== 'directory') {
				throw new ModuleFailure(`There was an issue creating ${state.path} as requested: ${folder.path} is not a folder`, {
					path: state.path,
				});
			}
		}
		return make(state);
	});
	if (before.tree) {
		after['tree'] = {...before.tree, entries: before.tree.entries.map((entry) => withAttributes(args, entry))};
	}
	return after as FileStates;
}

function planFile(args: FileArgs, before: PathState): Plan<FileStates> {
	const after = behind(before, args.follow, (state) => {
		if (state.type !== 'file' && state.type !== 'other') {
			throw new ModuleFailure(`file (${state.path}) is ${stateName(state)}, cannot continue`, {
				path: state.path,
				state: stateName(state),
			});
		}
		return withTimes(args, withAttributes(args, state)).state;
	});
	return {after: {path: after}, impulses: withTimes(args, after).impulses};
}

function planTouch(args: FileArgs, {path: before, ...rest}: FileStates): Plan<FileStates> {
	const timed = {...args, modification_time: args.modification_time ?? 'now', access_time: args.access_time ?? 'now'};
	const {impulses} = withTimes(timed, before);
	const after = behind(before, args.follow, (state) => {
		if (state.type !== 'absent') return withTimes(timed, withAttributes(args, state)).state;
		const folder = rest[`above ${parentOf(args.path)}`];
		if (folder && !exists(folder)) throw new ModuleFailure(`Error, could not touch target.`, {path: state.path});
		return withTimes(
			timed,
			withAttributes(args, {type: 'file', path: state.path, umask: state.umask, content: Buffer.alloc(0), size: 0}),
		).state;
	});
	return {after: {path: after}, impulses: exists(before) ? impulses : []};
}

/** The state with the planned times; `now` is an impulse, since it is never the time that is there. */
function withTimes(args: FileArgs, state: PathState): {state: PathState; impulses: readonly string[]} {
	const modified = touchTime(args.modification_time, args.modification_time_format);
	const accessed = touchTime(args.access_time, args.access_time_format);
	const timed = {
		...state,
		...(modified === undefined || modified === 'now' ? {} : {setModified: modified}),
		...(accessed === undefined || accessed === 'now' ? {} : {setAccessed: accessed}),
	};
	return {state: timed, impulses: modified === 'now' || accessed === 'now' ? ['touched'] : []};
}

function planLink(args: FileArgs, {path: before, source}: FileStates): PathState {
	const {force, follow, path} = args;
	const src = args.src ?? (before.type === 'link' ? before.target : undefined);
	if (args.src !== undefined && !force && source && !exists(source)) {
		throw new ModuleFailure(`src file does not exist, use 'force=yes' if you really want to create the link: ${source.path}`, {
			path,
			src: args.src,
		});
	}
	if ((before.type === 'directory' || before.type === 'file' || before.type === 'other') && !force) {
		throw new ModuleFailure(`refusing to convert from ${stateName(before)} to symlink for ${path}`, {path});
	}
	if (src === undefined) throw new ModuleFailure('src is required for creating new symlinks');
	const kept = before.type === 'link' && before.target === src;
	const followed = kept ? before.followed : source && reached(source);
	const link: PathState = kept ? before : {type: 'link', path: before.path, target: src, umask: before.umask};
	if (!follow) return {...withAttributes(args, link), followed};
	return {...link, ...(followed && exists(followed) ? {followed: withAttributes(args, followed)} : {})};
}

function planHardLink(args: FileArgs, {path: before, source}: FileStates): PathState {
	const {force, path, src} = args;
	const present = stateName(before);
	if (src === undefined) {
		if (present !== 'hard') throw new ModuleFailure('src is required for creating new hardlinks');
		return withAttributes(args, before);
	}
	if (!source || !exists(source)) throw new ModuleFailure('src does not exist', {dest: path, src});
	const end = reached(source);
	if (before.inode !== undefined && before.inode === end.inode && before.device === end.device)
		return withAttributes(args, before);
	if ((present === 'hard' || present === 'file' || present === 'directory') && !force) {
		const what = present === 'file' ? 'file exists at destination' : 'different hard link exists at destination';
		throw new ModuleFailure(`Cannot link${present === 'directory' ? ':' : ','} ${what}`, {dest: path, src});
	}
	return withAttributes(args, {...end, path: before.path, links: undefined});
}

/** All changes of the task in one script; the path itself comes last, so that what it became is answered. */
function fileStep(args: FileArgs, {before, after, impulses}: Change<FileStates>): Step {
	const changes: PathChange[] = [];
	for (const [name, state] of Object.entries(after)) {
		if (name.startsWith('above ')) changes.push(...madeFolder(state as PathState));
	}
	for (const [index, entry] of (after.tree?.entries ?? []).entries())
		changes.push(...changeAttributes(before.tree!.entries[index]!, entry));
	changes.push(...pathChanges(args, before, after.path, impulses.length > 0));
	return changes.at(-1)?.path === after.path.path ? observedStep(changes, 'path', after.path) : changeStep(changes);
}

function madeFolder({path, mode, owner, group, uid, gid}: PathState): readonly PathChange[] {
	return [{verb: 'directory', path, mode, owner: owner ?? uid?.toString(), group: group ?? gid?.toString()}];
}

function pathChanges(
	args: FileArgs,
	{path: before, source}: FileStates,
	after: PathState,
	touched: boolean,
): readonly PathChange[] {
	const {path} = after;
	if (after.type === 'absent') return [{verb: 'remove', path}];
	if (after.type === 'link') {
		if (before.type === 'link' && before.target === after.target) {
			if (after.followed && before.followed && after.followed !== before.followed) {
				return pathChanges(args, {path: before.followed}, after.followed, touched);
			}
			return [...timeChanges(args, after, touched), ...changeAttributes(before, after)];
		}
		const attributes = after.followed
			? changeAttributes(source ? reached(source) : after.followed, after.followed)
			: changeAttributes({...after, owner: undefined, group: undefined, uid: undefined, gid: undefined}, after);
		return [{verb: 'link', path, target: after.target!}, ...attributes];
	}
	if (args.state === 'hard' && source && before.inode !== after.inode) {
		return [{verb: 'hard', path, target: reached(source).path}, ...changeAttributes(reached(source), after)];
	}
	if (after.type === 'directory') return before.type === 'directory' ? changeAttributes(before, after) : madeFolder(after);
	return [...timeChanges(args, after, touched, before.type === 'absent'), ...changeAttributes(before, after)];
}

function timeChanges(
	args: FileArgs,
	{path, setModified, setAccessed}: PathState,
	touched: boolean,
	created = false,
): readonly PathChange[] {
	const touching = args.state === 'touch';
	const modified = setModified ?? (touched && (args.modification_time ?? (touching ? 'now' : '')) === 'now' ? 'now' : undefined);
	const accessed = setAccessed ?? (touched && (args.access_time ?? (touching ? 'now' : '')) === 'now' ? 'now' : undefined);
	return created || modified !== undefined || accessed !== undefined ? [{verb: 'touch', path, modified, accessed}] : [];
}

function reportFile(args: FileArgs, {after: {path: after}}: Change<FileStates>): Result {
	if (after.type === 'absent') return {path: after.path, state: 'absent'};
	if (after.type === 'link')
		return {dest: after.path, ...(after.target === undefined ? {} : {src: after.target}), ...pathResult(after)};
	if (args.state === 'touch' || args.state === 'hard')
		return {dest: after.path, ...(args.src === undefined ? {} : {src: args.src}), ...pathResult(after)};
	return {path: after.path, ...pathResult(after)};
}
