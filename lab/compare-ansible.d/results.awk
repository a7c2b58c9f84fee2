# Reads the default output of ansible-playbook; prints a line a host and task: `task NUMBER NAME host HOST RESULT`, and a line a host of the recap.
# A loop prints a line an item: the task is then what its strongest item was.
function flush(   host) {
	for (host in result) printf "task %03d [%s] %s %s\n", number, name, host, result[host]
	delete result
}
function note(host, word) { if (!(host in result) || rank[word] > rank[result[host]]) result[host] = word }
BEGIN { rank["skipping"] = 1; rank["ok"] = 2; rank["changed"] = 3; rank["failed"] = 4; rank["unreachable"] = 5 }
/^(TASK|RUNNING HANDLER) \[/ { flush(); number++; name = $0; sub(/^[A-Z ]*\[/, "", name); sub(/\] \**$/, "", name); next }
/^PLAY RECAP/ { flush(); recap = 1; next }
recap && / : ok=/ { gsub(/ +/, " "); print "recap " $0; next }
match($0, /^(ok|changed|skipping|failed|fatal): \[[^]]*\]/) {
	word = $0; sub(/:.*/, "", word)
	host = substr($0, length(word) + 4, RLENGTH - length(word) - 4); sub(/ -> .*/, "", host)
	if (word == "fatal") word = /UNREACHABLE!/ ? "unreachable" : "failed"
	note(host, word)
}
END { flush() }
