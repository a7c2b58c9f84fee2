#!/bin/sh
# Ways to a host over SSH, and what a person sees when there is none: sudo and su, jumps, agents, passphrases, IPv6, host keys, hosts that do not
# answer, Ctrl-C. Prints `ok` or `not ok` a claim, as claims.sh says.
# shellcheck source=test/lab/claims.sh disable=SC2317,SC2016 # claims call functions by name
set -eu
cd "$(dirname "$0")/../.."
if [ -z "${LAB_STATE-}" ]; then
	lab/require tmux:tmux
	exec lab/alone "$0"
fi
. test/lab/claims.sh

key=$PWD/.cache/lab/ssh/id_ed25519
known="-o UserKnownHostsFile=$LAB_STATE/known_hosts"
HOME=$LAB_STATE/home # no key and no configuration of the person who runs this
export HOME
mkdir -p "$HOME/.ssh"
unset SSH_AUTH_SOCK

jump=
# marks HOST: the marks that are there, which are taken away.
marks() { lab/ssh ${jump:+-J "$jump"} "$1" 'for mark in mark other-mark; do [ ! -e /tmp/$mark ] || echo "$mark $(cat /tmp/$mark)"; rm -f /tmp/$mark; done'; }
# leaves MARKS HOST INVENTORY ARGUMENT...: a run succeeds and leaves them there.
leaves() {
	expected=$1 host=$2 inventory=$3; shift 3
	playbill leaves run -i "$inventory" "$@" && prints "$expected" marks "$host"
}
# fails NAME INVENTORY ARGUMENT...: what is seen is recorded in ssh/NAME.output.
fails() { name=$1; shift; shows "test/lab/ssh/$name.output" -i "$@"; }

lab/up kafka1 inner >/dev/null
inner=$(sed -n 's/^inner ansible_host=//p' "$LAB_STATE/inventory.ini")
lab/ssh kafka1 'echo root:toor | chpasswd'
i=$LAB_STATE/one.ini
printf 'kafka1 ansible_host=192.168.10.101 ansible_ssh_private_key_file=%s ansible_ssh_common_args="%s"\n' "$key" "$known" >"$i"

claim 'sudo that asks for nothing' leaves 'mark deploy
other-mark root' kafka1 "$i" -u deploy test/lab/ssh/marks.yml
printf 'wary\n' >"$LAB_STATE/password"
printf 'nonsense\n' >"$LAB_STATE/wrong"
claim 'sudo with a password' leaves 'mark wary
other-mark root' kafka1 "$i" -u wary --become-password-file "$LAB_STATE/password" test/lab/ssh/marks.yml
claim 'sudo to a user that is not root' leaves 'mark wary
other-mark deploy' kafka1 "$i" -u wary --become-user deploy --become-password-file "$LAB_STATE/password" test/lab/ssh/marks.yml
claim 'sudo with a wrong password fails in words' fails sudo-wrong-password "$i" -u wary --become-password-file "$LAB_STATE/wrong" test/lab/ssh/marks.yml
claim 'and nothing is done but what needed none' prints 'mark wary' marks kafka1
claim 'sudo without its password fails in words' fails sudo-no-password "$i" -u wary test/lab/ssh/marks.yml
claim 'and nothing is done but what needed none' prints 'mark wary' marks kafka1
claim 'su with a password' leaves 'mark deploy
other-mark root' kafka1 "$i" -u deploy --become-method su -e ansible_become_password=toor test/lab/ssh/marks.yml
claim 'su from root, which needs none' leaves 'mark root
other-mark wary' kafka1 "$i" -u root --become-method su --become-user wary test/lab/ssh/marks.yml
claim 'su with a wrong password fails in words' fails su-wrong-password "$i" -u deploy --become-method su -e ansible_become_password=nonsense test/lab/ssh/marks.yml
claim 'and nothing is done but what needed none' prints 'mark deploy' marks kafka1

claim 'a task that is delegated names the host and its address' shows test/lab/ssh/delegated.output -i "$i" -u root test/lab/ssh/delegated.yml
claim 'a host by its IPv6 address' leaves 'mark root' kafka1 "$i" -e ansible_host=fd70:6262::101 -u root test/lab/ssh/mark.yml

