import {type Response, sh} from '../../connection/connection.js';
import {type Kind, ModuleFailure, type Planned, type Read} from '../contract.js';
import {foretoldPackages, foretoldTransaction} from './dnf-foretold.js';
import {isIdle, nothingToDo, type RpmPackage, type Transaction} from './dnf-state.js';

/** The reading of `dnf FLAGS VERB NAMES` without doing it; `mayGoBack`: to versions older than those that are there. */
export function transactionRead(
	flags: readonly string[],
	verb: string,
	names: readonly string[],
	mayGoBack: boolean,
): Read<Transaction> {
	return {
		kind: transactionKind,
		key: [...flags, verb, ...names].join(' '),
		wants: {words: JSON.stringify([...flags, verb, ...names]), verb, names: JSON.stringify(names), mayGoBack},
	};
}

export const transactionKind: Kind<Transaction> = {
	name: 'dnf-transaction',
	probe: (reads) => ({
		script: simulate,
		args: reads.flatMap(({wants}) => {
			const words = JSON.parse(String(wants!['words'])) as string[];
			return [String(words.length), ...words];
		}),
		parse({stdout, stderr, status}) {
			if (status !== 0) throw new ModuleFailure(stderr.toString().trim());
			const blocks = stdout
				.toString()
				.split('\n@begin\n')
				.slice(1)
				.map((block) => block.split('\n@installed\n') as [string, string]);
			return blocks.map(([said, installed], index) => readTransaction(said, installed, String(reads[index]!.wants!['verb'])));
		},
	}),
	equal: (actual, planned) => isIdle(actual) === isIdle(planned),
	places: () => undefined,
	overlay(actual, {wants}, planned) {
		const foretold = foretoldPackages(planned);
		const names = JSON.parse(String(wants!['names'])) as string[];
		const asked = {verb: String(wants!['verb']), names, mayGoBack: wants!['mayGoBack'] === true};
		const state = foretold.size > 0 ? foretoldTransaction(actual, asked, foretold) : actual;
		const isDoubted = actual.failure !== undefined && (foretold.size > 0 || hasNewRepositories(planned));
		return isDoubted ? {...state, failure: undefined, doubted: true} : state;
	},
};

function hasNewRepositories(planned: Planned): boolean {
	return [...planned.entries('path')].some(([path]) => path.startsWith('/etc/yum.repos.d/'));
}

const simulate = sh`
	# prints for each command of dnf a line "@begin", what dnf says of it, a line "@installed", and "name TAB version TAB arch" of installed packages that would be replaced; arguments: for each command how many words it has, and those
	LC_ALL=C; export LC_ALL
	would() { # the arguments are dnf's
		root='' conf='' last=''
		for word do
			case $word in --installroot=*) root=\${word#*=} ;; esac
			if [ "$last" = -c ]; then conf=$word; fi
			last=$word
		done
		if [ -n "$conf" ] && [ ! -r "$conf" ]; then echo "Error: cannot read configuration file: $conf"
		elif [ -n "$root" ] && [ ! -d "$root" ]; then echo "Error: Installroot $root must be a directory"
		else dnf --assumeno "$@" </dev/null 2>&1
		fi
	}
	while [ "$#" -gt 0 ]; do
		words=$1
		shift
		echo
		echo @begin
		said=$(
			others=$(($# - words)) turned=0
			while [ "$turned" -lt "$words" ]; do
				set -- "$@" "$1"
				shift
				turned=$((turned + 1))
			done
			shift "$others"
			would "$@"
		)
		shift "$words"
		printf '%s\n' "$said"
		echo @installed
		(
			# shellcheck disable=SC2046 # a name is a word
			set -- $(printf '%s\n' "$said" | awk '/^(Upgrading|Downgrading|Reinstalling):/ { on = 1; next } /^[^ ]/ || NF == 0 { on = 0 } on && /^ [^ ]/ { print $1 }')
			[ "$#" -eq 0 ] || rpm -q --qf '%{NAME}\t%|EPOCH?{%{EPOCH}:}|%{VERSION}-%{RELEASE}\t%{ARCH}\n' -- "$@"
		)
	done
	exit 0
`;

