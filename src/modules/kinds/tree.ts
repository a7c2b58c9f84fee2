import {type Response, sh} from '../../connection/connection.js';
import {type Kind, ModuleFailure, type Planned, type Probe, type Read} from '../contract.js';
import {equalPaths, overlayPath} from './path-forecast.js';
import type {PathState} from './path-state.js';
import {parseStatus} from './path-status.js';

/** Everything below a folder, without the folder itself; empty where there is none. */
export interface TreeState {
	readonly path: string;
	readonly entries: readonly PathState[];
}

const listTrees = sh`
	# prints for each folder the names of what is below it, each ended by NUL, in groups: after an empty name the lines of stat, ended by NUL; after the folder another NUL
	LC_ALL=C; export LC_ALL
	for path do
		case $path in '~' | '~'/*) path=$HOME\${path#?} ;; -*) path=./$path ;; esac
		if [ -d "$path" ]; then
			find "$path/." ! -name . -exec sh -c '
				for one do printf "%s\0" "$one"; done
				printf "\0"
				if ! stat -c "%f:%u:%g:%s:%X:%Y:%Z:%h:%i:%d:%b:%B:%o:%t:%T:%U:%G:%x|%y|%z" -- "$@" 2>/dev/null; then
					for one do
						ls -ldn -- "$one" | { IFS= read -r line; printf "%s\n" "$line"; }
						ls -ld -- "$one" | { IFS= read -r line; printf "%s\n" "$line"; }
					done
				fi
				printf "\0"' sh {} + 2>/dev/null
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

export function readTree(path: string): Read<TreeState> {
	return {kind: treeKind, key: path.replace(/(?<=[^/])\/+$/, '')};
}

function probeTrees(reads: readonly Read<TreeState>[]): Probe<readonly TreeState[]> {
	return {script: listTrees, args: reads.map(({key}) => key), parse: (response) => parseTrees(response, reads)};
}

function parseTrees({stdout}: Response, reads: readonly Read<TreeState>[]): readonly TreeState[] {
	const fields = stdout.toString().split('\0');
	let at = 0;
	return reads.map(({key}) => {
		const entries: PathState[] = [];
		while (fields[at] !== '') {
			if (fields[at] === undefined) throw new ModuleFailure(`the listing of ${key} was cut short`);
			const names: string[] = [];
			while (fields[at] !== '') names.push(fields[at++]!.replace('/./', '/'));
			const lines = fields[at + 1]!.split('\n').slice(0, -1);
			at += 2;
			if (lines.length % names.length !== 0) throw new ModuleFailure(`${key} changed while it was read`);
			const perName = lines.length / names.length;
			for (const [index, path] of names.entries()) {
				const {details: _, ...status} = parseStatus(lines.slice(index * perName, (index + 1) * perName));
				entries.push({...status, path});
			}
		}
		at++;
		return {path: key, entries: entries.sort((one, other) => (one.path < other.path ? -1 : 1))};
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
