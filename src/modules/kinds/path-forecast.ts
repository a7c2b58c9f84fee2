import {createHash} from 'node:crypto';
import {type Planned, type Read, unknown} from '../contract.js';
import type {PathState} from './path-state.js';

/**
 * What a read sees when earlier tasks are foretold to have changed paths: the latest planned state of the path itself, or of a
 * folder above it that was removed, replaced or made anew. Both are looked at in the order they were planned.
 */
export function overlayPath(actual: PathState, read: Pick<Read<PathState>, 'key' | 'wants'>, planned: Planned): PathState {
	let state = actual;
	for (const [, archive] of planned.entries('archive')) {
		const unpacked = (archive as {present: readonly PathState[]}).present.find(({path}) => path === read.key);
		if (unpacked) state = merge(state, unpacked, read.wants ?? {});
	}
	for (const [key, value] of planned.entries('path')) {
		const foretold = value as PathState;
		if (key === read.key) state = merge(state, foretold, read.wants ?? {});
		else if (read.key.startsWith(`${key}/`) && (foretold.type === 'absent' || foretold.type === 'file' || foretold.fresh)) {
			state = {type: 'absent', path: state.path, umask: state.umask};
		} else if (read.key.startsWith(`${key}/`) && foretold.opaque && state.type === 'absent') state = {...state, opaque: true};
	}
	return state;
}

function merge(actual: PathState, planned: PathState, wants: NonNullable<Read<PathState>['wants']>): PathState {
	const {fresh: _, quiet: __, ...told} = planned;
	const known = Object.fromEntries(Object.entries(told).filter(([, value]) => value !== undefined)) as unknown as PathState;
	const {path, umask = 0o022} = actual;
	if (planned.type === 'absent' || planned.type === 'unreadable') return {type: planned.type, path, umask};
	const followed =
		planned.followed && actual.followed
			? {followed: merge(actual.followed, planned.followed, wants)}
			: {followed: planned.followed};
	const mode = planned.type === 'directory' ? 0o777 : planned.type === 'link' ? 0o777 : 0o666;
	const start: Partial<PathState> = actual.type === planned.type ? actual : {mode: mode & ~umask, ...allowed};
	const state = {...start, ...known, path, umask, ...(planned.type === 'link' ? followed : {})};
	return planned.type === 'file' && !keepsBytes(actual, planned) ? rewritten(state, planned, wants) : state;
}

/** Whether the plan leaves the bytes that the host has: it says nothing of them, or the same. */
function keepsBytes(actual: PathState, planned: PathState): boolean {
	if (actual.type !== 'file') return false;
	if (planned.digest !== undefined && planned.digest !== actual.digest) return false;
	if (planned.sha1 === undefined) return planned.content === undefined;
	return planned.sha1 === (actual.sha1 ?? (Buffer.isBuffer(actual.content) ? sha1Of(actual.content) : planned.sha1));
}

function sha1Of(content: Buffer): string {
	return createHash('sha1').update(content).digest('hex');
}

const allowed = {readable: true, writable: true, executable: false};

/** Nothing that the host said of the old bytes holds for the new ones. */
function rewritten(state: PathState, planned: PathState, wants: NonNullable<Read<PathState>['wants']>): PathState {
	const {content, size, sha1} = planned;
	const algorithm = wants['algorithm'];
	return {
		...state,
		content: content ?? (wants['content'] ? unknown : undefined),
		size: size ?? (Buffer.isBuffer(content) ? content.length : unknown),
		sha1: sha1 ?? (Buffer.isBuffer(content) ? sha1Of(content) : unknown),
		digest: algorithm
			? Buffer.isBuffer(content)
				? createHash(String(algorithm)).update(content).digest('hex')
				: unknown
			: undefined,
		inode: planned.inode ?? unknown,
	};
}

const compared = ['owner', 'group', 'uid', 'gid', 'sha1', 'digest', 'target', 'inode'] as const;

/** Whether a path is as planned. */
export function equalPaths(actual: PathState, planned: PathState): boolean {
	if (actual.type !== planned.type) return false;
	if (planned.type !== 'link' && planned.mode !== undefined && planned.mode !== actual.mode) return false;
	if (compared.some((field) => planned[field] !== undefined && planned[field] !== actual[field])) return false;
	if (planned.setModified !== undefined && planned.setModified !== actual.modified) return false;
	if (planned.setAccessed !== undefined && planned.setAccessed !== actual.accessed) return false;
	if (planned.sha1 === undefined && Buffer.isBuffer(planned.content) && Buffer.isBuffer(actual.content)) {
		if (!planned.content.equals(actual.content)) return false;
	}
	return !planned.followed || !actual.followed || equalPaths(actual.followed, planned.followed);
}
