import {sh} from '../../connection/connection.js';

/**
 * Reads many paths at once: one `stat` and one `sha1sum` for up to 64 of them. Arguments, four for each path: flags (`m` its MIME type,
 * `a` its attributes), the digest's algorithm or nothing, the greatest size of which the content is wanted or nothing, the path.
 */
export const probePaths = sh`
	# prints "UMASK", then for each group of 64 paths: a record of 8 fields for each (a second one for what a link leads to), the lines of stat, those of sha1sum, the contents; all ended by NUL
	LC_ALL=C; export LC_ALL
	newline='
	'
	has() { command -v "$1" >/dev/null 2>&1; }
	home_of() { # the home folder of user $1
		if has getent; then getent passwd "$1"; else grep "^$1:" /etc/passwd; fi | cut -d: -f6
	}
	expand() { # sets path to $1 with variables and the home folder put in, as Python's expandvars and expanduser do
		rest=$1 path=
		while :; do
			case $rest in *'$'*) ;; *) break ;; esac
			path=$path\${rest%%'$'*} rest=\${rest#*'$'} name='' left=''
			case $rest in
				'{'*'}'*) name=\${rest#?}; name=\${name%%'}'*}; left=\${rest#*'}'} ;;
				[A-Za-z_]*) name=\${rest%%[!A-Za-z0-9_]*}; left=\${rest#"$name"} ;;
			esac
			case $name in
				'' | [0-9]* | *[!A-Za-z0-9_]*) path=$path'$' ;;
				*)
					eval 'known=$'"{$name+yes}"' value=$'"{$name-}"
					if [ -n "$known" ]; then path=$path$value rest=$left; else path=$path'$'; fi ;;
			esac
		done
		path=$path$rest
		case $path in
			'~' | '~'/*) path=$HOME\${path#?} ;;
			'~'*)
				name=\${path%%/*}; name=\${name#?}
				case $name in *[!A-Za-z0-9._-]*) return ;; esac
				value=$(home_of "$name")
				[ -z "$value" ] || path=$value\${path#"~$name"} ;;
		esac
	}
	denied() { # whether a folder above $1 may not be searched
		above=$1
		while :; do
			case $above in */*) above=\${above%/*} ;; *) return 1 ;; esac
			[ -n "$above" ] || return 1
			if [ -d "$above" ]; then [ ! -x "$above" ]; return; fi
			if [ -e "$above" ]; then return 1; fi
		done
	}
	digest() { # of stdin, by algorithm $1
		if has "$1sum"; then "$1sum"
		elif has openssl; then openssl dgst -r "-$1"
		elif has shasum; then shasum -a "\${1#sha}"
		elif has "$1"; then "$1" -q
		else echo none; fi
	}
	read_link() { # sets target to the text of the link in $path
		if has readlink; then target=$(readlink -- "$path"; echo .)
		else target=$(ls -ld -- "$path"; echo .); target=\${target#*" $path -> "}; fi
		target=\${target%"$newline."}
	}
	follow() { # sets path to what the link in it leads to at the end; a path without a file where that is not there
		base=\${path##*/}
		if [ -e "$path" ]; then
			path=$(cd -- "\${path%"$base"}." && readlink -f -- "$base" && echo .); path=\${path%"$newline."}
			return
		fi
		# not by readlink -f, which never ends on a link that leads below itself
		hops=0
		while [ -L "$path" ] && [ $hops -lt 40 ]; do
			hops=$((hops + 1)) base=\${path##*/}
			read_link
			case $target in /*) path=$target ;; *) path=\${path%"$base"}$target ;; esac
		done
		base=\${path##*/} folder=\${path%/*}
		folder=$(cd -- "$folder/" 2>/dev/null && pwd -P && echo .) || return
		path=\${folder%"$newline."}; path=\${path%/}/$base
	}
	linked() { # whether a folder above $1 is a link; neighbours share the answer
		above=\${1%/*}
		if [ "$above" != "$neighbour" ]; then
			neighbour=$above through=1
			while [ -n "$above" ]; do
				if [ -L "$above" ]; then through=0; break; fi
				case $above in */*) above=\${above%/*} ;; *) break ;; esac
			done
		fi
		return $through
	}
	record() { # KIND ACCESS PATH TARGET DIGEST MIME ATTRIBUTES CONTENT of the path in $path
		kind=a access='' target='' sum='' mime='' attributes='' content=''
		if linked "$path"; then access=s; fi
		if [ -L "$path" ]; then kind=l
		elif [ -e "$path" ]; then kind=x
		elif denied "$path"; then kind=u
		fi
		if [ $kind = l ] || [ $kind = x ]; then
			count=$((count + 1)); eval "p$count=\$path"
			here="$here \"\$p$count\""
			if [ -r "$path" ]; then access="$access"r; fi
			if [ -w "$path" ]; then access="$access"w; fi
			if [ -x "$path" ]; then access="$access"x; fi
		fi
		if [ $kind = l ]; then read_link
		elif [ $kind = x ] && [ -f "$path" ] && [ -r "$path" ]; then
			if [ -n "$algorithm" ]; then
				sum=later
				case $path in *"$newline"* | *\\*) sum=now ;; esac
				if [ "$algorithm" != sha1 ] || [ $batch = no ]; then sum=now; fi
				if [ $sum = now ]; then sum=$(digest "$algorithm" <"$path"); sum=\${sum%% *}
				else files="$files \"\$p$count\""; fi
			fi
			if [ -n "$limit" ]; then
				size=$(wc -c <"$path"); size=$((size))
				if [ "$size" -le "$limit" ]; then content=$size contents="$contents $count:$size"; fi
			fi
		fi
		case $flags in *m*) ! has file || mime=$(file -b --mime-type --mime-encoding -- "$path" 2>/dev/null) ;; esac
		case $flags in *a*) ! has lsattr || attributes=$(lsattr -vd -- "$path" 2>/dev/null) ;; esac
		printf '%s\0' "$kind" "$access" "$path" "$target" "$sum" "$mime" "$attributes" "$content"
	}
	status() { # a line for each path; that of ls where there is no stat
		stat -c '%f:%u:%g:%s:%X:%Y:%Z:%h:%i:%d:%b:%B:%o:%t:%T:%U:%G:%x|%y|%z' -- "$@" 2>/dev/null && return
		if has stat && stat -c %f / >/dev/null 2>&1; then return; fi
		# shellcheck disable=SC2012 # only the attributes are read
		for path do
			ls -ldn -- "$path" | { IFS= read -r line; printf '%s\n' "$line"; }
			ls -ld -- "$path" | { IFS= read -r line; printf '%s\n' "$line"; }
		done
	}
	group() {
		count=0 here='' files='' contents=''
		while [ $# -gt 0 ]; do
			flags=$1 algorithm=$2 limit=$3; expand "$4"; shift 4
			record
			if [ $kind = l ]; then
				follow
				if [ -L "$path" ]; then printf '%s\0' a '' "$path" '' '' '' '' ''; else record; fi
			fi
		done
		if [ -n "$here" ]; then eval "status $here"; fi
		printf '\0'
		if [ -n "$files" ]; then eval "sha1sum -- $files" 2>/dev/null; fi
		printf '\0'
		for one in $contents; do
			eval "path=\$p\${one%:*}"
			head -c "\${one#*:}" <"$path"
			printf '\0'
		done
	}
	umask
	neighbour='' through=1
	batch=no; if has sha1sum; then batch=yes; fi
	number=0 first=''
	while [ $# -gt 256 ] && [ $number -lt 256 ]; do number=$((number + 1)); first="$first "'"$'"{$number}"'"'; done
	while [ $# -gt 256 ]; do eval "group $first"; shift 256; done
	group "$@"
`;
