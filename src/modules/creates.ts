import type {Read} from './contract.js';
import {type Matching, readMatching} from './kinds/matching.js';
import {type PathState, readPath} from './kinds/path.js';

/** What `creates` and `removes` look at. */
export type Guards = {readonly creates?: PathState | Matching; readonly removes?: PathState | Matching};

interface GuardArguments {
	readonly creates?: string;
	readonly removes?: string;
	readonly chdir?: string;
}

/** The readings of `creates` and `removes`; a relative path begins in `chdir`. Patterns are matched on the host. */
export function readGuards({creates, removes, chdir}: GuardArguments): {readonly [K in keyof Guards]: Read<Guards[K]>} {
	const read = (path: string): Read<PathState | Matching> => {
		const from = chdir && !/^[/~$]/.test(path) ? `${chdir.replace(/\/+$/, '')}/${path}` : path;
		return (/[*?[]/.test(from) ? readMatching(from) : readPath(from)) as Read<PathState | Matching>;
	};
	return {...(creates ? {creates: read(creates)} : {}), ...(removes ? {removes: read(removes)} : {})} as {
		readonly [K in keyof Guards]: Read<Guards[K]>;
	};
}

/** Whether something is there; a link that leads nowhere counts, as it does for Ansible. */
export function isThere(state: PathState | Matching | undefined): boolean {
	if (!state) return false;
	return 'exists' in state ? state.exists : state.type !== 'absent' && state.type !== 'unreadable';
}

/** What a command with `creates` is foretold to leave: something at that path, of a kind that nobody can know. */
export function foretellCreated(before: Guards): Guards {
	const {creates} = before;
	if (!creates) return {};
	return {creates: 'exists' in creates ? {exists: true} : {type: 'other', path: creates.path}};
}
