import type {Diff} from '../contract.js';
import {modeText} from './path-mode.js';
import type {PathState} from './path-state.js';

/** The two sides of `--diff`: the texts where the bytes differ, else the attributes that do, as JSON in Ansible's form. */
export function diffPath(before: PathState, after: PathState): Diff | undefined {
	if (after.quiet) return undefined;
	if (before.type === 'link' && after.type === 'link' && before.followed && after.followed && before.target === after.target) {
		return diffPath(before.followed, after.followed);
	}
	return after.type === 'file' && before.sha1 !== after.sha1 ? diffContent(before, after) : diffAttributes(before, after);
}

function diffContent(before: PathState, after: PathState): Diff {
	const {path} = after;
	// As in Ansible, what is not there yet has no name.
	const beforeHeader = before.type === 'absent' ? '' : path;
	return {beforeHeader, afterHeader: path, before: contentText(before), after: contentText(after)};
}

/** Bytes with a NUL early on are no text; bytes that were not fetched are told by their size and digest. */
function contentText({type, content, size, sha1}: PathState): string {
	if (type !== 'file' || size === 0) return '';
	if (Buffer.isBuffer(content) && !content.subarray(0, 8192).includes(0)) return content.toString();
	return `(${typeof size === 'number' ? `${size} bytes` : 'bytes not known yet'}${typeof sha1 === 'string' ? `, SHA-1 ${sha1}` : ''})\n`;
}

function diffAttributes(before: PathState, after: PathState): Diff | undefined {
	const sides = [new Map<string, unknown>([['path', after.path]]), new Map<string, unknown>([['path', after.path]])] as const;
	const differ = (name: string, old: unknown, planned: unknown) => {
		if (planned === undefined || planned === old) return;
		sides[0].set(name, old ?? null);
		sides[1].set(name, planned);
	};
	differ('state', stateName(before), stateName(after));
	if (after.type === before.type) {
		const text = (mode: number | undefined) => (mode === undefined ? undefined : modeText(mode));
		if (after.type !== 'link') differ('mode', text(before.mode), text(after.mode));
		if (after.uid === undefined) differ('owner', before.owner, after.owner);
		else differ('owner', before.uid, after.uid);
		if (after.gid === undefined) differ('group', before.group, after.group);
		else differ('group', before.gid, after.gid);
		differ('src', before.target, after.target);
		differ('mtime', before.modified, after.setModified);
		differ('atime', before.accessed, after.setAccessed);
	}
	if (sides[0].size === 1) return undefined;
	const [old, planned] = sides.map((side) => `${JSON.stringify(Object.fromEntries([...side].sort()), null, 4)}\n`) as [
		string,
		string,
	];
	return {beforeHeader: '', afterHeader: '', before: old, after: planned};
}

/** Ansible's word for what is there: more than one name makes a file `hard`. */
export function stateName({type, links}: PathState): string {
	if (type === 'file' || type === 'other') return links !== undefined && links > 1 ? 'hard' : 'file';
	return type === 'unreadable' ? 'absent' : type;
}
