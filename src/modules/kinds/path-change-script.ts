import {sh} from '../../connection/connection.js';
import {together} from './compose.js';

/** What the scripts that change paths have in common. */
export const pathVerbs = sh`
	# prints nothing by itself: the functions of the scripts below
	LC_ALL=C; export LC_ALL
	fail() { printf '%s\n' "$1" >&2; exit 9; }
	try() { # runs a command; its own words are the failure's
		said=$("$@" 2>&1) || fail "\${said:-$1 failed}"
	}
	own() { # PATH OWNER GROUP
		if [ -n "$2" ] && [ -n "$3" ] && chown -h -- "$2:$3" "$1" 2>/dev/null; then return; fi
		if [ -n "$2" ] && ! said=$(chown -h -- "$2" "$1" 2>&1); then
			case $said in *nvalid* | *nknown*) fail "chown failed: failed to look up user $2" ;; *) fail "chown failed: $said" ;; esac
		fi
		if [ -n "$3" ] && ! said=$(chgrp -h -- "$3" "$1" 2>&1); then
			case $said in *nvalid* | *nknown*) fail "chgrp failed: failed to look up group $3" ;; *) fail "chgrp failed: $said" ;; esac
		fi
	}
	allow() { # PATH MODE, the mode in five digits or more, so that the special bits of folders are cleared too
		if [ -z "$2" ] || [ -L "$1" ]; then return; fi
		said=$(chmod -- "$2" "$1" 2>&1) || fail "chmod failed: $said"
	}
	neighbour() { # WORDS: sets tmp to a new, empty, private file beside $path, whose mode is $mode
		case $path in */*) folder=\${path%/*}/ ;; *) folder=./ ;; esac
		if [ ! -d "$folder" ]; then fail "Destination directory \${folder%/} does not exist"; fi
		if [ ! -w "$folder" ]; then
			case $flags in *u*) tmp=''; return ;; esac
			fail "Destination \${folder%/} not writable"
		fi
		name=\${path##*/} suffix='' number=0
		case $name in *.*) suffix=.\${name##*.} ;; esac
		tmp=$folder.playbill-$label$suffix
		# The mask is wanted again by what gets no mode of its own, and by programs that validate.
		mask='' narrow=077 early=''
		if [ -z "$mode" ] || [ "$1" -gt 0 ]; then mask=$(umask)
		elif [ -z "$group" ] && [ ! -e "$path" ] && [ ! -L "$path" ]; then
			# A new file of this user's group may have its mode from the beginning, if that lets its owner write it.
			case $mode in 000[26][0246][0246]) early=yes narrow=$((1666 - 1\${mode#000})) ;; esac
		fi
		umask "$narrow"; set -C
		until { printf '' >"$tmp"; } 2>/dev/null; do
			number=$((number + 1)); tmp=$folder.playbill-$label-$number$suffix
			if [ $number -gt 50 ]; then tmp=''; fail "could not make a file in $folder"; fi
		done
		set +C
		[ -z "$mask" ] || umask "$mask"
	}
	fetch() { # stdin to $1, down to the disk where dd can, and only if it is whole
		if said=$(dd "of=$1" bs=65536 conv=notrunc,fsync 2>&1) || case $said in *onv*) said=$(cat 2>&1 >"$1") ;; *) false ;; esac; then
			case $said in *[!0-9]"$size bytes"*) return ;; esac # dd has counted
			received=$(wc -c <"$1")
			if [ "$size" = '' ] || [ $((received)) -eq "$size" ]; then return; fi
			fail "only $((received)) of $size bytes arrived for $path"
		fi
		said=$(printf '%s\n' "$said" | sed -e 's/^.*: //' -e q) # dd counts below its words
		fail "could not write $path: $said"
	}
	like() { # gives $2 the owner, mode and extended attributes of $1
		if cp --attributes-only --preserve=all --no-preserve=timestamps -- "$1" "$2" 2>/dev/null; then return; fi
		if ids=$(stat -c '%u:%g %a' -- "$1" 2>/dev/null); then
			chown "\${ids% *}" -- "$2" 2>/dev/null
			chmod "\${ids#* }" -- "$2"
		else
			cp -p -- "$1" "$2.old" 2>/dev/null && cat -- "$2" >"$2.old" && mv -f -- "$2.old" "$2"
		fi
	}
	open_up() { # gives $tmp the mode of a new file, unless it gets another
		[ -n "$mode" ] || chmod '=rw' -- "$tmp"
	}
	dress() { # gives $tmp what the file at $path has, or a new one gets, and its owner
		if [ -f "$path" ] && [ ! -L "$path" ]; then
			case $flags in *k*) like "$path" "$tmp" ;; *) open_up ;; esac
		else
			open_up
			if has_selinux; then restorecon "$tmp" 2>/dev/null; fi
		fi
		own "$tmp" "$owner" "$group"
	}
	is_still() { # whether $1 has the SHA-1 $2
		case $(sha1sum <"$1" 2>/dev/null) in "$2 "*) return 0 ;; *) return 1 ;; esac
	}
	write() { # PATH SIZE MODE OWNER GROUP FLAGS SOURCE WORD..., the size followed by a colon and the SHA-1 where the source must have it
		path=$1 size=\${2%:*} mode=$3 owner=$4 group=$5 flags=$6 source=$7 wanted=''
		case $2 in *:*) wanted=\${2#*:} ;; esac
		shift 7
		if [ -d "$path" ] && [ ! -L "$path" ]; then fail "$path is a directory"; fi
		case $flags in *d*) spare=$source ;; esac
		neighbour $#
		if [ -n "$source" ]; then exec <"$source" || fail "Source $source not readable"; fi
		if [ -n "$tmp" ]; then
			fetch "$tmp"
			if [ -n "$wanted" ] && ! is_still "$tmp" "$wanted"; then fail "$source is not what it was"; fi
			dress
			if [ -n "$early" ]; then
				look "$tmp"
				if has_mode "$mode"; then mode=''; else seen=''; fi
			fi
			allow "$tmp" "$mode"
		fi
		if [ $# -gt 0 ]; then validate "$@"; fi
		if [ -e "$path" ]; then
			case $flags in *b*) keep ;; esac
		fi
		if [ -z "$tmp" ]; then
			cat >"$path" || fail "could not write $path"
			own "$path" "$owner" "$group"
			allow "$path" "$mode"
		elif ! said=$(mv -f -- "$tmp" "$path" 2>&1); then
			seen=''
			case $flags in *u*) cat -- "$tmp" >"$path" || fail "could not write $path" ;; *) fail "Could not replace $path: $said" ;; esac
		else tmp=''
		fi
	}
	keep() { # copies the file at $path to a new name, which is the backup
		at=$(date '+%Y-%m-%d@%H:%M:%S~') number=$$
		while backup=$path.$number.$at; [ -e "$backup" ] || [ -L "$backup" ]; do number=$((number + 1)); done
		try cp -p -- "$path" "$backup"
	}
	look() { # sets seen to the line of stat for $1, the two of ls where there is no stat
		if seen=$(stat -c '%f:%u:%g:%s:%X:%Y:%Z:%h:%i:%d:%b:%B:%o:%t:%T:%U:%G:%x|%y|%z' -- "$1" 2>/dev/null); then return; fi
		# shellcheck disable=SC2012 # only the attributes are read
		seen=$(for how in -ldn -ld; do ls $how -- "$1" | { IFS= read -r line; printf '%s\n' "$line"; }; done)
	}
	has_mode() { # whether what was seen of a file has the mode $1 already: where its folder has a default ACL the mask is not asked
		case $seen in -*) return 1 ;; esac
		[ $((0x\${seen%%:*} & 07777)) -eq $((0$1)) ]
	}
	has_selinux() { command -v restorecon >/dev/null 2>&1 && [ -d /sys/fs/selinux ]; }
	validate() { # runs the words, the byte 1 in them standing for the new file
		left=$# one=$(printf '\001')
		while [ "$left" -gt 0 ]; do
			word=$1 done=''; shift; left=$((left - 1))
			while :; do
				case $word in *"$one"*) done=$done\${word%%"$one"*}$tmp word=\${word#*"$one"} ;; *) break ;; esac
			done
			set -- "$@" "$done$word"
		done
		out=$("$@" </dev/null) && return
		printf '%s\0%s' "$?" "$out"
		exit 8
	}
	link() { # PATH TARGET
		case $1 in */*) tmp=\${1%/*}/.playbill-$$ ;; *) tmp=./.playbill-$$ ;; esac
		if [ -d "$1" ] && [ ! -L "$1" ]; then try rmdir -- "$1"; fi
		if [ ! -e "$1" ] && [ ! -L "$1" ]; then tmp=''; try ln -s -- "$2" "$1"; return; fi
		rm -f -- "$tmp"
		try ln -s -- "$2" "$tmp"
		replace "$1"
		tmp=''
	}
	hard() { # PATH SOURCE
		case $1 in */*) tmp=\${1%/*}/.playbill-$$ ;; *) tmp=./.playbill-$$ ;; esac
		rm -f -- "$tmp"
		try ln -- "$2" "$tmp"
		if [ -L "$1" ] || [ -d "$1" ]; then try rm -rf -- "$1"; fi
		try mv -f -- "$tmp" "$1"
		tmp=''
	}
	replace() { # moves $tmp onto $1, also where that is a link to a folder
		if mv -fT -- "$tmp" "$1" 2>/dev/null; then return; fi
		try rm -f -- "$1"
		try mv -f -- "$tmp" "$1"
	}
	stamp() { # PATH MODIFIED ACCESSED
		if [ ! -e "$1" ] && [ ! -L "$1" ]; then ( : >"$1" ) 2>/dev/null || fail "could not make $1"; fi
		case $2:$3 in
			now:now) try touch -c -- "$1" ;;
			*)
				case $2 in '') ;; now) try touch -cm -- "$1" ;; *) try touch -cm -t "$2" -- "$1" ;; esac
				case $3 in '') ;; now) try touch -ca -- "$1" ;; *) try touch -ca -t "$3" -- "$1" ;; esac ;;
		esac
	}
	linked() { # whether a folder above $1 is a link
		above=\${1%/*}
		while [ -n "$above" ]; do
			if [ -L "$above" ]; then return 0; fi
			case $above in */*) above=\${above%/*} ;; *) return 1 ;; esac
		done
		return 1
	}
	change() { # VERB ARGUMENTS...: one change after another; path is the last one's
		while [ $# -gt 0 ]; do
			verb=$1; path=$2; shift
			case $verb in
				write) write "$@"; return ;;
				attributes) own "$1" "$3" "$4"; allow "$1" "$2"; shift 4 ;;
				directory) # Another process may make it at the same moment: that is as good.
					if mkdir \${2:+-m "$2"} -- "$1" 2>/dev/null; then
						own "$1" "$3" "$4"
						case $2 in 000*) ;; *) allow "$1" "$2" ;; esac # a new owner may take the special bits away
					else
						[ -d "$1" ] || try mkdir -- "$1"; own "$1" "$3" "$4"; allow "$1" "$2"
					fi
					shift 4 ;;
				link) link "$1" "$2"; shift 2 ;;
				hard) hard "$1" "$2"; shift 2 ;;
				remove) try rm -rf -- "$1"; shift ;;
				touch) stamp "$1" "$2" "$3"; shift 3 ;;
				*) fail "no such verb: $verb" ;;
			esac
		done
	}
	may() { # sets access to what holds of $path
		access=''
		if linked "$path"; then access=s; fi
		if [ -r "$path" ]; then access="$access"r; fi
		if [ -w "$path" ]; then access="$access"w; fi
		if [ -x "$path" ]; then access="$access"x; fi
	}
	tidy() { [ -z "$tmp$spare" ] || rm -f -- \${tmp:+"$tmp"} \${spare:+"$spare"}; }
	label=$$ backup='' path='' seen='' tmp='' spare=''
`;

/** Changes paths, one verb after another. The verbs' arguments stand in `path-change.ts`. */
export const changePaths = together(
	pathVerbs,
	sh`
	# prints the name of a backup or nothing, NUL, letters for what of the last path holds (s: a folder above it is a link; r, w, x: what may be done), NUL, its line of stat, if it is still there; 9: the words for the user on stderr; 8: the validation's status, NUL, its output
	trap tidy EXIT
	trap 'trap "" HUP INT PIPE TERM; exit 9' HUP INT PIPE TERM
	change "$@"
	may
	printf '%s\0%s\0' "$backup" "$access"
	if [ -e "$path" ] || [ -L "$path" ]; then
		[ -n "$seen" ] || look "$path"
		printf '%s\n' "$seen"
	fi
`,
);
