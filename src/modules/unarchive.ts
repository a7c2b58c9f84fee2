import {type HostArchive, readArchive} from './archive/host-archive.js';
import {archiveScript, isUrl} from './archive/host-source.js';
import {type ArchiveEntry, listArchive} from './archive/listing.js';
import {localReads, localSteps, planLocal} from './archive/local-archive.js';
import {selectEntries} from './archive/select.js';
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
import {
	changeAttributes,
	changeStep,
	exists,
	type FileArguments,
	fileArguments,
	type PathState,
	pathResult,
	reached,
	readPath,
	withAttributes,
} from './kinds/path.js';

type UnarchiveArgs = Args &
	FileArguments & {
		/** A file of this side, or a path of the host with `remote_src`. */
		readonly src: SourceFiles | string;
		readonly dest: string;
		readonly creates?: string;
		readonly list_files: boolean;
		readonly validate_certs?: boolean;
		readonly keep_newer: boolean;
		readonly exclude: readonly string[];
		readonly include: readonly string[];
		readonly extra_opts: readonly string[];
	};

type UnarchiveStates = {
	readonly dest: PathState;
	readonly creates?: PathState;
	/** An archive of the host, and what it would change. */
	readonly source?: PathState;
	readonly archive?: HostArchive;
	/** Each entry of an archive of this side. */
	readonly [entry: `at ${string}`]: PathState;
};

export default defineModule<UnarchiveArgs, UnarchiveStates>({
	name: 'unarchive',
	summary: 'Unpack an archive of this side or of the host into a folder.',
	args: {
		src: {type: 'path', required: true, local: 'source', description: 'The archive.'},
		dest: {type: 'path', required: true, description: 'The folder to unpack into.'},
		remote_src: {type: 'bool', default: false, description: '`src` is a path of the host.'},
		creates: {type: 'path', description: 'Nothing is done when this is there.'},
		list_files: {type: 'bool', default: false, description: "Return the entries' names."},
		keep_newer: {type: 'bool', default: false, description: 'Keep files that are newer than those of the archive.'},
		exclude: {type: 'list', elements: 'str', default: [], description: 'Entries to leave out.'},
		include: {type: 'list', elements: 'str', default: [], description: 'The only entries to unpack.'},
		extra_opts: {type: 'list', elements: 'str', default: [], description: 'Options of tar or unzip (`--strip-components=1`).'},
		validate_certs: {type: 'bool', default: true, description: 'Check certificates.'},
		io_buffer_size: {type: 'int', default: 65_536, description: 'Has no meaning here.'},
		copy: {type: 'bool', default: true, description: 'The old opposite of `remote_src`.'},
		decrypt: {type: 'bool', default: true, description: 'Open a source that is encrypted by vault.'},
		...fileArguments,
	},
	rules: {mutuallyExclusive: [['include', 'exclude']]},
	inspect({src, dest, creates}) {
		return {
			dest: readPath(dest),
			...(creates ? {creates: readPath(creates)} : {}),
			...(typeof src === 'string' && !isUrl(src) ? {source: readPath(src)} : {}),
		} as {readonly [K in keyof UnarchiveStates]: Read<UnarchiveStates[K]>};
	},
	inspectMore(args, before) {
		const {src} = args;
		if (isThere(before)) return undefined;
		if (typeof src === 'string')
			return {
				archive: readArchive(
					before.source?.path ?? src,
					before.dest.path,
					tarWords(args),
					zipWords(args),
					args.validate_certs !== false,
				),
			};
		return localReads(entriesOf(args, src), before.dest.path);
	},
	plan(args, before): Plan<UnarchiveStates> {
		const {src, dest} = args;
		if (isThere(before)) return {after: {dest: before.dest}};
		if (before.source && !exists(before.source)) throw new ModuleFailure(`Source '${src}' does not exist`);
		if (reached(before.dest).type !== 'directory') throw new ModuleFailure(`dest '${dest}' must be an existing dir`);
		if (typeof src !== 'string') return {after: {dest: before.dest, ...planLocal(args, entriesOf(args, src), before)}};
		return {after: planHost(args, before)};
	},
	apply: applyUnarchive,
	report(args, {before, after}): Result {
		const {src, dest} = args;
		if (isThere(before)) return {skipped: true, msg: `skipped, since ${args.creates} exists`};
		const names =
			typeof src === 'string'
				? (after.archive ?? before.archive)!.wanted.map(
						({path, type}) => `${path.slice(before.dest.path.replace(/\/+$/, '').length + 1)}${type === 'directory' ? '/' : ''}`,
					)
				: entriesOf(args, src).map(({name, type}) => (type === 'directory' ? `${name}/` : name));
		const source = typeof src === 'string' ? src : src.path;
		return {
			dest,
			src: source,
			handler: handlerOf(source),
			...pathResult(reached(before.dest)),
			...(args.list_files ? {files: names} : {}),
		};
	},
});

