import {sh} from '../../connection/connection.js';
import {dnfFlags} from './dnf-flags.js';
import {dnfTask} from './dnf-task.js';
import {outcomeOf} from './dnf-transaction.js';
import type {TransactionManager} from './package-manager.js';

/** Packages of the Red Hat family: rpm's database answers what is installed, dnf what it would do. */
export const dnf: TransactionManager = {
	tells: 'transactions',
	...dnfTask,
	update: (options) => ({
		script: makeCache,
		args: dnfFlags('makecache', {...options, update_cache: true}),
		shows: (line) => line,
		parse(response) {
			outcomeOf('makecache', response);
			return {updated: true};
		},
	}),
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
			version='%|EPOCH?{%{EPOCH}:}|%{VERSION}-%{RELEASE}'
			old=$IFS; IFS=$newline; set -f
			for name in $names; do
				case $name in
				-*) ;;
				*.rpm | *://*)
					inside=$(rpm -qp --nosignature --qf "%{NAME}$tab$version\n" -- "$name" 2>/dev/null) || { echo "Failed to get the header of $name" >&2; exit 1; }
					printf 'match\t%s\t%s\ncandidate\t%s\t%s\n' "$name" "\${inside%%"$tab"*}" "$name" "\${inside#*"$tab"}"
					rpm -q --qf "installed$tab$name$tab$version\n" -- "\${inside%%"$tab"*}" 2>/dev/null | grep "^installed$tab" | tail -n 1 ;;
				*[*?[]*) ;;
				*' '*) # a name with a comparison, of which rpm's command line knows nothing
					there=$(dnf -q -C repoquery --installed --whatprovides "$name" --qf '%{name}' </dev/null 2>/dev/null | grep -m 1 .) &&
						printf 'provided\t%s\t%s\n' "$name" "$there" ;;
				*)
					if there=$(rpm -q --qf "$version\n" -- "$name" 2>/dev/null); then printf 'installed\t%s\t%s\n' "$name" "\${there##*"$newline"}"
					elif there=$(rpm -q --whatprovides --qf '%{NAME}\n' -- "$name" 2>/dev/null); then printf 'provided\t%s\t%s\n' "$name" "\${there%%"$newline"*}"
					else
						case $name in *-[0-9]*) rpm -qa --qf "%{NAME}$tab$version\n" | NAME=$name awk -F '\t' 'index(ENVIRON["NAME"], $1 "-") == 1 { print "like\t" ENVIRON["NAME"] "\t" $1 "\t" $2 }' ;; esac
					fi ;;
				esac
			done
			IFS=$old; set +f
		}
	`,
};

const makeCache = sh`
	# prints what dnf prints; its arguments are dnf's options
	LC_ALL=C; export LC_ALL
	dnf "$@" makecache </dev/null
`;
