import type {ArgumentRules, RequiredIf} from './argument-spec.js';

/** One broken rule: Ansible's sentence and the arguments it is about. */
export interface BrokenRule {
	readonly message: string;
	readonly names: readonly string[];
	readonly missing: boolean;
}

/** What of the arguments a rule sees: their names and converted values. */
export type Given = ReadonlyMap<string, unknown>;

/** The first group of which more than one is given (Ansible tells all groups in one sentence). */
export function brokenExclusions(groups: readonly (readonly string[])[] | undefined, given: Given): BrokenRule | undefined {
	const broken = (groups ?? []).filter((group) => countGiven(group, given) > 1);
	if (broken.length === 0) return undefined;
	return {
		message: `parameters are mutually exclusive: ${broken.map((group) => group.join('|')).join(', ')}`,
		names: broken.flat().filter((name) => given.has(name)),
		missing: false,
	};
}

/** The rules that are looked at when types and choices have been: each kind tells its first break, in Ansible's order. */
export function brokenRequirements(rules: ArgumentRules, given: Given): BrokenRule[] {
	return [
		brokenTogether(rules.requiredTogether ?? [], given),
		brokenOneOf(rules.requiredOneOf ?? [], given),
		brokenIf(rules.requiredIf ?? [], given),
		brokenBy(rules.requiredBy ?? {}, given),
	].filter((broken) => broken !== undefined);
}

function brokenTogether(groups: readonly (readonly string[])[], given: Given): BrokenRule | undefined {
	const broken = groups.find((group) => group.some((name) => given.has(name)) && !group.every((name) => given.has(name)));
	if (!broken) return undefined;
	return {message: `parameters are required together: ${broken.join(', ')}`, names: broken, missing: true};
}

function brokenOneOf(groups: readonly (readonly string[])[], given: Given): BrokenRule | undefined {
	const broken = groups.find((group) => countGiven(group, given) === 0);
	return broken && {message: `one of the following is required: ${broken.join(', ')}`, names: broken, missing: true};
}

function brokenIf(rules: readonly RequiredIf[], given: Given): BrokenRule | undefined {
	for (const [name, value, required, any = false] of rules) {
		if (!given.has(name) || given.get(name) !== value) continue;
		const absent = required.filter((one) => !given.has(one));
		if (absent.length === 0 || (any && absent.length < required.length)) continue;
		const shown = value === true ? 'True' : value === false ? 'False' : String(value);
		return {
			message: `${name} is ${shown} but ${any ? 'any' : 'all'} of the following are missing: ${absent.join(', ')}`,
			names: absent,
			missing: true,
		};
	}
	return undefined;
}

function brokenBy(rules: Readonly<Record<string, readonly string[] | string>>, given: Given): BrokenRule | undefined {
	for (const [name, required] of Object.entries(rules)) {
		if (isNone(given.get(name))) continue;
		const absent = [required].flat().filter((one) => isNone(given.get(one)));
		if (absent.length > 0)
			return {message: `missing parameter(s) required by '${name}': ${absent.join(', ')}`, names: absent, missing: true};
	}
	return undefined;
}

function isNone(value: unknown): boolean {
	return value === undefined || value === null;
}

function countGiven(names: readonly string[], given: Given): number {
	return names.filter((name) => given.has(name)).length;
}
