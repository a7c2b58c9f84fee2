import {sh} from '../../connection/connection.js';
import type {Kind, Planned, Read} from '../contract.js';

/** Whether anything on the host matches a pattern (`creates: /opt/app-*`). */
export interface Matching {
	readonly exists: boolean;
}

const probeMatching = sh`
	# prints a line for each pattern: "yes" when something matches it, else "no"
	expand() { # sets path to $1 with variables and the home folder put in, as Python's expandvars and expanduser do
		rest=$1 path=
		while :; do
			case $rest in *'$'*) ;; *) break ;; esac
			path=$path\${rest%%'$'*} rest=\${rest#*'$'} name='' left=''
			case $rest in
				'{'*'}'*) name=\${rest#?}; name=\${name%%'}'*}; left=\${rest#*'}'} ;;
				[A-Za-z_]*) name=\${rest%%[!A-Za-z0-9_]*}; left=\${rest#"$name"} ;;
			esac
			case $name in
				'' | [0-9]* | *[!A-Za-z0-9_]*) path=$path'$' ;;
				*)
					known='' value=''
					eval 'known=$'"{$name+yes}"' value=$'"{$name-}"
					if [ -n "$known" ]; then path=$path$value rest=$left; else path=$path'$'; fi ;;
			esac
		done
		path=$path$rest
		case $path in '~' | '~'/*) path=$HOME\${path#?} ;; esac
	}
	for pattern do
		expand "$pattern"
		found=no
		IFS=
		# shellcheck disable=SC2086 # the shell shall match the pattern
		for one in $path; do
			if [ -e "$one" ] || [ -L "$one" ]; then found=yes; break; fi
		done
		unset IFS
		echo $found
	done
`;

export const matchingKind: Kind<Matching> = {
	name: 'matching',
	probe: (reads) => ({
		script: probeMatching,
		args: reads.map(({key}) => key),
		parse: ({stdout}) =>
			stdout
				.toString()
				.trim()
				.split('\n')
				.map((line) => ({exists: line === 'yes'})),
	}),
	equal: (actual, planned) => actual.exists === planned.exists,
	overlay: (actual, {key}, planned) => ({exists: actual.exists || foretold(key, planned)}),
};

/** The reading of a pattern in the shell's own form (`*`, `?`, `[a-z]`). */
export function readMatching(pattern: string): Read<Matching> {
	return {kind: matchingKind, key: pattern};
}

/** Whether a path that an earlier task is foretold to make matches. */
function foretold(pattern: string, planned: Planned): boolean {
	const source = pattern
		.replace(/[.+^${}()|\\]/g, '\\$&')
		.replaceAll('*', '[^/]*')
		.replaceAll('?', '[^/]')
		.replaceAll('[!', '[^');
	let expression: RegExp;
	try {
		expression = new RegExp(`^${source}$`);
	} catch {
		return false;
	}
	for (const [path, state] of planned.entries('path')) {
		if (expression.test(path) && (state as {type?: string}).type !== 'absent') return true;
	}
	return false;
}
