# Sourced by the lab's tests, which print `ok` or `not ok` a claim, end with 1 when one fails, and with 77 when the machine cannot host the lab.
# shellcheck shell=sh disable=SC2034 # the tests end with what failed says
failed=0

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
