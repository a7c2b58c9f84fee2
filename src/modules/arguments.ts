import {Dict, pythonStr, Template, typeName, type Unknown, type Value} from '../jinja/jinja.js';
import type {DiagnosticCode} from '../source/source.js';
import {isSame, yamlWord} from './argument-choices.js';
import {type Outline, outlineOf} from './argument-outline.js';
import {type BrokenRule, brokenExclusions, brokenRequirements} from './argument-rules.js';
import {schemaErrors} from './argument-schema.js';
import type {ArgumentRules, ArgumentSpec, ArgumentSpecs} from './argument-spec.js';
import {anything, collectSecrets, collectTexts, findUnknown, isOpen, plainOf} from './argument-values.js';
import type {Args} from './contract.js';
import {ConversionError, convertArgument} from './convert-argument.js';

/** Whose arguments they are: it decides the words of some messages. */
export interface ArgumentsOf {
	/** The module's name as the task writes it; undefined for a role's arguments. */
	readonly module?: string;
	/** Names that are not in the specs are taken as they are (`set_fact`). */
	readonly anyArguments?: boolean;
	/** Arguments that arrive as written (`assert: that`): templates in them are left alone. */
	readonly expressions?: readonly string[];
}

/** Something wrong with arguments. */
export interface ArgumentProblem {
	readonly code: DiagnosticCode & `module/${string}`;
	/** Ansible's sentence. */
	readonly message: string;
	/** The arguments it is about, as paths into nested options: as the task wrote them, so the place can be found. */
	readonly names: readonly (readonly string[])[];
	/** Names that would have been right, for a suggestion. */
	readonly candidates?: readonly string[];
}

export interface ReadArguments {
	/** Converted, aliases resolved, defaults filled in; an argument without a value is undefined (`raw` keeps None as null). */
	readonly args: Args;
	/** In the order in which Ansible finds them: a task fails with the first one's message. */
	readonly problems: readonly ArgumentProblem[];
	readonly warnings: readonly string[];
	/** Texts that no output may show: values of `no_log` arguments, secrets in any argument. */
	readonly noLogValues: ReadonlySet<string>;
	/** The arguments whose value cannot be foretold, with the reason: the task is unknown, unless its action takes such values. */
	readonly unknown: ReadonlyMap<string, Unknown>;
}

/**
 * Reads a task's or role's arguments by their specs, by the rules and in the words of Ansible's `ArgumentSpecValidator`.
 * Values are finalized; a `Template` among them (the check at load) and an unknown value stand for anything.
 */
export function readBySpecs(
	specs: ArgumentSpecs,
	rules: ArgumentRules | undefined,
	given: ReadonlyMap<string, Value> | Readonly<Record<string, Value>>,
	of: ArgumentsOf = {},
): ReadArguments {
	const reading: Reading = {of, problems: [], warnings: [], noLogValues: new Set(), unknown: new Map(), stray: []};
	const entries = given instanceof Map ? (given as ReadonlyMap<string, Value>) : new Map(Object.entries(given));
	for (const [name, value] of entries) {
		collectSecrets(value, reading.noLogValues);
		const unknown = findUnknown(value);
		if (unknown) reading.unknown.set(name, unknown);
	}
	const args = readLevel(reading, specs, rules ?? {}, entries, []);
	reportStray(reading);
	const {problems, warnings, noLogValues, unknown} = reading;
	return {args, problems, warnings, noLogValues, unknown};
}

interface Reading {
	readonly of: ArgumentsOf;
	readonly problems: ArgumentProblem[];
	readonly warnings: string[];
	readonly noLogValues: Set<string>;
	readonly unknown: Map<string, Unknown>;
	readonly stray: {path: readonly string[]; specs: ArgumentSpecs}[];
}

