#!/bin/sh
# zkServer.sh start|start-foreground|stop|restart|status|version [CONFIG]
# CONFIG is a file, or a name in the configuration folder (default zoo.cfg). Exit status: 0 done, 1 not done, 2 usage, 127 no Java.
# JVM options: SERVER_JVMFLAGS for the server, JVMFLAGS for every JVM (split into words on purpose).
# shellcheck source=zkEnv.sh
. "$(dirname "$(readlink -f "$0")")/zkEnv.sh"

cfg=${2:-zoo.cfg}
case $cfg in
/*) ;;
*) if [ -f "$cfg" ]; then cfg=$(readlink -f "$cfg"); else cfg=$ZOOCFGDIR/$cfg; fi ;;
esac

# Prints the value of key $1 in the configuration, or nothing.
property() {
	sed -n "s/^[[:space:]]*$1[[:space:]]*=[[:space:]]*//p" "$cfg" 2>/dev/null | tail -n 1 | sed 's/[[:space:]]*$//'
}

data=$(property dataDir)
pidfile=${ZOOPIDFILE:-${data:-/tmp}/zookeeper_server.pid}
out=$ZOO_LOG_DIR/zookeeper-$(id -un)-server-$(uname -n).out

alive() {
	[ -s "$pidfile" ] && kill -0 "$(cat "$pidfile")" 2>/dev/null
}

run() {
	# shellcheck disable=SC2086
	exec "$JAVA" -Xmx"${ZK_SERVER_HEAP}"m -XX:+ExitOnOutOfMemoryError $SERVER_JVMFLAGS $JVMFLAGS \
		-Dzookeeper.log.dir="$ZOO_LOG_DIR" -cp "$CLASSPATH" org.apache.zookeeper.server.quorum.QuorumPeerMain "$cfg"
}

start() {
	echo "Using config: $cfg"
	printf 'Starting zookeeper ... '
	if alive; then
		echo "already running as process $(cat "$pidfile")."
		exit 1
	fi
	if [ ! -r "$cfg" ]; then
		echo "FAILED: no readable $cfg"
		exit 1
	fi
	mkdir -p "$ZOO_LOG_DIR" "${data:-/tmp}" || exit 1
	(run) >>"$out" 2>&1 </dev/null &
	echo $! >"$pidfile" || { echo "FAILED TO WRITE PID"; exit 1; }
	sleep 1
	if ! alive; then
		echo "FAILED TO START, see $out"
		exit 1
	fi
	echo STARTED
}

stop() {
	printf 'Stopping zookeeper ... '
	if ! alive; then
		echo "no zookeeper to stop (could not find file $pidfile)"
		return
	fi
	pid=$(cat "$pidfile")
	kill "$pid"
	n=0
	while kill -0 "$pid" 2>/dev/null && [ $n -lt 100 ]; do
		sleep 0.1
		n=$((n + 1))
	done
	! kill -0 "$pid" 2>/dev/null || kill -9 "$pid"
	rm -f "$pidfile"
	echo STOPPED
}

status() {
	echo "Using config: $cfg"
	host=$(property clientPortAddress)
	host=${host:-localhost}
	port=$(property clientPort)
	echo "Client port found: $port. Client address: $host."
	mode=$("$JAVA" -Xmx32m -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -cp "$CLASSPATH" \
		org.apache.zookeeper.client.FourLetterWordMain "$host" "$port" srvr 2>/dev/null | grep '^Mode:')
	if [ -z "$mode" ]; then
		echo "Error contacting service. It is probably not running."
		exit 1
	fi
	echo "$mode"
}

case $1 in
start) start ;;
start-foreground)
	mkdir -p "$ZOO_LOG_DIR"
	run
	;;
stop) stop ;;
restart)
	stop
	start
	;;
status) status ;;
version) exec "$JAVA" -Xmx32m -cp "$CLASSPATH" org.apache.zookeeper.version.VersionInfoMain ;;
*)
	echo "Usage: $0 start|start-foreground|stop|restart|status|version [config]" >&2
	exit 2
	;;
esac
