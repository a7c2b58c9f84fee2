#!/bin/sh
# kafka-run-class.sh [-daemon] [-name NAME] [-loggc] CLASS [ARGUMENT...]
# Runs a class of this tree. The environment's option words (KAFKA_HEAP_OPTS, KAFKA_JVM_PERFORMANCE_OPTS, KAFKA_LOG4J_OPTS, KAFKA_JMX_OPTS,
# KAFKA_OPTS) are split into words on purpose, so the tree's path may hold no space.
home=$(dirname "$(dirname "$(readlink -f "$0")")")
daemon=
name=
while :; do
	case $1 in
	-daemon)
		daemon=1
		shift
		;;
	-name)
		name=$2
		shift 2
		;;
	-loggc) shift ;;
	*) break ;;
	esac
done
if [ $# -eq 0 ]; then
	echo "USAGE: $0 [-daemon] [-name NAME] CLASS [ARGUMENT...]" >&2
	exit 1
fi
JAVA=${JAVA_HOME:+$JAVA_HOME/bin/}java
if ! command -v "$JAVA" >/dev/null 2>&1; then
	echo "Error: java is not found: install a Java runtime or set JAVA_HOME" >&2
	exit 127
fi
LOG_DIR=${LOG_DIR:-$home/logs}
: "${KAFKA_HEAP_OPTS:=-Xmx256M}"
: "${KAFKA_JVM_PERFORMANCE_OPTS=-XX:+UseSerialGC -XX:TieredStopAtLevel=1}"
: "${KAFKA_LOG4J_OPTS:=-Dlog4j.configuration=file:$home/config/tools-log4j.properties}"
# shellcheck disable=SC2086
set -- $KAFKA_HEAP_OPTS $KAFKA_JVM_PERFORMANCE_OPTS -Djava.awt.headless=true $KAFKA_JMX_OPTS $KAFKA_LOG4J_OPTS $KAFKA_OPTS \
	-Dkafka.home="$home" -Dkafka.logs.dir="$LOG_DIR" -cp "${CLASSPATH:+$CLASSPATH:}$home/libs/*" "$@"
[ -n "$daemon" ] || exec "$JAVA" "$@"
mkdir -p "$LOG_DIR" || exit 1
nohup "$JAVA" "$@" >"$LOG_DIR/${name:-kafka}.out" 2>&1 </dev/null &
