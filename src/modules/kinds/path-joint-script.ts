import {sh} from '../../connection/connection.js';
import {together} from './compose.js';
import {pathVerbs} from './path-change-script.js';

/**
 * Does as many of several groups of changes as it can, in order: what fails is not told here, it is done again by itself. Arguments: for each group the number
 * of its words and the words of `changePaths`, of a write its content behind them. New files that stand side by side in the order are made first, brought to the disk and
 * looked at together, and then moved to their places one by one.
 */
export const changeManyPaths = together(
	pathVerbs,
	sh`
	# prints for each group that was done: d, letters for what of its last path holds (those of changePaths; e: it is still there), NUL; then NUL and the lines of stat of those that are there
	fail() { exit 9; }
	write() { # PATH SIZE MODE OWNER GROUP FLAGS '' CONTENT: a new file with all that it shall have, not in its place yet
		path=$1 size=$2 mode=$3 owner=$4 group=$5 flags=$6
		if [ -d "$path" ] && [ ! -L "$path" ]; then fail; fi
		label=$$-$turn
		neighbour 0
		umask "$usual"
		made="$made \"\$t$turn\""
		eval "t$turn=\$tmp s$turn=\$size m$turn=''"
		printf %s "$8" >"$tmp" || fail
		dress
		if [ -n "$early" ]; then eval "m$turn=\$mode"; else allow "$tmp" "$mode"; fi
		waiting="$waiting $turn" whole="$whole \"\$t$turn\""
	}
	flush() { # FILES: down to the disk
		if [ $# -gt 2 ]; then
			case $(sync --help 2>&1) in *FILE*) sync -- "$@" 2>/dev/null; return ;; esac
		fi
		for one do dd if=/dev/null "of=$one" bs=65536 conv=notrunc,fsync 2>/dev/null || return; done
	}
	look_at() { # FILES: sets lines to their lines of stat
		lines=$(stat -c '%f:%u:%g:%s:%X:%Y:%Z:%h:%i:%d:%b:%B:%o:%t:%T:%U:%G:%x|%y|%z' -- "$@" 2>/dev/null)
	}
	place() { # moves the new files that wait to their places, as far as that goes
		if [ -z "$waiting" ]; then return; fi
		queue=$waiting files=$whole waiting='' whole=''
		eval "flush $files && look_at $files" || return
		for one in $queue; do
			eval "path=\$p$one tmp=\$t$one size=\$s$one mode=\$m$one"
			seen=\${lines%%"$newline"*} lines=\${lines#*"$newline"}
			bytes=\${seen#*:*:*:}
			if [ "\${bytes%%:*}" != "$size" ]; then return 1; fi
			if [ -n "$mode" ] && ! has_mode "$mode"; then chmod -- "$mode" "$tmp" 2>/dev/null && look "$tmp" || return; fi
			eval "n$one=\$seen"
			mv -f -- "$tmp" "$path" 2>/dev/null || return
			finished=$one
		done
	}
	tidy() { # removes what has no place, or no longer
		if [ -n "$made$tmp" ]; then eval "rm -f -- $made \${tmp:+\"\$tmp\"}"; fi
	}
	conclude() { # tells what was done
		trap - EXIT
		place
		tidy
		one=0 there='' unseen=''
		while [ $one -lt "$finished" ]; do
			one=$((one + 1))
			eval "path=\$p$one seen=\$n$one"
			may
			if [ -e "$path" ] || [ -L "$path" ]; then
				access="$access"e there="$there $one"
				if [ -z "$seen" ]; then unseen="$unseen \"\$p$one\""; fi
			fi
			printf 'd%s\0' "$access"
		done
		printf '\0'
		if [ -n "$unseen" ]; then eval "look_at $unseen" || exit; fi
		for one in $there; do
			eval "seen=\$n$one"
			if [ -z "$seen" ]; then seen=\${lines%%"$newline"*} lines=\${lines#*"$newline"}; fi
			printf '%s\n' "$seen"
		done
		exit 0
	}
	newline='
	'
	turn=0 finished=0 waiting='' whole='' made='' lines='' usual=$(umask)
	# Where printf is a program, content would be seen among its arguments.
	case $(command -v printf) in printf) ;; *) set -- ;; esac
	trap conclude EXIT
	trap 'trap "" HUP INT PIPE TERM; waiting=""; tidy; exit 9' HUP INT PIPE TERM
	while [ $# -gt 0 ]; do
		turn=$((turn + 1)) count=$1 left=$1 words=''
		shift
		if [ "$1" != write ]; then place || exit 9; fi
		while [ "$left" -gt 0 ]; do words='"$'"{$left}\" $words" left=$((left - 1)); done
		eval "n$turn=''; change $words"
		eval "p$turn=\$path"
		if [ -z "$waiting" ]; then finished=$turn; fi
		shift "$count"
	done
`,
);
