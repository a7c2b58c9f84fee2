import {type Response, sh} from '../../connection/connection.js';
import {type Kind, ModuleFailure, type Planned, type Probe, type Read} from '../contract.js';
import {equalPaths, overlayPath} from './path-forecast.js';
import type {PathState} from './path-state.js';
import {parseStatus} from './path-status.js';

/** Everything below a folder, without the folder itself; empty where there is none. */
export interface TreeState {
	readonly path: string;
	/** Whether there is such a folder. */
	readonly isThere: boolean;
	/** Seconds since 1970 on the host when it was read. */
	readonly now: number;
	readonly entries: readonly PathState[];
}

const listTrees = sh`
	# prints the time, and for each folder (its arguments: L to follow links, the depth or nothing, the path) the names of what is below it, each ended by NUL, in groups: after an empty name the lines of stat, ended by NUL; after the folder another NUL
	LC_ALL=C; export LC_ALL
	date +%s
	printf '\0'
	while [ $# -gt 0 ]; do
		follow=\${1:+-L} depth=\${2:+-maxdepth $2} path=$3; shift 3
		case $path in '~' | '~'/*) path=$HOME\${path#?} ;; -*) path=./$path ;; esac
		if [ -d "$path" ]; then
			printf 'yes\0'
			# shellcheck disable=SC2086 # an option or none, two words or none
			find $follow "$path/." $depth ! -name . -exec sh -c '
				for one do printf "%s\0" "$one"; done
				printf "\0"
				if ! stat -c "%f:%u:%g:%s:%X:%Y:%Z:%h:%i:%d:%b:%B:%o:%t:%T:%U:%G:%x|%y|%z" -- "$@" 2>/dev/null; then
					for one do
						ls -ldn -- "$one" | { IFS= read -r line; printf "%s\n" "$line"; }
						ls -ld -- "$one" | { IFS= read -r line; printf "%s\n" "$line"; }
					done
				fi
				printf "\0"' sh {} + 2>/dev/null
		else
			printf 'no\0'
		fi
		printf '\0'
	done
`;

/** Whole trees of a host, for `recurse` and for finding. */
export const treeKind: Kind<TreeState> = {
	name: 'tree',
	probe: probeTrees,
	equal: (actual, planned) => {
		const present = new Map(actual.entries.map((entry) => [entry.path, entry]));
		return planned.entries.every((entry) => present.has(entry.path) && equalPaths(present.get(entry.path)!, entry));
	},
	overlay: overlayTree,
};

/** The reading of what is below a folder, down to `depth` (1: only what lies in it). */
export function readTree(path: string, wants: {readonly depth?: number; readonly follow?: boolean} = {}): Read<TreeState> {
	return {
		kind: treeKind,
		key: path.replace(/(?<=[^/])\/+$/, ''),
		wants: Object.fromEntries(Object.entries(wants).filter(([, value]) => value)),
	};
}

function probeTrees(reads: readonly Read<TreeState>[]): Probe<readonly TreeState[]> {
	return {
		script: listTrees,
		args: reads.flatMap(({key, wants = {}}) => [wants['follow'] ? 'L' : '', String(wants['depth'] ?? ''), key]),
		parse: (response) => parseTrees(response, reads),
	};
}

function parseTrees({stdout}: Response, reads: readonly Read<TreeState>[]): readonly TreeState[] {
	const fields = stdout.toString().split('\0');
	const now = Number(fields[0]);
	let at = 1;
	return reads.map(({key}) => {
		const entries: PathState[] = [];
		const isThere = fields[at++] === 'yes';
		while (fields[at] !== '') {
			if (fields[at] === undefined) throw new ModuleFailure(`the listing of ${key} was cut short`);
			const names: string[] = [];
			while (fields[at] !== '') names.push(fields[at++]!.replace('/./', '/'));
			const lines = fields[at + 1]!.split('\n').slice(0, -1);
			at += 2;
			if (lines.length % names.length !== 0) throw new ModuleFailure(`${key} changed while it was read`);
			const perName = lines.length / names.length;
			for (const [index, path] of names.entries()) {
				const status = parseStatus(lines.slice(index * perName, (index + 1) * perName));
				entries.push({...status, path});
			}
		}
		at++;
		return {path: key, now, isThere, entries: entries.sort((one, other) => (one.path < other.path ? -1 : 1))};
	});
}

/** What is foretold below the folder is put in, what is foretold to go is left out. */
function overlayTree(actual: TreeState, read: Read<TreeState>, planned: Planned): TreeState {
	const present = new Map(actual.entries.map((entry) => [entry.path, entry]));
	for (const [path] of planned.entries('path')) {
		if (path.startsWith(`${read.key}/`) && !present.has(path)) present.set(path, {type: 'absent', path});
	}
	const entries = [...present.values()]
		.map((entry) => overlayPath(entry, {key: entry.path}, planned))
		.filter(({type}) => type !== 'absent')
		.sort((one, other) => (one.path < other.path ? -1 : 1));
	return {...actual, entries};
}
