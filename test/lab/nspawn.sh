#!/bin/sh
# Machines of systemd-nspawn, entered by their namespaces: the lab's hosts are such, not registered with systemd-machined.
# Prints `ok` or `not ok` a claim, as claims.sh says.
# shellcheck source=test/lab/claims.sh disable=SC2317,SC2016 # claims call functions by name
set -eu
cd "$(dirname "$0")/../.."
[ -n "${LAB_STATE-}" ] || exec lab/alone "$0"
. test/lab/claims.sh

lab/up kafka1 kafka2 >/dev/null
i=$LAB_STATE/nspawn.ini
echo 'kafka1 ansible_connection=nspawn' >"$i"

claim 'a machine is told what it would do' playbill check check -i "$i" test/lab/nspawn/inside.yml
claim 'a machine is entered as root, and found to be itself' playbill first run -i "$i" test/lab/nspawn/inside.yml
claim 'as it had been told' foretold
claim 'what was copied is whole' prints '450000 640 root' lab/ssh kafka1 'cd /root && echo $(wc -c <big) $(stat -c "%a %U" big)'
claim 'and belongs to whom the task became' prints 'theirs deploy' lab/ssh kafka1 'echo $(cat /tmp/theirs) $(stat -c %U /tmp/theirs)'
claim 'another machine was not touched' prints 'nothing' lab/ssh kafka2 'ls /root/big /tmp/theirs 2>/dev/null || echo nothing'
again() { playbill again run -i "$i" test/lab/nspawn/inside.yml && unchanged again 1; }
claim 'a second run changes nothing' again
by_ssh() { playbill by-ssh run -i "$LAB_STATE/inventory.ini" --limit kafka1 test/lab/nspawn/inside.yml && unchanged by-ssh 1; }
claim 'also over SSH, as it is the same host' by_ssh

says() { # TEXT ARGUMENT...: a run fails, and says so
	text=$1; shift
	! node bin/playbill.js run -i "$i" "$@" >"$out/says" 2>&1 && grep -F "$text" "$out/says" || { cat "$out/says"; return 1; }
}
claim 'a step that takes too long fails' says 'imed out' test/lab/nspawn/deadline.yml
claim 'and is ended in the machine' within 10 prints 0 lab/ssh kafka1 'ps -eo args | grep -c "^sleep 12345"'
claim 'another user than root is refused, in words' says 'nspawn machines are entered as root, not as deploy: use become_user' test/lab/ssh/mark.yml -u deploy
claim 'a machine that is not there is unreachable' says 'there is no running machine kafka3' test/lab/ssh/mark.yml -e ansible_host=kafka3
claim 'and nothing was done' prints '' lab/ssh kafka1 'ls /tmp/mark 2>/dev/null || :'

booted() { lab/ssh kafka1 'cut -d" " -f22 /proc/1/stat' 2>/dev/null; } # when its first process started
before=$(booted)
lab/ssh kafka1 systemctl reboot >/dev/null 2>&1 || :
rebooted() { now=$(booted) && [ "$now" != "$before" ]; }
claim 'a machine boots again' within 60 rebooted
claim 'and is entered anew, by its new first process' playbill anew run -i "$i" test/lab/nspawn/inside.yml
exit $failed
