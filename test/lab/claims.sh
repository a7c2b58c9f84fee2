# Sourced by the lab's tests, which print `ok` or `not ok` a claim, end with 1 when one fails, and with 77 when the machine cannot host the lab.
# shellcheck shell=sh disable=SC2034 # the tests end with what failed says
failed=0
out=$LAB_STATE/outputs
mkdir -p "$out"

claim() { # SENTENCE COMMAND...: one claim; what the command printed is shown when it fails
	sentence=$1; shift
	if "$@" >"$LAB_STATE/claim" 2>&1; then echo "ok - $sentence"; else echo "not ok - $sentence"; sed 's/^/# /' "$LAB_STATE/claim"; failed=1; fi
}
prints() { # TEXT COMMAND...
	expected=$1; shift
	seen=$("$@" 2>&1) || true
	[ "$seen" = "$expected" ] || { printf 'expected %s\nseen %s\n' "$expected" "$seen"; return 1; }
}
within() { # SECONDS COMMAND...: tries until it succeeds
	end=$(($(date +%s) + $1)); shift
	until "$@"; do [ "$(date +%s)" -lt "$end" ] || return 1; sleep 0.2; done
}

playbill() { # NAME COMMAND ARGUMENT...: bin/playbill.js COMMAND; its output goes to NAME
	name=$1 command=$2; shift 2
	node bin/playbill.js "$command" "$@" >"$out/$name" 2>&1 || { tail -n 40 "$out/$name"; return 1; }
}
fingerprints() { # sed's commands that name the lab's host keys by their hosts
	for key in .cache/lab/ssh/hosts/*.pub; do
		[ -e "$key" ] || continue
		printf 's|%s|KEY-OF-%s|g\n' "$(ssh-keygen -lf "$key" | cut -d' ' -f2 | sed 's/[+]/[+]/g')" "$(basename "$key" .pub)"
	done
}
# shows FILE ARGUMENT...: what `playbill run` prints against the hosts that are up, as a person sees it, and its exit status are what FILE holds. With
# LAB_RECORD=1 the file is written, to be read by whoever changed something. What differs from run to run `varying`, commands of sed's, makes the same.
shows() {
	recorded=$1; shift
	{ node bin/playbill.js run "$@" 2>&1 </dev/null && status=0 || status=$?; echo "exit status $status"; } |
		sed -E -e 's/ \*{3,}$/ ***/' -e "s|$LAB_STATE|STATE|g" -e "$(fingerprints)" | sed -E -e "${varying-}" >"$out/shown"
	[ -z "${LAB_RECORD-}" ] || cp "$out/shown" "$recorded"
	diff "$recorded" "$out/shown"
}
# What happened to whom in the output $1: `TASK [name]` lines with the hosts that changed under them.
changes() { awk '/^(TASK|RUNNING HANDLER) / {task = $0; sub(/ \*+$/, "", task); sub(/ \[CHECK MODE\]/, "", task)} /^changed: / {print task, $2}' "$out/$1" | sort; }
# Whether the output `check` told what the output `first` shows.
foretold() { changes check >"$out/foretold"; changes first >"$out/changed"; [ -s "$out/changed" ] && diff "$out/foretold" "$out/changed"; }
# Whether in the output $1 the recap of $2 hosts, and of no other, says that nothing changed and nothing failed.
unchanged() {
	said="$(grep -c ' : ok=' "$out/$1") hosts, $(grep -c 'changed=0 *unreachable=0 *failed=0' "$out/$1") unchanged"
	[ "$said" = "$2 hosts, $2 unchanged" ] || { tail -n 8 "$out/$1"; return 1; }
}
