import {type Script, sh} from '../../connection/connection.js';
import {type Kind, ModuleFailure, type Read} from '../contract.js';
import {literally, together} from './compose.js';
import {withoutArchitecture} from './dnf-foretold.js';
import {apt} from './package-apt.js';
import {dnf} from './package-dnf.js';
import type {PackageManager} from './package-manager.js';
import type {PackageState, PackageWants} from './package-state.js';
import {compareRpm} from './package-version.js';

/** The package managers, in the order in which a host is asked for them: a new one is a file and a row here. */
export const packageManagers: Readonly<Record<string, PackageManager>> = {apt, dnf};

export function packageRead(name: string, {use, candidates, release = ''}: PackageWants): Read<PackageState> {
	return {kind: packageKind, key: name, wants: {use, candidates: candidates ? 'yes' : '', release}};
}

/** The reading of the manager's index: who it is and how old it is. */
export function indexRead(wants: PackageWants): Read<PackageState> {
	return packageRead('', {...wants, candidates: false});
}

/** The manager that a state was read from. Throws `ModuleFailure` where the host has none that is known here. */
export function managerOf({manager = ''}: PackageState): PackageManager {
	const known = packageManagers[manager];
	if (!known)
		throw new ModuleFailure('Could not detect which package manager to use. Try gathering facts or setting the "use" option.');
	return known;
}

/** Where package managers keep what they know, their settings and themselves. */
const databases = ['/var/lib', '/var/cache', '/etc/apt', '/etc/dpkg', '/etc/dnf', '/etc/yum.repos.d', '/usr', '/opt'];

export const packageKind: Kind<PackageState> = {
	name: 'package',
	probe(reads) {
		const groups = new Map<string, {head: string[]; keys: string[]}>();
		for (const {key, wants = {}} of reads) {
			const head = ['use', 'candidates', 'release'].map((want) => String(wants[want] ?? ''));
			const group = groups.get(head.join('\0')) ?? {head, keys: []};
			groups.set(head.join('\0'), group);
			group.keys.push(key);
		}
		return {
			script: probePackages,
			args: [...groups.values()].flatMap(({head, keys}) => [...head, String(keys.length), ...keys]),
			parse({stdout, stderr, status}) {
				if (status !== 0) throw new ModuleFailure(stderr.toString().trim() || 'the package manager could not be asked');
				const states = parsePackages(stdout.toString());
				return reads.map(({key}) => states(key));
			},
		};
	},
	equal: (actual, planned) =>
		(planned.present === undefined || planned.present === actual.present) &&
		(planned.version === undefined || planned.version === actual.version) &&
		(planned.residue === undefined || planned.residue === (actual.residue ?? false)) &&
		(planned.time === undefined || planned.time === actual.time),
	places: ({key}) => (key.includes('/') ? undefined : databases),
	overlay(actual, read, planned) {
		const own = planned.get('package', read.key) as PackageState | undefined;
		const manager = packageManagers[actual.manager ?? ''];
		if (manager?.tells === 'transactions')
			return manager.overlay(own ? {...actual, ...own, foretold: true} : actual, read.key, planned);
		const index = planned.get('package', '') as PackageState | undefined;
		const state = index && read.key !== '' ? {...actual, pending: true} : actual;
		return own ? {...state, ...own} : state;
	},
};

/** Every line is `fact TAB name TAB value…`; `manager` has the name's place empty. */
export function parsePackages(text: string): (name: string) => PackageState {
	const facts = new Map<string, [fact: string, ...values: string[]][]>();
	let manager = '';
	for (const line of text.split('\n')) {
		const [fact = '', name = '', ...values] = line.split('\t');
		if (fact === 'manager') manager = values[0] ?? '';
		else if (fact) facts.set(name, [...(facts.get(name) ?? []), [fact, ...values]]);
	}
	return (name) => {
		const own = facts.get(name) ?? [];
		const all = (fact: string) => own.filter(([one]) => one === fact).map(([, value = '']) => value);
		const [first] = all('index');
		if (name === '') return {manager, ...(first === undefined ? {} : {time: Number(first), now: Number(all('clock')[0])})};
		const [version] = all('installed');
		const [candidate] = all('candidate');
		return {
			manager,
			present: version !== undefined || all('provided').length > 0,
			...(version ? {version} : {}),
			...(candidate ? {candidate} : {}),
			versions: all('version'),
			providers: all('provider'),
			residue: all('residue').length > 0,
			automatic: all('automatic').length > 0,
			matches: all('match'),
			newer: own.some(([fact, base = '', there = '']) => fact === 'like' && isNewer(name, base, there)),
		};
	};
}

/** Whether the installed version of a package is newer than that which `PACKAGE-VERSION` asks for. */
function isNewer(text: string, name: string, installed: string): boolean {
	const version = text.slice(name.length + 1);
	return /^\d/.test(version) && compareRpm(installed, withoutArchitecture(version)) > 0;
}

const askManagers = sh`
	# prints facts, one a line, "FACT TAB NAME TAB VALUE": manager, index, clock, installed, provided, residue, automatic, candidate, version, provider, match
	LC_ALL=C; export LC_ALL
	PATH="$PATH:/usr/local/sbin:/usr/sbin:/sbin"
	newline='
	'
	tab=$(printf '\t')
	modified() { # the time of file $1 in seconds since 1970
		stat -c %Y "$1" 2>/dev/null || stat -f %m "$1" 2>/dev/null || date -r "$1" +%s
	}
`;

const answer = sh`
	while [ "$#" -gt 0 ]; do
		manager=$1 candidates=$2 release=$3 count=$4 names=''
		shift 4
		if [ "$manager" = auto ]; then
			manager=
			for one in $managers; do
				if "has_$one"; then manager=$one; break; fi
			done
		elif ! "has_$manager" 2>/dev/null; then manager=
		fi
		printf 'manager\t\t%s\n' "$manager"
		while [ "$count" -gt 0 ]; do
			if [ -z "$1" ]; then
				[ -z "$manager" ] || "index_$manager"
			else names=$names$1$newline
			fi
			shift; count=$((count - 1))
		done
		[ -z "$manager" ] || [ -z "$names" ] || "query_$manager"
	done
`;

/** One script of the constant parts: what every manager says of itself, then the loop that asks the right one. */
const probePackages: Script = together(
	askManagers,
	...Object.values(packageManagers).map(({query}) => query),
	literally(`managers='${Object.keys(packageManagers).join(' ')}'\n`),
	answer,
);
