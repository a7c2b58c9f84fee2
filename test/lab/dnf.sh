#!/bin/sh
# test/lab/dnf.sh [CASES]: dnf from Debian's archive against two small repositories: dnf, yum, package. CASES is a file in test/lab/dnf. Prints
# `ok` or `not ok` a claim, as claims.sh says.
# shellcheck source=test/lab/claims.sh disable=SC2317 # claims call functions by name
set -eu
cd "$(dirname "$0")/../.."
[ -n "${LAB_STATE-}" ] || exec lab/alone "$0" "$@"
. test/lab/claims.sh

cases=${1:-cases.yml}
lab/up --rootfs dnf kafka1 >/dev/null
lab/ssh kafka1 'sh -s' <test/lab/dnf/repository.sh >"$out/repository" 2>&1 || { cat "$out/repository"; exit 1; }

run() { name=$1 command=$2; shift 2; playbill "$name" "$command" -i "$LAB_STATE/inventory.ini" "$@"; }
number=$(grep -c '^  - name: ' "test/lab/dnf/$cases")
compared() { prints "$number" grep -c '^TASK \[Compare: ' "$out/cases"; }

claim "each case is foretold, done as real Ansible does it, and not done again" run cases run test/lab/dnf/playbook.yml -e "cases_file=$cases"
claim "all $number cases were compared" compared
lab/ssh kafka1 'rpm -qa | xargs rpm -e' 2>/dev/null
claim 'a check of tasks that rest on each other ends without failure' run check check test/lab/dnf/others.yml
claim 'package and yum lead to dnf' run first run test/lab/dnf/others.yml
claim 'check had foretold exactly the tasks that changed something' foretold
exit $failed
