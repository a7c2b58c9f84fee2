import {sh} from '../../connection/connection.js';

/**
 * Runs a unit file without a service manager: one of `start stop restart reload enable disable mask unmask` for a unit.
 *
 * It is long because it is one contract: what `systemd.service(5)` says of the lines that it honours, which are Type (simple, exec,
 * notify, idle: the command itself, whose pid is written to the PIDFile too; forking: the PIDFile's process; oneshot), ExecStartPre, ExecStart, ExecStartPost, ExecReload,
 * ExecStop, ExecStopPost, User, Group, WorkingDirectory, Environment, EnvironmentFile, PIDFile, StandardOutput, StandardError,
 * TimeoutStartSec, TimeoutStopSec, KillSignal, KillMode, UMask, LimitNOFILE, RemainAfterExit. There is nobody to restart what dies.
 *
 * Records lie in the unit's folder: NAME.pid holds the process, its start time and the boot, so that a recycled pid is never taken for
 * it; NAME.log what it printed; NAME.enabled and NAME.masked are marks.
 *
 * Arguments: the folder (empty: the system's own places), the unit's name, the verbs.
 */
export const controlProcess = sh`
	# prints "@VERB" for each verb; on failure the reason stands on stderr
	for variable in $(env | sed -n 's/^\([A-Za-z_][A-Za-z0-9_]*\)=.*/\1/p'); do
		case $variable in # a service gets the unit's environment, not the session's
		PATH|HOME|USER|LOGNAME|LANG|SHELL|PWD|SHELLOPTS|BASHOPTS|UID|EUID|PPID|IFS) ;;
		*) unset "$variable" ;;
		esac
	done
	LC_ALL=C; export LC_ALL
	PATH="$PATH:/usr/local/sbin:/usr/sbin:/sbin"
	set +m
	directory=$1 name=$2
	shift 2
	fail() { printf '%s\n' "$1" >&2; exit 1; }
	has() { command -v "$1" >/dev/null 2>&1; }
	case $name in *.service) full=$name ;; *) full=$name.service ;; esac
	base=\${full%.service}
	template=
	case $base in *@?*) template=\${base%%@*}@.service ;; esac
	file=
	find_file() {
		for folder do
			if [ -f "$folder/$full" ]; then file=$folder/$full; return; fi
			if [ -n "$template" ] && [ -f "$folder/$template" ]; then file=$folder/$template; return; fi
		done
	}
	records=$directory
	if [ -n "$directory" ]; then find_file "$directory"
	else
		records=/var/lib/playbill/units
		if [ "$(id -u)" -ne 0 ]; then
			records=$HOME/.local/state/playbill/units
			find_file "$HOME/.config/systemd/user"
		fi
		[ -n "$file" ] || find_file /etc/systemd/system /run/systemd/system /usr/local/lib/systemd/system /usr/lib/systemd/system /lib/systemd/system
		mkdir -p "$records" || exit 1
	fi
	record=$records/$base
	boot=$(cat /proc/sys/kernel/random/boot_id 2>/dev/null)

	# One line each: "set NAME VALUE", "env NAME=VALUE", "cmd WHICH FLAGS" followed by "arg WORD"s. A newline inside a word is the sign 036.
	read_unit() {
		[ -n "$file" ] || fail "Could not find the unit file $full"
		set -- "$file"
		for one in "$file.d"/*.conf "$records/$full.d"/*.conf; do [ ! -f "$one" ] || set -- "$@" "$one"; done
		MAINPID=$main UNIT=$full HOST=$(uname -n) OWN=$(id -un) awk '
		BEGIN {
			full = ENVIRON["UNIT"]; prefix = full; sub(/\.[a-z]+$/, "", prefix); short = prefix; instance = ""
			if ((at = index(prefix, "@")) > 0) { instance = substr(prefix, at + 1); prefix = substr(prefix, 1, at - 1) }
		}
		function specifiers(text,   out, at, sign) {
			out = ""
			while ((at = index(text, "%")) > 0) {
				sign = substr(text, at + 1, 1)
				out = out substr(text, 1, at - 1)
				if (sign == "n") out = out full
				else if (sign == "N") out = out short
				else if (sign == "p" || sign == "P") out = out prefix
				else if (sign == "i" || sign == "I") out = out instance
				else if (sign == "%") out = out "%"
				else if (sign == "H") out = out ENVIRON["HOST"]
				else if (sign == "h") out = out ENVIRON["HOME"]
				else if (sign == "u") out = out ENVIRON["OWN"]
				else if (sign == "t") out = out "/run"
				else if (sign == "S") out = out "/var/lib"
				else if (sign == "L") out = out "/var/log"
				else if (sign == "C") out = out "/var/cache"
				else if (sign == "T") out = out "/tmp"
				else out = out "%" sign
				text = substr(text, at + 2)
			}
			return out text
		}
		function words(text, list,   n, i, c, quote, word, open, next1) {
			n = 0; word = ""; open = 0; quote = ""
			for (i = 1; i <= length(text); i++) {
				c = substr(text, i, 1)
				if (c == "\\" && quote != "\047") {
					next1 = substr(text, ++i, 1); open = 1
					if (next1 == "n") word = word "\036"
					else if (next1 == "t") word = word "\t"
					else if (next1 == "s") word = word " "
					else if (next1 == "\\" || next1 == "\"" || next1 == "\047" || next1 == " ") word = word next1
					else if (next1 == ";" && word == "") word = "\\;"
					else word = word "\\" next1
				}
				else if (quote != "") { if (c == quote) quote = ""; else word = word c }
				else if (c == "\"" || c == "\047") { quote = c; open = 1 }
				else if (c == " " || c == "\t") { if (open) { list[++n] = word; word = ""; open = 0 } }
				else { word = word c; open = 1 }
			}
			if (open) list[++n] = word
			return n
		}
		function expand(word,   out, at, rest, id) { # $NAME in braces, anywhere in a word
			out = ""
			while ((at = index(word, "$")) > 0) {
				out = out substr(word, 1, at - 1); rest = substr(word, at + 1)
				if (substr(rest, 1, 1) == "$") { out = out "$"; word = substr(rest, 2) }
				else if (match(rest, /^[{][A-Za-z_][A-Za-z0-9_]*[}]/)) {
					id = substr(rest, 2, RLENGTH - 2); out = out value(id); word = substr(rest, RLENGTH + 1)
				}
				else { out = out "$"; word = rest }
			}
			return out word
		}
		function value(id) { return id in env ? env[id] : (id == "MAINPID" ? ENVIRON["MAINPID"] : (id ~ /^(PATH|HOME|LANG)$/ ? ENVIRON[id] : "")) }
		function assign(text,   at, id) {
			at = index(text, "="); id = substr(text, 1, at - 1)
			gsub(/^[ \t]+|[ \t]+$/, "", id)
			if (id !~ /^[A-Za-z_][A-Za-z0-9_]*$/) return
			if (!(id in env)) order[++variables] = id
			env[id] = substr(text, at + 1)
		}
		function environment_file(path,   optional, line, joined, at, text, list, n) {
			optional = sub(/^-/, "", path); joined = ""
			while ((n = (getline line < path)) > 0) {
				line = joined line; joined = ""
				if (line ~ /\\$/) { joined = substr(line, 1, length(line) - 1); continue }
				sub(/^[ \t]+/, "", line)
				if (line ~ /^[#;]/ || (at = index(line, "=")) < 2) continue
				text = substr(line, at + 1); gsub(/^[ \t]+|[ \t\r]+$/, "", text)
				if (text ~ /^["\047]/) { words(text, list); text = list[1] }
				assign(substr(line, 1, at - 1) "=" text)
			}
			if (n < 0 && !optional) { print "set broken Failed to load environment files: " path; exit }
			close(path)
		}
		function command(which, text,   list, n, i, flags, first, parts, k, m) {
			flags = ""
			while (text ~ /^[-@:+!|]/) { flags = flags substr(text, 1, 1); text = substr(text, 2) }
			n = words(text, list)
			if (n == 0) return
			print "cmd " which " ." flags
			for (i = 1; i <= n; i++) {
				if (i == 2 && index(flags, "@")) continue
				if (list[i] == ";") { print "cmd " which " ."; continue }
				if (list[i] == "\\;") list[i] = ";"
				list[i] = specifiers(list[i])
				if (index(flags, ":") == 0 && list[i] ~ /^[$][A-Za-z_][A-Za-z0-9_]*$/) {
					m = split(value(substr(list[i], 2)), parts, /[ \t\n]+/)
					for (k = 1; k <= m; k++) if (parts[k] != "") print "arg " parts[k]
				}
				else print "arg " (index(flags, ":") ? list[i] : expand(list[i]))
			}
		}
		FNR == 1 { section = ""; joining = 0; held = "" }
		joining && /^[ \t]*[#;]/ { next }
		{
			line = held $0; held = ""; joining = 0
			sub(/\r$/, "", line)
			if (line ~ /\\$/) { held = substr(line, 1, length(line) - 1) " "; joining = 1; next }
			gsub(/^[ \t]+|[ \t]+$/, "", line)
			if (line == "" || line ~ /^[#;]/) next
			if (line ~ /^\[.*\]$/) { section = line; next }
			if (section != "[Service]" || (at = index(line, "=")) < 2) next
			key = substr(line, 1, at - 1); text = substr(line, at + 1)
			gsub(/[ \t]+$/, "", key); gsub(/^[ \t]+/, "", text)
			if (key == "Environment" || key == "EnvironmentFile" || key ~ /^Exec/) {
				if (text == "") count[key] = 0; else many[key, ++count[key]] = text
			}
			else one[key] = text
		}
		END {
			for (i = 1; i <= count["Environment"]; i++) {
				n = words(many["Environment", i], list)
				for (j = 1; j <= n; j++) assign(specifiers(list[j]))
			}
			for (i = 1; i <= count["EnvironmentFile"]; i++) environment_file(specifiers(many["EnvironmentFile", i]))
			for (i = 1; i <= variables; i++) print "env " order[i] "=" env[order[i]]
			for (key in one) print "set " key " " specifiers(one[key])
			split("ExecStartPre ExecStart ExecStartPost ExecReload ExecStop ExecStopPost", kinds, " ")
			for (k = 1; k <= 6; k++) for (i = 1; i <= count[kinds[k]]; i++) command(kinds[k], many[kinds[k], i])
		}' "$@"
	}

	seconds() { # of a time span as systemd writes it; empty for infinity
		printf '%s\n' "$1" | awk '/^infinity$/ { next } {
			gsub(/min|m/, "m "); gsub(/s|sec/, "s "); total = 0
			for (i = 1; i <= NF; i++) { n = $i + 0; total += $i ~ /h/ ? n * 3600 : $i ~ /m/ ? n * 60 : n }
			print int(total + 0.999)
		}'
	}
	load() {
		kind=simple user='' group='' cwd=/ pidfile='' output='' errors=inherit start_limit=90 stop_limit=90
		signal=TERM kill_mode=control-group mask=0022 files='' remain=no broken=''
		unit=$(read_unit) || exit 1
		while IFS= read -r line; do
			rest=\${line#set * }
			case $line in
			'set broken '*) broken=$rest ;;
			'set Type '*) kind=$rest ;;
			'set User '*) user=$rest ;;
			'set Group '*) group=$rest ;;
			'set WorkingDirectory '*) cwd=$rest ;;
			'set PIDFile '*) pidfile=$rest; case $pidfile in /*) ;; *) pidfile=/run/$pidfile ;; esac ;;
			'set StandardOutput '*) output=$rest ;;
			'set StandardError '*) errors=$rest ;;
			'set TimeoutStartSec '*) start_limit=$(seconds "$rest") ;;
			'set TimeoutStopSec '*) stop_limit=$(seconds "$rest") ;;
			'set TimeoutSec '*) start_limit=$(seconds "$rest"); stop_limit=$start_limit ;;
			'set KillSignal '*) signal=\${rest#SIG} ;;
			'set KillMode '*) kill_mode=$rest ;;
			'set UMask '*) mask=$rest ;;
			'set LimitNOFILE '*) files=\${rest##*:}; [ "$files" != infinity ] || files=unlimited ;;
			'set RemainAfterExit '*) case $rest in yes|true|on|1) remain=yes ;; esac ;;
			esac
		done <<END
	$(printf '%s\n' "$unit" | grep '^set ')
	END
		[ -z "$broken" ] || fail "$broken"
		log=$record.log
	}

	# A process is known by its start time (field 22 of stat) besides its pid.
	fields() { sed 's/.*) //' "/proc/$1/stat" 2>/dev/null; }
	start_time() {
		# shellcheck disable=SC2046 # words are meant
		set -- $(fields "$1")
		[ "$#" -ge 20 ] && [ "$1" != Z ] || return 1
		printf "%s\n" "\${20}"
	}
	main=0 started='' session=''
	recall() { # whether the recorded process lives: sets main and started
		main=0 started='' born=''
		[ -f "$record.pid" ] && read -r main started born <"$record.pid"
		if [ -n "$started" ] && [ "$born" = "$boot" ]; then
			[ "$main" != exited ] || return 0
			[ "$(start_time "$main")" != "$started" ] || return 0
		fi
		main=0 started=''
		return 1
	}
	lives() { [ "$main" != 0 ] && [ "$(start_time "$main")" = "$started" ]; }
	signal_group() { # dash wants the two dashes, busybox refuses them
		kill -s "$1" "$group_too" 2>/dev/null || kill -s "$1" -- "$group_too" 2>/dev/null
	}
	group_lives() { cat /proc/[0-9]*/stat 2>/dev/null | sed 's/.*) //' | grep -q "^[^Z] [0-9]* $main "; }
	remember() { # process $1
		main=$1
		if [ "$main" = exited ]; then started=0; else started=$(start_time "$main") || return 1; fi
		printf '%s %s %s\n' "$main" "$started" "$boot" >"$record.pid.new" && mv -f "$record.pid.new" "$record.pid"
	}
	words_of() { { tr '\0' '\n' <"/proc/$1/cmdline"; } 2>/dev/null; }
	pause() { sleep 0.1 2>/dev/null || sleep 1; }

	open_outputs() { # in a subshell, before it becomes the command
		case $output in
		append:*) exec >>"\${output#append:}" ;;
		truncate:*) exec >"\${output#truncate:}" ;;
		file:*) exec 1<>"\${output#file:}" ;;
		null) exec >/dev/null ;;
		*) exec >>"$log" ;;
		esac || exit 209
		case $errors in
		append:*) exec 2>>"\${errors#append:}" ;;
		truncate:*) exec 2>"\${errors#truncate:}" ;;
		file:*) exec 2<>"\${errors#file:}" ;;
		null) exec 2>/dev/null ;;
		inherit) exec 2>&1 ;;
		*) exec 2>>"$log" ;;
		esac || exit 209
		exec </dev/null 3>&- 4>&- 5>&- 6>&- 7>&- 8>&- 9>&-
	}
	plain() { # sets word to $1 with its newlines
		word=$1
		case $1 in *"$sign"*) word=$(printf '%s' "$1" | tr '\036' '\012') ;; esac
	}
	sign=$(printf '\036')
	become() { # replaces this subshell by the command, as the unit's user, in its folder, with its environment alone
		flags=$1; shift
		unset LC_ALL
		[ "$main" = 0 ] || [ "$main" = exited ] || { MAINPID=$main; export MAINPID; }
		switch=
		case $flags in *[+!]*) ;; *)
			if [ -n "$user$group" ] && [ "$user" != "$(id -un)" ] && [ "$user" != "$(id -u)" ] && [ "$user$group" != "$(id -gn)" ]; then
				[ "$(id -u)" -eq 0 ] || { echo "cannot run as $user:$group without being root" >&2; exit 217; }
				entry=
				[ -z "$user" ] || entry=$(grep "^$user:" /etc/passwd || getent passwd "$user" || awk -F: -v id="$user" '$3 == id' /etc/passwd)
				[ -z "$user" ] || [ -n "$entry" ] || { echo "there is no user $user" >&2; exit 217; }
				if [ -n "$entry" ]; then
					user=$(printf '%s\n' "$entry" | cut -d: -f1)
					[ -n "$group" ] || group=$(printf '%s\n' "$entry" | cut -d: -f4)
					HOME=$(printf '%s\n' "$entry" | cut -d: -f6) USER=$user LOGNAME=$user SHELL=$(printf '%s\n' "$entry" | cut -d: -f7)
					export HOME USER LOGNAME SHELL
				else user=root
				fi
				switch=yes
			fi ;;
		esac
		while IFS= read -r line; do
			case $line in
			'env '*) plain "\${line#env }"; export "\${word?}" ;;
			esac
		done <<END
	$(printf '%s\n' "$unit" | grep '^env ')
	END
		umask "$mask"
		# shellcheck disable=SC3045 # shells that lack it leave the limit
		[ -z "$files" ] || ulimit -n "$files" 2>/dev/null
		case $cwd in
		-*) cd "\${cwd#-}" 2>/dev/null || cd / ;;
		'~') cd "$HOME" || exit 200 ;;
		*) cd "$cwd" || exit 200 ;;
		esac
		# A shell starts what it puts in the background with these two signals ignored, which most programs then leave so.
		if [ -n "$session" ] && env --default-signal=INT true 2>/dev/null; then session="$session env --default-signal=INT --default-signal=QUIT"; fi
		# shellcheck disable=SC2016,SC2086 # $session is some words or none at all; the quoted text is for the inner shell
		if [ -z "$switch" ]; then exec $session "$@"
		elif setpriv --reuid "$user" --regid "$group" --init-groups true 2>/dev/null; then
			exec $session setpriv --reuid "$user" --regid "$group" --init-groups "$@"
		elif chroot --userspec="$user:$group" / true 2>/dev/null; then
			exec $session chroot --userspec="$user:$group" / sh -c 'cd "$0" && exec "$@"' "$PWD" "$@"
		elif has su-exec; then exec $session su-exec "$user:$group" "$@"
		else exec $session su -s /bin/sh "$user" -c 'exec "$0" "$@"' -- "$@"
		fi
	}
	run() { # a command to its end
		( open_outputs; become "$@" )
		status=$?
		case $1 in *-*) return 0 ;; esac
		return "$status"
	}
	each() { # runs every command of kind $1 by $2
		which=$1 by=$2 pending=
		set --
		while IFS= read -r line; do
			case $line in
			"cmd $which "*)
				[ -z "$pending" ] || "$by" "$@" || return
				pending=yes
				set -- "\${line##* }" ;;
			'arg '*) [ -z "$pending" ] || { plain "\${line#arg }"; set -- "$@" "$word"; } ;;
			*)
				[ -z "$pending" ] || "$by" "$@" || return
				pending= ;;
			esac
		done <<END
	$unit
	set end
	END
		[ -z "$pending" ] || "$by" "$@"
	}
	ended() { # waits for the main command and gives its status
		wait "$main"
		status=$?
		[ -z "$forgiving" ] || return 0
		return "$status"
	}
	launch() { # the main command
		forgiving=
		case $1 in *-*) forgiving=yes ;; esac
		( open_outputs; trap '' HUP; if has setsid; then trap - HUP; session=setsid; fi; become "$@" ) &
		main=$!
		case $kind in
		forking)
			ended || return
			waited=0
			while [ -n "$pidfile" ]; do
				if [ -s "$pidfile" ] && read -r child <"$pidfile" && remember "$child"; then return 0; fi
				[ -z "$start_limit" ] || [ "$waited" -lt "$((start_limit * 10))" ] || { echo "no process stands in $pidfile" >&2; return 1; }
				pause; waited=$((waited + 1))
			done
			for stat in /proc/[0-9]*/stat; do # whatever lives on in the session that the command was given
				# shellcheck disable=SC2046 # words are meant
				set -- $(sed 's/.*) //' "$stat" 2>/dev/null)
				if [ "$4" != "$main" ] || [ "$1" = Z ]; then continue; fi
				stat=\${stat#/proc/}
				remember "\${stat%/stat}" && return 0
			done
			echo 'no process is left of it: a service of Type=forking needs a PIDFile' >&2
			return 1 ;;
		oneshot)
			ended || return
			[ "$remain" = no ] || remember exited ;;
		*)
			remember "$main"
			# Until its name changes it is still this shell, on its way to become the command.
			waited=0
			while lives && [ "$(words_of "$main")" = "$(words_of "$$")" ] && [ "$waited" -lt 50 ]; do pause; waited=$((waited + 1)); done
			pause
			if lives; then
				[ -z "$pidfile" ] || printf '%s\n' "$main" >"$pidfile" || echo "cannot write $pidfile" >&2
				return 0
			fi
			rm -f "$record.pid"
			ended || return
			return 0 ;;
		esac
	}
	start() {
		[ ! -e "$record.masked" ] || fail "Unit $full is masked."
		load
		case $kind in dbus) fail "the service $full has Type=dbus, which needs systemd" ;; esac
		: 2>/dev/null >>"$log" || fail "cannot write $log"
		size=$(wc -c <"$log")
		each ExecStartPre run && each ExecStart launch && { main_now=$main; each ExecStartPost run; main=$main_now; }
		status=$?
		[ "$status" -ne 0 ] || return 0
		rm -f "$record.pid"
		echo "the service $base ended at once with status $status; what it said last:" >&2
		tail -c "+$((size + 1))" "$log" | tail -n 20 >&2
		exit 1
	}
	stop() {
		recall || { rm -f "$record.pid"; return 0; }
		if [ -n "$file" ]; then load; else signal=TERM kill_mode=control-group stop_limit=90 unit='' pidfile=''; fi
		[ -z "$unit" ] || each ExecStop run
		if [ "$main" != exited ]; then
			group_too=
			# shellcheck disable=SC2046 # words are meant
			set -- $(fields "$main")
			[ "$3" != "$main" ] || [ "$kill_mode" = process ] || [ "$kill_mode" = none ] || group_too="-$main"
			if lives && [ "$kill_mode" != none ]; then
				if [ -n "$group_too" ]; then signal_group "$signal"; else kill -s "$signal" "$main"; fi
			fi
			waited=0 left=0
			while lives || { [ -n "$group_too" ] && group_lives; }; do
				lives || left=$((left + 1))
				[ "$left" -le 50 ] || break # children that refuse to go get no more time than this
				if [ -n "$stop_limit" ] && [ "$waited" -ge "$((stop_limit * 10))" ]; then
					kill -s KILL "$main"
					[ -z "$group_too" ] || signal_group KILL
					[ "$waited" -lt "$((stop_limit * 10 + 100))" ] || fail "the process $main of $base does not end"
				fi
				pause; waited=$((waited + 1))
			done 2>/dev/null
			[ -z "$group_too" ] || signal_group KILL
		fi
		rm -f "$record.pid"
		[ -z "$pidfile" ] || rm -f "$pidfile" 2>/dev/null
		main=0
		[ -z "$unit" ] || each ExecStopPost run
		return 0
	}
	for verb do
		echo "@$verb"
		case $verb in
		start) recall || start ;;
		stop) stop ;;
		restart) stop; start ;;
		reload)
			recall || fail "the service $base does not run"
			load
			printf '%s\n' "$unit" | grep -q '^cmd ExecReload ' || fail "Job type reload is not applicable for unit $full."
			each ExecReload run || fail "the reload command of $base failed" ;;
		enable) : >"$record.enabled" ;;
		disable) rm -f "$record.enabled" ;;
		mask) : >"$record.masked" ;;
		unmask) rm -f "$record.masked" ;;
		esac || exit
	done
`;
