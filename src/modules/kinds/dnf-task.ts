import {sh} from '../../connection/connection.js';
import {ModuleFailure, type Plan, type Planned, type Read, type Result, type States, type Step} from '../contract.js';
import {dnfFlags} from './dnf-flags.js';
import {foretoldPackages, foretoldState, withTransaction} from './dnf-foretold.js';
import {type Foretold, isIdle, nothingToDo, type RpmPackage, type Transaction} from './dnf-state.js';
import {outcomeOf, transactionRead, unavailable} from './dnf-transaction.js';
import type {PackageState, PackageTask} from './package-state.js';
import {compareRpm} from './package-version.js';

/** A command of dnf's with the names it is given; a task is one or two of them. */
interface Command {
	readonly verb: 'install' | 'upgrade' | 'remove' | 'autoremove';
	readonly names: readonly string[];
}

/** A task of dnf as Ansible's module makes it: which names are left to dnf, and what dnf would do with them, which it is asked. */
export const dnfTask = {
	/** What dnf is to be asked before anything is planned, by the names of the readings. */
	reads(task: PackageTask, before: States): Readonly<Record<string, Read<unknown>>> {
		const reads = commandsOf(task, before).map(({verb, names}) => [
			`#${verb}`,
			transactionRead(dnfFlags(verb, task.options), verb, names, task.options['allow_downgrade'] === true) as Read<unknown>,
		]);
		return Object.fromEntries(reads);
	},

	overlay(actual: PackageState, name: string, planned: Planned): PackageState {
		return foretoldState(actual, name, foretoldPackages(planned)) ?? actual;
	},

	plan(task: PackageTask, before: States): Plan<States> {
		const after: Record<string, unknown> = {};
		let foretold: Foretold | undefined;
		for (const {verb, names} of commandsOf(task, before)) {
			const transaction = transactionOf(before, verb);
			if (transaction.failure) throw new ModuleFailure(transaction.failure.message, transaction.failure.result);
			foretold ??= transaction.foretold ?? new Map();
			const isDone = task.options['download_only'] !== true;
			if (isDone) foretold = withTransaction(foretold, transaction);
			after[`#${verb}`] = {...nothingToDo, foretold};
			if (!isDone) continue;
			for (const name of names) {
				const state = before[name] as PackageState | undefined;
				if (state && !isPattern(name)) after[name] = madeOf(name, state, verb, transaction);
			}
		}
		return {after};
	},

	steps(task: PackageTask, before: States): Step[] {
		return commandsOf(task, before)
			.filter(({verb}) => !isIdle(transactionOf(before, verb)))
			.map(({verb, names}) => ({
				script: runDnf,
				args: ['-y', ...dnfFlags(verb, task.options), verb, ...names],
				shows: (line) => line,
				parse: (response) => outcomeOf(verb, response),
			}));
	},

	report(task: PackageTask, before: States): Result {
		const transactions = commandsOf(task, before).map(({verb}) => transactionOf(before, verb));
		const onlyFetched = task.options['download_only'] === true;
		const told = (word: string, packages: readonly RpmPackage[]) => packages.map(({full}) => `${word}: ${full}`);
		const results = [
			...passedOver(task, before, transactions),
			...transactions.flatMap(({comes}) => told(onlyFetched ? 'Downloaded' : 'Installed', comes)),
			...transactions.flatMap(({goes}) => told('Removed', goes)),
		];
		return {msg: transactions.every(isIdle) ? 'Nothing to do' : '', results, rc: 0};
	},
};

function transactionOf(before: States, verb: string): Transaction {
	return (before[`#${verb}`] as Transaction | undefined) ?? nothingToDo;
}

