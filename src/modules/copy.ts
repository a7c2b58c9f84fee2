import {type Content, contentOfBytes} from '../connection/connection.js';
import {Dict, pythonStr, Secret, Tuple, toJson, type Value} from '../jinja/jinja.js';
import {
	type Args,
	type Change,
	defineModule,
	ModuleFailure,
	type Plan,
	type Read,
	type Result,
	type SourceFiles,
	type Step,
	unknown,
} from './contract.js';
import {type HostTreeStates, hostTree, hostTreeRead, hostTreeReads} from './copy-host-tree.js';
import {copyResult} from './copy-result.js';
import {applyTree, planTree, type TreeStates, treeDestinationReads, treeOf} from './copy-tree.js';
import {exists, fileArguments, modeBits, modeText, type PathState, pathResult, reached, readPath} from './kinds/path.js';
import {baseName, joinPath} from './kinds/path-names.js';
import {
	type DestinationStates,
	destinationName,
	destinationReads,
	type PlannedBytes,
	plannedBytes,
	planWrite,
	type WriteArguments,
	writeStep,
} from './kinds/written-file.js';

type CopyArgs = Args &
	WriteArguments & {
		/** Files of this side, or a path of the host with `remote_src`. */
		readonly src?: SourceFiles | string;
		readonly content?: unknown;
		readonly dest: string;
		readonly remote_src: boolean;
		readonly local_follow: boolean;
		readonly checksum?: string;
	};

type CopyStates = DestinationStates & TreeStates & HostTreeStates & {readonly source?: PathState};

export default defineModule<CopyArgs, CopyStates>({
	name: 'copy',
	summary: 'Copy files of this side, or a text, or files of the host, to the host.',
	args: {
		src: {
			type: 'path',
			local: 'source',
			description: 'The file or folder to copy; of a folder that ends in a slash its contents.',
		},
		content: {type: 'raw', description: 'The text to write, in place of `src`; a dict or list becomes JSON.'},
		dest: {type: 'path', required: true, description: 'Where it goes; a folder when it ends in a slash.'},
		backup: {type: 'bool', default: false, description: 'Keep the old file beside, with the time in its name.'},
		force: {type: 'bool', default: true, description: 'Replace a file that differs.'},
		validate: {type: 'str', description: 'A command that must accept the new file, `%s`, before it is put in place.'},
		directory_mode: {type: 'raw', description: 'The permissions of the folders that are made.'},
		remote_src: {type: 'bool', default: false, description: '`src` is a path of the host.'},
		follow: {type: 'bool', default: false, description: 'Write what a link leads to.'},
		local_follow: {type: 'bool', default: true, description: 'Copy what links in the source lead to.'},
		checksum: {type: 'str', description: 'The SHA-1 that the source must have.'},
		decrypt: {type: 'bool', default: true, description: 'Open a source that is encrypted by vault.'},
		...fileArguments,
	},
	rules: {mutuallyExclusive: [['src', 'content']], requiredOneOf: [['src', 'content']]},
	inspect(args) {
		const {src, dest} = args;
		if (typeof src === 'string') {
			const tree = hostTreeRead(src, args.local_follow);
			return {source: readPath(src, {sha1: true}), tree, ...destinationReads(dest, baseName(src))} as never;
		}
		if (src?.type === 'directory') return treeDestinationReads(src, dest) as never;
		if (src === undefined && dest.endsWith('/')) throw new ModuleFailure('can not use content with a dir as dest');
		return destinationReads(dest, src ? baseName(src.name) : undefined) as unknown as {
			readonly [K in keyof CopyStates]: Read<CopyStates[K]>;
		};
	},
	inspectMore: ({src, dest}, {tree}) =>
		typeof src === 'string' && tree?.isThere
			? (hostTreeReads(src, dest, tree) as unknown as Partial<{readonly [K in keyof CopyStates]: Read<CopyStates[K]>}>)
			: undefined,
	plan(args, before): Plan<CopyStates> {
		const {src} = args;
		if (typeof src === 'string') return {after: planRemote(args, src, before)};
		if (src?.type === 'directory') return {after: planTree(args, treeOf(src), before) as CopyStates};
		const content = contentOf(args);
		if (args.checksum && args.checksum !== content.sha1) {
			throw new ModuleFailure('Copied file does not match the expected checksum. Transfer failed.', {
				checksum: content.sha1,
				expected_checksum: args.checksum,
			});
		}
		if (src === undefined && reached(before.dest).type === 'directory')
			throw new ModuleFailure('can not use content with a dir as dest');
		const mode = args.mode === 'preserve' && src ? modeText(src.mode) : args.mode;
		return {after: planWrite({...args, mode}, before, plannedBytes(content), args.dest.endsWith('/')) as CopyStates};
	},
	apply: applyCopy,
	report(args, change, outputs): Result {
		const {src} = args;
		if (typeof src === 'string' && change.before.tree?.isThere) {
			const root = change.after[`above ${rootOf(src, args.dest)}`] ?? change.before[`above ${rootOf(src, args.dest)}`];
			return {dest: args.dest, src, checksum: null, md5sum: null, ...(root ? pathResult(reached(root)) : {})};
		}
		if (typeof src === 'string') {
			const {path: _, ...result} = copyResult(change, undefined, outputs);
			return {src, ...result};
		}
		if (src?.type === 'directory') {
			const slash = src.name.endsWith('/') && !src.path.endsWith('/') ? '/' : '';
			return {dest: args.dest.endsWith('/') ? args.dest : `${args.dest}/`, src: `${src.path}${slash}`};
		}
		if (!args.force && exists(change.before[destinationName(change.before)]!))
			return {dest: reached(change.before[destinationName(change.before)]!).path, ...(src ? {src: src.path} : {})};
		const result = copyResult(change, contentOf(args), outputs);
		// Ansible names a source only where it had to bring the file.
		return src && !('path' in result) ? {src: src.path, ...result} : result;
	},
});

