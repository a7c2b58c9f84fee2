#!/bin/sh
# Ends the brokers that run from this tree, and no others; KAFKA_CONFIG narrows it to one properties file.
home=$(dirname "$(dirname "$(readlink -f "$0")")")
pids=
for process in /proc/[0-9]*; do
	words=$(tr '\0' '\n' 2>/dev/null <"$process/cmdline")
	printf '%s\n' "$words" | grep -qxF -e "-Dkafka.home=$home" || continue
	printf '%s\n' "$words" | grep -qxF 'kafka.Kafka' || continue
	[ -z "$KAFKA_CONFIG" ] || printf '%s\n' "$words" | grep -qxF -e "$KAFKA_CONFIG" || continue
	pids="$pids ${process#/proc/}"
done
if [ -z "$pids" ]; then
	echo "No kafka server to stop"
	exit 1
fi
# shellcheck disable=SC2086
kill -s TERM $pids
