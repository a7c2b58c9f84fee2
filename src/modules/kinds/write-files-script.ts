import {sh} from '../../connection/connection.js';

/**
 * Writes many files with few processes. They come to a folder of their own beside their places; when all are there, and on the disk, each is moved onto its place.
 * Arguments, in groups: the folder, mode, owner, group, how many files, then for each its name, size, and the file of the host that it is taken from, or nothing
 * where its bytes come on stdin. Stdin is a tar for each group of such, of whole records, then `end`; without tar they are taken out of it one by one.
 */
export const writeFiles = sh`
	# prints nothing; 9: the words for the user on stderr
	LC_ALL=C; export LC_ALL
	fail() { printf '%s\n' "$1" >&2; exit 9; }
	each() { # DO GROUPS: does something for each group
		work=$1 next=1 number=0; shift
		while [ "$next" -le $# ]; do
			eval 'folder=$'"{$next}"' mode=$'"{$((next + 1))}"' owner=$'"{$((next + 2))}"' group=$'"{$((next + 3))}"' left=$'"{$((next + 4))}"
			index=$((next + 5)) next=$((next + 5 + 3 * left)) number=$((number + 1))
			folder=\${folder%/}/ at=\${folder%/}/.playbill-$stamp-$number
			case $work in receive) receive "$@" ;; dress) dress "$@" ;; place) place "$@" ;; discard) discard ;; esac
		done
	}
	receive() {
		if [ ! -d "$folder" ]; then fail "Destination directory \${folder%/} does not exist"; fi
		if [ ! -w "$folder" ]; then fail "Destination \${folder%/} not writable"; fi
		umask 077
		said=$(mkdir -- "$at" 2>&1) || fail "could not make a folder in $folder: $said"
		measure "$@"
		if [ "$bytes" = 1024 ]; then bring "$@"
		elif [ -n "$unpack" ]; then said=$(dd bs=10240 count="$records" iflag=fullblock 2>/dev/null | tar -xmof - -C "$at" 2>&1) || unwritten
		else part "$@"
		fi
		umask "$mask"
	}
	measure() { # sets how long the tar of this group is
		bytes=1024 last=$((index + 3 * left)) one=$index
		while [ "$one" -lt "$last" ]; do
			eval 'size=$'"{$((one + 1))}"' source=$'"{$((one + 2))}"
			if [ -z "$source" ]; then bytes=$((bytes + 512 + (size + 511) / 512 * 512)); fi
			one=$((one + 3))
		done
		records=$(((bytes + 10239) / 10240))
	}
	bring() { # files of the host
		while [ "$index" -lt "$last" ]; do
			eval 'name=$'"{$index}"' size=$'"{$((index + 1))}"' source=$'"{$((index + 2))}"
			index=$((index + 3)) new=$at/$name
			if [ ! -r "$source" ]; then fail "Source $source not readable"; fi
			said=$(dd "if=$source" "of=$new" bs=65536 "conv=$conversion" 2>&1) || unwritten
			received=$(wc -c <"$new")
			if [ $((received)) -ne "$size" ]; then fail "only $((received)) of $size bytes arrived for $folder$name"; fi
		done
	}
	part() { # files out of a tar
		over=$((records * 10240))
		while [ "$index" -lt "$last" ]; do
			eval 'name=$'"{$index}"' size=$'"{$((index + 1))}"
			index=$((index + 3)) fill=$(((512 - size % 512) % 512))
			take 512 /dev/null && take "$size" "$at/$name" && take "$fill" /dev/null
			over=$((over - 512 - size - fill))
		done
		take "$over" /dev/null
	}
	take() { # SIZE FILE: exactly so many bytes of stdin
		how=$conversion
		if [ "$2" = /dev/null ]; then how=notrunc; fi
		if [ "$1" = 0 ]; then said=$( (: >"$2") 2>&1) || unwritten
		elif [ -n "$whole" ]; then said=$(dd "of=$2" bs="$1" count=1 iflag=fullblock "conv=$how" 2>&1) || unwritten
		else said=$(dd "of=$2" ibs=1 obs=65536 count="$1" "conv=$how" 2>&1) || unwritten
		fi
	}
	unwritten() {
		# The reason stands in what dd says first, and in what tar says next.
		said=$(printf '%s\n' "$said" | sed -e '/Wrote only/d' -e 's/^.*: //' -e q)
		fail "could not write to \${folder%/}: $said"
	}
	list() { # GROUPS: the words for the new files, for the old files that some replace, and for the new ones that replace none
		all='' old='' fresh=''
		while [ "$left" -gt 0 ]; do
			eval 'name=$'"{$index}"
			all="$all \"\$at/"'$'"{$index}\""
			if [ -f "$folder$name" ] && [ ! -L "$folder$name" ]; then old="$old \"\$folder"'$'"{$index}\""
			else fresh="$fresh \"\$at/"'$'"{$index}\""; fi
			index=$((index + 3)) left=$((left - 1))
		done
	}
	dress() {
		list "$@"
		if [ -n "$old" ]; then like "$@"; fi
		if [ -n "$fresh" ]; then
			eval "chmod =rw -- $fresh"
			if command -v restorecon >/dev/null 2>&1 && [ -d /sys/fs/selinux ]; then eval "restorecon $fresh" 2>/dev/null; fi
		fi
		eval "set -- $all"
		own chown user "$owner" "$@"
		own chgrp group "$group" "$@"
		if [ -n "$mode" ]; then said=$(chmod -- "$mode" "$@" 2>&1) || fail "chmod failed: $said"; fi
		if [ -n "$flush" ]; then sync -- "$@" 2>/dev/null; fi
	}
	like() { # GROUPS: gives the new files owners, modes and extended attributes of the old ones
		eval "set -- $old"
		if cp --attributes-only --preserve=all --no-preserve=timestamps -- "$@" "$at/" 2>/dev/null; then return; fi
		for one do
			new=$at/\${one##*/}
			if ids=$(stat -c '%u:%g %a' -- "$one" 2>/dev/null); then
				chown "\${ids% *}" -- "$new" 2>/dev/null
				chmod "\${ids#* }" -- "$new"
			else
				cp -p -- "$one" "$at.old" 2>/dev/null && cat -- "$new" >"$at.old" && mv -f -- "$at.old" "$new"
			fi
		done
	}
	own() { # PROGRAM KIND WHO FILES
		program=$1 kind=$2 who=$3; shift 3
		if [ -z "$who" ]; then return; fi
		if said=$("$program" -h -- "$who" "$@" 2>&1); then return; fi
		case $said in *nvalid* | *nknown*) fail "$program failed: failed to look up $kind $who" ;; *) fail "$program failed: $said" ;; esac
	}
	place() {
		list "$@"
		eval "set -- $all"
		said=$(mv -f -- "$@" "$folder" 2>&1) || fail "Could not replace files of \${folder%/}: $said"
	}
	discard() { # what was ended may be about to make a last file in it
		tries=0
		until rm -rf -- "$at" "$at.old" 2>/dev/null || [ $((tries += 1)) -gt 20 ]; do :; done
	}
	folder='' mode='' owner='' group='' left='' name='' size='' source='' last=''
	mask=$(umask) stamp=$$-$(date +%s)
	# Whatever ends the work, what it made beside the places is removed.
	trap 'trap "" HUP INT PIPE TERM' HUP INT PIPE TERM
	(
		trap 'exit 9' HUP INT PIPE TERM # when what runs in it has ended
		whole='' conversion=notrunc flush='' unpack='' # conv=notrunc stands for nothing
		if [ "$(echo abcdef | { dd bs=2 count=1 iflag=fullblock >/dev/null 2>&1; cat; })" = cdef ]; then whole=yes; fi
		case $(sync --help 2>&1) in
			*FILE*) flush=yes ;;
			*) case $(dd --help 2>&1) in *fsync*) conversion=fsync ;; esac ;;
		esac
		if [ -n "$whole" ] && [ $conversion = notrunc ] && command -v tar >/dev/null 2>&1; then unpack=yes; fi
		each receive "$@"
		if [ "$(cat)" != end ]; then fail 'only a part of the files arrived'; fi
		each dress "$@"
		each place "$@"
	)
	status=$?
	each discard "$@"
	exit "$status"
`;
