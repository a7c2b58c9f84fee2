import {
	Dict,
	Float,
	fromJson,
	literalValue,
	pythonRepr,
	pythonStr,
	Secret,
	Tuple,
	toJson,
	typeName,
	type Value,
} from '../jinja/jinja.js';
import type {ArgumentType} from './argument-spec.js';

/** Why a value is not of the wanted type, in Ansible's words. */
export class ConversionError extends Error {}

/**
 * Turns a value into what an argument's type asks for, by the rules and in the words of Ansible's `common/validation.py`:
 * texts and numbers come out as JavaScript's, lists as arrays, dicts as `Dict`, `raw` as it is. A secret's text comes out bare.
 */
export function convertArgument(value: Value, type: ArgumentType): unknown {
	return converters[type](value instanceof Secret && type !== 'raw' ? value.text : value);
}

const converters: Readonly<Record<ArgumentType, (value: Value) => unknown>> = {
	str: toText,
	path: toText,
	sid: toText,
	raw: (value) => value,
	bool: toBoolean,
	int: toInteger,
	float: toFloat,
	list: toList,
	dict: toDict,
	json: toJsonText,
	jsonarg: toJsonText,
	bytes: (value) => toSize(value, 'B', 'byte', 'Byte'),
	bits: (value) => toSize(value, 'b', 'bit', 'Bit'),
};

function toText(value: Value): string {
	if (value instanceof Uint8Array) return Buffer.from(value).toString();
	return value === null ? '' : pythonStr(value);
}

const truths = new Set(['y', 'yes', 'on', '1', 'true', 't']);
const falsehoods = new Set(['n', 'no', 'off', '0', 'false', 'f']);

/** A word or number that Ansible takes for a boolean; undefined for any other value. */
export function booleanOf(value: Value): boolean | undefined {
	if (typeof value === 'boolean') return value;
	const word = typeof value === 'string' ? value.toLowerCase().trim() : typeof value === 'number' ? String(value) : undefined;
	if (value instanceof Float) return value.value === 1 ? true : value.value === 0 ? false : undefined;
	return word === undefined ? undefined : truths.has(word) ? true : falsehoods.has(word) ? false : undefined;
}

function toBoolean(value: Value): boolean {
	const known = booleanOf(value);
	if (known !== undefined) return known;
	if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'bigint' && !(value instanceof Float))
		throw new ConversionError(`${classOf(value)} cannot be converted to a bool`);
	throw new ConversionError(
		`The value '${pythonStr(value)}' is not a valid boolean. Valid booleans include: 0, 1, 'false', 'off', 'no', 't', 'n', '0', 'yes', 'on', '1', 'true', 'f', 'y'`,
	);
}

function toInteger(value: Value): number | bigint {
	if (typeof value === 'bigint') return value;
	if (typeof value === 'boolean') return value ? 1 : 0;
	if (value instanceof Float) return value.value;
	if (typeof value === 'number' && Number.isInteger(value)) return value;
	if (typeof value === 'string') {
		const digits = value.trim().replaceAll('_', '');
		if (/^[-+]?\d+$/.test(digits)) {
			const number = Number(digits);
			return Number.isSafeInteger(number) ? number : BigInt(digits.replace(/^\+/, ''));
		}
		const number = /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(digits) ? Number(digits) : Number.NaN;
		if (Number.isInteger(number)) return number;
	}
	throw new ConversionError(`"${pythonRepr(value)}" cannot be converted to an int`);
}

function toFloat(value: Value): number {
	if (typeof value === 'number' || typeof value === 'boolean' || typeof value === 'bigint') return Number(value);
	if (value instanceof Float) return value.value;
	if (typeof value === 'string') {
		const word = value
			.trim()
			.toLowerCase()
			.replace(/(?<=\d)_(?=\d)/g, '');
		if (/^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/.test(word)) return Number(word);
		const [, sign, name] = /^([-+]?)(inf|infinity|nan)$/.exec(word) ?? [];
		if (name) return name === 'nan' ? Number.NaN : sign === '-' ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
	}
	throw new ConversionError(`${classOf(value)} cannot be converted to a float`);
}

