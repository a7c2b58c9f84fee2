import {sh} from '../../connection/connection.js';
import {type Kind, ModuleFailure, type Read} from '../contract.js';

/** What apt would do in answer to a command, package by package: nothing when it has been done. */
export interface AptWork {
	readonly pending: readonly string[];
}

/** The reading of `apt-get WORDS` without doing it. */
export function aptWorkRead(words: readonly string[], release = ''): Read<AptWork> {
	return {kind: aptWorkKind, key: words.join(' '), wants: {release, words: words.join('\n')}};
}

export const aptWorkKind: Kind<AptWork> = {
	name: 'apt-work',
	probe: (reads) => ({
		script: simulate,
		args: reads.flatMap(({wants}) => [String(wants!['release']), String(wants!['words'])]),
		parse({stdout, stderr, status}) {
			if (status !== 0) throw new ModuleFailure(stderr.toString().trim());
			const blocks = stdout.toString().split('@\n').slice(1);
			return blocks.map((block) => ({pending: block.split('\n').filter((line) => line !== '')}));
		},
	}),
	equal: (actual, planned) => actual.pending.join('\n') === planned.pending.join('\n'),
};

const simulate = sh`
	# prints for each command a line "@", then what it would do, a package a line; arguments, for each command: a release or nothing, its words on lines
	LC_ALL=C DEBIAN_FRONTEND=noninteractive; export LC_ALL DEBIAN_FRONTEND
	newline='
	'
	while [ "$#" -gt 0 ]; do
		said=$(
			release=$1
			IFS=$newline; set -f
			# shellcheck disable=SC2086 # one word a line is meant
			set -- $2
			[ -z "$release" ] || set -- -t "$release" "$@"
			apt-get -s -q "$@" </dev/null
		) || exit 1
		shift 2
		echo @
		printf '%s\n' "$said" | grep -E '^(Inst|Remv|Purg|Del) '
	done
	exit 0
`;