function readLevel(
	reading: Reading,
	specs: ArgumentSpecs,
	rules: ArgumentRules,
	given: ReadonlyMap<string, Value>,
	context: readonly string[],
): Record<string, unknown> {
	const {aliases, silent, withDefault} = outlineOf(specs);
	const {values, written} = resolveAliases(reading, aliases, given, context);
	const place = (name: string) => [...context, written.get(name) ?? name];
	const complain = (code: ArgumentProblem['code'], message: string, names: readonly string[]) =>
		reading.problems.push({
			code,
			message: message + (context.length ? ` found in ${context.join(' -> ')}` : ''),
			names: names.map(place),
		});
	const break_ = (broken: BrokenRule) =>
		complain(broken.missing ? 'module/missing-argument' : 'module/argument-value', broken.message, broken.names);

	for (const name of silent) collectTexts(values.get(name), reading.noLogValues);
	const exclusive = brokenExclusions(rules.mutuallyExclusive, values);
	if (exclusive) break_(exclusive);

	const converted = new Map<string, unknown>();
	const faults: ArgumentProblem[] = [];
	for (const [name, value] of values) {
		const spec = specs[name];
		converted.set(name, spec ? convert(reading, faults, spec, name, value, context, place(name)) : value);
	}
	for (const [name, spec] of withDefault) {
		if (converted.has(name)) continue;
		converted.set(name, defaultOf(reading, spec, name, context));
		if (spec.no_log) collectTexts(spec.default as Value, reading.noLogValues);
	}
	const open = context.length === 0 && reading.of.anyArguments === true;
	const plain: Record<string, unknown> = {};
	for (const [name, value] of converted) if (open || name in specs) plain[name] = plainOf(value);
	const errors = schemaErrors(specs, plain, open, (name) => converted.get(name) === anything);
	const missing = errors.filter(({keyword}) => keyword === 'required').map(({params}) => String(params['missingProperty']));
	const absent = missing.filter((name) => !converted.has(name)).sort();
	if (absent.length > 0) complain('module/missing-argument', `missing required arguments: ${absent.join(', ')}`, absent);
	reading.problems.push(...faults);
	for (const name of new Set(
		errors.filter(({keyword}) => keyword === 'enum').map(({instancePath}) => instancePath.split('/')[1]!),
	)) {
		if (converted.get(name) === null || faults.some(({names}) => names[0]?.at(-1) === place(name).at(-1))) continue;
		checkChoices(specs[name]!, name, converted, complain);
	}
	for (const broken of brokenRequirements(rules, converted)) break_(broken);
	for (const [name, value] of converted) {
		const offered = specs[name]?.offered;
		if (!offered || !values.has(name) || isNone(value) || value === anything || offered.some((one) => isSame(one, value)))
			continue;
		const shown = offered.length > 0 ? ` with any value but ${offered.map((one) => JSON.stringify(one)).join(', ')}` : '';
		complain('module/unsupported', `Playbill does not offer the argument \`${name}\`${shown}`, [name]);
	}

	const args: Record<string, unknown> = {};
	for (const [name, value] of converted) {
		const spec = specs[name];
		if (spec) args[name] = readOptions(reading, spec, name, value, context);
		else if (open) args[name] = value;
		else reading.stray.push({path: [...context, name], specs});
		if (args[name] === anything) args[name] = values.get(name);
		if (args[name] === null && spec?.type !== 'raw' && spec) delete args[name];
	}
	return args;
}

/** Gives each value its argument's own name; `written` keeps the name that the task used. */
function resolveAliases(
	reading: Reading,
	aliases: Outline['aliases'],
	given: ReadonlyMap<string, Value>,
	context: readonly string[],
) {
	const values = new Map(given);
	const written = new Map<string, string>();
	for (const {name, alias} of aliases) {
		if (!given.has(alias)) continue;
		const prefix = context.map((part) => `${part}.`).join('');
		if (given.has(name)) reading.warnings.push(`Both option ${prefix}${name} and its alias ${prefix}${alias} are set.`);
		values.set(name, given.get(alias)!);
		values.delete(alias);
		written.set(name, alias);
	}
	return {values, written};
}

function convert(
	reading: Reading,
	faults: ArgumentProblem[],
	spec: ArgumentSpec,
	name: string,
	value: Value,
	context: readonly string[],
	place: readonly string[],
): unknown {
	if (context.length === 0 && reading.of.expressions?.includes(name)) return value;
	const {type = 'str', elements} = spec;
	if (spec.local && !(typeof value === 'string')) return value instanceof Template ? anything : value;
	if (isOpen(value) && type !== 'raw') return anything;
	if (value === null && !spec.required && isNone(spec.default)) return null;
	try {
		const whole = convertArgument(value, type);
		if (!elements || !Array.isArray(whole)) return whole;
		return whole.map((item: Value) => convertElement(faults, elements, name, item, context, place));
	} catch (error) {
		if (!(error instanceof ConversionError)) throw error;
		const found = context.length ? ` found in '${context.join(' -> ')}'.` : '';
		faults.push({
			code: 'module/argument-value',
			message: `argument '${name}' is of type ${typeName(value)}${found} and we were unable to convert to ${type}: ${error.message}`,
			names: [place],
		});
		return value;
	}
}

