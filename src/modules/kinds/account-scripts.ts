import {sh} from '../../connection/connection.js';
import {together} from './compose.js';

const tools = sh`
	# prints accounts in blocks of lines "NAME=VALUE" that end with an empty line; a block of an account that is not there has its "tools" alone
	LC_ALL=C; export LC_ALL
	PATH="$PATH:/usr/local/sbin:/usr/sbin:/sbin"
	has() { command -v "$1" >/dev/null 2>&1; }
	tools() {
		if has useradd; then echo tools=shadow
		elif has adduser; then echo tools=busybox
		else echo tools=
		fi
		for hook in /etc/shadow-maint/*/*; do [ ! -e "$hook" ] || echo hooks=yes; done
	}
	database() { # every line of passwd or group
		if [ -z "$local" ] && has getent; then getent "$1"; else cat "/etc/$1"; fi
	}
	entry() { # sets line to that of passwd or group whose name is $2, or to nothing
		if [ -z "$local" ] && has getent; then line=$(getent "$1" "$2")
		else line=$(NAME=$2 awk -F : '$1 == ENVIRON["NAME"] { print; exit }' "/etc/$1")
		fi
		case $line in "$2":*) ;; *) line='' ;; esac
	}
	split() { # sets f1, f2, ... to the fields of a line
		set -f; IFS=:
		# shellcheck disable=SC2086 # fields
		set -- $1
		set +f; unset IFS
		f1=\${1-} f2=\${2-} f3=\${3-} f4=\${4-} f5=\${5-} f6=\${6-} f7=\${7-} f8=\${8-}
	}
	show_users() {
		while [ "$#" -gt 0 ]; do
			name=$1 local=$2 key=$3 place=$4
			shift 4
			tools
			entry passwd "$name"
			if [ -z "$line" ]; then
				[ -z "$key" ] || echo key=
				echo
				continue
			fi
			split "$line"
			home=$f6
			printf '%s\n' "uid=$f3" "gid=$f4" "comment=$f5" "home=$home" "shell=$f7"
			if [ -e "\${place:-$home}" ]; then echo homeexists=yes; else echo homeexists=no; fi
			database group | NAME=$name awk -F : '{ n = split($4, member, ","); for (i = 1; i <= n; i++) if (member[i] == ENVIRON["NAME"]) { print "member=" $1 ":" $3; break } }'
			if [ -r /etc/shadow ]; then
				line=$(NAME=$name awk -F : '$1 == ENVIRON["NAME"] { print; exit }' /etc/shadow)
				split "$line"
				[ -z "$line" ] || printf '%s\n' "min=$f4" "max=$f5" "warn=$f6" "inactive=$f7" "expires=$f8"
				# The hash stays here: what goes out is the hash of the hash.
				hash=$f2
				case $hash in '!'*) echo locked=yes ;; *) echo locked=no ;; esac
				while :; do case $hash in '!'*) hash=\${hash#?} ;; *) break ;; esac; done
				sum=$(printf '%s' "$hash" | sha256sum)
				printf 'password=%s\n' "\${sum%% *}"
			fi
			if [ -n "$key" ]; then
				case $key in /*) ;; *) key=$home/$key ;; esac
				if [ -e "$key" ] || [ -e "$key.pub" ]; then
					echo key=yes
					[ ! -r "$key.pub" ] || printf 'public=%s\n' "$(head -n 1 "$key.pub")"
					printf 'fingerprint=%s\n' "$(ssh-keygen -l -f "$key" 2>&1)"
				else echo key=
				fi
				printf 'keyfile=%s\n' "$key"
			fi
			echo
		done
	}
	show_groups() {
		while [ "$#" -gt 0 ]; do
			name=$1 local=$2
			shift 2
			tools
			case $name in
			''|*[!0-9]*) line= ;;
			*) line=$(database group | NAME=$name awk -F : '$3 == ENVIRON["NAME"] { print; exit }') ;;
			esac
			[ -n "$line" ] || entry group "$name"
			split "$line"
			[ -z "$line" ] || printf '%s\n' "name=$f1" "gid=$f3"
			echo
		done
	}
`;

