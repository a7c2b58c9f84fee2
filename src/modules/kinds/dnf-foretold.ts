import type {Planned} from '../contract.js';
import type {Foretold, RpmPackage, Transaction} from './dnf-state.js';
import type {PackageState} from './package-state.js';
import {compareRpm, fitsPattern} from './package-version.js';

/** What the tasks so far are foretold to leave: each transaction carries on what was foretold before it. */
export function foretoldPackages(planned: Planned): Foretold {
	const last = [...planned.entries('dnf-transaction')].at(-1);
	return (last?.[1] as Transaction | undefined)?.foretold ?? new Map();
}

/** What is foretold after a transaction. */
export function withTransaction(foretold: Foretold, {comes, goes}: Transaction): Foretold {
	return new Map<string, RpmPackage | null>([
		...foretold,
		...goes.map((one) => [one.name, null] as const),
		...comes.map((one) => [one.name, one] as const),
	]);
}

/** What dnf would do after the foretold, made of what it says it would do now. */
export function foretoldTransaction(
	actual: Transaction,
	{verb, names, mayGoBack}: {readonly verb: string; readonly names: readonly string[]; readonly mayGoBack: boolean},
	foretold: Foretold,
): Transaction {
	const hasCome = ({name, version}: RpmPackage) => {
		const there = foretold.get(name);
		return there && (mayGoBack ? there.version === version : compareRpm(there.version, version) >= 0);
	};
	const comes = actual.comes.filter((one) => !hasCome(one));
	const settled = new Set(actual.comes.filter(hasCome).map(({name}) => name));
	const going = new Map(actual.goes.filter(({name}) => !settled.has(name)).map((one) => [one.name, one] as const));
	for (const [name, there] of foretold) {
		const isMeant = verb === 'remove' ? names.some((word) => fitsPattern(name, word)) : comes.some((one) => one.name === name);
		if (there === null) going.delete(name);
		else if (isMeant || going.has(name)) going.set(name, there);
	}
	return {...actual, comes, goes: [...going.values()], foretold};
}

/** What a name of a task stands for after the foretold. */
export function foretoldState(actual: PackageState, text: string, foretold: Foretold): PackageState | undefined {
	const fileOf = actual.matches?.[0];
	if (fileOf !== undefined) {
		const there = foretold.get(fileOf);
		return there === undefined ? undefined : {...actual, present: there !== null, version: there?.version, foretold: true};
	}
	const spec = specOf(text, foretold);
	const there = spec && foretold.get(spec.name);
	if (!spec || there === undefined) return undefined;
	if (there === null) return {...actual, present: false, newer: false, version: undefined, foretold: true};
	const difference = spec.version === undefined ? 0 : compareRpm(there.version, spec.version);
	return {
		...actual,
		present:
			difference === 0
				? spec.comparison !== '<' && spec.comparison !== '>'
				: spec.comparison.includes(difference < 0 ? '<' : '>'),
		newer: spec.comparison === '-' && difference > 0,
		version: there.version,
		foretold: true,
	};
}

/** The package that `hello`, `hello-1.0`, `hello-1.0-1.noarch` or `hello >= 1.0` is about, and how its version shall compare. */
function specOf(text: string, foretold: Foretold): {name: string; comparison: string; version?: string} | undefined {
	const [, plain, compared, bound] = /^(\S+)\s+([<>]=?|=)\s+(\S+)$/.exec(text) ?? [];
	if (plain !== undefined) return {name: plain, comparison: compared!, version: bound!};
	if (foretold.has(text)) return {name: text, comparison: '='};
	for (const name of foretold.keys()) {
		const version = text.slice(name.length + 1);
		if (text.startsWith(`${name}-`) && /^\d/.test(version)) return {name, comparison: '-', version: withoutArchitecture(version)};
	}
	return undefined;
}

/** `1.0-1.noarch` is `1.0-1`. */
export function withoutArchitecture(version: string): string {
	return version.replace(/\.(noarch|[a-z]\w*)$/, '');
}
