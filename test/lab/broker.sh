#!/bin/sh
# Brokers that do not come up, for real: what a person sees, what is left, and that the same command mends it once the cause is gone. One ZooKeeper and
# one broker run as processes of this machine, in a network of their own. Prints `ok` or `not ok` a claim, as claims.sh says.
# shellcheck source=test/lab/claims.sh disable=SC2317,SC2016 # claims call functions by name
set -eu
cd "$(dirname "$0")/../.."
if [ -z "${LAB_STATE-}" ]; then
	sh scripts/dist --no-official >/dev/null
	exec lab/alone "$0"
fi
. test/lab/claims.sh

root=$LAB_STATE/broker
printf '[zookeeper]\nkafka1 ansible_host=127.0.0.11\n[kafka]\nkafka1\n' >"$LAB_STATE/broker.ini"
settings="-i $LAB_STATE/broker.ini -e deploy_root=$root -e dist_dir=$PWD/.cache/dist"

# shellcheck disable=SC2086 # the settings are words
deploy() { playbill deploy run $settings "$@" test/lab/broker/deploy.yml; }
# How often was asked, when, and the log's own lines that tell of no error.
varying='/^FAILED - RETRYING/d; s/20[0-9-]{8} [0-9:,.]{12,}/TIME/g; s/"delta": "[^"]*"/"delta": "A MOMENT"/; /^\[TIME\] INFO/d; s/\\n\[TIME\] INFO [^\\"]*//g'
# fails NAME ARGUMENT...: what is seen is recorded in broker/NAME.output.
# shellcheck disable=SC2086
fails() { name=$1; shift; shows "test/lab/broker/$name.output" $settings "$@" test/lab/broker/deploy.yml; }
# listens PORT, brokers: what runs.
listens() { ss -Hltn "src 127.0.0.11 and sport = $1" | grep -q .; }
brokers() { pgrep -fc 'kafka\.Kafka ' || true; }

node -e 'require("net").createServer().listen(9092, "127.0.0.11")' &
squatter=$!
within 10 listens 9092
claim 'a broker whose port is taken does not come up, which is told in words' fails port-taken -e kafka_timeout=30
claim 'its ZooKeeper goes on' listens 2181
claim 'and no broker runs' prints 0 brokers
kill "$squatter"
claim 'once the port is free the same command brings it up' deploy
claim 'and it runs' prints 1 brokers
claim 'a run more changes nothing' deploy
claim 'really nothing' unchanged deploy 1
exit $failed
