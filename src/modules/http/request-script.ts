import {sh} from '../../connection/connection.js';

/**
 * Makes one HTTP request by what the host has. Arguments: the method, where the body comes from (`none`, `stdin`, `file`) and its file,
 * the file or folder to write to or nothing, the status codes that are wanted, `new` when only what is newer than that file is wanted,
 * then mode, owner and group of the file or nothing, and `yes` when the answer is wanted though it is written. Stdin: the number of lines for curl's configuration, these, the same for wget, the
 * URL, then the body, so that no secret is in an argument list.
 */
export const request = sh`
	# prints "done STATUS SECONDS URL", the number of bytes of the headers, these, and what was answered; or "failed CODE" or "none" (no tool) or "dest" with words on stderr; before what was answered a line with the written path and one of stat, empty when nothing was written
	method=$1 from=$2 file=$3 dest=$4 codes=$5 only=$6 mode=$7 owner=$8 group=$9 returns=\${10}
	case $dest in '~' | '~'/*) dest=$HOME\${dest#?} ;; esac
	LC_ALL=C; export LC_ALL
	has() { command -v "$1" >/dev/null 2>&1; }
	umask_before=$(umask)
	umask 077
	folder=$(mktemp -d) || exit 1
	trap 'trap "" HUP INT PIPE TERM; rm -rf -- "$folder"' EXIT
	trap 'trap "" HUP INT PIPE TERM; exit 143' HUP INT PIPE TERM
	for tool in curl wget; do
		IFS= read -r count
		: >"$folder/$tool"
		while [ "$count" -gt 0 ]; do
			IFS= read -r line
			printf '%s\n' "$line" >>"$folder/$tool"
			count=$((count - 1))
		done
	done
	IFS= read -r url
	body=''
	case $from in
		stdin) body=$folder/body; cat >"$body" ;;
		file)
			body=$file
			if [ ! -r "$body" ]; then echo source; exit 0; fi ;;
	esac
	got=$folder/got heads=$folder/heads
	: >"$got"; : >"$heads"
	begin=$(date +%s)
	if has curl; then
		if [ -n "$body" ]; then
			quoted=$(printf '%s' "$body" | sed 's/[\\"]/\\&/g')
			printf 'data-binary = "@%s"\n' "$quoted" >>"$folder/curl"
		fi
		if [ "$only" = new ] && [ -f "$dest" ]; then printf 'time-cond = "%s"\n' "$dest" >>"$folder/curl"; fi
		said=$(curl -q -K "$folder/curl" -D "$heads" -o "$got" -w '%{http_code} %{url_effective}' 2>"$folder/errors")
		failed=$?
		status=\${said%% *} final=\${said#* }
		if [ "$status" = 000 ] || [ -z "$status" ]; then echo "failed $failed"; cat "$folder/errors" >&2; exit 0; fi
	elif has wget && wget --version >/dev/null 2>&1; then
		set -- -nv -S --content-on-error --method="$method"
		if [ -n "$body" ]; then set -- "$@" --body-file="$body"; fi
		printf '%s\n' "$url" >"$folder/url"
		WGETRC=$folder/wget wget "$@" -O "$got" -i "$folder/url" 2>"$folder/errors"
		failed=$?
		sed -n 's/^  //p' "$folder/errors" >"$heads"
		final=$url
		status=$(sed -n 's|^HTTP/[0-9.]* \([0-9]*\).*|\1|p' "$heads" | tail -n 1)
		if [ -z "$status" ]; then
			case $(cat "$folder/errors") in *refused*) failed=7 ;; *resolve*) failed=6 ;; *ertificate*) failed=60 ;; *) failed=1 ;; esac
			echo "failed $failed"; tail -n 2 "$folder/errors" >&2; exit 0
		fi
	elif has wget && [ "$method" = GET ] && ! grep -q '^password' "$folder/wget"; then
		set --
		while IFS= read -r line; do
			value=\${line#*= }
			case $line in
				'header = '*) set -- "$@" --header "$value" ;;
				'user_agent = '*) set -- "$@" -U "$value" ;;
				'check_certificate = off') set -- "$@" --no-check-certificate ;;
			esac
		done <"$folder/wget"
		wget -S "$@" -O "$got" "$url" 2>"$folder/errors"
		sed -n 's/^  //p' "$folder/errors" | grep . >"$heads"
		final=$url
		status=$(sed -n 's|.*HTTP/[0-9.]* \([0-9]*\).*|\1|p' "$folder/errors" | tail -n 1)
		if [ -z "$status" ]; then
			case $(cat "$folder/errors") in *refused*) failed=7 ;; *'bad address'*) failed=6 ;; *) failed=1 ;; esac
			echo "failed $failed"; tail -n 1 "$folder/errors" >&2; exit 0
		fi
		if [ ! -s "$heads" ]; then sed -n 's|.*\(HTTP/[0-9.]* .*\)|\1|p' "$folder/errors" >"$heads"; fi
	else
		echo none; exit 0
	fi
	seconds=$(($(date +%s) - begin))
	written='' stated=''
	case " $codes " in
		*" $status "*)
			if [ -n "$dest" ] && [ "$status" != 304 ]; then
				if [ -d "$dest" ]; then
					name=$(sed -n 's/^[Cc]ontent-[Dd]isposition:.*filename="\{0,1\}\([^";]*\).*/\1/p' "$heads" | tail -n 1 | tr -d '\r')
					name=\${name##*/}
					if [ -z "$name" ]; then name=\${final%%[?#]*}; name=\${name#*://}; case $name in */*) name=\${name##*/} ;; *) name='' ;; esac; fi
					dest=\${dest%/}/\${name:-index.html}
				fi
				umask "$umask_before"
				next=$dest.playbill-$$
				trap 'trap "" HUP INT PIPE TERM; rm -rf -- "$folder" "$next"' EXIT
				if ! cat "$got" >"$next"; then echo dest; exit 0; fi
				if [ -f "$dest" ] && has stat; then
					chmod "$(stat -L -c %a -- "$dest")" "$next"; chown "$(stat -L -c %u:%g -- "$dest")" "$next" 2>/dev/null
				fi
				if [ -n "$mode" ] && ! chmod -- "$mode" "$next"; then echo dest; exit 0; fi
				if [ -n "$owner" ] && ! chown -- "$owner" "$next"; then echo dest; exit 0; fi
				if [ -n "$group" ] && ! chgrp -- "$group" "$next"; then echo dest; exit 0; fi
				if cmp -s "$next" "$dest" && [ -z "$mode$owner$group" ]; then rm -f -- "$next"
				elif ! mv -f -- "$next" "$dest"; then echo dest; exit 0; fi
				written=$dest stated=$(stat -c '%a:%u:%g:%U:%G:%s' -- "$dest" 2>/dev/null)
			fi ;;
	esac
	echo "done $status $seconds $final"
	size=$(wc -c <"$heads")
	echo $((size))
	cat "$heads"
	printf '%s\n%s\n' "$written" "$stated"
	if [ "$returns" = yes ] || [ -z "$written" ] || grep -qi '^content-type:.*\(json\|javascript\)' "$heads"; then cat "$got"; fi
`;
