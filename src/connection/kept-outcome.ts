import {sh} from './script.js';

/**
 * A step that changes a host outlives its connection: what it writes and its status are kept on the host in a private folder until they are acknowledged,
 * and found again by number after a reconnect. The steps of one framed shell share a folder; it is made before the first, lies where the disk is not full,
 * and goes with the shell, or with the next one ten minutes after its own is dead.
 *
 * This costs no round trip. On the host it costs, measured, 0.6 ms of CPU for two files and an appended line, and a process (`cat`, 1 ms) for each stream
 * that has something on it; a file that is written takes 10 ms in all. So what can be run again without harm (`Request.repeatable`: whole files, folders,
 * links, modes) is not kept but repeated, and everything else is kept. There is no `setsid`, which would be another process for each: a channel
 * has no terminal, so nothing hangs up at its end, and output to a file breaks no pipe. A transport whose channels cannot be lost keeps nothing.
 *
 * Functions: pb_k makes the folder, pb_l removes those that dead shells left, pb_a tells whether a folder's shell lives (same pid, same start),
 * pb_u removes what is acknowledged, pb_x runs a step (pb_r, defined for each). Files: shell (its pid, and when it began), N.out and N.err for
 * each step that began, ends with a line `N begins` for it, `N fed` when it has all of its streamed input, and `N STATUS` when it has ended.
 * Who makes N.out has the step: when the search for it was first, the shell does not begin it any more.
 */
export const KEEP_TEXT = `pb_k() {
	pb_x=0123456789abcdef; pb_x=$pb_x$pb_x$pb_x$pb_x; pb_x=$pb_x$pb_x$pb_x$pb_x; pb_x=$pb_x$pb_x$pb_x$pb_x; pb_x=$pb_x$pb_x$pb_x$pb_x
	pb_i $$; pb_t=$pb_j
	for pb_b in "\${TMPDIR:-/tmp}" /var/tmp /run /dev/shm "$HOME"; do
		pb_d=$pb_b/.playbill-$1
		case $pb_d in /*) ;; *) continue;; esac
		mkdir -m 700 "$pb_d" || continue
		if echo "$pb_x" >"$pb_d/shell" && echo "$$ $pb_t" >"$pb_d/shell"; then pb_l "$pb_b"; return; fi
		rm -rf "$pb_d"
	done 2>/dev/null
	pb_d=
}
pb_l() {
	set -- "$1"/.playbill-*
	for pb_x do
		shift
		[ ! -O "$pb_x" ] || [ "$pb_x" = "$pb_d" ] || pb_a "$pb_x" || set -- "$@" "$pb_x"
	done
	[ $# = 0 ] || find "$@" -prune -mmin +10 -exec rm -rf {} +
}
pb_a() {
	IFS=' ' read -r pb_y pb_z <"$1/shell" || return 1
	[ -n "$pb_y" ] && kill -0 "$pb_y" || return 1
	[ -n "$pb_z" ] || return 0
	pb_i "$pb_y"
	[ "$pb_j" = "$pb_z" ]
}
pb_u() (
	[ -n "$pb_d" ] && cd "$pb_d" 2>/dev/null || exit
	pb_z=
	for pb_y do pb_z="$pb_z $pb_y.out $pb_y.err"; done
	rm -f -- $pb_z
)
pb_x() {
	pb_f=
	if [ -n "$pb_d" ]; then
		pb_f=$pb_d/$1
		set -C
		{ true >"$pb_f.out" || [ ! -e "$pb_f.out" ] || exit; } 2>/dev/null
		set +C
		{ true >"$pb_f.out" && true >"$pb_f.err" && echo "$1 begins" >>"$pb_d/ends"; } 2>/dev/null || { rm -rf "$pb_d"; pb_d=; pb_f=; }
	fi
	if [ -n "$pb_f" ]; then
		pb_r >"$pb_f.out" 2>"$pb_f.err"
		pb_y=$?
		echo "$1 $pb_y" >>"$pb_d/ends"
		[ ! -s "$pb_f.out" ] || cat "$pb_f.out"
		[ ! -s "$pb_f.err" ] || cat "$pb_f.err" >&2
	else pb_r; pb_y=$?; fi
	pb_e "$1" "$pb_y"
}
`;

