#!/bin/sh
# zkCli.sh [-server HOST:PORT] [COMMAND [ARGUMENT...]]: ZooKeeper's own shell.
# shellcheck source=zkEnv.sh
. "$(dirname "$(readlink -f "$0")")/zkEnv.sh"
# shellcheck disable=SC2086
exec "$JAVA" -Xmx"${ZK_CLIENT_HEAP}"m -XX:TieredStopAtLevel=1 $CLIENT_JVMFLAGS $JVMFLAGS \
	-Dzookeeper.root.logger=WARN,CONSOLE -cp "$CLASSPATH" org.apache.zookeeper.ZooKeeperMain "$@"
