#!/bin/sh
# The main job on three fresh systemd hosts over SSH: check mode foretells it, it is deployed and verified, a second run changes nothing, the
# services survive a reboot, a rolling restart keeps the cluster whole, and newer versions come by variables alone. Prints `ok` or `not ok` a claim, as claims.sh says.
# shellcheck source=test/lab/claims.sh disable=SC2317,SC2016 # claims call functions by name
set -eu
cd "$(dirname "$0")/../.."
if [ -z "${LAB_STATE-}" ]; then
	sh scripts/dist --no-official >/dev/null
	sh scripts/dist --no-official --zookeeper 3.9.4 --kafka 3.9.1 >/dev/null
	exec lab/alone "$0"
fi
. test/lab/claims.sh

run() { # NAME COMMAND ARGUMENT...: the project's own inventory, as a person would use it
	name=$1 command=$2; shift 2
	playbill "$name" "$command" -i hosts.ini --private-key .cache/lab/ssh/id_ed25519 \
		--ssh-common-args "-o UserKnownHostsFile=$LAB_STATE/known_hosts -o IdentitiesOnly=yes" "$@"
}
newer() { run "$1" "$2" playbooks/site.yml -e zookeeper_version=3.9.4 -e kafka_version=3.9.1; }
# The versions that run: of the jars that processes have open.
versions() { lab/ssh "$1" 'ls -l /proc/[0-9]*/fd' 2>/dev/null | sed -n 's#.* /etc/\(zookeeper/lib/zookeeper\|kafka/libs/kafka_2.13\)-\([0-9.]*\)[.]jar$#\1 \2#p' | sort -u; }
active() { lab/ssh kafka2 'systemctl is-active zookeeper kafka' | grep -c '^active' | grep -qx 2; }

lab/up --fresh -n 3 >/dev/null
claim 'a check on fresh hosts ends without failure' run check check playbooks/site.yml
claim 'site.yml deploys and verifies' run first run playbooks/site.yml
claim 'check had foretold exactly the tasks that changed something' foretold
claim 'a second run succeeds' run second run playbooks/site.yml
claim 'and changes nothing' unchanged second 3
lab/ssh kafka2 reboot 2>/dev/null || true
sleep 1
lab/wait kafka2
claim 'the services of a host that was rebooted come back by themselves' within 60 active
claim 'and the cluster is whole again' run verify run playbooks/verify.yml
claim 'a rolling restart goes through' run rolling run playbooks/rolling-restart.yml
claim 'teardown removes everything' run teardown run playbooks/teardown.yml -e confirm=yes
claim 'and leaves no unit behind' prints 0 lab/ssh kafka1 'ls /etc/systemd/system | grep -c -e kafka -e zookeeper'
claim 'newer versions come by variables alone' newer newest run
claim 'and are what runs' prints 'kafka/libs/kafka_2.13 3.9.1
zookeeper/lib/zookeeper 3.9.4' versions kafka3
claim 'a check of them ends without failure' newer again check
claim 'and foretells no change' unchanged again 3
# When the service was started last, and when the slowest host had written its file, in hundredths of a second since the kernel's start.
restarted() { lab/ssh "$1" 'systemctl show -p ExecMainStartTimestampMonotonic --value systemd-journald' | sed 's/....$//'; }
slowest() { lab/ssh kafka3 'tr -d . </root/slow-ended'; }
in_turn() { run order run test/lab/deploy/order.yml && [ "$(restarted kafka1)" -ge "$(slowest)" ] && [ "$(restarted kafka2)" -ge "$(slowest)" ]; }
claim 'a service is restarted when all hosts have come as far' in_turn
exit $failed
