import {sh} from '../../connection/connection.js';

/**
 * Unpacks an archive, or looks at what unpacking would change. Arguments: `look` or `unpack`; the archive's path, or `-` for a tar on
 * stdin; the folder; how many words follow for tar; these; the words for unzip.
 */
export const unpackArchive = sh`
	# prints for look, in groups: for each entry NAME IN-FOLDER TARGET TARGET-IN-FOLDER, an empty field, then the lines of stat and of sha1sum, of the archive's and then of the folder's; all ended by NUL; 7: no such archive; 9: the words for the user on stderr
	LC_ALL=C; export LC_ALL
	fail() { printf '%s\n' "$1" >&2; exit 9; }
	verb=$1 archive=$2 folder=$3 words=$4; shift 4
	undone() { # WHAT-THE-TOOL-SAID; what is half done is said too
		from=$archive rest=''
		if [ "$from" = - ]; then from='the archive'; fi
		if [ "$verb" = unpack ]; then rest=" (what was unpacked before that stays in $folder)"; fi
		fail "failed to unpack $from to $folder: $1$rest"
	}
	unpack() { # INTO WORD...
		into=$1; shift
		case $magic in
			504b*)
				shift "$words"
				command -v unzip >/dev/null 2>&1 || fail "Unable to find required 'unzip' binary in the path"
				said=$(unzip -q -o -d "$into" "$archive" "$@" 2>&1) || undone "$said"
				return ;;
			1f8b*) packed=-z ;;
			425a68*) packed=-j ;;
			fd377a585a00) packed=-J ;;
			28b52ffd*) packed=--zstd ;;
			*) packed='' ;;
		esac
		count=0
		while [ $count -lt "$words" ]; do set -- "$@" "$1"; shift; count=$((count + 1)); done
		shift $(($# - words))
		command -v tar >/dev/null 2>&1 || fail "Unable to find required 'gtar' or 'tar' binary in the path"
		# shellcheck disable=SC2086 # an option or none
		said=$(tar -x -p $packed -f "$archive" -C "$into" "$@" 2>&1) || undone "$said"
	}
	magic=''
	if [ "$archive" != - ]; then
		if [ ! -e "$archive" ]; then exit 7; fi
		if [ ! -r "$archive" ]; then fail "Source '$archive' not readable"; fi
		if [ ! -s "$archive" ]; then fail "Invalid archive '$archive', the file is 0 bytes"; fi
		magic=$(od -An -tx1 -N6 "$archive" | tr -d ' \n')
	fi
	if [ "$verb" = unpack ]; then
		if [ ! -d "$folder" ]; then fail "dest '$folder' must be an existing dir"; fi
		unpack "$folder" "$@"
		exit
	fi
	temporary=$(umask 077; mktemp -d) || fail 'could not make a temporary folder'
	# shellcheck disable=SC2154 # what fetched the archive has made it, if that stands before this
	trap 'trap "" HUP INT PIPE TERM; rm -rf -- "$temporary" \${pb_fetched:+"$pb_fetched"}' EXIT
	trap 'trap "" HUP INT PIPE TERM; exit 9' HUP INT PIPE TERM
	unpack "$temporary" "$@"
	case $folder in /*) ;; *) folder=$PWD/$folder ;; esac
	cd -- "$temporary" || fail "could not enter $temporary"
	FOLDER=$folder; export FOLDER
	find . ! -name . -exec sh -c '
		files="" others="" present="" number=0
		for one do
			number=$((number + 1))
			at=$FOLDER/$one here="" target="" there=""
			if [ -L "$at" ] || [ -e "$at" ]; then here=yes; fi
			if [ -L "$one" ]; then target=$(readlink -- "$one"); fi
			if [ -L "$at" ]; then there=$(readlink -- "$at"); fi
			printf "%s\0" "$one" "$here" "$target" "$there"
			if [ -f "$one" ] && [ ! -L "$one" ]; then
				files="$files \"\$"{$number}\"
				if [ -f "$at" ] && [ ! -L "$at" ] && [ -r "$at" ]; then others="$others \"\$FOLDER/\$"{$number}\"; fi
			fi
			if [ -n "$here" ]; then present="$present \"\$FOLDER/\$"{$number}\"; fi
		done
		printf "\0"
		format="%f:%u:%g:%s:%X:%Y:%Z:%h:%i:%d:%b:%B:%o:%t:%T:%U:%G:%x|%y|%z"
		stat -c "$format" -- "$@"
		printf "\0"
		if [ -n "$files" ]; then eval "sha1sum -- $files"; fi
		printf "\0"
		if [ -n "$present" ]; then eval "stat -c \"\$format\" -- $present"; fi
		printf "\0"
		if [ -n "$others" ]; then eval "sha1sum -- $others"; fi
		printf "\0"
	' sh {} +
`;