/** What is written as a shell's last line. */
export const KEEP_END = '[ -z "$pb_d" ] || rm -rf "$pb_d"\n';

/** Finds what became of a step whose connection was lost, and waits for it to end. One that has not begun cannot begin any more. */
export const findOutcome = sh`
	# prints "done STATUS", a newline and what the step wrote (on both streams), or how it is: "never" begun, "cut" before it had all its input, "gone" without an end, kept "nowhere"
	# "$1" names the folder, "$2" the step; "$3", for one with streamed input, is how many looks, ten a second, the rest of it is waited for
	for base in "\${TMPDIR:-/tmp}" /var/tmp /run /dev/shm "$HOME"; do
		folder=$base/.playbill-$1
		[ ! -f "$folder/shell" ] || break
	done
	if [ ! -f "$folder/shell" ]; then echo nowhere; exit; fi
	IFS=' ' read -r pid start <"$folder/shell"
	alive() {
		kill -0 "$pid" 2>/dev/null || return 1
		[ -n "$start" ] || return 0
		{ IFS= read -r line <"/proc/$pid/stat"; } 2>/dev/null || return 1
		# shellcheck disable=SC2086 # fields
		set -- \${line##*') '}
		case $1 in Z | X) return 1 ;; esac # a dead one may lie unburied
		[ "\${20}" = "$start" ]
	}
	outcome() { # reads word, fed and status of step $1
		while IFS=' ' read -r number text; do
			[ "$number" != "$1" ] || case $text in begins) word=begun ;; fed) fed=yes ;; *) status=$text ;; esac
		done
	}
	looks=0
	while :; do
		lives=no word='' fed='' status=''
		if alive; then lives=yes; fi
		if [ -f "$folder/ends" ]; then outcome "$2" <"$folder/ends"; fi
		if [ -n "$status" ] || [ $lives = no ]; then break; fi
		if [ -z "$word" ]; then
			set -C
			if { true >"$folder/$2.out"; } 2>/dev/null; then break; fi
			set +C
			if [ ! -e "$folder/$2.out" ]; then echo nowhere; exit; fi
		fi
		if [ "$word" = begun ] && [ -n "$3" ] && [ -z "$fed" ]; then
			if [ "$looks" -ge "$3" ]; then break; fi
			looks=$((looks + 1))
		fi
		sleep 0.1 2>/dev/null || sleep 1
	done
	if [ ! -f "$folder/shell" ]; then echo nowhere; exit; fi
	case $word:$status in
		:) echo never ;;
		*:cut) echo cut ;;
		*:) if [ -n "$3" ] && [ -z "$fed" ]; then echo cut; else echo gone; fi ;;
		*)
			echo "done $status"
			cat "$folder/$2.out"
			cat "$folder/$2.err" >&2 ;;
	esac
`;

/** Shows what a running step writes, until it ends. */
export const followOutput = sh`
	# prints what a step writes, on both streams; "$1" names the folder, "$2" the step
	for base in "\${TMPDIR:-/tmp}" /var/tmp /run /dev/shm "$HOME"; do
		folder=$base/.playbill-$1
		[ ! -f "$folder/shell" ] || break
	done
	[ -f "$folder/$2.out" ] || exit 0
	tail -n +1 -f "$folder/$2.out" & out=$!
	tail -n +1 -f "$folder/$2.err" >&2 & err=$!
	ended() {
		while IFS=' ' read -r number text; do
			if [ "$number" = "$1" ] && [ "$text" != begins ] && [ "$text" != fed ]; then return; fi
		done
		return 1
	}
	while [ -f "$folder/$2.out" ] && ! ended "$2" <"$folder/ends"; do sleep 1; done 2>/dev/null
	kill "$out" "$err"
`;

/** Removes what was kept. */
export const forgetOutcomes = sh`
	# prints nothing; each argument names a folder
	for name do
		for base in "\${TMPDIR:-/tmp}" /var/tmp /run /dev/shm "$HOME"; do
			[ ! -d "$base/.playbill-$name" ] || rm -rf "$base/.playbill-$name"
		done
	done
`;
