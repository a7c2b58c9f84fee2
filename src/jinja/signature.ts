import type {Expression} from './ast.js';
import {PythonError, typeError} from './fault.js';
import {tokenize} from './lexer.js';
import {ExpressionParser} from './parser.js';
import {negate} from './python/arithmetic.js';
import {plainSyntax} from './syntax.js';
import {Dict, Tuple, type Value} from './value.js';

interface Parameter {
	readonly name: string;
	readonly kind: 'plain' | 'rest' | 'keyword' | 'named';
	/** Undefined: the argument is required. */
	readonly fallback: Value | undefined;
}

/** A parsed parameter list, `a, b=1, *rest, c='x', **named`. */
export interface Parameters {
	readonly all: readonly Parameter[];
	/** How many can be given by position. */
	readonly positional: number;
	/** Nothing but plain parameters: most calls take the short way. */
	readonly simple: boolean;
}

const parsed = new Map<string, Parameters>();

/** Reads a parameter list as filters declare it. */
export function parseParameters(signature: string): Parameters {
	const known = parsed.get(signature);
	if (known) return known;
	const all: Parameter[] = [];
	let keywordOnly = false;
	for (const part of splitParts(signature)) {
		const [, stars, name, literal] = /^(\*{0,2})\s*(\w*)\s*(?:=\s*(.+))?$/s.exec(part)!;
		if (stars === '**') all.push({name: name!, kind: 'named', fallback: undefined});
		else if (stars === '*') {
			keywordOnly = true;
			if (name) all.push({name, kind: 'rest', fallback: undefined});
		} else
			all.push({
				name: name!,
				kind: keywordOnly ? 'keyword' : 'plain',
				fallback: literal === undefined ? undefined : literalValue(literal),
			});
	}
	const positional = all.filter((one) => one.kind === 'plain').length;
	const result = {all, positional, simple: positional === all.length};
	parsed.set(signature, result);
	return result;
}

function splitParts(signature: string): string[] {
	const parts: string[] = [];
	let depth = 0;
	let quote = '';
	let part = '';
	for (const character of signature) {
		if (quote) quote = character === quote ? '' : quote;
		else if (character === "'" || character === '"') quote = character;
		else if ('([{'.includes(character)) depth++;
		else if (')]}'.includes(character)) depth--;
		else if (character === ',' && depth === 0) {
			parts.push(part.trim());
			part = '';
			continue;
		}
		part += character;
	}
	return [...parts, part.trim()].filter(Boolean);
}

/** The value of a Python literal (`'x'`, `-1`, `[1, 2]`, `None`); throws `PythonError` for anything else. */
export function literalValue(text: string): Value {
	const tokens = tokenize(text, {syntax: plainSyntax, rawStrings: false, expression: true});
	return constantOf(new ExpressionParser(tokens).parseLiteral());
}

function constantOf(expression: Expression): Value {
	switch (expression.kind) {
		case 'constant':
			return expression.value;
		case 'list':
			return expression.items.map(constantOf);
		case 'tuple':
			return new Tuple(expression.items.map(constantOf));
		case 'dict':
			return Dict.from(expression.pairs.map(([key, value]) => [constantOf(key), constantOf(value)] as const));
		case 'unary':
			if (expression.operator === '-') return negate(constantOf(expression.value));
	}
	throw new PythonError('ValueError', 'malformed node or string');
}

const nothing: readonly Value[] = [];

/** The defaults of the parameters behind the first `count`, when nothing but plain parameters are left and all of them have one. */
export function fallbacksAfter({all, simple}: Parameters, count: number): readonly Value[] {
	if (!simple || count >= all.length) return nothing;
	const fallbacks: Value[] = [];
	for (let index = count; index < all.length; index++) {
		const {fallback} = all[index]!;
		if (fallback === undefined) return nothing;
		fallbacks.push(fallback);
	}
	return fallbacks;
}

/**
 * The arguments of a call in the order of its parameters: `*rest` as an array, `**named` as a `Dict`. Throws `TypeError` in Python's
 * words when they do not fit. `fullName` may have its collection before it, which the words leave out.
 */
export function bindArguments(
	fullName: string,
	parameters: Parameters,
	positional: readonly Value[],
	named: ReadonlyMap<string, Value> | undefined,
): Value[] {
	const {all, simple} = parameters;
	if (!named?.size) {
		if (simple && positional.length === all.length) return positional as Value[];
		const values = bindPositional(parameters, positional);
		if (values) return values;
	}
	const name = fullName.slice(fullName.lastIndexOf('.') + 1);
	const values: (Value | undefined)[] = [];
	let used = 0;
	const taken = new Set<string>();
	for (const parameter of all) {
		if (parameter.kind === 'rest') {
			values.push(positional.slice(used));
			used = positional.length;
		} else if (parameter.kind === 'named') {
			const rest = new Dict();
			for (const [key, value] of named ?? [])
				if (!taken.has(key) && !all.some((one) => one.name === key && one.kind !== 'rest')) rest.set(key, value);
			values.push(rest);
			for (const key of named?.keys() ?? []) taken.add(key);
		} else if (parameter.kind === 'plain' && used < positional.length) {
			if (named?.has(parameter.name)) throw typeError(`${name}() got multiple values for argument '${parameter.name}'`);
			values.push(positional[used++]);
		} else {
			const given = named?.get(parameter.name);
			if (given !== undefined) taken.add(parameter.name);
			values.push(given === undefined ? parameter.fallback : given);
		}
	}
	if (used < positional.length) {
		const most = parameters.positional;
		const least = all.filter((one) => one.kind === 'plain' && one.fallback === undefined).length;
		const range = least === most ? `${most}` : `from ${least} to ${most}`;
		throw typeError(
			`${name}() takes ${range} positional argument${most === 1 ? '' : 's'} but ${positional.length} ${positional.length === 1 ? 'was' : 'were'} given`,
		);
	}
	for (const key of named?.keys() ?? []) {
		if (!taken.has(key)) throw typeError(`${name}() got an unexpected keyword argument '${key}'`);
	}
	const missing = all.filter((_, index) => values[index] === undefined).map((one) => `'${one.name}'`);
	if (missing.length) {
		const list = missing.length === 1 ? missing[0] : `${missing.slice(0, -1).join(', ')} and ${missing.at(-1)}`;
		throw typeError(
			`${name}() missing ${missing.length} required positional argument${missing.length === 1 ? '' : 's'}: ${list}`,
		);
	}
	return values as Value[];
}

/** Arguments without names, or undefined when they do not fit. */
function bindPositional({all}: Parameters, positional: readonly Value[]): Value[] | undefined {
	const values: Value[] = [];
	let used = 0;
	for (const {kind, fallback} of all) {
		if (kind === 'rest') {
			values.push(positional.slice(used));
			used = positional.length;
		} else if (kind === 'named') values.push(new Dict());
		else {
			const value = kind === 'plain' && used < positional.length ? positional[used++] : fallback;
			if (value === undefined) return undefined;
			values.push(value);
		}
	}
	return used === positional.length ? values : undefined;
}
