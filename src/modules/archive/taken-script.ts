import {sh} from '../../connection/connection.js';

/**
 * Takes what was unpacked into one folder over into another. Arguments: the two folders. Stdin: a line an entry, its kind and mode as stat's `%f`, the
 * SHA-1 of its content or `-`, its name.
 */
export const takeUnpacked = sh`
	# prints nothing; ends with another status than 0 when the second folder then lacks something of the list, of which some may be there all the same
	LC_ALL=C; export LC_ALL
	from=$1 to=$2
	temporary=$(umask 077; mktemp -d) || exit 1
	trap 'trap "" HUP INT PIPE TERM; rm -rf -- "$temporary"' EXIT
	trap 'trap "" HUP INT PIPE TERM; exit 9' HUP INT PIPE TERM
	cat >"$temporary/all"
	cut -d ' ' -f 3- "$temporary/all" >"$temporary/names"
	sed -n "s/^[0-9a-f]* \([0-9a-f]*\) /\1  /p" "$temporary/all" >"$temporary/sums"
	sed "s/^\([0-9a-f]*\) [^ ]* /\1 $(id -u) $(id -g) /" "$temporary/all" >"$temporary/entries"
	names() { tr '\n' '\0' <"$temporary/names"; }
	# shellcheck disable=SC2016 # the inner shell's own words
	names | xargs -0 sh -c 'from=$1 to=$2; shift 2; tar -c --no-recursion -f - -C "$from" "$@" | tar -x -p -f - -C "$to"' sh "$from" "$to" || exit 1
	cd -- "$to" || exit 1
	sha1sum -c "$temporary/sums" >/dev/null || exit 1
	names | xargs -0 stat -c '%f %u %g %n' -- | cmp -s - "$temporary/entries"
`;