function convertElement(
	faults: ArgumentProblem[],
	type: NonNullable<ArgumentSpec['elements']>,
	name: string,
	item: Value,
	context: readonly string[],
	place: readonly string[],
): unknown {
	if (isOpen(item) && type !== 'raw') return item;
	try {
		return convertArgument(item, type);
	} catch (error) {
		if (!(error instanceof ConversionError)) throw error;
		const found = context.length ? ` found in '${context.join(' -> ')}'` : '';
		faults.push({
			code: 'module/argument-value',
			message: `Elements value for option '${name}'${found} is of type ${typeName(item)} and we were unable to convert to ${type}: ${error.message}`,
			names: [place],
		});
		return item;
	}
}

/** A default is converted like a given value (a role's may be written `'yes'`). */
function defaultOf(reading: Reading, spec: ArgumentSpec, name: string, context: readonly string[]): unknown {
	return convert(reading, [], {...spec, default: undefined}, name, spec.default as Value, context, [name]);
}

function checkChoices(
	spec: ArgumentSpec,
	name: string,
	converted: Map<string, unknown>,
	complain: (code: ArgumentProblem['code'], message: string, names: readonly string[]) => unknown,
): void {
	const choices = spec.choices!;
	const value = converted.get(name) as Value;
	const shown = choices.map((choice) => pythonStr(choice)).join(', ');
	if (Array.isArray(value)) {
		const strange = value.filter((item) => !choices.includes(item) && !isOpen(item)).map((item) => pythonStr(item));
		if (strange.length === 0) return;
		complain(
			'module/argument-value',
			`value of ${name} must be one or more of: ${shown}. Got no match for: ${strange.join(', ')}`,
			[name],
		);
		return;
	}
	const meant = yamlWord(value, choices);
	if (meant !== undefined) converted.set(name, meant);
	else complain('module/argument-value', `value of ${name} must be one of: ${shown}, got: ${pythonStr(value)}`, [name]);
}

/** The nested options of a dict, or of each dict of a list. */
function readOptions(reading: Reading, spec: ArgumentSpec, name: string, value: unknown, context: readonly string[]): unknown {
	const {options, type, elements} = spec;
	if (!options || isNone(value) || value === anything) return value;
	if (type !== 'dict' && !(type === 'list' && elements === 'dict')) return value;
	const rules: ArgumentRules = {
		mutuallyExclusive: spec.mutually_exclusive,
		requiredOneOf: spec.required_one_of,
		requiredTogether: spec.required_together,
		requiredIf: spec.required_if,
		requiredBy: spec.required_by,
	};
	const readOne = (item: unknown): unknown => {
		if (isOpen(item as Value)) return item;
		if (item instanceof Dict) {
			const entries = new Map([...item.entries()].map(([key, entry]) => [pythonStr(key), entry] as const));
			return readLevel(reading, options, rules, entries, [...context, name]);
		}
		reading.problems.push({
			code: 'module/argument-value',
			message: `value of '${name}' must be of type dict or list of dicts`,
			names: [[...context, name]],
		});
		return item;
	};
	return Array.isArray(value) ? value.map(readOne) : readOne(value);
}

function reportStray({of, problems, stray}: Reading): void {
	const last = stray.at(-1);
	if (!last) return;
	const names = Object.keys(last.specs).sort();
	const aliases = Object.values(last.specs)
		.flatMap((spec) => spec.aliases ?? [])
		.sort();
	const texts = [...new Set(stray.map(({path}) => path.join('.')))].sort().join(', ');
	const supported = names.join(', ') + (aliases.length ? ` (${aliases.join(', ')})` : '');
	problems.push({
		code: 'module/unknown-argument',
		message: `${of.module ? `Unsupported parameters for (${of.module}) module: ` : ''}${texts}. Supported parameters include: ${supported}.`,
		names: stray.map(({path}) => path),
		candidates: [...names, ...aliases],
	});
}

function isNone(value: unknown): boolean {
	return value === undefined || value === null;
}
