#!/bin/sh
# A host whose only programs are busybox's and dropbear: no bash, no coreutils, no Python, no sudo. Prints `ok` or `not ok` a claim, as claims.sh says.
# shellcheck source=test/lab/claims.sh disable=SC2317,SC2016 # claims call functions by name
set -eu
cd "$(dirname "$0")/../.."
[ -n "${LAB_STATE-}" ] || exec lab/alone "$0"
. test/lab/claims.sh

lab/up --rootfs busybox bare >/dev/null
mkdir -p "$LAB_STATE/packed"
echo inside >"$LAB_STATE/packed/inside"
tar -C "$LAB_STATE" -czf "$LAB_STATE/packed.tar.gz" packed
head -c 3000000 /dev/zero | tr '\0' x >"$LAB_STATE/large"

run() { name=$1 command=$2; playbill "$name" "$command" -i "$LAB_STATE/inventory.ini" test/lab/busybox/playbook.yml -e large="$LAB_STATE/large" -e archive="$LAB_STATE/packed.tar.gz"; }
remains() { lab/ssh bare 'find / -xdev ! -path "/proc/*" -newer /etc/ssh/ssh_host_ed25519_key \( -path "/tmp/*" -o -path "/root/*" -o -name "*playbill*" -o -name "*ansible*" \)'; }

claim 'the host has no other programs' prints '' lab/ssh bare 'for one in bash env stat sha256sum; do case $(readlink -f "$(command -v "$one")") in ""|/bin/busybox) ;; *) echo "$one" ;; esac; done; command -v python3 sudo systemctl apt-get'
claim 'a check ends without failure' run check check
claim 'a run succeeds' run first run
claim 'check had foretold exactly the tasks that changed something' foretold
claim 'a second run succeeds' run second run
claim 'and changes nothing' unchanged second 1
claim 'nothing is left there but what was asked for' prints '' remains
claim 'what the host has no program for fails in words' shows test/lab/busybox/lacking.output -i "$LAB_STATE/inventory.ini" test/lab/busybox/lacking.yml
exit $failed
