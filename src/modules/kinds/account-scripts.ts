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
	entry() { # the line of passwd or group whose name is $2
		if [ -z "$local" ] && has getent; then getent "$1" "$2"; else cat "/etc/$1"; fi | NAME=$2 awk -F : '$1 == ENVIRON["NAME"] { print; exit }'
	}
	show_users() {
		while [ "$#" -gt 0 ]; do
			name=$1 local=$2 key=$3 place=$4
			shift 4
			tools
			line=$(entry passwd "$name")
			if [ -z "$line" ]; then
				[ -z "$key" ] || echo key=
				echo
				continue
			fi
			printf '%s\n' "$line" | awk -F : '{ print "uid=" $3; print "gid=" $4; print "comment=" $5; print "home=" $6; print "shell=" $7 }'
			home=$(printf '%s\n' "$line" | cut -d : -f 6)
			if [ -e "\${place:-$home}" ]; then echo homeexists=yes; else echo homeexists=no; fi
			database group | NAME=$name awk -F : '{ n = split($4, member, ","); for (i = 1; i <= n; i++) if (member[i] == ENVIRON["NAME"]) { print "member=" $1 ":" $3; break } }'
			if [ -r /etc/shadow ]; then
				NAME=$name awk -F : '$1 == ENVIRON["NAME"] { print "min=" $4; print "max=" $5; print "warn=" $6; print "inactive=" $7; print "expires=" $8; exit }' /etc/shadow
				# The hash stays here: what goes out is the hash of the hash.
				hash=$(NAME=$name awk -F : '$1 == ENVIRON["NAME"] { print $2; exit }' /etc/shadow)
				case $hash in '!'*) echo locked=yes ;; *) echo locked=no ;; esac
				printf 'password=%s\n' "$(printf '%s' "$hash" | sed 's/^!*//' | tr -d '\n' | sha256sum | cut -d ' ' -f 1)"
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
			[ -n "$line" ] || line=$(entry group "$name")
			[ -z "$line" ] || printf '%s\n' "$line" | awk -F : '{ print "name=" $1; print "gid=" $3 }'
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
		line=$(entry passwd "$1")
		home=$(printf '%s\n' "$line" | cut -d : -f 6)
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
		chown -R "$(printf '%s\n' "$line" | cut -d : -f 3,4)" "$home" || return
		[ -z "$mode" ] || chmod "$mode" "$home"
	}
	make_key() { # for user $1, in the file $2, in the home folder unless absolute, with these options; the passphrase is on stdin
		line=$(entry passwd "$1") file=$2
		shift 2
		owner=$(printf '%s\n' "$line" | cut -d : -f 3,4)
		case $file in /*) ;; *) file=$(printf '%s\n' "$line" | cut -d : -f 6)/$file ;; esac
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
