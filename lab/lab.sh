# shellcheck shell=sh disable=SC2034 # the variables are for those who source this
# Sourced by the lab's commands: where its things lie, which address a name has, and whether a host is alive.
#
# Each host is one process, `unshare`, with namespaces of its own for processes, mounts and the network (lab/host runs inside). Its pid
# is recorded with its start time. Ending that one process ends everything of the host: systemd and its services, the overlay mount, the
# network namespace and its cable. What can be left over by a killed lab is the bridge, the nftables table and files; `take_over` sees to them.

set -eu

export LC_ALL=C
# The system's programs alone: npm puts those of the packages in front, and one of them is called nft.
PATH=$(printf '%s' "$PATH" | tr : '\n' | grep -v '/node_modules/' | tr '\n' :)/usr/local/sbin:/usr/sbin:/sbin
export PATH
lab=$(CDPATH='' cd -- "$(dirname -- "$(readlink -f -- "$0")")" && pwd -P)
cache=$(dirname "$lab")/.cache/lab
state=${LAB_STATE:-$cache}
bridge=playbill0
net=192.168.10
net6=fd70:6262:: # of a host: this, and the last number of its other address
table=playbill_lab
# Several labs may run at once in networks of their own (lab/alone); their control groups must not meet.
# Given by lab/up to lab/host, which is in a process namespace of its own.
id=${LAB_ID:-$(readlink /proc/self/ns/pid | tr -dc 0-9)-$(printf '%s' "$state" | cksum | cut -d' ' -f1)}
cgroups=
for group in /sys/fs/cgroup/systemd /sys/fs/cgroup/unified /sys/fs/cgroup; do
	[ -e "$group/cgroup.procs" ] && cgroups="$cgroups $group"
done

bridge_is_up() { ip link show dev $bridge >/dev/null 2>&1; }

say() { printf '%s: %s\n' "lab/$(basename "$0")" "$*" >&2; }
die() { say "$*"; exit 1; }
# This machine cannot host the lab: one sentence why, and the status that tells a test to skip.
cannot() { say "$*"; exit 77; }

# One command at a time changes a lab; the others wait. The file holds the pid of the one that does.
lock() {
	mkdir -p "$state/hosts" "$cache/ssh"
	exec 9>>"$state/lab.lock"
	flock -w 600 9 || die "another lab command (pid $(cat "$state/lab.lock")) has held $state/lab.lock for ten minutes"
	echo $$ >"$state/lab.lock"
}

# Prints the start time of process $1 in clock ticks, nothing when it is gone or a zombie.
started() {
	[ -r "/proc/$1/stat" ] || return 0
	# The name in parentheses may contain spaces: fields are counted after it, state is the first, start time the twentieth.
	sed 's/.*) //' "/proc/$1/stat" 2>/dev/null | awk '$1 != "Z" && $1 != "X" {print $20}'
}

# Prints the pid of the host whose folder is $1 when that very process is alive; fails otherwise.
pid_of() {
	[ -s "$1/pid" ] || return 1
	read -r recorded start <"$1/pid" || return 1
	[ -n "$start" ] && [ "$(started "$recorded")" = "$start" ] || return 1
	echo "$recorded"
}

# Whether sshd listens in the host whose folder is $1: seen from outside, without sending anything.
listens() {
	pid=$(pid_of "$1") && grep -Eq '^ *[0-9]+: 0+:0016 0+:0000 0A' "/proc/$pid/net/tcp" 2>/dev/null
}

names() {
	for dir in "$state"/hosts/*/; do
		[ -d "$dir" ] && basename "$dir"
	done | sort -V
}

# Prints the last number of the address of host $1: kafkaN has 100+N, any other name the lowest free one from 2.
octet() {
	[ -s "$state/hosts/$1/octet" ] && { cat "$state/hosts/$1/octet"; return; }
	number=${1#kafka}
	case $number in
	'' | *[!0-9]* | 0*) ;;
	*) if [ "kafka$number" = "$1" ] && [ "$number" -le 154 ]; then echo $((100 + number)); return; fi ;;
	esac
	octet=2
	while cat "$state"/hosts/*/octet 2>/dev/null | grep -qx "$octet"; do octet=$((octet + 1)); done
	[ "$octet" -le 100 ] || die "no address is left for $1"
	echo "$octet"
}

cgroup_dirs() { # the folders of host $1 in every cgroup hierarchy
	for group in $cgroups; do echo "$group/playbill-lab/$id/$1"; done
}

# Removes control groups that hold no process: this lab's when it is down, and those of labs whose root or namespace is gone. When no lab is left,
# the machine-wide limit that `make_network` raised is put back.
sweep_cgroups() {
	left=''
	for group in $cgroups; do
		[ ! -d "$group/playbill-lab" ] || find "$group/playbill-lab" -depth -type d -exec rmdir {} \; 2>/dev/null || true
		[ ! -d "$group/playbill-lab" ] || left=1
	done
	if [ -z "$left" ] && [ -s "$cache/inotify" ]; then
		sysctl -qw "fs.inotify.max_user_instances=$(cat "$cache/inotify")"
		rm -f "$cache/inotify"
	fi
}

# Ends host $1 and removes its files. Everything of it hangs on one process, so one kill is enough.
remove_host() {
	dir=$state/hosts/$1
	[ -d "$dir" ] || return 0
	if pid=$(pid_of "$dir"); then kill -KILL "$pid" 2>/dev/null || true; fi
	ip link del "pb-$(cat "$dir/octet" 2>/dev/null || echo none)" 2>/dev/null || true
	tries=0
	for group in $(cgroup_dirs "$1"); do
		until [ ! -d "$group" ] || find "$group" -depth -type d -exec rmdir {} + 2>/dev/null; do
			tries=$((tries + 1))
			[ "$tries" -lt 200 ] || die "processes of $1 do not end: $(find "$group" -name cgroup.procs -exec cat {} + | tr '\n' ' ')"
			sleep 0.05
		done
	done
	rm -rf --one-file-system "$dir"
}

# Writes ssh_config, known_hosts and inventory.ini for the hosts there are.
write_inventory() {
	key=$cache/ssh/id_ed25519
	{
		printf '# Written by lab/up: ssh -F %s/ssh_config NAME\n' "$state"
		for name in $(names); do
			printf 'Host %s %s.%s\n  HostName %s.%s\n' "$name" $net "$(octet "$name")" $net "$(octet "$name")"
		done
		printf 'Host *\n  User root\n  IdentityFile "%s"\n  IdentitiesOnly yes\n  UserKnownHostsFile "%s"\n  StrictHostKeyChecking yes\n' "$key" "$state/known_hosts"
	} >"$state/ssh_config.new"
	for name in $(names); do
		printf '%s,%s.%s,%s%s %s\n' "$name" $net "$(octet "$name")" $net6 "$(octet "$name")" "$(cut -d' ' -f1,2 "$cache/ssh/hosts/$name.pub")"
	done >"$state/known_hosts.new"
	{
		printf '# Written by lab/up.\n'
		for name in $(names); do printf '%s ansible_host=%s.%s\n' "$name" $net "$(octet "$name")"; done
		printf '\n[all:vars]\nansible_user=root\nansible_ssh_private_key_file=%s\nansible_ssh_common_args=-o UserKnownHostsFile=%s -o IdentitiesOnly=yes\n' "$key" "$state/known_hosts"
	} >"$state/inventory.ini.new"
	for file in ssh_config known_hosts inventory.ini; do mv "$state/$file.new" "$state/$file"; done
}
