import {ModuleFailure, type Plan, type Read, type Result, type States, type Step, unknown} from '../contract.js';
import {indexRead, managerOf, packageRead} from './package.js';
import type {CandidateManager} from './package-manager.js';
import type {PackageState, PackageStates, PackageTask, PackageWants} from './package-state.js';
import {fitsPattern} from './package-version.js';

/** A package as the task names it: `nginx`, `nginx=1.2*`, `nginx>=1.2`. */
interface Spec {
	readonly name: string;
	readonly comparison?: '=' | '>=';
	readonly version?: string;
}

/** Readings are named by their package; the index stands under `#index`. */
const indexName = '#index';

export function parseSpec(text: string): Spec {
	const [, name = text, comparison, version] = /^(.*?)\s*(>?=)\s*(.*)$/s.exec(text.trim()) ?? [];
	return comparison ? {name, comparison: comparison as '=' | '>=', version} : {name: name.trim()};
}

function wantsOf({use, state, names, options}: PackageTask): PackageWants {
	return {
		use,
		candidates: state === 'latest' || (state === 'present' && names.some((name) => parseSpec(name).comparison !== undefined)),
		release: typeof options['default_release'] === 'string' ? options['default_release'] : '',
	};
}

export function readPackages(task: PackageTask): Record<string, Read<PackageState>> {
	const wants = wantsOf(task);
	const names = new Set(task.names.flatMap((text) => keysOf(text, task.use)));
	return Object.fromEntries([
		[indexName, indexRead(wants)],
		...[...names].map((name) => [name, packageRead(name, wants)] as const),
	]);
}

/** What a name of a task is read under: apt knows packages by their names alone, dnf takes the text as it is. */
function keysOf(text: string, use: string): string[] {
	const {name} = parseSpec(text);
	return use === 'dnf' ? [text] : use === 'apt' ? [name] : [name, text];
}

/** What is read besides when the packages are known: those that patterns stand for, or what the manager would do. */
export function readMatches(task: PackageTask, before: States): Readonly<Record<string, Read<unknown>>> | undefined {
	const manager = managerOf(before[indexName] as PackageState);
	return manager.tells === 'transactions' ? manager.reads(task, before) : matchesOf(task, before as PackageStates);
}

function matchesOf(task: PackageTask, before: PackageStates): Readonly<Record<string, Read<unknown>>> | undefined {
	const matches = patternsOf(task).flatMap((name) => before[name]?.matches ?? []);
	const more = matches.filter((name) => !(name in before));
	return more.length > 0
		? Object.fromEntries(more.map((name) => [name, packageRead(name, wantsOf(task)) as Read<unknown>]))
		: undefined;
}

