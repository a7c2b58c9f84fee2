#!/bin/sh
# The lab's own test: `test/lab/lab.sh` prints `ok` or `not ok` a claim and ends with 1 when one fails, with 77 when the machine cannot host the lab.
# Runs in a network of its own, beside a lab that may be up.
# shellcheck source=test/lab/claims.sh disable=SC2317,SC2016 # claims call functions by name, and give text to an inner sh
set -eu
cd "$(dirname "$0")/../.."
[ -n "${LAB_STATE-}" ] || exec lab/alone "$0"

. test/lab/claims.sh

boot_id() { lab/ssh "$1" 'systemctl show -p UserspaceTimestampMonotonic'; }
rebooted() { lab/wait kafka1 && [ "$(boot_id kafka1)" != "$before" ]; }
state_is() { lab/status | grep -q "^$1 .* $2\$"; }
no_remains() {
	[ -z "$(lab/status)" ] && ! ip link show dev playbill0 2>/dev/null && [ "$(sysctl -n net.ipv4.ip_forward)" = 0 ] && [ -z "$(nft list tables)" ]
}

lab/rootfs plain >/dev/null
sysctl -qw net.ipv4.ip_forward=0
claim 'up prints a line a host' prints 'kafka1 192.168.10.101 ready
kafka2 192.168.10.102 ready' lab/up -n 2
claim 'a host has its name' prints kafka2 lab/ssh kafka2 hostname
claim 'a host without Python is without Python' prints 'no' lab/ssh kafka1 'command -v python3 || echo no'
claim 'hosts have host keys of their own' prints 2 sh -c "awk '{print \$3}' '$LAB_STATE/known_hosts' | sort -u | wc -l"
claim 'systemd comes up whole' prints running lab/ssh kafka1 'systemctl is-system-running --wait'
claim 'hosts reach each other' lab/ssh kafka1 'timeout 5 bash -c "</dev/tcp/192.168.10.102/22"'
claim 'deploy may become root' prints root lab/ssh -l deploy kafka1 'sudo -n id -un'
claim 'wary must give a password' prints root lab/ssh -l wary kafka1 'sudo -n true 2>/dev/null || echo wary | sudo -S -p "" id -un'
claim 'apt reaches its mirror' lab/ssh kafka1 'apt-get -qq update'
lab/ssh kafka1 'touch /root/mark; systemctl stop systemd-logind' || true
claim 'a service stopped on one host runs on the other' prints active lab/ssh kafka2 'systemctl is-active systemd-logind'
before=$(boot_id kafka1)
lab/ssh kafka1 reboot 2>/dev/null || true
claim 'a reboot comes back by itself' within 30 rebooted
claim 'a reboot keeps files' lab/ssh kafka1 'test -e /root/mark'
claim 'up leaves a host that is up as it is' sh -c 'lab/up kafka1 && lab/ssh kafka1 "test -e /root/mark"'
claim 'reset gives a fresh host' sh -c 'lab/reset kafka1 && lab/ssh kafka1 "test ! -e /root/mark"'
lab/ssh kafka2 poweroff 2>/dev/null || true
claim 'a host switched off is off' within 30 state_is kafka2 off
read -r pid _ <"$LAB_STATE/hosts/kafka1/pid"
kill -KILL "$pid"
claim 'a killed host is off' within 10 state_is kafka1 off
claim 'up takes over what a killed lab left' sh -c 'lab/up -n 2 && lab/ssh kafka2 true'
claim 'another state folder does not disturb a living lab' sh -c 'LAB_STATE=$LAB_STATE/other; export LAB_STATE; ! lab/up -n 1 2>&1'
claim 'a second lab in its own network comes up beside it' prints 'kafka1 192.168.10.101 ready' env -u LAB_STATE lab/alone lab/up -n 1
claim 'the first is still there' prints kafka1 lab/ssh kafka1 hostname
lab/down
claim 'down leaves nothing' no_remains
claim 'without the bridge nothing is sent' sh -c '! lab/ssh kafka1 true'
exit $failed
