# shellcheck shell=sh disable=SC1091,SC2034,SC2125
# Sourced by the other scripts: sets ZK_HOME, ZOOCFGDIR, ZOO_LOG_DIR, JAVA, CLASSPATH and the heaps (in MB).
# The caller's own file name is $0; conf/zookeeper-env.sh may override what is not set in the environment.
ZK_HOME=$(dirname "$(dirname "$(readlink -f "$0")")")
ZOOCFGDIR=${ZOOCFGDIR:-$ZK_HOME/conf}
[ ! -r "$ZOOCFGDIR/zookeeper-env.sh" ] || . "$ZOOCFGDIR/zookeeper-env.sh"
ZOO_LOG_DIR=${ZOO_LOG_DIR:-$ZK_HOME/logs}
ZK_SERVER_HEAP=${ZK_SERVER_HEAP:-256}
ZK_CLIENT_HEAP=${ZK_CLIENT_HEAP:-64}
JAVA=${JAVA_HOME:+$JAVA_HOME/bin/}java
if ! command -v "$JAVA" >/dev/null 2>&1; then
	echo "Error: java is not found: install a Java runtime or set JAVA_HOME" >&2
	exit 127
fi
CLASSPATH=$ZOOCFGDIR:$ZK_HOME/lib/*
