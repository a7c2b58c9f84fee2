import {type Response, sh} from '../../connection/connection.js';
import {ModuleFailure, type Step} from '../contract.js';
import type {CandidateManager, InstallOptions} from './package-manager.js';
import {compareDebian} from './package-version.js';

/** Debian's packages: dpkg's database answers what is installed, apt's index what could be. */
export const apt: CandidateManager = {
	tells: 'candidates',
	compare: compareDebian,
	unavailable: (name) => ({
		message: /[*?[]/.test(name) ? `No package(s) matching '${name}' available` : `No package matching '${name}' is available`,
	}),
	withVersion: (name, version) => `${name}=${version}`,
	install: (packages, options) => aptGet('install', packages, options),
	remove: (packages, options) => aptGet('remove', packages, options),
	update: ({update_cache_retries = 5, update_cache_retry_max_delay = 12, lock_timeout = 60}) => ({
		script: updateIndex,
		args: [String(update_cache_retries), String(update_cache_retry_max_delay), String(lock_timeout)],
		parse({status, stdout, stderr}) {
			if (status !== 0) {
				const said = stderr
					.toString()
					.trim()
					.split('\n')
					.filter((line) => /^[EW]:/.test(line))
					.join(' ');
				throw new ModuleFailure(`Failed to update apt cache after ${update_cache_retries} retries: ${said || 'unknown reason'}`);
			}
			const [before, after] = stdout.toString().trim().split('\n').slice(-1)[0]!.split(' ');
			return {updated: before !== after};
		},
	}),
	keep: (packages) => ({script: markManual, args: packages}),
	query: sh`
		has_apt() { command -v apt-get >/dev/null 2>&1 && [ -s /var/lib/dpkg/status ]; }
		apt_time() {
			for one in /var/lib/apt/periodic/update-success-stamp /var/lib/apt/lists; do
				if [ -e "$one" ]; then modified "$one"; return; fi
			done
			echo 0
		}
		index_apt() { printf 'index\t\t%s\nclock\t\t%s\n' "$(apt_time)" "$(date +%s)"; }
		query_apt() {
			found=$(dpkg-query -W -f '\${Package}\t\${Architecture}\t\${db:Status-Status}\t\${Version}\t\${Provides}\n' 2>/dev/null |
				NAMES=$names NATIVE=$(dpkg --print-architecture) awk -F '\t' '
				BEGIN { n = split(ENVIRON["NAMES"], list, "\n"); for (i = 1; i <= n; i++) wanted[list[i]] = 1; native = ENVIRON["NATIVE"] }
				{
					here = $3 == "installed" || $3 == "triggers-awaited" || $3 == "triggers-pending"
					ways = $1 ":" $2
					if ($2 == native || $2 == "all") ways = ways " " $1
					n = split(ways, way, " ")
					for (i = 1; i <= n; i++) if (way[i] in wanted) {
						if (here) print "installed\t" way[i] "\t" $4
						else if ($3 == "config-files") print "residue\t" way[i]
					}
					if (here && $5 != "") {
						n = split($5, provided, ", ")
						for (i = 1; i <= n; i++) {
							sub(/ .*/, "", provided[i])
							if (provided[i] in wanted) print "provided\t" provided[i] "\t" $1
						}
					}
				}')
			[ -z "$found" ] || printf '%s\n' "$found"
			[ ! -f /var/lib/apt/extended_states ] || NAMES=$names awk '
				BEGIN { n = split(ENVIRON["NAMES"], list, "\n"); for (i = 1; i <= n; i++) wanted[list[i]] = 1 }
				/^Package: / { name = $2 }
				/^Auto-Installed: 1/ { if (name in wanted) print "automatic\t" name }' /var/lib/apt/extended_states
			set --
			old=$IFS; IFS=$newline; set -f
			for name in $names; do
				case $name in
				*.deb) apt_file "$name" ;;
				*[*?[]*) apt-cache pkgnames | while read -r one; do
						# shellcheck disable=SC2254 # a pattern is meant
						case $one in $name) printf 'match\t%s\t%s\n' "$name" "$one" ;; esac
					done | sort ;;
				*)
					case $newline$found in
					*"$newline"installed"$tab$name$tab"*|*"$newline"provided"$tab$name$tab"*) [ -z "$candidates" ] || set -- "$@" "$name" ;;
					*) set -- "$@" "$name" ;;
					esac ;;
				esac
			done
			IFS=$old; set +f
			[ "$#" -gt 0 ] || return 0
			if [ -n "$release" ]; then apt-cache -o "APT::Default-Release=$release" policy -- "$@"; else apt-cache policy -- "$@"; fi | awk '
				/^[^ ]/ { sub(/:$/, ""); name = $0; none[name] = 1; next }
				/^  Candidate: / { if ($2 != "(none)") { print "candidate\t" name "\t" $2; none[name] = 0 } next }
				/^ \*\*\* / { print "version\t" name "\t" $2; none[name] = 0; next }
				/^     [^ ]/ { print "version\t" name "\t" $1; none[name] = 0 }
				END { for (name in none) if (none[name]) print "empty\t" name }' | while IFS= read -r line; do
				case $line in
				empty*)
					name=\${line#*"$tab"}
					apt-cache showpkg -- "$name" | NAME=$name awk '/^Reverse Provides:/ { on = 1; next } on && NF && !seen[$1]++ { print "provider\t" ENVIRON["NAME"] "\t" $1 }' ;;
				*) printf '%s\n' "$line" ;;
				esac
			done
		}
		apt_file() { # tells of a package file, fetched first when it is an address
			file=$1
			case $1 in *://*)
				file=$(mktemp) || return
				trap 'rm -f "$file"' EXIT
				if [ -x /usr/lib/apt/apt-helper ]; then /usr/lib/apt/apt-helper -qq download-file "$1" "$file" >/dev/null
				elif command -v curl >/dev/null 2>&1; then curl -fsSL -o "$file" -- "$1"
				else wget -qO "$file" -- "$1"
				fi || { echo "Failure downloading $1" >&2; exit 1; } ;;
			esac
			inside=$(dpkg-deb -f "$file" Package Version 2>&1) || { echo "Unable to install package: $inside" >&2; exit 1; }
			name_inside=$(printf '%s\n' "$inside" | sed -n 's/^Package: //p')
			version_inside=$(printf '%s\n' "$inside" | sed -n 's/^Version: //p')
			printf 'match\t%s\t%s\ncandidate\t%s\t%s\n' "$1" "$name_inside" "$1" "$version_inside"
			there=$(dpkg-query -W -f '\${db:Status-Status} \${Version}' "$name_inside" 2>/dev/null)
			case $there in "installed "*) printf 'installed\t%s\t%s\n' "$1" "\${there#installed }" ;; esac
		}
	`,
};

/** `apt-get` with Ansible's arguments; what it said is the step's output. */
export function aptGet(verb: string, packages: readonly string[], options: InstallOptions, more: readonly string[] = []): Step {
	const on = (name: string) => options[name] === true;
	const dpkgOptions = String(options['dpkg_options'] ?? 'force-confdef,force-confold').split(',');
	const removing = verb === 'remove';
	const flags = [
		...(removing ? ['-q'] : []),
		'-y',
		...dpkgOptions.filter(Boolean).flatMap((option) => ['-o', `Dpkg::Options::=--${option}`]),
		'-o',
		`DPkg::Lock::Timeout=${options['lock_timeout'] ?? 60}`,
		...(on('only_upgrade') ? ['--only-upgrade'] : []),
		...(options['state'] === 'fixed' ? ['--fix-broken'] : []),
		...(on('force')
			? ['--allow-downgrades', '--allow-remove-essential', '--allow-change-held-packages', '--allow-unauthenticated']
			: []),
		...(on('autoremove') && verb !== 'autoremove' ? ['--auto-remove'] : []),
		...(on('fail_on_autoremove') && !removing ? ['--no-remove'] : []),
		...(on('purge') && (removing || verb === 'autoremove') ? ['--purge'] : []),
		...(options['default_release'] && !removing ? ['-t', String(options['default_release'])] : []),
		...(typeof options['install_recommends'] === 'boolean'
			? ['-o', `APT::Install-Recommends=${options['install_recommends'] ? 'yes' : 'no'}`]
			: []),
		...(on('allow_unauthenticated') ? ['--allow-unauthenticated'] : []),
		...(on('allow_downgrade') ? ['--allow-downgrades'] : []),
		...(on('allow_change_held_packages') ? ['--allow-change-held-packages'] : []),
	];
	const argv = [...flags, verb, ...more, ...(packages.length > 0 ? ['--', ...packages] : [])];
	return {
		script: runAptGet,
		args: [String(options['policy_rc_d'] ?? ''), ...argv],
		shows: (line) => line,
		parse: (response) =>
			aptOutcome(
				response,
				removing
					? `'apt-get remove ${packages.map((one) => `'${one}'`).join(' ')}' failed`
					: `'apt-get ${argv.join(' ')}' failed`,
			),
	};
}

/** What a command of apt's printed: the step's output. */
export interface AptSaid {
	readonly stdout: string;
	readonly stderr: string;
}

function aptOutcome({status, stdout, stderr}: Response, failed: string): AptSaid {
	const said = {stdout: stdout.toString(), stderr: stderr.toString()};
	if (status === 0) return said;
	const [, missing] = /^E: Unable to locate package (.+)$/m.exec(said.stderr) ?? [];
	if (missing) throw new ModuleFailure(`No package matching '${missing}' is available`);
	throw new ModuleFailure(`${failed}: ${said.stderr}`, {...said, rc: status});
}

const runAptGet = sh`
	# prints what apt-get prints; arguments: the status that policy-rc.d shall give meanwhile or nothing, then apt-get's own
	LC_ALL=C DEBIAN_FRONTEND=noninteractive DEBIAN_PRIORITY=critical
	export LC_ALL DEBIAN_FRONTEND DEBIAN_PRIORITY
	PATH="$PATH:/usr/local/sbin:/usr/sbin:/sbin"
	policy=$1
	shift
	if [ -n "$policy" ]; then
		file=/usr/sbin/policy-rc.d
		kept=
		if [ -e "$file" ]; then kept=$file.playbill.$$; fi
		# shellcheck disable=SC2329 # the trap calls it
		restore() { if [ -z "$kept" ]; then rm -f "$file"; elif [ -e "$kept" ]; then mv -f "$kept" "$file"; fi; }
		trap restore EXIT
		trap 'trap "" HUP INT PIPE TERM; exit 130' HUP INT PIPE TERM
		[ -z "$kept" ] || mv "$file" "$kept" || exit 1
		{ printf '#!/bin/sh\nexit %s\n' "$policy" >"$file" && chmod 755 "$file"; } || exit 1
	fi
	apt-get "$@" </dev/null
`;

const updateIndex = sh`
	# prints what apt-get prints, then the index's time before and after; arguments: tries, the longest pause between them, seconds to wait for the lock
	LC_ALL=C DEBIAN_FRONTEND=noninteractive
	export LC_ALL DEBIAN_FRONTEND
	index_time() {
		for one in /var/lib/apt/periodic/update-success-stamp /var/lib/apt/lists; do
			if [ -e "$one" ]; then stat -c %Y "$one"; return; fi
		done
		echo 0
	}
	before=$(index_time)
	try=0 pause=1
	until apt-get update -q -o APT::Update::Error-Mode=any -o "DPkg::Lock::Timeout=$3" </dev/null; do
		try=$((try + 1))
		[ "$try" -lt "$1" ] || exit 1
		[ "$pause" -le "$2" ] || pause=$2
		sleep "$pause"
		pause=$((pause * 2))
	done
	echo "$before $(index_time)"
`;

const markManual = sh`
	# prints what apt-mark prints; arguments: packages that came as dependencies and are now wanted for themselves
	LC_ALL=C; export LC_ALL
	! command -v apt-mark >/dev/null 2>&1 || apt-mark manual -- "$@"
`;
