# shellcheck shell=sh
# Sourced by up and down, after lab.sh: the bridge 192.168.10.1/24, the way out for the hosts, and what to do with a bridge that is there already.
# shellcheck source=lab/lab.sh disable=SC2154,SC2086 # what lab.sh sets

# The bridge carries in its alias whose it is: the namespace of processes and the state folder, since a lab may run in a root of its own
# (another mount and pid namespace) while all share one network.
owner_here() { printf '%s %s' "$(readlink /proc/self/ns/pid)" "$state"; }

owner() { ip link show dev $bridge 2>/dev/null | sed -n 's/^ *alias //p'; }

# Makes sure that no other lab and nothing else has the network. A dead lab's leftovers are removed; a living one is named and left alone.
take_over() {
	other=$(ip -o -4 addr show to $net.0/24 | awk -v own=$bridge '$2 != own {print $2; exit}')
	[ -z "$other" ] || cannot "$net.0/24 is already in use by this machine's interface $other"
	if ! bridge_is_up; then
		# Nothing is up, so what the state folder holds is from before (a restart of the machine, say).
		[ -z "$(names)" ] || remove_all
		return
	fi
	owner=$(owner)
	[ "$owner" != "$(owner_here)" ] || return 0
	owner_state=${owner#* }
	if [ "${owner%% *}" = "$(readlink /proc/self/ns/pid)" ]; then
		for dir in "$owner_state"/hosts/*/; do
			! pid=$(pid_of "$dir") || die "another lab is up, its state is in $owner_state (host $(basename "$dir"), pid $pid); end it with LAB_STATE=$owner_state lab/down"
		done
		own_state=$state state=$owner_state
		remove_all
		state=$own_state
	else
		# Its processes cannot be seen from here, but its cables can, and they go when it ends.
		[ -z "$(ip link show master $bridge)" ] || die "another lab is up in another process namespace, its state is in $owner_state there"
		remove_network
	fi
}

remove_all() {
	for name in $(names); do remove_host "$name"; done
	sweep_cgroups
	remove_network
	rm -f "$state/ssh_config" "$state/known_hosts" "$state/inventory.ini"
}

make_network() {
	! bridge_is_up || return 0
	# Hardware addresses stay the same when hosts come and go (a bridge takes its lowest port's otherwise): neighbours remember them.
	ip link add dev $bridge address 02:70:62:00:00:01 type bridge forward_delay 0
	ip link set $bridge alias "$(owner_here)"
	ip addr add $net.1/24 dev $bridge
	ip addr add ${net6}1/64 dev $bridge nodad 2>/dev/null || true # a kernel without IPv6
	ip link set $bridge up
	if [ "$(sysctl -n net.ipv4.ip_forward)" != 1 ]; then
		: >"$state/forwards-not"
		sysctl -qw net.ipv4.ip_forward=1
	fi
	if [ "$(sysctl -n fs.inotify.max_user_instances)" -lt 8192 ]; then
		sysctl -n fs.inotify.max_user_instances >"$cache/inotify" # for the last lab of the machine to put back
		sysctl -qw fs.inotify.max_user_instances=8192
	fi
	nft -f - <<RULES
table ip $table
delete table ip $table
table ip $table { chain out { type nat hook postrouting priority 100; ip saddr $net.0/24 ip daddr != $net.0/24 masquerade; }; }
RULES
}

remove_network() {
	ip link del $bridge 2>/dev/null || true
	nft delete table ip $table 2>/dev/null || true
	[ ! -e "$state/forwards-not" ] || sysctl -qw net.ipv4.ip_forward=0
	rm -f "$state/forwards-not"
}