/** What Ansible calls its way to unpack a file of that name. */
function handlerOf(name: string): string {
	const [, handler] = handlers.find(([end]) => end.test(name)) ?? [];
	return handler ?? 'TgzArchive';
}

const handlers = [
	[/\.(zip|jar|war)$/i, 'ZipArchive'],
	[/\.tar$/i, 'TarArchive'],
	[/\.(tar\.bz2|tbz2?)$/i, 'TarBzipArchive'],
	[/\.(tar\.xz|txz)$/i, 'TarXzArchive'],
	[/\.(tar\.zst|tzst)$/i, 'TarZstdArchive'],
] as const;

function isThere({creates}: UnarchiveStates): boolean {
	return creates !== undefined && exists(creates);
}

/** What of an archive of this side is unpacked. */
function entriesOf(args: UnarchiveArgs, {content, path}: SourceFiles): readonly ArchiveEntry[] {
	if (!content) throw new ModuleFailure(`Source '${path}' is a directory`);
	return selectEntries(listArchive(content, path), args);
}

/** An archive of the host that is only foretold leaves a folder of which nothing is known. */
function planHost(args: UnarchiveArgs, before: UnarchiveStates): UnarchiveStates {
	const archive = before.archive!;
	if (archive.missing) return {dest: {...before.dest, opaque: true}, archive: {...archive, missing: false, unpacked: true}};
	const after = archive.wanted.map((wanted, index) => {
		const present = archive.present[index]!;
		if (args.keep_newer && (present.mtime ?? 0) > (wanted.mtime ?? 0)) return present;
		const {type, path, mode, target, sha1, size} = wanted;
		const {owner, group, uid, gid} = present;
		const kept = present.type === type ? {owner, group, uid, gid} : {};
		return withAttributes(args, {
			type,
			path,
			...kept,
			...(type === 'link' ? {target} : {mode}),
			...(type === 'file' ? {sha1, size, content: unknown} : {}),
		} as PathState);
	});
	return {dest: before.dest, archive: {...archive, present: after}};
}

/** The words for tar: the user's options, then what is left out, then the members. */
function tarWords({extra_opts, exclude, include, keep_newer}: UnarchiveArgs): readonly string[] {
	const newer = keep_newer ? ['--keep-newer-files'] : [];
	return [
		...extra_opts,
		...newer,
		...exclude.map((pattern) => `--exclude=${pattern.replace(/\/+$/, '')}`),
		...(include.length > 0 ? ['--', ...include] : []),
	];
}

function zipWords({extra_opts, exclude, include}: UnarchiveArgs): readonly string[] {
	return [...extra_opts, ...include, ...(exclude.length > 0 ? ['-x', ...exclude] : [])];
}

function applyUnarchive(args: UnarchiveArgs, {before, after}: Change<UnarchiveStates>): readonly Step[] {
	const {src} = args;
	if (typeof src !== 'string') return localSteps(args, entriesOf(args, src), before, after);
	const [tar, zip] = [tarWords(args), zipWords(args)];
	const {archive} = after;
	const differ = archive!.present.filter((state, index) => !same(before.archive!.present[index], state));
	const unpack: Step = {
		...archiveScript(src, args.validate_certs !== false),
		args: ['unpack', before.source?.path ?? src, before.dest.path, String(tar.length), ...tar, ...zip],
	};
	const changes = archive!.present.flatMap((state, index) =>
		changeAttributes(
			{...archive!.wanted[index]!, owner: undefined, group: undefined, uid: undefined, gid: undefined},
			onlyAsked(args, state),
		),
	);
	const contents = differ.some(
		(state) =>
			!sameBytes(
				before.archive!.present.find(({path}) => path === state.path),
				state,
			),
	);
	return [...(contents ? [unpack] : []), ...(changes.length > 0 ? [changeStep(changes)] : [])];
}

/** What unpacking does by itself is not set again. */
function onlyAsked({owner, group}: FileArguments, state: PathState): PathState {
	return {...state, ...(owner ? {} : {owner: undefined, uid: undefined}), ...(group ? {} : {group: undefined, gid: undefined})};
}

function same(before: PathState | undefined, after: PathState): boolean {
	return (
		before !== undefined &&
		sameBytes(before, after) &&
		before.mode === after.mode &&
		before.owner === after.owner &&
		before.group === after.group
	);
}

function sameBytes(before: PathState | undefined, after: PathState): boolean {
	return before?.type === after.type && before.sha1 === after.sha1 && before.target === after.target;
}