function isPattern(name: string): boolean {
	return /[*?[]/.test(name) && !isFile(name);
}

function patternsOf({names}: PackageTask): string[] {
	return names.map((text) => parseSpec(text).name).filter(isPattern);
}

function isFile(name: string): boolean {
	return name.includes('/') && /\.(deb|rpm)$/.test(name);
}

/** The steps that come before the packages are looked at in earnest: a stale index, packages that shall count as wanted. */
export function preludeOf(task: PackageTask, states: States): Step[] {
	const before = states as PackageStates;
	const manager = managerOf(before[indexName]!);
	// With packages to look after, dnf brings its index up to date when it is asked what it would do.
	if (manager.tells === 'transactions')
		return isStale(task, before) && task.names.length === 0 ? [manager.update(task.options)] : [];
	const automatic =
		task.state === 'absent' ? [] : specsOf(task, before).filter(({name}) => before[name]?.present && before[name]?.automatic);
	return [
		...(isStale(task, before) ? [manager.update(task.options)] : []),
		...(automatic.length > 0 && manager.keep ? [manager.keep(automatic.map(({name}) => name))] : []),
	];
}

/** Whether the index is older than the task lets it be. */
export function isStale({maximumAge}: PackageTask, before: PackageStates): boolean {
	const {time, now = 0} = before[indexName] ?? {};
	return maximumAge !== undefined && (time === undefined || time === unknown || time + maximumAge < now);
}

export function planPackages(task: PackageTask, states: States, preluded: readonly unknown[] = []): Plan<States> {
	const before = states as PackageStates;
	const index = before[indexName]!;
	const manager = managerOf(index);
	if (manager.tells === 'transactions') return manager.plan(task, states);
	const after: Record<string, PackageState> = {};
	const awaiting = isStale(task, before) && preluded.length === 0;
	if (task.names.length === 0 && task.maximumAge !== undefined) {
		after[indexName] = awaiting ? {...index, time: unknown} : index;
	}
	for (const name of patternsOf(task)) {
		if (before[name]!.matches?.length) continue;
		if (task.state === 'absent' || awaiting || before[name]!.pending) continue;
		fail(manager, name);
	}
	for (const spec of specsOf(task, before)) {
		const state = before[spec.name]!;
		if (task.state === 'absent') {
			const gone = mustGo(task, spec, state, manager);
			after[spec.name] = gone
				? {...state, present: false, version: undefined, residue: task.options['purge'] ? false : undefined}
				: state;
			continue;
		}
		const chosen = choose(task, spec, awaiting ? {...state, pending: true} : state, manager);
		after[spec.name] = chosen ? {...state, present: true, version: chosen.version, residue: false} : state;
	}
	return {after};
}

function specsOf(task: PackageTask, before: PackageStates): Spec[] {
	return task.names
		.map(parseSpec)
		.flatMap((spec) => (isPattern(spec.name) ? (before[spec.name]?.matches ?? []).map((name) => ({...spec, name})) : [spec]));
}

/** What to install for a name: nothing, or a version (undefined where only the manager knows), and how to name it. */
function choose(
	task: PackageTask,
	spec: Spec,
	state: PackageState,
	manager: CandidateManager,
): {words: string; version?: string} | undefined {
	const {name, comparison, version} = spec;
	const {present = false, candidate, pending = false} = state;
	const here = present && typeof state.version === 'string' ? state.version : undefined;
	const onlyUpgrade = task.options['only_upgrade'] === true || task.options['update_only'] === true;
	if (!present && onlyUpgrade) return undefined;
	const known =
		present || candidate !== undefined || pending || (state.versions?.length ?? 0) > 0 || (state.providers?.length ?? 0) > 0;
	if (!known) fail(manager, name);
	const fits = (one: string) =>
		comparison === '=' ? fitsPattern(one, version!) : comparison === '>=' ? manager.compare(one, version!) >= 0 : true;
	const suitable = present && (comparison === undefined || here === undefined || fits(here));
	const best =
		comparison === '='
			? [...(state.versions ?? [])].filter(fits).sort(manager.compare).at(-1)
			: candidate !== undefined && fits(candidate)
				? candidate
				: undefined;
	if (isFile(name))
		return here === candidate
			? undefined
			: {words: name.startsWith('/') || name.includes('://') ? name : `./${name}`, version: candidate};
	if (!suitable && best === undefined) {
		if (comparison === undefined || pending) return {words: comparison === '=' ? manager.withVersion(name, version!) : name};
		throw new ModuleFailure(`no available installation candidate for ${name}${comparison}${version}`);
	}
	if (suitable && (task.state !== 'latest' || best === undefined || here === undefined || best === here)) return undefined;
	if (suitable && comparison === undefined && manager.compare(best!, here!) < 0 && task.options['allow_downgrade'] !== true)
		return undefined;
	return {words: comparison || task.state === 'latest' ? manager.withVersion(name, best!) : name, version: best};
}

function mustGo(task: PackageTask, {comparison, version}: Spec, state: PackageState, manager: CandidateManager): boolean {
	if (state.residue && task.options['purge'] === true) return true;
	// What only another package provides is not removed under this name.
	if (!state.present || state.version === undefined) return false;
	if (comparison === undefined || typeof state.version !== 'string') return true;
	return comparison === '=' ? fitsPattern(state.version, version!) : manager.compare(state.version, version!) >= 0;
}

function fail(manager: CandidateManager, name: string): never {
	const {message, result} = manager.unavailable(name);
	throw new ModuleFailure(message, result);
}

/** One step for all packages that come, or for all that go. */
export function packageSteps(task: PackageTask, states: States, planned: States): Step[] {
	const [before, after] = [states, planned] as [PackageStates, PackageStates];
	const manager = managerOf(before[indexName]!);
	if (manager.tells === 'transactions') return manager.steps(task, states);
	const changing = specsOf(task, before).filter(({name}) => name in after && after[name] !== before[name]);
	if (changing.length === 0) return [];
	if (task.state === 'absent')
		return [
			manager.remove(
				changing.map(({name}) => name),
				task.options,
			),
		];
	const words = changing.flatMap((spec) => choose(task, spec, before[spec.name]!, manager)?.words ?? []);
	return words.length > 0 ? [manager.install(words, task.options)] : [];
}

/** What a task of a manager that tells transactions came to. */
export function reportPackages(task: PackageTask, before: States): Result {
	const manager = managerOf(before[indexName] as PackageState);
	return manager.tells === 'transactions' ? manager.report(task, before) : {};
}

/** The index's time as Ansible gives it, and whether this task brought it up to date. */
export function reportIndex(task: PackageTask, before: PackageStates, outputs: readonly unknown[], ran: boolean) {
	const updated = (outputs as readonly {readonly updated?: boolean}[]).find((output) => typeof output?.updated === 'boolean');
	const {time = 0} = before[indexName] ?? {};
	return {
		cache_updated: updated ? updated.updated! : !ran && isStale(task, before),
		cache_update_time: time === unknown ? 0 : time,
	};
}