/** Reads users; arguments, four for each: the name, `yes` when only the host's own files count, the ssh key's file or nothing, another home or nothing. */
export const probeUsers = together(
	tools,
	sh`
	show_users "$@"
`,
);

/** Reads groups; arguments, two for each: the name or number, `yes` when only the host's own files count. */
export const probeGroups = together(
	tools,
	sh`
	show_groups "$@"
`,
);

/**
 * Runs commands until one fails, then shows an account. Arguments: `user` or `group`, then for each command how many words it has and
 * the words, then 0 and what `probeUsers` or `probeGroups` take. stdin goes to the command that reads it (chpasswd).
 */
export const changeAccounts = together(
	tools,
	sh`
	# prints what the commands print, a line "@", then the account
	make_home() { # of user $1, from the skeleton $2, with the umask $3 when it is given
		entry passwd "$1"
		split "$line"
		home=$f6 owner=$f3:$f4
		[ ! -e "$home" ] || return 0
		mode=
		if [ -n "$3" ]; then umask "$3"
		else
			mode=$(awk '$1 == "HOME_MODE" { print $2 }' /etc/login.defs 2>/dev/null)
			mask=$(awk '$1 == "UMASK" { print $2 }' /etc/login.defs 2>/dev/null)
			umask "\${mask:-022}"
		fi
		mkdir -p "$home" || return
		[ ! -d "$2" ] || cp -R "$2/." "$home/" || return
		chown -R "$owner" "$home" || return
		[ -z "$mode" ] || chmod "$mode" "$home"
	}
	make_key() { # for user $1, in the file $2, in the home folder unless absolute, with these options; the passphrase is on stdin
		entry passwd "$1"
		split "$line"
		file=$2 owner=$f3:$f4
		shift 2
		case $file in /*) ;; *) file=$f6/$file ;; esac
		folder=$(dirname "$file")
		if [ ! -d "$folder" ]; then { mkdir "$folder" && chmod 700 "$folder" && chown "$owner" "$folder"; } || return; fi
		rm -f "$file" "$file.pub"
		IFS= read -r passphrase || :
		if [ -z "$passphrase" ]; then ssh-keygen -q "$@" -f "$file" -N '' </dev/null || return
		else
			# Without a terminal ssh-keygen asks a program for the passphrase; on a command line others could read it.
			ask=$(mktemp) || return
			# shellcheck disable=SC2016 # the text is a script of its own
			printf '#!/bin/sh\nprintf "%%s\\n" "$PLAYBILL_PASSPHRASE"\n' >"$ask" && chmod 700 "$ask"
			PLAYBILL_PASSPHRASE=$passphrase SSH_ASKPASS=$ask SSH_ASKPASS_REQUIRE=force ssh-keygen -q "$@" -f "$file" </dev/null
			status=$?
			rm -f "$ask"
			[ "$status" -eq 0 ] || return "$status"
		fi
		chown "$owner" "$file" "$file.pub"
	}
	replace_line() { # in /etc/passwd or /etc/group: the file, the account, its new line
		NAME=$2 LINE=$3 awk -F : '$1 == ENVIRON["NAME"] { print ENVIRON["LINE"]; next } { print }' "$1" >"$1.playbill" && cat "$1.playbill" >"$1"
		status=$?
		rm -f "$1.playbill"
		return "$status"
	}
	what=$1
	shift
	while [ "$1" -gt 0 ]; do
		count=$1
		shift
		(
			total=$# turned=0
			while [ "$turned" -lt "$count" ]; do set -- "$@" "$1"; shift; turned=$((turned + 1)); done
			shift $((total - count))
			"$@"
		) || exit
		shift "$count"
	done
	shift
	echo @
	"show_\${what}s" "$@"
`,
);