function toList(value: Value): readonly Value[] {
	if (Array.isArray(value)) return value;
	if (value instanceof Tuple) return value.items;
	if (typeof value === 'string') return value.split(',');
	if (typeof value === 'number' || typeof value === 'bigint' || typeof value === 'boolean' || value instanceof Float)
		return [pythonStr(value)];
	throw new ConversionError(`${classOf(value)} cannot be converted to a list`);
}

function toDict(value: Value): Dict {
	if (value instanceof Dict) return value;
	if (typeof value !== 'string') throw new ConversionError(`${classOf(value)} cannot be converted to a dict`);
	if (value.startsWith('{')) {
		const dict = parseDict(value);
		if (dict instanceof Dict) return dict;
		throw new ConversionError('unable to evaluate string as dictionary');
	}
	if (!value.includes('=')) throw new ConversionError('dictionary requested, could not parse JSON or key=value');
	return Dict.from(
		splitFields(value.trim()).map((field) => {
			const equals = field.indexOf('=');
			if (equals < 0) throw new ConversionError('unable to evaluate string in the "key=value" format as dictionary');
			return [field.slice(0, equals), field.slice(equals + 1)] as const;
		}),
	);
}

function parseDict(text: string): Value | undefined {
	for (const parse of [fromJson, literalValue]) {
		try {
			return parse(text);
		} catch {
			// The other one may read it.
		}
	}
	return undefined;
}

/** `k1=v1, k2="v 2"` split at commas and blanks outside quotes; quotes and backslashes are taken away. */
function splitFields(text: string): string[] {
	const fields: string[] = [];
	let field = '';
	let quote = '';
	for (let index = 0; index < text.length; index++) {
		const character = text[index]!;
		if (character === '\\') field += text[++index] ?? '';
		else if (!quote && (character === "'" || character === '"')) quote = character;
		else if (quote && character === quote) quote = '';
		else if (!quote && (character === ',' || character === ' ')) {
			if (field) fields.push(field);
			field = '';
		} else field += character;
	}
	return field ? [...fields, field] : fields;
}

function toJsonText(value: Value): string {
	if (typeof value === 'string') return value.trim();
	if (value instanceof Uint8Array) return Buffer.from(value).toString().trim();
	if (Array.isArray(value) || value instanceof Tuple || value instanceof Dict) return toJson(value);
	throw new ConversionError(`${classOf(value)} cannot be converted to a json string`);
}

const unitNames: Record<string, string> = {
	B: '',
	K: 'kilo',
	M: 'mega',
	G: 'giga',
	T: 'tera',
	P: 'peta',
	E: 'exa',
	Z: 'zetta',
	Y: 'yotta',
};

/** `2K`, `1.5 MB`, `10 megabytes`' singular, as `human_to_bytes` reads them. */
function toSize(value: Value, unit: string, name: string, shown: string): number {
	const fault = new ConversionError(`${classOf(value)} cannot be converted to a ${shown} value`);
	const [, number, suffix] = /^([0-9]*\.?[0-9]+)(?:\s*([A-Za-z]+))?\s*$/.exec(toText(value)) ?? [];
	if (number === undefined) throw fault;
	if (suffix === undefined) return Math.round(Number(number));
	const range = suffix[0]!.toUpperCase();
	const prefix = unitNames[range];
	if (prefix === undefined) throw fault;
	const full = range === 'B' ? unit : range + unit;
	if (suffix.length > 1 && suffix.toLowerCase() !== prefix + name && suffix !== full) throw fault;
	return Math.round(Number(number) * 1024 ** Object.keys(unitNames).indexOf(range));
}

function classOf(value: Value): string {
	return `<class '${typeName(value)}'>`;
}
