import {sh} from '../../connection/connection.js';

/**
 * Reads everything that facts are made of, in one go and with few processes. Arguments: the wanted parts (`hardware network virtual`,
 * the small rest is always read), the folder of local facts, the seconds that mounted file systems have to tell their sizes.
 */
export const gatherRaw = sh`
	# prints records: NUL, a name, a newline, and what was read ("PATH:LINE" lines for files)
	parts=" $1 " folder=$2 limit=$3
	record() { printf '\0%s\n' "$1"; }
	has() { command -v "$1" >/dev/null 2>&1; }
	lines() { grep -s '' /dev/null "$@"; }
	record env
	if env -0 >/dev/null 2>&1; then env -0 | tr '\0' '\001'; else env; fi
	LC_ALL=C; export LC_ALL
	record uname; uname -snrm; uname -v
	record id; id
	record passwd
	name=\${LOGNAME:-\${USER:-\${LNAME:-\${USERNAME:-}}}}
	if has getent; then getent passwd "\${name:-0}" || getent passwd "$(id -u)"
	else grep "^$name:" /etc/passwd || grep "^[^:]*:[^:]*:$(id -u):" /etc/passwd; fi
	record date; date '+%Y|%m|%A|%w|%W|%d|%H|%M|%S|%s|%N|%Z|%z'
	record zone
	zone=/etc/localtime
	if [ -n "\${TZ-}" ]; then zone=/usr/share/zoneinfo/\${TZ#:}; fi
	if [ -f "$zone" ]; then tail -n 1 "$zone" | tr -d '\0'; fi
	record files
	lines /etc/altlinux-release /etc/oracle-release /etc/slackware-version /etc/centos-release /etc/redhat-release /etc/openwrt_release \
		/etc/os-release /usr/lib/os-release /etc/system-release /etc/alpine-release /etc/SuSE-release /etc/gentoo-release /etc/lsb-release \
		/etc/sourcemage-release /etc/coreos/update.conf /etc/debian_version /var/lib/dbus/machine-id /etc/machine-id /etc/resolv.conf \
		/proc/cmdline /proc/1/comm /proc/sys/crypto/fips_enabled /sys/fs/selinux/enforce /sys/fs/selinux/policyvers /etc/selinux/config \
		/etc/ssh/ssh_host_*_key.pub /etc/openssh/ssh_host_*_key.pub /etc/iscsi/initiatorname.iscsi /etc/nvme/hostnqn \
		/sys/class/fc_host/*/port_name /proc/loadavg /proc/self/status
	record exists
	for path in /etc/vmware-release /etc/arch-release /sys/kernel/security/apparmor /run/systemd/system /dev/.run/systemd /dev/.systemd /etc/init \
		/sbin/openrc /etc/init.d /etc/dinit.d /run/ostree-booted /usr/bin/rpm /usr/bin/dnf /usr/bin/microdnf /usr/bin/yum /usr/bin/dnf-3 \
		/usr/bin/dnf5 /usr/bin/apt-get /usr/bin/zypper /usr/sbin/urpmi /usr/bin/pacman /bin/opkg /usr/pkg/bin/pkgin /opt/local/bin/pkgin \
		/opt/tools/bin/pkgin /opt/local/bin/port /usr/local/bin/brew /opt/homebrew/bin/brew /sbin/apk /usr/sbin/pkg /usr/sbin/swlist \
		/usr/bin/emerge /usr/sbin/pkgadd /usr/bin/pkg /usr/bin/xbps-install /usr/local/sbin/pkg /usr/bin/swupd /usr/sbin/sorcery \
		/usr/bin/installp /proc/vz /proc/lve /proc/bc /.dockerenv /.dockerinit /proc/xen /dev/kvm /rhev; do
		[ ! -e "$path" ] || echo "$path"
	done
	record tools
	for tool in systemctl initctl capsh lsb_release ip getent python3; do if has $tool; then echo $tool; fi; done
	record links
	for path in /sbin/init /usr/bin/dnf /usr/bin/microdnf /etc/products.d/baseproduct; do
		if [ -L "$path" ]; then echo "$path:$(readlink "$path"):$(readlink -f "$path")"; fi
	done
	record root; stat -L -c '%d:%i' / /proc/1/root/. 2>/dev/null
	record fstype; stat -f -c %T / 2>/dev/null
	record bits
	if has getconf; then getconf LONG_BIT; else od -An -tu1 -j4 -N1 /bin/sh; fi
	record fqdn
	node=$(uname -n)
	if has getent; then
		address=$(getent ahosts "$node" | { read -r first rest; echo "$first"; })
		if [ -n "$address" ]; then getent hosts "$address"; fi
	else hostname -f 2>/dev/null; fi
	record capsh; if has capsh; then capsh --print 2>/dev/null; fi
	record lsb; if has lsb_release; then lsb_release -a 2>/dev/null; fi
	record rpm; if [ -e /usr/bin/rpm ] && [ -e /usr/bin/apt-get ] && rpm -q --whatprovides /usr/bin/apt-get >/dev/null 2>&1; then echo yes; fi
	record systemd
	if [ -d /run/systemd/system ] && has systemctl; then systemctl --version; fi
	record tzdata
	if ! grep -qs CODENAME /etc/os-release && has dpkg; then dpkg --status tzdata 2>/dev/null | grep Provides; fi
	if [ -d "$folder" ]; then
		exec 4>&1
		for file in "$folder"/*.fact; do
			[ -f "$file" ] || continue
			record "local $file"
			if [ -x "$file" ]; then
				said=$("$file" 2>&1 >&4 </dev/null 4>&-)
				record "status $?"
				printf '%s' "$said"
			else cat "$file"; fi
		done
		exec 4>&-
	fi
	case $parts in *' hardware '* | *' virtual '*)
		record dmi
		cd /sys/devices/virtual/dmi/id 2>/dev/null && lines bios_* board_* chassis_* product_* sys_vendor
		record cpu; cat /proc/cpuinfo 2>/dev/null ;;
	esac
	case $parts in *' hardware '*)
		record hardware; lines /proc/meminfo /proc/uptime /proc/sysinfo /sys/hypervisor/type
		record blocks
		lines /sys/block/*/removable /sys/block/*/size /sys/block/*/queue/rotational /sys/block/*/queue/scheduler \
			/sys/block/*/queue/logical_block_size /sys/block/*/queue/hw_sector_size /sys/block/*/queue/discard_granularity \
			/sys/block/*/queue/discard_max_hw_bytes /sys/block/*/device/vendor /sys/block/*/device/model /sys/block/*/device/sas_address \
			/sys/block/*/device/sas_device_handle /sys/block/*/device/serial /sys/block/*/*/start /sys/block/*/*/size \
			/sys/block/*/holders/*/dm/name /sys/block/*/*/holders/*/dm/name
		record blocklinks
		for path in /sys/block/*; do if [ -L "$path" ]; then echo "$path $(readlink "$path")"; fi; done
		for path in /dev/disk/by-id/* /dev/disk/by-uuid/* /dev/disk/by-label/*; do
			if [ -L "$path" ]; then echo "$path $(readlink "$path")"; fi
		done
		for path in /sys/block/*/slaves/*; do if [ -e "$path" ]; then echo "$path -"; fi; done
		record lspci; if has lspci; then lspci -D 2>/dev/null; fi
		record lsblk
		if has lsblk; then lsblk --list --noheadings --paths --output NAME,UUID --exclude 2 2>/dev/null; fi
		record findmnt
		if has findmnt; then findmnt --list --noheadings --notruncate 2>/dev/null; fi
		record mounts
		table=/etc/mtab; if [ ! -e $table ]; then table=/proc/mounts; fi
		cat $table
		record space
		set --
		while read -r device mount type rest; do
			case $device in /* | *:/*) ;; *) continue ;; esac
			if [ "$type" = none ]; then continue; fi
			case $mount in *\\*) mount=$(printf %b "$(printf %s "$mount" | sed 's/\\\([0-7]\)/\\0\1/g')") ;; esac
			set -- "$@" "$mount"
		done <$table
		if [ $# -gt 0 ]; then
			if has timeout; then
				timeout "$limit" stat -f -c '%S %s %b %a %c %d %n' -- "$@" 2>/dev/null
				case $? in 124 | 143) record late ;; esac
			else stat -f -c '%S %s %b %a %c %d %n' -- "$@" 2>/dev/null; fi
		fi
		record lvm
		if [ "$(id -u)" = 0 ] && has vgs; then
			echo vgs; vgs --noheadings --nosuffix --units g --separator , 2>/dev/null
			echo lvs; lvs --noheadings --nosuffix --units g --separator , 2>/dev/null
			echo pvs; pvs --noheadings --nosuffix --units g --separator , 2>/dev/null
		fi ;;
	esac
	case $parts in *' network '*)
		record net
		lines /sys/class/net/*/address /sys/class/net/*/mtu /sys/class/net/*/operstate /sys/class/net/*/type /sys/class/net/*/speed \
			/sys/class/net/*/flags /sys/class/net/*/bridge/bridge_id /sys/class/net/*/bridge/stp_state /sys/class/net/*/bonding/slaves \
			/sys/class/net/*/bonding/mode /sys/class/net/*/bonding/miimon /sys/class/net/*/bonding/lacp_rate /sys/class/net/*/bonding/primary \
			/sys/class/net/*/bonding/all_slaves_active /sys/class/net/*/bonding_slave/perm_hwaddr
		record netlinks
		for path in /sys/class/net/*; do
			[ -d "$path" ] || continue
			echo "device \${path##*/}"
			if [ -L "$path/device" ]; then echo "pciid \${path##*/} $(readlink "$path/device")"; fi
			if [ -e "$path/device/driver/module" ]; then echo "module \${path##*/} $(readlink -f "$path/device/driver/module")"; fi
			if [ -d "$path/bridge" ]; then echo "bridge \${path##*/} -"; fi
			for port in "$path"/brif/*; do if [ -e "$port" ]; then echo "port \${path##*/} \${port##*/}"; fi; done
			if has ethtool; then
				record "ethtool \${path##*/}"; ethtool -k "\${path##*/}" 2>/dev/null
				record "timestamps \${path##*/}"; ethtool -T "\${path##*/}" 2>/dev/null
				record netlinks
			fi
		done
		if has ip; then
			record addresses; ip addr show 2>/dev/null
			record route4; ip -4 route get 8.8.8.8 2>/dev/null
			record route6; ip -6 route get 2404:6800:400a:800::1012 2>/dev/null
			record local4; ip -4 route show table local 2>/dev/null
			record local6; ip -6 route show table local 2>/dev/null
		fi ;;
	esac
	case $parts in *' virtual '*)
		record virtual
		lines /proc/1/cgroup /run/systemd/container /proc/xen/capabilities /proc/modules
		record init; tr '\0' '\n' </proc/1/environ 2>/dev/null
		record dmidecode; if has dmidecode; then dmidecode -s system-product-name 2>/dev/null; fi ;;
	esac
	record end
`;
