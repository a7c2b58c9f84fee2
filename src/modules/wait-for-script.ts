import {sh} from '../connection/connection.js';

/**
 * Waits on the host. Arguments: what for (`time`, `path`, `port`, `drained`), `there` or `gone`, timeout, delay, sleep and connect
 * timeout in seconds, the path or host, the port, how a text is searched (`none`, `E` extended, `P` Perl's) and the pattern, the states
 * of connections as /proc/net/tcp writes them, then the hosts to leave out. Reads no stdin.
 */
export const waitOnHost = sh`
	# prints "OUTCOME ELAPSED" (met, timeout, no-tool, no-search), for a path the line of stat, and then the text in which the pattern was found
	what=$1 wanted=$2 timeout=$3 delay=$4 pause=$5 patience=$6 name=$7 port=$8 how=$9
	shift 9
	pattern=$1 states=$2
	shift 2
	begin=$(date +%s)
	LC_ALL=C; export LC_ALL
	has() { command -v "$1" >/dev/null 2>&1; }
	elapsed() { echo $(($(date +%s) - begin)); }
	finish() { echo "$1 $(elapsed)"; }
	folder='' reader=''
	trap 'trap "" HUP INT PIPE TERM; if [ -n "$reader" ]; then kill "$reader" 2>/dev/null; fi; if [ -n "$folder" ]; then rm -rf -- "$folder"; fi' EXIT
	trap 'trap "" HUP INT PIPE TERM; exit 143' HUP INT PIPE TERM
	expand() { # sets path to $1 with variables and the home folder put in, as Python's expandvars and expanduser do
		rest=$1 path=
		while :; do
			case $rest in *'$'*) ;; *) break ;; esac
			path=$path\${rest%%'$'*} rest=\${rest#*'$'} word='' left=''
			case $rest in
				'{'*'}'*) word=\${rest#?}; word=\${word%%'}'*}; left=\${rest#*'}'} ;;
				[A-Za-z_]*) word=\${rest%%[!A-Za-z0-9_]*}; left=\${rest#"$word"} ;;
			esac
			case $word in
				'' | [0-9]* | *[!A-Za-z0-9_]*) path=$path'$' ;;
				*)
					known='' value=''
					eval 'known=$'"{$word+yes}"' value=$'"{$word-}"
					if [ -n "$known" ]; then path=$path$value rest=$left; else path=$path'$'; fi ;;
			esac
		done
		path=$path$rest
		case $path in '~' | '~'/*) path=$HOME\${path#?} ;; esac
	}
	found() { # whether the pattern is in file $1
		if [ "$how" = E ]; then grep -Eq -e "$pattern" <"$1" 2>/dev/null
		elif has perl; then PB_PATTERN=$pattern perl -0777 -ne 'exit !/$ENV{PB_PATTERN}/m' <"$1" 2>/dev/null
		else grep -Pzq -e "(?m)$pattern" <"$1" 2>/dev/null; fi
	}
	limited() { # the rest of the arguments for at most $1 seconds
		seconds=$1; shift
		if has timeout; then timeout "$seconds" "$@"; return; fi
		"$@" & child=$!
		(sleep "$seconds"; kill "$child" 2>/dev/null) >/dev/null 2>&1 & clock=$!
		wait "$child"; status=$?
		kill "$clock" 2>/dev/null
		return $status
	}
	choose() { # the first tool that can connect, as tool
		for tool in bash python3 perl nc curl wget; do if has $tool; then return; fi; done
		tool=none
	}
	hears() { # whether something on this machine listens at the port, told by the kernel's table
		hex=$(printf %04X "$port")
		cat /proc/net/tcp /proc/net/tcp6 2>/dev/null | while read -r _ at _ state _; do
			if [ "$state" = 0A ] && [ "\${at##*:}" = "$hex" ]; then echo yes; break; fi
		done | grep -q yes
	}
	reaches() { # connects for an nc that must be told by what the kernel says of its connection
		nc "$name" "$port" >/dev/null 2>&1 </dev/null & reader=$!
		limit=$(($(date +%s) + $1)) far=" $(numbers "$name" | tr '\n' ' ') " status=1
		while kill -0 "$reader" 2>/dev/null && [ "$(date +%s)" -le "$limit" ]; do
			if joined; then status=0; break; fi
			sleep 0.1 2>/dev/null || sleep 1
		done
		if [ $status = 0 ]; then kill "$reader" 2>/dev/null; wait "$reader" 2>/dev/null
		elif kill "$reader" 2>/dev/null; then wait "$reader" 2>/dev/null
		elif wait "$reader"; then status=0; fi
		reader=''
		return $status
	}
	joined() { # whether there is a connection to the port of the host
		hex=$(printf %04X "$port")
		cat /proc/net/tcp /proc/net/tcp6 2>/dev/null | while read -r _ _ to state _; do
			if [ "\${to##*:}" != "$hex" ]; then continue; fi
			case $state in 01 | 04 | 05 | 08) ;; *) continue ;; esac
			case $far in *" \${to%%:*} "*) echo yes; break ;; esac
		done | grep -q yes
	}
	# shellcheck disable=SC2016 # the inner shell expands
	connects() { # whether a connection can be opened within $1 seconds
		case $tool in
			bash) limited "$1" bash -c 'exec 3<>"/dev/tcp/$0/$1"' "$name" "$port" 2>/dev/null ;;
			python3) python3 -c 'import socket, sys; socket.create_connection((sys.argv[1], int(sys.argv[2])), int(sys.argv[3]))' "$name" "$port" "$1" 2>/dev/null ;;
			perl) perl -MIO::Socket::INET -e 'exit !IO::Socket::INET->new(PeerAddr => $ARGV[0], PeerPort => $ARGV[1], Timeout => $ARGV[2])' "$name" "$port" "$1" 2>/dev/null ;;
			nc)
				if nc -h 2>&1 </dev/null | grep -Eq -e '-[A-Za-z0-9]*z'; then limited "$1" nc -z "$name" "$port" >/dev/null 2>&1 </dev/null
				else reaches "$1"; fi ;;
			curl)
				case $name in *:*) url="http://[$name]:$port/" ;; *) url=http://$name:$port/ ;; esac
				spent=$(curl -s -o /dev/null --noproxy '*' --connect-timeout "$1" -m "$1" -w '%{time_connect}' "$url" 2>/dev/null)
				case $spent in *[1-9]*) ;; *) return 1 ;; esac ;;
			wget)
				if said=$(limited "$1" wget -q -O /dev/null "http://$name:$port/" 2>&1); then return 0; fi
				case $said in *onnect* | *refused* | *resolve* | *'bad address'* | *nreachable*) return 1 ;; esac
				case $said in '') hears ;; esac ;;
			none) hears ;;
		esac
	}
	# shellcheck disable=SC2016 # the inner programs expand
	reads() { # writes to file $1 what the port sends
		case $tool in
			bash) exec bash -c 'exec 3<>"/dev/tcp/$0/$1" && exec cat <&3' "$name" "$port" >"$1" 2>/dev/null </dev/null ;;
			python3) exec python3 -c 'import socket, sys
	s = socket.create_connection((sys.argv[1], int(sys.argv[2])))
	while True:
	    b = s.recv(1024)
	    if not b: break
	    sys.stdout.buffer.write(b); sys.stdout.flush()' "$name" "$port" >"$1" 2>/dev/null </dev/null ;;
			perl) exec perl -MIO::Socket::INET -e '$s = IO::Socket::INET->new(PeerAddr => $ARGV[0], PeerPort => $ARGV[1]) or exit 1; $| = 1; print $b while sysread $s, $b, 1024' "$name" "$port" >"$1" 2>/dev/null </dev/null ;;
			nc) exec nc "$name" "$port" >"$1" 2>/dev/null </dev/null ;;
			*) return 1 ;;
		esac
	}
	says() { # whether the port sends the pattern within $1 seconds
		folder=$(mktemp -d) || return 1
		text=$folder/text
		: >"$text"
		(reads "$text") & reader=$!
		limit=$(($(date +%s) + $1)) heard=1
		while :; do
			if found "$text"; then heard=0; break; fi
			if ! kill -0 "$reader" 2>/dev/null; then if found "$text"; then heard=0; fi; break; fi
			if [ "$(date +%s)" -ge "$limit" ]; then break; fi
			sleep 0.2 2>/dev/null || sleep 1
		done
		kill "$reader" 2>/dev/null
		wait "$reader" 2>/dev/null
		reader=''
		if [ $heard -gt 0 ]; then rm -rf -- "$folder"; folder=''; fi
		return $heard
	}
	numbers() { # addresses of host $1 as /proc/net/tcp and tcp6 write them
		list=$1
		case $1 in
			:*) list=''; echo "\${1#:}" ;;
			*[!0-9.]*) if has getent; then list=$(getent ahostsv4 "$1" | cut -d' ' -f1 | sort -u)
				else list=$(grep "[[:space:]]$1\([[:space:]]\|$\)" /etc/hosts | cut -f1 | cut -d' ' -f1); fi ;;
		esac
		for one in $list; do
			number=$(echo "$one" | { IFS=. read -r a b c d && printf '%02X%02X%02X%02X' "$d" "$c" "$b" "$a"; }) 2>/dev/null
			echo "$number"; echo "0000000000000000FFFF0000$number"
		done
	}
	drained() { # whether no connection to the port is left
		! cat /proc/net/tcp /proc/net/tcp6 2>/dev/null | while read -r _ at far state _; do
			if [ "\${at##*:}" != "$hex" ]; then continue; fi
			case " $states " in *" $state "*) ;; *) continue ;; esac
			case " $spared " in *" \${far%%:*} "*) continue ;; esac
			case " $own " in *" \${at%%:*} "* | *" 00000000 "*) echo left; break ;; esac
		done | grep -q left
	}
	met() {
		case $what in
			path)
				if [ "$wanted" = gone ]; then [ ! -e "$path" ]; return; fi
				if [ ! -e "$path" ]; then return 1; fi
				if [ "$how" = none ]; then return 0; fi
				[ -r "$path" ] && found "$path" ;;
			port)
				left=$((timeout - $(date +%s) + begin)) most=$patience
				if [ "$left" -lt "$most" ]; then most=$left; fi
				if [ "$most" -lt 1 ]; then most=1; fi
				if [ "$wanted" = gone ]; then if connects "$most"; then return 1; else return 0; fi; fi
				if [ "$how" = none ]; then connects "$most"; else says "$left"; fi ;;
			drained) drained ;;
		esac
	}
	if [ "$delay" -gt 0 ]; then sleep "$delay"; fi
	case $what in
		time) sleep "$timeout"; finish met; exit 0 ;;
		path) expand "$name" ;;
		port)
			choose
			if [ "$how" != none ]; then case $tool in curl | wget | none) finish no-tool; exit 0 ;; esac; fi
			if [ $tool = none ]; then
				case $name in 127.* | localhost | ::1 | 0.0.0.0 | "$(uname -n)") ;; *) finish no-tool; exit 0 ;; esac
				if [ ! -r /proc/net/tcp ]; then finish no-tool; exit 0; fi
			fi ;;
		drained)
			hex=$(printf %04X "$port")
			own=$(numbers "$name" | tr '\n' ' ') spared=''
			for one do spared="$spared $(numbers "$one" | tr '\n' ' ')"; done ;;
	esac
	if [ "$how" = P ] && ! has perl && ! echo a | grep -Pq a 2>/dev/null; then finish no-search; exit 0; fi
	while [ "$(elapsed)" -lt "$timeout" ]; do
		if met; then
			finish met
			if [ "$what" = path ] && [ "$wanted" = there ]; then
				stat -c '%f:%a:%u:%g:%U:%G:%s:%h' -- "$path" 2>/dev/null || echo
				if [ "$how" != none ]; then head -c 4194304 <"$path"; fi
			elif [ -n "$folder" ]; then echo; cat "$folder/text"; fi
			exit 0
		fi
		sleep "$pause"
	done
	finish timeout
`;
