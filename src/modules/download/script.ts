import {sh} from '../../connection/connection.js';

/**
 * Fetches a URL by what the host has. Arguments: `text` (print it), `look` (print its digests) or `keep` (leave it in the file named next);
 * the file; the algorithm of a further digest or nothing; the digest that it must have or nothing. Stdin: the URL, then lines for curl's
 * configuration, `--`, lines for wget's, so that no secret is in an argument list.
 */
export const download = sh`
	# prints STATUS, then for look and keep SIZE SHA1 MD5 DIGEST, each ended by a newline; for text the bytes; 6: neither curl nor wget; 8: the digest that it had, and its SHA1; 9: the words of curl or wget on stderr
	LC_ALL=C; export LC_ALL
	verb=$1 file=$2 algorithm=$3 wanted=$4
	has() { command -v "$1" >/dev/null 2>&1; }
	digest() { # of stdin, by algorithm $1
		if has "$1sum"; then "$1sum"; elif has openssl; then openssl dgst -r "-$1"; else echo none; fi | cut -d' ' -f1
	}
	umask_before=$(umask)
	umask 077
	folder=$(mktemp -d) || { echo 'could not make a temporary folder' >&2; exit 9; }
	trap 'trap "" HUP INT PIPE TERM; rm -rf -- "$folder"' EXIT
	trap 'trap "" HUP INT PIPE TERM; exit 9' HUP INT PIPE TERM
	IFS= read -r url
	tool=curl
	: >"$folder/curl"; : >"$folder/wget"
	while IFS= read -r line; do
		if [ "$line" = -- ]; then tool=wget; else printf '%s\n' "$line" >>"$folder/$tool"; fi
	done
	got=$folder/got
	if [ "$verb" = keep ]; then got=$file; trap 'trap "" HUP INT PIPE TERM; rm -rf -- "$folder" "$file"' EXIT; fi
	status=''
	case $url in
		file://*)
			path=\${url#file://}
			case $path in localhost/*) path=\${path#localhost} ;; esac
			if cat -- "$path" >"$got" 2>"$folder/said"; then status=200; fi ;;
		*)
			if has curl; then
				status=$(curl -q -K "$folder/curl" -o "$got" -w '%{http_code}' 2>"$folder/said") || status=''
			elif has wget && wget --version >/dev/null 2>&1; then
				printf '%s\n' "$url" >"$folder/url"
				WGETRC=$folder/wget wget -S -O "$got" -i "$folder/url" 2>"$folder/said" && status=200
				code=$(sed -n 's|^ *HTTP/[0-9.]* \([0-9]*\).*|\1|p' "$folder/said" | tail -n 1)
				status=\${code:-$status}
			elif has wget; then
				# its -T ends in a segmentation fault in some builds (Debian 12's), so its own limit of 900 seconds holds
				set --
				while IFS= read -r line; do
					value=\${line#*= }
					case $line in
						'header = '*) set -- "$@" --header "$value" ;;
						'user_agent = '*) set -- "$@" -U "$value" ;;
						'check_certificate = off') set -- "$@" --no-check-certificate ;;
						'use_proxy = off') set -- "$@" -Y off ;;
						'user = '* | 'password = '*) echo "busybox wget would show the password to every user of the host; curl or GNU wget is needed" >&2; exit 9 ;;
					esac
				done <"$folder/wget"
				wget -S "$@" -O "$got" "$url" 2>"$folder/said" && status=200
				code=$(sed -n 's|.*HTTP/[0-9.]* \([0-9]*\).*|\1|p' "$folder/said" | tail -n 1)
				status=\${code:-$status}
			else
				exit 6
			fi ;;
	esac
	case $status in
		'' | 000) tail -n 1 "$folder/said" >&2; exit 9 ;;
		200 | 226) ;;
		*) printf '%s\n' "$status"; exit ;;
	esac
	: >>"$got"
	if [ "$verb" = text ]; then printf '%s\n' "$status"; cat "$got"; exit; fi
	other=''
	if [ -n "$algorithm" ]; then other=$(digest "$algorithm" <"$got"); fi
	if [ -n "$wanted" ] && [ "$other" != "$wanted" ]; then printf '%s\n' "$other" "$(digest sha1 <"$got")"; exit 8; fi
	size=$(wc -c <"$got")
	printf '%s\n' "$status" "$((size))" "$(digest sha1 <"$got")" "$(digest md5 <"$got")" "$other"
	if [ "$verb" = keep ]; then trap 'trap "" HUP INT PIPE TERM; rm -rf -- "$folder"' EXIT; fi
	umask "$umask_before"
`;