mixed() { playbill "$1" run --json -i "$i" -u root bench/scenarios/mixed/site.yml; }
again() { # by what the run's last event says
	mixed again || return 1
	read -r trips changed <<-END
		$(node -e 'const {roundTrips, hosts} = JSON.parse(require("fs").readFileSync(0, "utf8").trim().split("\n").at(-1)); console.log(roundTrips, hosts.kafka1.changed)' <"$out/again")
	END
	echo "$trips round trips, $changed changed"
	[ "$trips" -le 4 ] && [ "$changed" = 0 ]
}
claim '30 tasks of many kinds are done' mixed first
claim 'where nothing is to change, the whole play takes at most four round trips' again

# Only kafka1 reaches inner now: what this machine itself sends there is dropped.
nft "add table inet wall; add chain inet wall out { type filter hook output priority 0; }; add rule inet wall out ip daddr $inner drop"
cat - "$LAB_STATE/ssh_config" >"$LAB_STATE/jump" <<CONFIG
Host inner
	ProxyJump kafka1
CONFIG
echo inner >"$LAB_STATE/inner.ini"
claim 'a host that does not answer fails in words' fails no-answer "$LAB_STATE/inner.ini" -u root -T 2 --private-key "$key" -e "ansible_host=$inner" test/lab/ssh/mark.yml
jump=kafka1
claim 'a host behind another one, by ProxyJump' leaves 'mark root' inner "$LAB_STATE/inner.ini" --ssh-common-args "-F $LAB_STATE/jump" test/lab/ssh/mark.yml
jump=
nft delete table inet wall

printf 'kafka1 ansible_host=192.168.10.101 ansible_user=root ansible_ssh_common_args="%s"\n' "$known" >"$LAB_STATE/keyless.ini"
claim 'without a key a host lets nobody in, in words' fails no-key "$LAB_STATE/keyless.ini" test/lab/ssh/mark.yml
eval "$(ssh-agent -s)" >/dev/null
trap 'kill "$SSH_AGENT_PID"' EXIT
ssh-add -q "$key"
claim 'the key of an agent' leaves 'mark root' kafka1 "$LAB_STATE/keyless.ini" test/lab/ssh/mark.yml
kill "$SSH_AGENT_PID"; trap - EXIT; unset SSH_AUTH_SOCK

printf 'kafka1 ansible_host=192.168.10.101 ansible_user=root ansible_ssh_private_key_file=%s\n' "$key" >"$LAB_STATE/stranger.ini"
claim 'a host whose key is not known fails in words' fails unknown-key "$LAB_STATE/stranger.ini" test/lab/ssh/mark.yml
printf "kafka1,192.168.10.101 %s\n" "$(cut -d" " -f1,2 .cache/lab/ssh/hosts/inner.pub)" >"$HOME/.ssh/known_hosts"
claim 'a host whose key has changed fails in words' fails changed-key "$LAB_STATE/stranger.ini" test/lab/ssh/mark.yml
claim 'a port that nothing listens on fails in words' fails closed-port "$i" -u root -e ansible_port=23 test/lab/ssh/mark.yml
claim 'and none of them has done anything' prints '' marks kafka1

