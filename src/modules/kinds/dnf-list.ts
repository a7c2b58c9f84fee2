import {sh} from '../../connection/connection.js';
import {Dict, type Value} from '../../jinja/jinja.js';
import {type Kind, ModuleFailure, type Read} from '../contract.js';

/** The reading of `list=WHAT`: packages, or repositories, as Ansible's dicts. */
export function listRead(what: string, flags: readonly string[]): Read<unknown> {
	return {kind: listKind as Kind<unknown>, key: what, wants: {flags: flags.join('\n')}};
}

const listKind: Kind<readonly Value[]> = {
	name: 'dnf-list',
	probe: (reads) => ({
		script: list,
		args: reads.flatMap(({key, wants}) => [String(wants!['flags']), key]),
		parse({stdout, stderr, status}) {
			if (status !== 0)
				throw new ModuleFailure(
					stderr
						.toString()
						.trim()
						.replace(/^Error: /, ''),
					{results: [], rc: 1},
				);
			const blocks = stdout.toString().split('@\n').slice(1);
			return blocks.map((block) =>
				block
					.split('\n')
					.filter((line) => line.includes('\t'))
					.map(dictOf),
			);
		},
	}),
	equal: () => true,
	places: () => undefined,
};

function dictOf(line: string): Value {
	const [what = '', name = '', arch = '', epoch = '', version = '', release = '', repo = ''] = line.split('\t');
	if (what === 'repository') return Dict.from(Object.entries({repoid: name, state: 'enabled'}));
	const envra = `${epoch}:${name}-${version}-${release}.${arch}`;
	return Dict.from(Object.entries({name, arch, epoch, release, version, repo, envra, nevra: envra, yumstate: what}));
}

const list = sh`
	# prints for each list a line "@", then "repository TAB ID" or "installed|available TAB NAME TAB ARCH TAB EPOCH TAB VERSION TAB RELEASE TAB REPOSITORY"; arguments, for each list: dnf's options on lines, and what to list
	LC_ALL=C; export LC_ALL
	newline='
	'
	form='\t%{name}\t%{arch}\t%{epoch}\t%{version}\t%{release}\t%{repoid}\n'
	query() { # $1 is the state, the rest are dnf's words
		state=$1
		shift
		dnf -q repoquery --qf "$state$form" "$@" </dev/null | grep "^$state"
	}
	while [ "$#" -gt 0 ]; do
		flags=$1 what=$2
		shift 2
		case $what in -*) echo "no such list: $what" >&2; exit 1 ;; esac
		echo @
		old=$IFS; IFS=$newline; set -f
		# shellcheck disable=SC2086 # one word a line is meant
		case $what in
		installed) query installed $flags --installed ;;
		updates | upgrades) query available $flags --upgrades ;;
		available) query available $flags --available ;;
		repos | repositories) dnf -q repolist --enabled $flags </dev/null | sed -n '1d; s/^\([^ ]*\).*/repository\t\1/p' ;;
		*) query installed $flags --installed "$what"; query available $flags --available "$what" ;;
		esac
		IFS=$old; set +f
	done
	exit 0
`;