/** The folder that a folder of the host is copied to. */
function rootOf(src: string, dest: string): string {
	return src.endsWith('/') ? dest.replace(/\/+$/, '') : joinPath(dest, baseName(src));
}

/** The one file's bytes. */
function contentOf({src, content}: CopyArgs): Content {
	if (typeof src === 'object' && src.content) return src.content;
	if (content instanceof Secret) return contentOfBytes(content.text);
	if (content instanceof Uint8Array) return contentOfBytes(content);
	if (content instanceof Dict || content instanceof Tuple || Array.isArray(content))
		return contentOfBytes(toJson(content as Value));
	return contentOfBytes(content === null || content === undefined ? '' : pythonStr(content as Value));
}

function planRemote(args: CopyArgs, src: string, before: CopyStates): CopyStates {
	const source = before.source!;
	if (!exists(source)) throw new ModuleFailure(`Source ${src} not found`);
	const from = reached(source);
	if (from.readable === false) throw new ModuleFailure(`Source ${src} not readable`);
	if (from.type === 'directory') return planTree(args, hostTree(src, args.local_follow, before), before) as CopyStates;
	if (from.type !== 'file') throw new ModuleFailure(`Cannot copy invalid source '${src}': not a file`);
	if (args.checksum && args.checksum !== from.sha1) {
		throw new ModuleFailure('Copied file does not match the expected checksum. Transfer failed.', {
			checksum: String(from.sha1),
			expected_checksum: args.checksum,
		});
	}
	const dest = before[destinationName(before)]!;
	const isTaken = exists(dest) && dest.sha1 !== from.sha1 && from.mode !== undefined;
	// What is replaced gets the source's mode, which a symbolic one builds on.
	const built = () => modeText(modeBits(args.mode ?? from.mode!, from.mode!, false, dest.umask ?? 0o022, dest.path));
	const mode = args.mode === 'preserve' ? modeText(from.mode ?? 0o644) : isTaken ? built() : args.mode;
	const bytes: PlannedBytes = {
		sha1: from.sha1 ?? unknown,
		size: from.size ?? unknown,
		...(from.content ? {content: from.content} : {}),
	};
	return planWrite({...args, mode}, before, bytes, args.dest.endsWith('/')) as CopyStates;
}

function applyCopy(args: CopyArgs, {before, after}: Change<CopyStates>): readonly Step[] {
	const {src} = args;
	if (typeof src === 'string' && before.tree?.isThere)
		return applyTree(args, hostTree(src, args.local_follow, before), before, after);
	if (typeof src === 'string') {
		const {path, size} = reached(before.source!);
		return [writeStep(args, before, after, {path, size: size as number})];
	}
	return src?.type === 'directory'
		? applyTree(args, treeOf(src), before, after)
		: [writeStep(args, before, after, contentOf(args))];
}
