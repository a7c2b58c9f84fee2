#!/bin/sh
# snapshot.sh PATH...: what a run left on a host, a line a thing, sorted: for each file below the paths its kind, mode, owner, link target or
# content hash; the users and groups; the units with a unit file in /etc, whether enabled and whether running. What the services themselves
# write while they run (data and logs) is left out.
export LC_ALL=C
{
	for path; do
		[ -e "$path" ] || { echo "path $path absent"; continue; }
		find "$path" \( -path '*/kafka-logs/*' -o -path '*/zookeeper-data/version-2' -o -name '*.pid' -o -path '*/logs/*' \) -prune -o \
			-type f -exec sh -c 'for file; do printf "path %s %s %s\n" "$file" "$(stat -c "file %04a %U:%G" "$file")" "$(sha256sum <"$file" | cut -c1-16)"; done' sh {} + -o \
			-type l -printf 'path %p link %l\n' -o -printf 'path %p %y %#m %u:%g\n'
	done
	getent passwd | awk -F: '{printf "user %s uid=%s group=%s home=%s shell=%s\n", $1, $3, $4, $6, $7}'
	getent group | awk -F: '{printf "group %s gid=%s members=%s\n", $1, $3, $4}'
	for file in /etc/systemd/system/*.service; do
		unit=${file##*/}
		[ -f "$file" ] && [ ! -L "$file" ] && printf 'unit %s %s %s\n' "$unit" "$(systemctl is-enabled "$unit" 2>/dev/null)" "$(systemctl is-active "$unit" 2>/dev/null)"
	done
} | sort