/** Reads dnf's table of a transaction, or why there is none. */
function readTransaction(said: string, installed: string, verb: string): Transaction {
	const unmatched = [...said.matchAll(/^No match for argument: (.+)$/gm)].map(([, name = '']) => name);
	const failure = failureOf(said, verb);
	if (failure) return {...nothingToDo, unmatched, failure};
	const comes: RpmPackage[] = [];
	const goes: RpmPackage[] = [];
	for (const {heading, columns} of rowsOf(said)) {
		const [name = '', arch = '', version = ''] = columns;
		const one = {name, version, full: `${name}-${version}.${arch}`};
		if (/^(Installing|Upgrading|Downgrading|Reinstalling)/.test(heading)) comes.push(one);
		else if (heading.startsWith('Removing')) goes.push(one);
	}
	for (const line of installed.split('\n')) {
		const [name = '', version, arch] = line.split('\t');
		if (arch !== undefined) goes.push({name, version: version!, full: `${name}-${version}.${arch}`});
	}
	return {comes, goes, unmatched};
}

/** The rows below each heading of the table; a name that is too long for its column goes on in the next line. */
function rowsOf(said: string): {heading: string; columns: string[]}[] {
	const rows: {heading: string; columns: string[]}[] = [];
	let heading = '';
	for (const line of said.split('\n')) {
		const [, head] = /^([A-Z][A-Za-z/ ]*):$/.exec(line) ?? [];
		if (head !== undefined) heading = head;
		else if (line.trim() === '' || !line.startsWith(' ')) heading = '';
		else if (heading !== '' && !line.trim().startsWith('replacing ')) {
			const last = rows.at(-1);
			const words = line.trim().split(/\s+/);
			if (last && last.heading === heading && last.columns.length < COLUMNS) last.columns.push(...words);
			else rows.push({heading, columns: words});
		}
	}
	return rows;
}

/** Package, architecture, version, repository, size. */
const COLUMNS = 5;

/** Ansible's words for what dnf refuses; nothing where it does not. */
function failureOf(said: string, verb: string): Transaction['failure'] {
	const begin = /^(?:Error|dnf [a-z]+: error):/m.exec(said);
	const error =
		begin &&
		said
			.slice(begin.index + begin[0].length)
			.replace(/\n\(try to add [\s\S]*/, '')
			.trim();
	if (error === null || (verb === 'upgrade' && error.startsWith('No packages marked for upgrade'))) return undefined;
	const failures = [...said.matchAll(/^(No match|All matches were filtered out by .*) for argument: (.+)$/gm)].map(
		([line, , name]) => (line.startsWith('No match') ? `No package ${name} available.` : `${name} ${line}`),
	);
	if (failures.length > 0) return unavailable(failures);
	const message = error.startsWith('Problem') ? `Depsolve Error occurred: \n ${error}` : error;
	return {message, result: {results: [], rc: 1}};
}

/** The failure for packages that cannot be had, each with its reason. */
export function unavailable(failures: readonly string[]): NonNullable<Transaction['failure']> {
	return {
		message: 'Failed to install some of the specified packages',
		result: {failures: [...failures], results: [], rc: 1},
	};
}

/** What a transaction that was really done came to; fails as dnf says. */
export function outcomeOf(verb: string, {status, stdout, stderr}: Response): void {
	const said = `${stdout}\n${stderr}`;
	if (status === 0) return;
	const failure = failureOf(said, verb);
	if (failure) throw new ModuleFailure(failure.message, failure.result);
	throw new ModuleFailure(said.trim() || `dnf ended with status ${status}`, {results: [], rc: status});
}