/** Names that stand for whatever fits them, which dnf knows. */
function isPattern(name: string): boolean {
	return /[*?[]/.test(name);
}

/** What looks like an option, or goes on in another line, is no name. */
function isPossible(name: string): boolean {
	return !name.startsWith('-') && !name.includes('\n');
}

function isFile(name: string): boolean {
	return name.endsWith('.rpm') || name.includes('://');
}

/** What dnf is left to do: what is there as it shall be is not named to it, since it might take newer versions of that. */
function commandsOf({names, state, options}: PackageTask, before: States): Command[] {
	const strange = names.find((name) => !isPossible(name));
	if (strange !== undefined && state !== 'absent') {
		const {message, result} = unavailable([`No package ${strange} available.`]);
		throw new ModuleFailure(message, result);
	}
	if (names.length === 0) return options['autoremove'] === true ? [{verb: 'autoremove', names}] : [];
	// What rpm's database told is not of that root.
	const isElsewhere = typeof options['installroot'] === 'string' && options['installroot'] !== '/';
	const isOpen = (name: string) => isElsewhere || isPattern(name);
	const isPresent = (name: string) => (before[name] as PackageState).present === true;
	const command = (verb: Command['verb'], isMeant: (name: string) => boolean): Command[] => {
		const meant = names.filter(isMeant);
		return meant.length > 0 ? [{verb, names: meant}] : [];
	};
	if (state === 'absent') {
		if (names.some(isFile)) throw new ModuleFailure('Cannot remove paths -- please specify package name.', {results: [], rc: 1});
		return command('remove', (name) => isPossible(name) && (isOpen(name) || isPresent(name)));
	}
	if (names.length === 1 && names[0] === '*' && state === 'latest') return [{verb: 'upgrade', names: []}];
	const onlyUpgrade = options['update_only'] === true || options['only_upgrade'] === true;
	const upgrades = state === 'latest' || onlyUpgrade;
	// dnf would not upgrade what is only foretold to be there: it is asked what it would install instead.
	const isForetold = (name: string) => (before[name] as PackageState).foretold === true && isPresent(name);
	const mayGoBack = options['allow_downgrade'] === true;
	return [
		...command('upgrade', (name) => upgrades && !isFile(name) && (isOpen(name) || (isPresent(name) && !isForetold(name)))),
		...command(
			'install',
			(name) =>
				(!onlyUpgrade && (isOpen(name) || isMissing(name, before, mayGoBack))) ||
				(upgrades && !isFile(name) && !isOpen(name) && isForetold(name)),
		),
	];
}

/** Whether a name asks for what is not there; a newer version will do unless going back is allowed. */
function isMissing(name: string, before: States, mayGoBack: boolean): boolean {
	const {present, newer, version, candidate} = before[name] as PackageState;
	if (!isFile(name)) return !present && (!newer || mayGoBack);
	const difference = typeof version === 'string' ? compareRpm(version, candidate ?? '') : -1;
	return mayGoBack ? difference !== 0 : difference < 0;
}

/** What becomes of a name that a command was given. */
function madeOf(name: string, state: PackageState, verb: Command['verb'], {comes, goes, doubted}: Transaction): PackageState {
	const own = comes.find((one) => one.name === name || name.startsWith(`${one.name}-`) || one.name === state.matches?.[0]);
	if (own) return {...state, present: true, newer: false, version: own.version};
	// dnf was asked now: what is only foretold to be gone is still there for it.
	const isBack = state.foretold === true && !state.present;
	if (verb === 'install' && (comes.length > 0 || isBack || doubted)) return {...state, present: true, version: undefined};
	if (verb === 'remove' && goes.length > 0) return {...state, present: false, version: undefined};
	return state;
}

/** Ansible's remarks on names with which nothing was done. */
function passedOver({names, state, options}: PackageTask, before: States, transactions: readonly Transaction[]): string[] {
	const isAbsent = (name: string) => !isPattern(name) && !isFile(name) && (before[name] as PackageState).present !== true;
	if (state === 'absent') return names.filter(isAbsent).map((name) => `No match for argument: ${name}`);
	const files = names.filter(isFile).map((name) => `Installed ${name}`);
	const untouched = options['update_only'] === true ? names.filter(isAbsent) : [];
	return [
		...files,
		...untouched.map((name) => `Packages providing ${name} not installed due to update_only specified`),
		...transactions.flatMap(({unmatched}) => unmatched.map((name) => `No package ${name} available.`)),
	];
}

const runDnf = sh`
	# prints what dnf prints; its arguments are dnf's
	LC_ALL=C; export LC_ALL
	dnf "$@" </dev/null
`;
