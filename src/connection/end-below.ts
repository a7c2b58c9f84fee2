import {sh} from './script.js';

/**
 * Ends what runs below a process: politely first, by force a second later. What became a daemon is no longer below it. Readers of a pipe come before its writers
 * (siblings: the younger first), so that none of them takes the end of what is written for the end of all there is.
 *
 * With the time at which it began, the process goes too, and first, so that it begins nothing more.
 */
export const endBelow = sh`
	# prints "lives" when that could not be done; "$1" is the process, "$2", when it is given, when it began (field 22 of its line in /proc; empty where there is none)
	LC_ALL=C
	export LC_ALL
	line_feed='
	'
	processes() { # prints of each the pid, the parent's and the group
		if [ -r /proc/self/stat ]; then
			for stat in /proc/[0-9]*/stat; do
				IFS= read -r line <"$stat" || continue
				rest=\${line##*') '}
				rest=\${rest#* }
				parent=\${rest%% *}
				rest=\${rest#* }
				echo "\${line%% *} $parent \${rest%% *}"
			done 2>/dev/null
		else
			ps -A -o pid= -o ppid= -o pgid= | while read -r pid parent group; do echo "$pid $parent $group"; done
		fi
	}
	lives() { # sets began
		kill -0 "$1" 2>/dev/null || return 1
		began=
		[ -r /proc/self/stat ] || return 0
		{ IFS= read -r line <"/proc/$1/stat"; } 2>/dev/null || return 1
		# shellcheck disable=SC2086 # fields
		set -- \${line##*') '}
		began=\${20}
		case $1 in Z | X) return 1 ;; esac
	}
	ended() { # waits a second for all of these
		tries=0
		while :; do
			left=
			for pid do ! lives "$pid" || left=$pid; done
			[ -n "$left" ] || return 0
			tries=$((tries + 1))
			[ "$tries" -le 10 ] || return 1
			sleep 0.1 2>/dev/null || { sleep 1; tries=10; }
		done
	}
	own=
	if [ $# -gt 1 ]; then
		if ! lives "$1" || [ "$began" != "$2" ]; then exit 0; fi
		own=$1
	fi
	all=$(processes)
	if [ -n "$own" ]; then
		kill -KILL "$own"
		ended "$own"
		# what it has just begun is an orphan now: it is new in the group
		group=$line_feed$all$line_feed
		group=\${group#*"$line_feed$own "}
		group=\${group%%"$line_feed"*}
		group=\${group##* }
		all=$all$line_feed$(processes | while read -r pid _ its; do
			[ "$its" = "$group" ] || continue
			case $line_feed$all in *"$line_feed$pid "*) ;; *) echo "$pid $own $its" ;; esac
		done)
	fi
	below=
	level=" $1 "
	while [ -n "$level" ]; do
		next=
		while read -r pid parent _; do
			case " $below" in *" $pid "*) continue ;; esac
			case $level in *" $parent "*) next="$pid $next" ;; esac
		done <<-END
			$all
		END
		below=$below$next
		level=\${next:+" $next"}
	done
	# shellcheck disable=SC2086 # pids
	if [ -n "$below" ]; then
		kill -TERM $below 2>/dev/null
		ended $below || kill -KILL $below 2>/dev/null
	fi
	# shellcheck disable=SC2086
	ended $own $below || echo lives
	exit 0
`;
