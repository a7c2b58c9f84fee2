import {type ScalarValue, YamlDate, YamlFloat} from './node.js';

/**
 * What YAML 1.1 makes of a plain scalar, by PyYAML's own patterns (its resolver.py and constructor.py): `yes` and `off` are
 * booleans, `010` is octal, `1:30` sexagesimal, a float needs a dot and its exponent a sign, `=` stays text.
 */
export function resolvePlain(text: string): ScalarValue {
	if (text === '') return null;
	const first = text.charCodeAt(0);
	if ((first >= 48 && first <= 57) || first === 43 || first === 45 || first === 46) return resolveNumber(text);
	return text.length <= 5 ? (words.get(text) ?? (nullWords.has(text) ? null : text)) : text;
}

/** What JSON makes of a bare word or number of a text that is JSON as a whole: `1e3` is a float there, `010` cannot occur. */
export function resolveJson(text: string): ScalarValue {
	if (text === 'null') return null;
	if (text === 'true' || text === 'false') return text === 'true';
	return /^-?\d+$/.test(text) ? integer(BigInt(text)) : float(Number(text));
}

const nullWords = new Set(['~', 'null', 'Null', 'NULL']);
const words = new Map<string, boolean>();
for (const [word, value] of [
	['yes', true],
	['no', false],
	['true', true],
	['false', false],
	['on', true],
	['off', false],
] as const) {
	for (const form of [word, word.toUpperCase(), word[0]!.toUpperCase() + word.slice(1)]) words.set(form, value);
}

const integerPattern = /^[-+]?(?:0b[01_]+|0[0-7_]+|0|[1-9][0-9_]*(?::[0-5]?[0-9])*|0x[0-9a-fA-F_]+)$/;
const floatPattern =
	/^(?:[-+]?[0-9][0-9_]*\.[0-9_]*(?:[eE][-+][0-9]+)?|\.[0-9][0-9_]*(?:[eE][-+][0-9]+)?|[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+\.[0-9_]*|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$/;
const datePattern = /^\d{4}-\d\d-\d\d$/;
const timePattern = /^\d{4}-\d\d?-\d\d?(?:[Tt]|[ \t]+)\d\d?:\d\d:\d\d(?:\.\d*)?(?:[ \t]*(?:Z|[-+]\d\d?(?::\d\d)?))?$/;

function resolveNumber(text: string): ScalarValue {
	if (integerPattern.test(text)) return parseInteger(text);
	if (floatPattern.test(text)) return parseFloating(text);
	if (datePattern.test(text)) return new YamlDate(text, false);
	if (timePattern.test(text)) return new YamlDate(text, true);
	return text;
}

function parseInteger(text: string): number | bigint | string {
	const negative = text.startsWith('-');
	const digits = text.replaceAll('_', '').replace(/^[-+]/, '');
	let value: bigint;
	if (digits === '0') value = 0n;
	else if (/^0[bx]/.test(digits)) value = digits.length > 2 ? BigInt(digits) : 0n;
	else if (digits.startsWith('0')) value = BigInt(`0o${digits.slice(1) || '0'}`);
	else if (digits.includes(':')) value = digits.split(':').reduce((sum, part) => sum * 60n + BigInt(part), 0n);
	else value = BigInt(digits);
	return integer(negative ? -value : value);
}

function parseFloating(text: string): number | YamlFloat {
	const negative = text.startsWith('-');
	const digits = text.replaceAll('_', '').toLowerCase().replace(/^[-+]/, '');
	let value: number;
	if (digits === '.inf') value = Number.POSITIVE_INFINITY;
	else if (digits === '.nan') value = Number.NaN;
	else if (digits.includes(':')) value = digits.split(':').reduce((sum, part) => sum * 60 + Number(part), 0);
	else value = Number(digits);
	return float(negative ? -value : value);
}

function integer(value: bigint): number | bigint {
	return Number.isSafeInteger(Number(value)) ? Number(value) : value;
}

function float(value: number): number | YamlFloat {
	return Number.isInteger(value) ? new YamlFloat(value) : value;
}