# In a terminal.
terminal() { tmux -S "$LAB_STATE/tmux" "$@"; }
opens() { # ARGUMENT...: `playbill run` in a terminal
	rm -f "$LAB_STATE/status"
	terminal new-session -d -x 120 -y 30 "node bin/playbill.js run $*; echo \$? >$LAB_STATE/status; sleep 600"
}
sees() { within 30 sh -c 'tmux -S "$1" capture-pane -p | grep -q -e "$2"' sh "$LAB_STATE/tmux" "$1" || { terminal capture-pane -p; return 1; }; }
types() { terminal send-keys "$@"; }
ends() { # STATUS
	within 30 test -s "$LAB_STATE/status" && prints "$1" cat "$LAB_STATE/status" || { terminal capture-pane -p; return 1; }
	terminal kill-server
}
asked_for_sudo() { opens -i "$i" -u wary -K test/lab/ssh/marks.yml && sees '^BECOME password: *$' && types wary Enter && ends 0 && prints 'mark wary
other-mark root' marks kafka1; }
claim 'a password is asked for in a terminal' asked_for_sudo
cp "$key" "$LAB_STATE/locked"
ssh-keygen -q -p -f "$LAB_STATE/locked" -N 'open sesame' -P '' >/dev/null
asked_for_key() { opens -i "$LAB_STATE/keyless.ini" --private-key "$LAB_STATE/locked" test/lab/ssh/mark.yml && sees "^Enter passphrase for key" && types 'open sesame' Enter && ends 0 && prints 'mark root' marks kafka1; }
claim "a key's passphrase is asked for in a terminal" asked_for_key
claim "or given by a variable" leaves 'mark root' kafka1 "$LAB_STATE/keyless.ini" --private-key "$LAB_STATE/locked" -e "ansible_private_key_passphrase='open sesame'" test/lab/ssh/mark.yml
left_at_question() { opens -i "$i" -u wary -K test/lab/ssh/marks.yml && sees '^BECOME password: *$' && types C-c && ends 99 && prints '' marks kafka1; }
claim 'Ctrl-C at a question ends the program with 99, and nothing is done' left_at_question
rm "$HOME/.ssh/known_hosts"
asked_for_host() { opens -i "$LAB_STATE/stranger.ini" test/lab/ssh/mark.yml && sees 'Are you sure you want to continue connecting' && types yes Enter && ends 0 && prints 'mark root' marks kafka1; }
claim 'an unknown host is asked about in a terminal' asked_for_host
claim 'and is known then' leaves 'mark root' kafka1 "$LAB_STATE/stranger.ini" test/lab/ssh/mark.yml
# Forty tasks, each longer or shorter than it takes to be drawn, with text between them: a line of each stays, whole and in order.
number=0
{ printf -- '- hosts: all\n  gather_facts: false\n  tasks:\n'
	while [ $((number += 1)) -le 40 ]; do
		printf '    - {name: Task %s, shell: "for i in 1 2 3; do echo line $i of %s; sleep 0.0%s; done", changed_when: false}\n' $number $number $((number * 7 % 20))
		[ $((number % 10)) -gt 0 ] || printf '    - {name: Say so, debug: {msg: message %s}}\n' $number
	done; } >"$LAB_STATE/many.yml"
stays() {
	opens -i "$i" -u root "$LAB_STATE/many.yml" && within 60 test -s "$LAB_STATE/status" || return 1
	terminal capture-pane -p -S -500 >"$out/screen"
	terminal kill-server
	grep -o '^[^ ].* Task [0-9]*  ok kafka1\|"msg": "message [0-9]*"' "$out/screen" | sed 's/  ok kafka1//; s/^✔ //' >"$out/stayed"
	number=0
	while [ $((number += 1)) -le 40 ]; do
		echo "Task $number"
		[ $((number % 10)) -gt 0 ] || echo "\"msg\": \"message $number\""
	done | diff - "$out/stayed" && ! grep -F -e ⠋ -e ⠙ -e ⠹ -e ⠸ -e ⠼ -e ⠴ -e ⠦ -e ⠧ -e ⠇ -e ⠏ -e running -e 'line ' "$out/screen"
}
claim 'of each task one line stays in a terminal' stays
sleeps() { lab/ssh kafka1 'ps -eo args | grep -c "^sleep 12345"'; }
interrupted() {
	opens -i "$i" -u "$1" $2 test/lab/ssh/sleep.yml
	within 30 lab/ssh kafka1 test -e /tmp/started || { terminal capture-pane -p; return 1; }
	prints 1 sleeps && sees 'Take a long time' && types C-c && ends 99
}
claim 'Ctrl-C in a terminal ends the run with 99' interrupted root ''
claim 'the running step ends on the host' within 10 prints 0 sleeps
claim 'and nothing came after it' lab/ssh kafka1 '! ls /tmp/ended /tmp/next; rm /tmp/started'
claim 'Ctrl-C ends what runs as another user too' interrupted deploy --become
claim 'there as well' within 10 prints 0 sleeps
claim 'and nothing came after it' lab/ssh kafka1 '! ls /tmp/ended /tmp/next; rm -f /tmp/started'
exit $failed
