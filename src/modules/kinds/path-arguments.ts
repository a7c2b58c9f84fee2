import type {ArgumentSpecs} from '../argument-spec.js';
import {ModuleFailure} from '../contract.js';
import type {Attributes, PathChange} from './path-change.js';
import {modeBits} from './path-mode.js';
import {type PathState, reached} from './path-state.js';

/** The arguments that every module that writes files has. */
export const fileArguments = {
	mode: {type: 'raw', description: 'The permissions: octal in quotes (`"0644"`) or symbolic (`u=rw,g=r`).'},
	owner: {type: 'str', description: 'The user who shall own it, by name or id.'},
	group: {type: 'str', description: 'The group that shall own it, by name or id.'},
	seuser: {type: 'str', description: 'The user of the SELinux context.'},
	serole: {type: 'str', description: 'The role of the SELinux context.'},
	setype: {type: 'str', description: 'The type of the SELinux context.'},
	selevel: {type: 'str', description: 'The level of the SELinux context.'},
	attributes: {offered: [], type: 'str', aliases: ['attr'], description: 'The attributes as chattr takes them.'},
	unsafe_writes: {
		type: 'bool',
		default: false,
		description: 'Write over the file where it stands when it cannot be replaced at once.',
	},
} as const satisfies ArgumentSpecs;

export type FileArguments = {
	readonly mode?: unknown;
	readonly owner?: string;
	readonly group?: string;
	readonly unsafe_writes?: boolean;
	readonly [other: string]: unknown;
};

/** Arguments that are known and not offered; a task that gives one fails rather than going on without it. */
const refused = ['seuser', 'serole', 'setype', 'selevel'] as const;

/** The state with the mode, owner and group that the arguments ask for. Symbolic modes start from the mode in `state`. */
export function withAttributes({mode, owner, group, ...rest}: FileArguments, state: PathState): PathState {
	for (const name of refused) {
		if (rest[name] !== undefined && rest[name] !== null)
			throw new ModuleFailure(`the argument ${name} is not offered by Playbill`, {path: state.path});
	}
	const isDirectory = state.type === 'directory';
	const {umask = 0o022} = state;
	const current = state.mode ?? (isDirectory ? 0o777 : 0o666) & ~umask;
	return {
		...state,
		...(given(mode) && state.type !== 'link' ? {mode: modeBits(mode, current, isDirectory, umask, state.path)} : {}),
		...(given(owner) ? identity('owner', 'uid', String(owner), state) : {}),
		...(given(group) ? identity('group', 'gid', String(group), state) : {}),
	};
}

function given(value: unknown): boolean {
	return value !== undefined && value !== null && value !== '';
}

/** A number is an id, as in Ansible. What the host already has keeps its name and id. */
function identity(name: 'owner' | 'group', id: 'uid' | 'gid', wanted: string, state: PathState): Partial<PathState> {
	if (/^-?\d+$/.test(wanted)) return Number(wanted) === state[id] ? {} : {[id]: Number(wanted), [name]: undefined};
	if (/[:\n]|^$/.test(wanted))
		throw new ModuleFailure(
			`${name === 'owner' ? 'chown' : 'chgrp'} failed: failed to look up ${name === 'owner' ? 'user' : 'group'} ${wanted}`,
			{path: state.path},
		);
	return wanted === state[name] ? {} : {[name]: wanted, [id]: undefined};
}

/** What of the attributes must be set to come from one state to the other. */
export function attributeChanges(before: PathState, after: PathState): Attributes {
	const same = before.type === after.type;
	const owner = after.owner ?? after.uid?.toString();
	const group = after.group ?? after.gid?.toString();
	return {
		mode: same && after.mode === before.mode ? undefined : after.type === 'link' ? undefined : after.mode,
		owner: same && after.owner === before.owner && after.uid === before.uid ? undefined : owner,
		group: same && after.group === before.group && after.gid === before.gid ? undefined : group,
	};
}

/** The change of attributes alone, or nothing when they are as they shall be. */
export function changeAttributes(before: PathState, after: PathState): readonly PathChange[] {
	const {mode, owner, group} = attributeChanges(before, after);
	if (mode === undefined && owner === undefined && group === undefined) return [];
	return [{verb: 'attributes', path: after.path, mode, owner, group}];
}

/** Ansible's return values about the path, as `add_path_info` gives them; nothing for what is not there. */
export function pathResult(state: PathState): Record<string, string | number> {
	const {type, uid, gid, owner, group, mode, size, links} = state;
	if (type === 'absent' || type === 'unreadable' || (type === 'link' && reached(state).type === 'absent')) return {};
	const kind = type === 'file' || type === 'other' ? (links !== undefined && links > 1 ? 'hard' : 'file') : type;
	return {
		...(uid === undefined ? {} : {uid}),
		...(gid === undefined ? {} : {gid}),
		...(owner === undefined ? {} : {owner}),
		...(group === undefined ? {} : {group}),
		...(mode === undefined ? {} : {mode: `0${mode.toString(8).padStart(3, '0')}`}),
		state: kind,
		...(typeof size === 'number' ? {size} : {}),
	};
}
