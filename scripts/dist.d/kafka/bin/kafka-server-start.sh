#!/bin/sh
# kafka-server-start.sh [-daemon] server.properties [--override PROPERTY=VALUE]...
bin=$(dirname "$(readlink -f "$0")")
if [ $# -eq 0 ]; then
	echo "USAGE: $0 [-daemon] server.properties [--override property=value]*" >&2
	exit 1
fi
daemon=
if [ "$1" = -daemon ]; then
	daemon=-daemon
	shift
fi
: "${KAFKA_HEAP_OPTS:=-Xms256M -Xmx512M}"
: "${KAFKA_JVM_PERFORMANCE_OPTS=-server -XX:+UseG1GC -XX:MaxGCPauseMillis=20 -XX:+ExplicitGCInvokesConcurrent -XX:+ExitOnOutOfMemoryError}"
: "${KAFKA_LOG4J_OPTS:=-Dlog4j.configuration=file:$bin/../config/log4j.properties}"
export KAFKA_HEAP_OPTS KAFKA_JVM_PERFORMANCE_OPTS KAFKA_LOG4J_OPTS
exec "$bin/kafka-run-class.sh" $daemon -name kafkaServer kafka.Kafka "$@"
