import {sh} from './script.js';

/** Ends what runs below a process: politely first, by force a second later. What became a daemon is no longer below it. */
export const endBelow = sh`
	# prints nothing; "$1" is the process whose descendants are ended
	LC_ALL=C
	export LC_ALL
	pairs() {
		if [ -r /proc/self/stat ]; then
			for stat in /proc/[0-9]*/stat; do
				IFS= read -r line <"$stat" || continue
				rest=\${line##*') '}
				rest=\${rest#* }
				echo "\${line%% *} \${rest%% *}"
			done 2>/dev/null
		else
			ps -A -o pid= -o ppid=
		fi
	}
	# adds to $below, which ends in a blank, the children of all that is in it, until there are no more
	below=" $1 "
	all=$(pairs)
	grown=yes
	while [ "$grown" = yes ]; do
		grown=no
		while read -r pid parent; do
			case $below in *" $pid "*) continue;; esac
			case $below in *" $parent "*) below="$below$pid "; grown=yes;; esac
		done <<-END
			$all
		END
	done
	below=\${below#" $1 "}
	[ -n "$below" ] || exit 0
	# shellcheck disable=SC2086
	kill -TERM $below 2>/dev/null
	for pid in $below; do
		if kill -0 "$pid" 2>/dev/null; then
			sleep 1
			# shellcheck disable=SC2086
			kill -KILL $below 2>/dev/null
			break
		fi
	done
	exit 0
`;
