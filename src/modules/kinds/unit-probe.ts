import {sh} from '../../connection/connection.js';

/**
 * Reads units of any service manager. Arguments, for each group of units: the manager (`auto` when it is to be found out), the scope,
 * the folder of `process`, `yes` when it matters whether the manager has read all its files, how many units, their names.
 */
export const probeUnits = sh`
	# prints "@MANAGER", "+stale" where a changed unit file was not read again, "+init N yes|no" where unit N after it has an init script, then for each unit its properties as systemctl names them and an empty line
	LC_ALL=C; export LC_ALL
	PATH="$PATH:/usr/local/sbin:/usr/sbin:/sbin"
	newline='
	'
	has() { command -v "$1" >/dev/null 2>&1; }
	found=init
	if has systemctl && { [ -d /run/systemd/system ] || [ "$(cat /proc/1/comm 2>/dev/null)" = systemd ]; }; then found=systemd
	elif has rc-service; then found=openrc
	fi
	init_script() { # whether $2, the unit number $1, has one, and starts at boot
		[ -x "/etc/init.d/$2" ] || return 0
		folder=/etc; [ -d /etc/rc0.d ] || folder=/etc/init.d
		for link in "$folder"/rc?.d/S??"$2"; do
			if [ -e "$link" ] || [ -h "$link" ]; then echo "+init $1 yes"; return; fi
		done
		echo "+init $1 no"
	}
	by_systemd() { # all of $names in one question, in their order
		if [ -z "$XDG_RUNTIME_DIR" ]; then XDG_RUNTIME_DIR="/run/user/$(id -u)"; export XDG_RUNTIME_DIR; fi
		has systemctl || { echo "Failed to find required executable \"systemctl\" in paths: $PATH" >&2; exit 1; }
		echo '@systemd'
		if [ -n "$fresh" ] && systemctl "--$scope" show --property=NeedDaemonReload '*' 2>/dev/null | grep -q '=yes'; then echo '+stale'; fi
		set -f; old=$IFS; IFS=$newline
		# shellcheck disable=SC2086 # one word a line is meant
		set -- $names
		IFS=$old; set +f
		number=0
		for one do number=$((number + 1)); init_script "$number" "$one"; done
		if [ "$scope" != global ] && all=$(systemctl "--$scope" show -- "$@" 2>/dev/null); then
			printf '%s\n\n' "$all"
			return
		fi
		for one do
			if [ "$scope" = global ] || ! systemctl "--$scope" show -- "$one" 2>/dev/null; then
				enabled=$(systemctl "--$scope" is-enabled -- "$one" 2>/dev/null)
				case $enabled in
				''|not-found) echo 'LoadState=not-found' ;;
				masked*) echo 'LoadState=masked'; echo 'IsEnabled=masked' ;;
				*) echo 'LoadState=loaded'; echo "IsEnabled=$enabled" ;;
				esac
			fi
			echo
		done
	}
	by_openrc() {
		echo '@openrc'
		if rc-service --exists "$1" 2>/dev/null; then
			echo 'LoadState=loaded'
			if rc-service "$1" status >/dev/null 2>&1; then echo 'ActiveState=active'; else echo 'ActiveState=inactive'; fi
			if rc-update show 2>/dev/null | grep -q "^[[:space:]]*$1[[:space:]]*|[[:space:]]*[^[:space:]]"; then
				echo 'UnitFileState=enabled'
			else
				echo 'UnitFileState=disabled'
			fi
		else
			echo 'LoadState=not-found'
		fi
		echo
	}
	by_sysvinit() {
		echo '@sysvinit'
		if [ -x "/etc/init.d/$1" ]; then
			init_script 1 "$1"
			echo 'LoadState=loaded'
			if "/etc/init.d/$1" status >/dev/null 2>&1 </dev/null; then echo 'ActiveState=active'; else echo 'ActiveState=inactive'; fi
		else
			echo 'LoadState=not-found'
		fi
		echo
	}
	unit_file() { # finds the file of unit $1 as the process manager does; empty when there is none
		file=
		full=\${1%.service}.service template=
		case $1 in *@?*) template=\${1%%@*}@.service ;; esac
		if [ -n "$directory" ]; then set -- "$directory"; else
			set -- "$HOME/.config/systemd/user" /etc/systemd/system /run/systemd/system /usr/local/lib/systemd/system /usr/lib/systemd/system /lib/systemd/system
			[ "$(id -u)" -ne 0 ] || shift
		fi
		for folder do
			if [ -f "$folder/$full" ]; then file=$folder/$full; return; fi
			if [ -n "$template" ] && [ -f "$folder/$template" ]; then file=$folder/$template; return; fi
		done
	}
	by_process() {
		echo '@process'
		unit_file "$1"
		records=$directory
		[ -n "$records" ] || if [ "$(id -u)" -eq 0 ]; then records=/var/lib/playbill/units; else records=$HOME/.local/state/playbill/units; fi
		record=$records/\${1%.service}
		echo "Id=$full"
		if [ -e "$record.masked" ]; then echo 'LoadState=masked'
		elif [ -n "$file" ]; then echo 'LoadState=loaded'
		else echo 'LoadState=not-found'
		fi
		echo "FragmentPath=$file"
		pid=0; started=; boot=; state=inactive; sub=dead
		[ -f "$record.pid" ] && read -r pid started boot <"$record.pid"
		if [ -n "$started" ] && [ "$boot" = "$(cat /proc/sys/kernel/random/boot_id 2>/dev/null)" ]; then
			if [ "$pid" = exited ]; then state=active; sub=exited; pid=0
			else
				# shellcheck disable=SC2046 # the fields of /proc/PID/stat after the name are words
				set -- $(sed 's/.*) //' "/proc/$pid/stat" 2>/dev/null)
				if [ "$#" -ge 20 ] && [ "$1" != Z ] && [ "\${20}" = "$started" ]; then state=active; sub=running; else pid=0; fi
			fi
		else pid=0
		fi
		echo "ActiveState=$state"; echo "SubState=$sub"; echo "MainPID=$pid"
		if [ -e "$record.enabled" ]; then echo 'UnitFileState=enabled'; else echo 'UnitFileState=disabled'; fi
		echo
	}
	while [ "$#" -gt 0 ]; do
		manager=$1 scope=$2 directory=$3 fresh=$4 count=$5
		shift 5
		[ "$manager" != auto ] && [ "$manager" != service ] || manager=$found
		names=
		while [ "$count" -gt 0 ]; do
			case $manager in
			systemd) names=$names$1$newline ;;
			openrc) by_openrc "$1" ;;
			sysvinit) by_sysvinit "$1" ;;
			process) by_process "$1" ;;
			*)
				unit_file "$1"
				if [ -x "/etc/init.d/$1" ]; then by_sysvinit "$1"
				elif [ -n "$file" ]; then by_process "$1"
				else echo '@none'; echo 'LoadState=not-found'; echo
				fi
				;;
			esac
			shift; count=$((count - 1))
		done
		[ -z "$names" ] || by_systemd
	done
`;
