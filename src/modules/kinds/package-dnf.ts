import {type Response, sh} from '../../connection/connection.js';
import {ModuleFailure, type Step} from '../contract.js';
import type {InstallOptions, PackageManager} from './package-manager.js';
import {compareRpm} from './package-version.js';

/** Packages of the Red Hat family: rpm's database answers what is installed, dnf what could be. */
export const dnf: PackageManager = {
	compare: compareRpm,
	withVersion: (name, version) => `${name}-${version}`,
	unavailable: (name) => ({
		message: 'Failed to install some of the specified packages',
		result: {failures: [`No package ${name} available.`], results: [], rc: 1},
	}),
	install: (packages, options) =>
		dnfStep(options['state'] === 'latest' && options['update_only'] === true ? 'upgrade' : 'install', packages, options),
	remove: (packages, options) => dnfStep('remove', packages, options),
	update: (options) => dnfStep('makecache', [], {...options, refresh: true}),
	query: sh`
		has_dnf() { command -v dnf >/dev/null 2>&1 && command -v rpm >/dev/null 2>&1; }
		index_dnf() {
			newest=0
			for one in /var/cache/dnf/*.solv /var/cache/libdnf5/*; do
				[ -e "$one" ] || continue
				time=$(modified "$one")
				[ "$time" -le "$newest" ] || newest=$time
			done
			printf 'index\t\t%s\nclock\t\t%s\n' "$newest" "$(date +%s)"
		}
		query_dnf() {
			version='%|EPOCH?{%{EPOCH}:}:{}|%{VERSION}-%{RELEASE}'
			set --
			old=$IFS; IFS=$newline; set -f
			for name in $names; do
				case $name in
				*.rpm)
					inside=$(rpm -qp --nosignature --qf "%{NAME}$tab$version\n" -- "$name" 2>/dev/null) || { echo "Failed to get the header of $name" >&2; exit 1; }
					printf 'match\t%s\t%s\ncandidate\t%s\t%s\n' "$name" "\${inside%%"$tab"*}" "$name" "\${inside#*"$tab"}"
					rpm -q --qf "installed$tab$name$tab$version\n" -- "\${inside%%"$tab"*}" 2>/dev/null | grep "^installed$tab" | tail -n 1 ;;
				*[*?[]*)
					{ rpm -qa --qf '%{NAME}\n' -- "$name"; dnf -q -C repoquery --qf '%{name}\n' -- "$name" </dev/null 2>/dev/null; } | sort -u | grep -v '^$' |
						while read -r one; do printf 'match\t%s\t%s\n' "$name" "$one"; done ;;
				*)
					there=$(rpm -q --qf "$version\n" -- "$name" 2>/dev/null) && printf 'installed\t%s\t%s\n' "$name" "\${there##*"$newline"}" || {
						there=$(rpm -q --whatprovides --qf "%{NAME}\n" -- "$name" 2>/dev/null) && printf 'provided\t%s\t%s\n' "$name" "\${there%%"$newline"*}"
					}
					if [ $? -ne 0 ] || [ -n "$candidates" ]; then set -- "$@" "$name"; fi ;;
				esac
			done
			IFS=$old; set +f
			for name do
				best=$(dnf -q repoquery --latest-limit=1 --qf '%{epoch}:%{version}-%{release}\n' -- "$name" </dev/null 2>/dev/null | grep . | tail -n 1)
				if [ -n "$best" ]; then
					printf 'candidate\t%s\t%s\nversion\t%s\t%s\n' "$name" "\${best#0:}" "$name" "\${best#0:}"
				else
					dnf -q repoquery --whatprovides "$name" --qf '%{name}\n' </dev/null 2>/dev/null | grep . | sort -u |
						while read -r one; do printf 'provider\t%s\t%s\n' "$name" "$one"; done
				fi
			done
		}
	`,
};

function dnfStep(verb: string, packages: readonly string[], options: InstallOptions): Step {
	const on = (name: string) => options[name] === true;
	const all = (name: string) => (Array.isArray(options[name]) ? (options[name] as unknown[]).map(String) : []);
	const word = (name: string) => (typeof options[name] === 'string' && options[name] !== '' ? String(options[name]) : undefined);
	const flags = [
		'-y',
		...(on('refresh') ? ['--refresh'] : []),
		...(word('conf_file') ? ['-c', word('conf_file')!] : []),
		...(word('installroot') && word('installroot') !== '/' ? [`--installroot=${word('installroot')}`] : []),
		...(word('releasever') ? [`--releasever=${word('releasever')}`] : []),
		...(word('disable_excludes') ? [`--disableexcludes=${word('disable_excludes')}`] : []),
		...all('disablerepo').map((repository) => `--disablerepo=${repository}`),
		...all('enablerepo').map((repository) => `--enablerepo=${repository}`),
		...all('disable_plugin').map((plugin) => `--disableplugin=${plugin}`),
		...all('enable_plugin').map((plugin) => `--enableplugin=${plugin}`),
		...all('exclude').map((name) => `--exclude=${name}`),
		...(on('disable_gpg_check') ? ['--nogpgcheck'] : []),
		...(options['sslverify'] === false || options['validate_certs'] === false ? ['--setopt=sslverify=0'] : []),
		...(options['install_weak_deps'] === false ? ['--setopt=install_weak_deps=False'] : []),
		...(on('cacheonly') ? ['-C'] : []),
		...(on('skip_broken') ? ['--skip-broken'] : []),
		...(on('nobest') || options['best'] === false ? ['--nobest'] : []),
		...(on('best') ? ['--best'] : []),
		...(on('allowerasing') ? ['--allowerasing'] : []),
		...(on('security') ? ['--security'] : []),
		...(on('bugfix') ? ['--bugfix'] : []),
		...(on('download_only') ? ['--downloadonly'] : []),
		...(word('download_dir') ? [`--downloaddir=${word('download_dir')}`] : []),
		...(verb === 'remove' && !on('autoremove') ? ['--setopt=clean_requirements_on_remove=False'] : []),
	];
	return {
		script: runDnf,
		args: [...flags, verb, ...(packages.length > 0 ? ['--', ...packages] : [])],
		shows: (line) => line,
		parse: dnfOutcome,
	};
}

function dnfOutcome({status, stdout, stderr}: Response): {results: string[]; updated: boolean} {
	const out = stdout.toString();
	if (status !== 0) {
		const failures = [...`${out}\n${stderr}`.matchAll(/^(?:No match for argument: |Error: )(.+)$/gm)].map(
			([, said = '']) => said,
		);
		throw new ModuleFailure(failures[0] ? `Depsolve Error occurred: \n ${failures.join('\n')}` : stderr.toString().trim(), {
			failures,
			results: [],
			rc: 1,
		});
	}
	const results: string[] = [];
	let heading = '';
	for (const line of out.split('\n')) {
		const [, head] = /^(Installed|Upgraded|Removed|Downgraded|Reinstalled):\s*$/.exec(line) ?? [];
		if (head) heading = head;
		else if (line.trim() === '' || !line.startsWith(' ')) heading = '';
		else if (heading)
			results.push(
				...line
					.trim()
					.split(/\s{2,}/)
					.map((name) => `${heading}: ${name}`),
			);
	}
	return {results, updated: true};
}

const runDnf = sh`
	# prints what dnf prints; its arguments are dnf's
	LC_ALL=C; export LC_ALL
	dnf "$@" </dev/null
`;
