import {createHash} from 'node:crypto';
import {type Args, type Change, defineModule, ModuleFailure, type Plan, type Read, type Result, type Step} from './contract.js';
import {type Expected, expectedDigest, splitChecksum} from './download/checksum.js';
import {DigestMismatch, type Downloaded, parseDownload, type Remote, readUrlDigest, readUrlText} from './download/remote.js';
import {maskUrl, requestText, type UrlArguments, urlArguments, urlFileName} from './download/request.js';
import {download} from './download/script.js';
import {
	backupIn,
	changeAttributes,
	changeStep,
	exists,
	fileArguments,
	type PathState,
	pathResult,
	reached,
	readFolder,
	readPath,
	withAttributes,
} from './kinds/path.js';
import {baseName, joinPath, parentOf} from './kinds/path-names.js';
import {type DestinationStates, destinationName, type WriteArguments, writeStep} from './kinds/written-file.js';

type GetUrlArgs = Args &
	UrlArguments &
	WriteArguments & {readonly dest: string; readonly checksum: string; readonly tmp_dest?: string};

type GetUrlStates = DestinationStates & {
	/** The file that holds the checksum. */
	readonly checksums?: Remote;
	/** What the URL gives, looked at when nothing else tells whether the file is the same. */
	readonly remote?: Remote;
};

export default defineModule<GetUrlArgs, GetUrlStates>({
	name: 'get_url',
	summary: 'Download a file to the host, by its own curl or wget.',
	args: {
		...urlArguments,
		dest: {type: 'path', required: true, description: 'The file to write, or the folder to write it in.'},
		backup: {type: 'bool', default: false, description: 'Keep the old file beside, with the time in its name.'},
		checksum: {
			type: 'str',
			default: '',
			description: 'The digest it must have: `sha256:HEX`, or `sha256:URL` of a file that holds it.',
		},
		timeout: {type: 'int', default: 10, description: 'Seconds to wait for an answer.'},
		headers: {type: 'dict', description: 'Headers of the request.'},
		tmp_dest: {type: 'path', description: 'The folder for the download until it is complete.'},
		unredirected_headers: {
			offered: [[]],
			type: 'list',
			elements: 'str',
			default: [],
			description: 'Headers that no redirect gets.',
		},
		decompress: {type: 'bool', default: true, description: 'Take compressed answers apart.'},
		ciphers: {type: 'list', elements: 'str', description: 'The TLS ciphers to offer.'},
		use_netrc: {type: 'bool', default: true, description: 'Take credentials from ~/.netrc.'},
		...fileArguments,
	},
	inspect(args) {
		const {dest, url} = args;
		const {algorithm, url: checksumUrl} = splitChecksum(args.checksum);
		const wants = algorithm === undefined || algorithm === 'sha1' ? {sha1: true} : {algorithm};
		const path = dest.endsWith('/') ? joinPath(dest, urlFileName(url)) : dest;
		return {
			dest: readPath(path, wants),
			...(dest.endsWith('/') ? {} : {inside: readPath(joinPath(dest, urlFileName(url)), wants)}),
			[`above ${parentOf(path)}`]: readFolder(parentOf(path)),
			...(checksumUrl === undefined ? {} : {checksums: readUrlText(args, checksumUrl)}),
		} as unknown as {readonly [K in keyof GetUrlStates]: Read<GetUrlStates[K]>};
	},
	inspectMore(args, before) {
		const file = target(before);
		if (file.type !== 'file' || expectedDigest(args, before.checksums)) return undefined;
		return {remote: readUrlDigest(args, args.force ? undefined : file.mtime)};
	},
	plan(args, before): Plan<GetUrlStates> {
		const name = destinationName(before);
		const state = before[name]!;
		const folder = parentOf(state.path);
		const above = before[`above ${folder}`];
		if (name === 'dest' && above && !exists(above) && !above.opaque)
			throw new ModuleFailure(`Destination ${folder} does not exist`, {dest: state.path, url: maskUrl(args.url)});
		const planned = planFile(args, target(before), expectedDigest(args, before.checksums), before.remote);
		return {after: {[name]: state.type === 'link' ? {...state, followed: planned} : planned} as unknown as GetUrlStates};
	},
	apply: applyDownload,
	report: reportDownload,
});

