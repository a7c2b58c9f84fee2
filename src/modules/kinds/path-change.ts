import {type Content, progressIn, type Response} from '../../connection/connection.js';
import {ModuleFailure, type Step} from '../contract.js';
import {changePaths} from './path-change-script.js';
import {jointOf} from './path-joint.js';
import type {FoundPath} from './path-status.js';

/** Who shall own a path and what they may do; what is undefined stays as it is, or is the host's to decide for what is new. */
export interface Attributes {
	readonly mode?: number | undefined;
	/** A name or an id. */
	readonly owner?: string | undefined;
	readonly group?: string | undefined;
}

/** A file of the host whose bytes are taken; a temporary one is removed afterwards, whatever happens. */
export interface HostFile {
	readonly path: string;
	/** What it must have, when that is known. */
	readonly size?: number;
	readonly sha1?: string;
	readonly temporary?: boolean;
}

/** One change of one path. Those of one step run in order, in one script; at most one of them writes, and it is the last. */
export type PathChange =
	| ({readonly verb: 'attributes' | 'directory'; readonly path: string} & Attributes)
	| {readonly verb: 'link' | 'hard'; readonly path: string; readonly target: string}
	| {readonly verb: 'remove'; readonly path: string}
	/** Times in `touch -t`'s form, or `now`. */
	| {
			readonly verb: 'touch';
			readonly path: string;
			readonly modified?: string | undefined;
			readonly accessed?: string | undefined;
	  }
	| ({
			readonly verb: 'write';
			readonly path: string;
			/** Bytes of this side, or a file of the host. */
			readonly content: Content | Buffer | HostFile;
			readonly backup?: boolean | undefined;
			/** Write over the file where it stands when it cannot be replaced. */
			readonly unsafeWrites?: boolean | undefined;
			/** The words of a command that must accept the new file, whose name stands for the character U+0001. */
			readonly validate?: readonly string[] | undefined;
			/** Forget owner, mode and extended attributes of the file that was there. */
			readonly afresh?: boolean | undefined;
	  } & Attributes);

/** What a step of changes gives. */
export interface PathChanged {
	readonly backup: string | undefined;
	/** What the host says of the last path, if it is still there. */
	readonly found: FoundPath | undefined;
}

/** Whether a change may be made twice: what it leaves is then the same, but for a backup and what a file is written over in place or taken from. */
function isRepeatable(change: PathChange): boolean {
	if (change.verb !== 'write') return true;
	return !change.backup && !change.unsafeWrites && !('temporary' in change.content && change.content.temporary);
}

/** Whether the last change says all that it needs in words: no file of the host, no command that validates. */
function isJoinable(last: PathChange | undefined): boolean {
	return last?.verb !== 'write' || !('path' in last.content || last.validate);
}

/** Where a step kept the old file. */
export function backupIn(outputs: readonly unknown[]): string | undefined {
	return outputs.map((output) => (output as PathChanged | undefined)?.backup).find((backup) => backup);
}

/** How a failed validation is told; the default is `copy`'s way. */
export type ValidationFailure = (status: number, stdout: string, stderr: string) => ModuleFailure;

/** The step that makes these changes. */
export function changeStep(changes: readonly PathChange[], failure: ValidationFailure = failedToValidate): Step {
	const last = changes.at(-1);
	const content = last?.verb === 'write' ? last.content : undefined;
	const args = changes.flatMap(changeArguments);
	const repeatable = changes.every(isRepeatable);
	const joint = repeatable && isJoinable(last) ? jointOf(args, content as Content | Buffer | undefined) : undefined;
	return {
		script: changePaths,
		args,
		repeatable,
		...(joint ? {joint} : {}),
		...(content && !('path' in content) ? {stdin: content, shows: progressIn} : {}),
		...(content && 'open' in content
			? {leaves: {content, at: last!.path, instead: (from) => changeStep(takingFrom(changes, content, from), failure)}}
			: {}),
		parse: (response) => answer(response, failure),
	};
}

/** The same changes, the last of which takes its content from a file of the host, if that has it. */
export function takingFrom(
	changes: readonly PathChange[],
	{size, sha1}: Pick<Content, 'size' | 'sha1'>,
	path: string,
): PathChange[] {
	const [write, ...others] = changes.toReversed();
	return [...others.toReversed(), {...(write as PathChange & {verb: 'write'}), content: {path, size, sha1}}];
}

function answer({status, stdout, stderr}: Response, failure: ValidationFailure): PathChanged {
	const text = stdout.toString();
	if (status === 8) {
		const [code, ...output] = text.split('\0');
		throw failure(Number(code), output.join('\0'), stderr.toString());
	}
	if (status !== 0) throw failureOf({status, stderr});
	const [backup, access = '', lines = ''] = text.split('\0');
	const found = lines === '' ? undefined : {access, status: lines.split('\n').slice(0, -1)};
	return {backup: backup || undefined, found};
}

/** What a script's end with a status but 0 means: 9 that its words are for the user. */
export function failureOf({status, stderr}: Pick<Response, 'status' | 'stderr'>): ModuleFailure {
	return new ModuleFailure(
		stderr.toString().trim() || `the script ended with status ${status}`,
		status === 9 ? {} : {rc: status},
	);
}

/** `copy`'s way to tell that the validation has refused a file. */
export function failedToValidate(status: number, stdout: string, stderr: string): ModuleFailure {
	return new ModuleFailure('failed to validate', {exit_status: status, stdout, stderr});
}

function changeArguments(change: PathChange): readonly string[] {
	const {verb, path} = change;
	switch (verb) {
		case 'attributes':
		case 'directory':
			return [verb, path, ...attributeArguments(change)];
		case 'link':
		case 'hard':
			return [verb, path, change.target];
		case 'remove':
			return [verb, path];
		case 'touch':
			return [verb, path, change.modified ?? '', change.accessed ?? ''];
		case 'write': {
			const {content} = change;
			const bytes = Buffer.isBuffer(content) ? content.length : (content.size ?? '');
			const size = 'path' in content && content.sha1 ? `${bytes}:${content.sha1}` : bytes;
			const flags =
				(change.backup ? 'b' : '') +
				(change.unsafeWrites ? 'u' : '') +
				(change.afresh ? '' : 'k') +
				('temporary' in content && content.temporary ? 'd' : '');
			const source = 'path' in content ? content.path : '';
			return [verb, path, String(size), ...attributeArguments(change), flags, source, ...(change.validate ?? [])];
		}
	}
}

/** Modes go in six digits: GNU chmod keeps the special bits of folders when it gets fewer than five. */
export function attributeArguments({mode, owner, group}: Attributes): readonly string[] {
	return [mode === undefined ? '' : mode.toString(8).padStart(6, '0'), owner ?? '', group ?? ''];
}
