import type {ArgumentSpec, ArgumentSpecs} from './argument-spec.js';

/** A set of specs by what is asked of it for every task: worked out once. */
export interface Outline {
	readonly aliases: readonly {readonly name: string; readonly alias: string}[];
	/** Names of `no_log` arguments. */
	readonly silent: readonly string[];
	readonly withDefault: readonly (readonly [name: string, spec: ArgumentSpec])[];
	/** Arguments that must be given, or be one of some choices. */
	readonly demanding: readonly (readonly [name: string, spec: ArgumentSpec])[];
}

const outlines = new WeakMap<ArgumentSpecs, Outline>();

export function outlineOf(specs: ArgumentSpecs): Outline {
	const known = outlines.get(specs);
	if (known) return known;
	const entries = Object.entries(specs);
	const outline: Outline = {
		aliases: entries.flatMap(([name, spec]) => (spec.aliases ?? []).map((alias) => ({name, alias}))),
		silent: entries.filter(([, spec]) => spec.no_log).map(([name]) => name),
		withDefault: entries.filter(([, spec]) => spec.default !== undefined && spec.default !== null),
		demanding: entries.filter(([, spec]) => spec.required || spec.choices),
	};
	outlines.set(specs, outline);
	return outline;
}