/** The file that is written: what a link leads to. */
function target(before: GetUrlStates): PathState {
	return reached(before[destinationName(before)]!);
}

function planFile(args: GetUrlArgs, file: PathState, expected: Expected | undefined, remote: Remote | undefined): PathState {
	const {path, umask, mode, owner, group, uid, gid} = file;
	if (file.type === 'directory') throw new ModuleFailure(`Destination ${path} is a directory`, {dest: path});
	if (remote?.status === 304) return withAttributes(args, file);
	const digest = expected
		? expected.algorithm === 'sha1'
			? {sha1: expected.digest}
			: {digest: expected.digest}
		: remote
			? {sha1: remote.sha1!}
			: {};
	const kept = file.type === 'file' ? {mode, owner, group, uid, gid} : {};
	const same = file.type === 'file' && (digest.sha1 ?? file.sha1) === file.sha1 && (digest.digest ?? file.digest) === file.digest;
	return withAttributes(args, same ? file : {type: 'file', path, umask, ...kept, ...digest});
}

/** Downloads into a private neighbour, checks its digest there, then puts it in place. */
function applyDownload(args: GetUrlArgs, {before, after}: Change<GetUrlStates>): readonly Step[] {
	const name = destinationName(before);
	const file = target(before);
	const planned = reached(after[name]!);
	if (file.type === 'file' && file.sha1 === planned.sha1 && file.digest === planned.digest)
		return [changeStep(changeAttributes(file, planned))];
	const expected = expectedDigest(args, before.checksums);
	// Others may fetch at the same time, into the same folder.
	const own = args.tmp_dest ? `${createHash('sha1').update(file.path).digest('hex').slice(0, 10)}-` : '';
	const path = joinPath(args.tmp_dest ?? parentOf(file.path), `.playbill-download-${own}${baseName(file.path).slice(0, 100)}`);
	const fetching: Step = {
		script: download,
		says: `fetches ${maskUrl(args.url)}`,
		args: ['keep', path, expected?.algorithm ?? '', expected?.digest ?? ''],
		stdin: requestText(args, args.url),
		parse(response): Downloaded {
			const told = {dest: file.path, url: maskUrl(args.url), elapsed: 0};
			try {
				return parseDownload(response, args.url);
			} catch (error) {
				if (error instanceof ModuleFailure) throw new ModuleFailure(error.message, {...told, ...error.result});
				if (!(error instanceof DigestMismatch)) throw error;
				throw new ModuleFailure(`The checksum for ${path} did not match ${expected?.digest}; it was ${error.message}.`, {
					...told,
					checksum_src: error.sha1,
					checksum_dest: typeof file.sha1 === 'string' ? file.sha1 : null,
				});
			}
		},
	};
	return [fetching, writeStep(args, {dest: before[name]!}, {dest: after[name]!}, {path, temporary: true})].map((step) =>
		step.observes === 'dest' ? {...step, observes: name} : step,
	);
}

function reportDownload(args: GetUrlArgs, {before, after}: Change<GetUrlStates>, outputs: readonly unknown[]): Result {
	const file = target(before);
	const state = reached(after[destinationName(before)]!);
	const got = outputs[0] as Partial<Downloaded> | undefined;
	const backup = backupIn(outputs);
	const rest = {
		dest: state.path,
		url: maskUrl(args.url),
		elapsed: 0,
		...pathResult(state),
		...(backup ? {backup_file: backup} : {}),
	};
	const present = typeof file.sha1 === 'string' ? file.sha1 : null;
	const answer = got?.sha1 === undefined ? before.remote : got;
	if (answer?.status === 304) return {...rest, msg: 'HTTP Error 304: Not Modified', status_code: 304};
	if (answer?.sha1 === undefined) return {...rest, msg: file.type === 'file' ? 'file already exists' : ''};
	return {
		...rest,
		msg: `OK (${answer.size} bytes)`,
		status_code: answer.status ?? null,
		checksum_src: answer.sha1,
		checksum_dest: present,
		md5sum: answer.md5 ?? null,
		size: answer.size ?? 0,
	};
}
