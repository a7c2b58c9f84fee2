import {MarkerUsed, typeError, UnknownUsed, valueError} from '../fault.js';
import {checkLength} from '../limits.js';
import {Dict, Marker, Tuple, Unknown, type Value} from '../value.js';
import {integerArgument, textArgument} from './argument.js';
import {isTruthy, textOf} from './compare.js';
import {codePointLength, hasSurrogates, iterate} from './iterate.js';
import {isInteger} from './number.js';
import {typeName} from './type-name.js';

/** A method of a text: its parameters after the text itself. */
export interface StringMethod {
	readonly signature: string;
	call(text: string, ...values: Value[]): Value;
}

/** Python's whitespace, which `strip` and `split` know (wider than JavaScript's by the separators 1c to 1f and 85). */
const space = '[\\s\\x1c-\\x1f\\x85]';
const leading = new RegExp(`^${space}+`);
const trailing = new RegExp(`${space}+$`);

export function stripLeft(text: string): string {
	return text.replace(leading, '');
}

export function stripRight(text: string): string {
	let end = text.length;
	while (end > 0 && trailing.test(text[end - 1]!)) end--;
	return text.slice(0, end);
}

function strip(text: string, characters: Value, left: boolean, right: boolean): string {
	if (characters === null) {
		const start = left ? stripLeft(text) : text;
		return right ? stripRight(start) : start;
	}
	const set = new Set(textArgument(characters, 'strip arg'));
	const points = Array.from(text);
	let start = 0;
	let end = points.length;
	if (left) while (start < end && set.has(points[start]!)) start++;
	if (right) while (end > start && set.has(points[end - 1]!)) end--;
	return points.slice(start, end).join('');
}

/** The part of a text between two indices, as code units, and where it begins in code points. */
function window(text: string, start: Value, end: Value): {part: string; offset: number} | undefined {
	const length = codePointLength(text);
	const clamp = (value: Value, fallback: number): number => {
		if (value === null) return fallback;
		const index = integerArgument(value, 'slice indices');
		return index < 0 ? Math.max(0, index + length) : index;
	};
	const from = clamp(start, 0);
	const to = Math.min(clamp(end, length), length);
	if (from > to) return undefined;
	if (from === 0 && to === length) return {part: text, offset: 0};
	return {part: hasSurrogates(text) ? Array.from(text).slice(from, to).join('') : text.slice(from, to), offset: from};
}

function find(text: string, part: string, start: Value, end: Value, last: boolean): number {
	const inside = window(text, start, end);
	if (!inside) return -1;
	const unit = last ? inside.part.lastIndexOf(part) : inside.part.indexOf(part);
	return unit === -1 ? -1 : inside.offset + codePointLength(inside.part.slice(0, unit));
}

function affix(text: string, given: Value, start: Value, end: Value, name: 'startswith' | 'endswith'): boolean {
	const inside = window(text, start, end);
	const parts = given instanceof Tuple ? given.items : [given];
	return parts.some((part) => {
		const affixText = textOf(part);
		if (affixText === undefined) throw typeError(`${name} first arg must be str or a tuple of str, not ${typeName(part)}`);
		return inside !== undefined && (name === 'startswith' ? inside.part.startsWith(affixText) : inside.part.endsWith(affixText));
	});
}

function justify(text: string, width: Value, fill: Value, place: 'left' | 'right' | 'center'): string {
	const character = textArgument(fill, 'fill character');
	if (codePointLength(character) !== 1) throw typeError('The fill character must be exactly one character long');
	const size = integerArgument(width, 'width');
	checkLength(size);
	const missing = size - codePointLength(text);
	if (missing <= 0) return text;
	if (place === 'left') return text + character.repeat(missing);
	if (place === 'right') return character.repeat(missing) + text;
	const left = Math.floor(missing / 2) + (missing & size & 1);
	return character.repeat(left) + text + character.repeat(missing - left);
}

/** Python's `text.split(sep, maxsplit)`. */
export function splitText(text: string, separator: Value, most: Value): string[] {
	let left = integerArgument(most, 'maxsplit');
	if (left < 0) left = Number.POSITIVE_INFINITY;
	const parts: string[] = [];
	if (separator === null) {
		let rest = stripLeft(text);
		const gap = new RegExp(`${space}+`);
		while (rest !== '') {
			const match = left > 0 ? gap.exec(rest) : null;
			if (!match) {
				parts.push(left > 0 || !parts.length ? rest : rest);
				return parts;
			}
			parts.push(rest.slice(0, match.index));
			rest = rest.slice(match.index + match[0].length);
			left--;
		}
		return parts;
	}
	const part = textArgument(separator, 'sep');
	if (part === '') throw valueError('empty separator');
	let at = 0;
	for (let found = text.indexOf(part); found !== -1 && left > 0; found = text.indexOf(part, at)) {
		parts.push(text.slice(at, found));
		at = found + part.length;
		left--;
	}
	return [...parts, text.slice(at)];
}

function splitRight(text: string, separator: Value, most: Value): string[] {
	let left = integerArgument(most, 'maxsplit');
	if (left < 0) left = Number.POSITIVE_INFINITY;
	const parts: string[] = [];
	if (separator === null) {
		let rest = stripRight(text);
		while (rest !== '') {
			let end = rest.length;
			while (end > 0 && !trailing.test(rest[end - 1]!)) end--;
			if (left <= 0 || end === 0) {
				parts.unshift(rest);
				return parts;
			}
			parts.unshift(rest.slice(end));
			rest = stripRight(rest.slice(0, end));
			left--;
		}
		return parts;
	}
	const part = textArgument(separator, 'sep');
	if (part === '') throw valueError('empty separator');
	let end = text.length;
	while (left > 0 && end >= part.length) {
		const found = text.lastIndexOf(part, end - part.length);
		if (found === -1) break;
		parts.unshift(text.slice(found + part.length, end));
		end = found;
		left--;
	}
	return [text.slice(0, end), ...parts];
}

/** Python's `text.splitlines(keepends)`, with all the line ends that Python knows. */
export function splitLines(text: string, keep = false): string[] {
	const lines: string[] = [];
	const ends = /\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]/g;
	let at = 0;
	for (const match of text.matchAll(ends)) {
		const end = match.index + match[0].length;
		lines.push(text.slice(at, keep ? end : match.index));
		at = end;
	}
	if (at < text.length) lines.push(text.slice(at));
	return lines;
}

/** Python's `text.replace(old, new, count)`: every occurrence when the count is negative. */
export function replaceText(text: string, old: string, replacement: string, count: number): string {
	if (old === '') return insertBetween(text, replacement, count);
	const most = count < 0 ? Number.POSITIVE_INFINITY : count;
	const growth = replacement.length - old.length;
	// In runs: a list of millions of parts would take more memory than the text.
	let result = '';
	let run: string[] = [];
	let from = 0;
	let turns = 0;
	for (let at = text.indexOf(old); at !== -1 && turns < most; at = text.indexOf(old, from)) {
		if (at > from) run.push(text.slice(from, at));
		run.push(replacement);
		from = at + old.length;
		turns++;
		if (run.length < 4096) continue;
		checkLength(text.length + turns * growth);
		result += run.join('');
		run = [];
	}
	checkLength(text.length + turns * growth);
	return turns ? result + run.join('') + text.slice(from) : text;
}

/** What Python's `replace` does with an empty text to be replaced: between all characters, before and behind them. */
function insertBetween(text: string, inserted: string, count: number): string {
	const characters = Array.from(text);
	const turns = count < 0 ? characters.length + 1 : Math.min(count, characters.length + 1);
	checkLength(text.length + turns * inserted.length);
	const parts: string[] = [];
	for (let index = 0; index <= characters.length; index++) {
		if (index < turns) parts.push(inserted);
		if (index < characters.length) parts.push(characters[index]!);
	}
	return parts.join('');
}

/** Python's `text.title()`: a capital at the start of each run of letters. */
export function titleCase(text: string): string {
	return text.replace(/[\p{L}\p{Mn}]+/gu, (word) => upperFirst(word) + Array.from(word).slice(1).join('').toLowerCase());
}

/** The first character in title case, the rest untouched. */
function upperFirst(word: string): string {
	const first = Array.from(word)[0] ?? '';
	return first === 'ß' ? 'Ss' : first.toUpperCase();
}

/** Python's `text.capitalize()`. */
export function capitalize(text: string): string {
	return upperFirst(text) + Array.from(text).slice(1).join('').toLowerCase();
}

/** Python's `separator.join(items)`: texts only. */
export function joinTexts(separator: string, items: readonly Value[]): string {
	let length = 0;
	const texts = items.map((item, index) => {
		const text = textOf(item);
		if (text === undefined) {
			if (item instanceof Marker) throw new MarkerUsed(item);
			if (item instanceof Unknown) throw new UnknownUsed(item);
			throw typeError(`sequence item ${index}: expected str instance, ${typeName(item)} found`);
		}
		length += text.length + separator.length;
		return text;
	});
	checkLength(length);
	return texts.join(separator);
}

function is(pattern: RegExp): StringMethod {
	return {signature: '', call: (text) => pattern.test(text)};
}

const cased = /[\p{Lu}\p{Ll}\p{Lt}]/u;

export const stringMethods: Readonly<Record<string, StringMethod>> = Object.assign(Object.create(null), {
	capitalize: {signature: '', call: capitalize},
	casefold: {signature: '', call: (text) => text.toLowerCase().replace(/ß/g, 'ss')},
	center: {signature: "width, fillchar=' '", call: (text, width, fill) => justify(text, width!, fill!, 'center')},
	count: {
		signature: 'sub, start=None, end=None',
		call(text, sub, start, end) {
			const inside = window(text, start!, end!);
			const part = textArgument(sub!, 'sub');
			if (!inside) return 0;
			return part === '' ? codePointLength(inside.part) + 1 : inside.part.split(part).length - 1;
		},
	},
	encode: {
		signature: "encoding='utf-8', errors='strict'",
		call(text, encoding) {
			const name = textArgument(encoding!, 'encoding').toLowerCase().replace(/[-_]/g, '');
			if (name === 'utf8') return new Uint8Array(Buffer.from(text, 'utf8'));
			const limit = name === 'ascii' ? 0x7f : name === 'latin1' || name === 'iso88591' ? 0xff : undefined;
			if (limit === undefined) throw valueError(`unknown encoding: ${encoding}`);
			return Uint8Array.from(text, (character) => {
				const code = character.codePointAt(0)!;
				if (code > limit) throw valueError(`'${encoding}' codec can't encode character`);
				return code;
			});
		},
	},
	endswith: {
		signature: 'suffix, start=None, end=None',
		call: (text, suffix, start, end) => affix(text, suffix!, start!, end!, 'endswith'),
	},
	expandtabs: {
		signature: 'tabsize=8',
		call(text, size) {
			const width = integerArgument(size!, 'tabsize');
			checkLength(text.length + width * (text.split('\t').length - 1));
			let column = 0;
			let result = '';
			for (const character of text) {
				if (character === '\t') {
					const gap = width > 0 ? width - (column % width) : 0;
					result += ' '.repeat(gap);
					column += gap;
				} else {
					result += character;
					column = character === '\n' || character === '\r' ? 0 : column + 1;
				}
			}
			return result;
		},
	},
	find: {
		signature: 'sub, start=None, end=None',
		call: (text, sub, start, end) => find(text, textArgument(sub!, 'sub'), start!, end!, false),
	},
	index: {
		signature: 'sub, start=None, end=None',
		call: (text, sub, start, end) => found(find(text, textArgument(sub!, 'sub'), start!, end!, false)),
	},
	isalnum: is(/^[\p{L}\p{N}]+$/u),
	isalpha: is(/^\p{L}+$/u),
	isascii: is(/^[\x00-\x7f]*$/),
	isdecimal: is(/^\p{Nd}+$/u),
	isdigit: is(/^[\p{Nd}²³¹⁰⁴-⁹₀-₉①-⑨]+$/u),
	isidentifier: is(/^[\p{XID_Start}_][\p{XID_Continue}]*$/u),
	islower: {signature: '', call: (text) => cased.test(text) && !/[\p{Lu}\p{Lt}]/u.test(text)},
	isnumeric: is(/^\p{N}+$/u),
	isprintable: is(/^(?: |[^\p{C}\p{Z}])*$/u),
	isspace: is(new RegExp(`^${space}+$`)),
	istitle: {signature: '', call: (text) => cased.test(text) && titleCase(text) === text},
	isupper: {signature: '', call: (text) => cased.test(text) && !/[\p{Ll}\p{Lt}]/u.test(text)},
	join: {signature: 'iterable', call: (text, items) => joinTexts(text, iterate(items!))},
	ljust: {signature: "width, fillchar=' '", call: (text, width, fill) => justify(text, width!, fill!, 'left')},
	lower: {signature: '', call: (text) => text.toLowerCase()},
	lstrip: {signature: 'chars=None', call: (text, characters) => strip(text, characters!, true, false)},
	maketrans: {
		signature: 'x, y=None, z=None',
		call(_text, x, y, z) {
			const table = new Dict();
			if (y === null) {
				if (!(x instanceof Dict)) throw typeError('if you give only one argument to maketrans it must be a dict');
				for (const [key, value] of x.entries()) table.set(textOf(key)?.codePointAt(0) ?? key, value);
				return table;
			}
			const from = Array.from(textArgument(x!, 'maketrans() argument 1'));
			const to = Array.from(textArgument(y!, 'maketrans() argument 2'));
			if (from.length !== to.length) throw valueError('the first two maketrans arguments must have equal length');
			for (const [index, character] of from.entries()) table.set(character.codePointAt(0)!, to[index]!.codePointAt(0)!);
			if (z !== null)
				for (const character of textArgument(z!, 'maketrans() argument 3')) table.set(character.codePointAt(0)!, null);
			return table;
		},
	},
	partition: {
		signature: 'sep',
		call(text, sep) {
			const part = textArgument(sep!, 'sep');
			if (part === '') throw valueError('empty separator');
			const at = text.indexOf(part);
			return new Tuple(at === -1 ? [text, '', ''] : [text.slice(0, at), part, text.slice(at + part.length)]);
		},
	},
	removeprefix: {
		signature: 'prefix',
		call: (text, prefix) =>
			text.startsWith(textArgument(prefix!, 'prefix')) ? text.slice(textArgument(prefix!, 'prefix').length) : text,
	},
	removesuffix: {
		signature: 'suffix',
		call(text, suffix) {
			const part = textArgument(suffix!, 'suffix');
			return part && text.endsWith(part) ? text.slice(0, -part.length) : text;
		},
	},
	replace: {
		signature: 'old, new, count=-1',
		call: (text, old, replacement, count) =>
			replaceText(
				text,
				textArgument(old!, 'replace() argument 1'),
				textArgument(replacement!, 'replace() argument 2'),
				integerArgument(count!, 'count'),
			),
	},
	rfind: {
		signature: 'sub, start=None, end=None',
		call: (text, sub, start, end) => find(text, textArgument(sub!, 'sub'), start!, end!, true),
	},
	rindex: {
		signature: 'sub, start=None, end=None',
		call: (text, sub, start, end) => found(find(text, textArgument(sub!, 'sub'), start!, end!, true)),
	},
	rjust: {signature: "width, fillchar=' '", call: (text, width, fill) => justify(text, width!, fill!, 'right')},
	rpartition: {
		signature: 'sep',
		call(text, sep) {
			const part = textArgument(sep!, 'sep');
			if (part === '') throw valueError('empty separator');
			const at = text.lastIndexOf(part);
			return new Tuple(at === -1 ? ['', '', text] : [text.slice(0, at), part, text.slice(at + part.length)]);
		},
	},
	rsplit: {signature: 'sep=None, maxsplit=-1', call: (text, sep, most) => splitRight(text, sep!, most!)},
	rstrip: {signature: 'chars=None', call: (text, characters) => strip(text, characters!, false, true)},
	split: {signature: 'sep=None, maxsplit=-1', call: (text, sep, most) => splitText(text, sep!, most!)},
	splitlines: {signature: 'keepends=False', call: (text, keep) => splitLines(text, isTruthy(keep!))},
	startswith: {
		signature: 'prefix, start=None, end=None',
		call: (text, prefix, start, end) => affix(text, prefix!, start!, end!, 'startswith'),
	},
	strip: {signature: 'chars=None', call: (text, characters) => strip(text, characters!, true, true)},
	swapcase: {
		signature: '',
		call: (text) => Array.from(text, (one) => (one === one.toLowerCase() ? one.toUpperCase() : one.toLowerCase())).join(''),
	},
	title: {signature: '', call: titleCase},
	translate: {
		signature: 'table',
		call(text, table) {
			if (!(table instanceof Dict)) throw typeError(`'${typeName(table!)}' object is not subscriptable`);
			return Array.from(text, (character) => {
				const to = table.get(character.codePointAt(0)!);
				if (to === undefined) return character;
				if (to === null) return '';
				return isInteger(to) ? String.fromCodePoint(Number(to)) : textArgument(to, 'character mapping');
			}).join('');
		},
	},
	upper: {signature: '', call: (text) => text.toUpperCase()},
	zfill: {
		signature: 'width',
		call(text, width) {
			const size = integerArgument(width!, 'width');
			checkLength(size);
			const missing = size - codePointLength(text);
			if (missing <= 0) return text;
			const sign = /^[-+]/.test(text) ? text[0]! : '';
			return sign + '0'.repeat(missing) + text.slice(sign.length);
		},
	},
} satisfies Record<string, StringMethod>);

function found(index: number): number {
	if (index === -1) throw valueError('substring not found');
	return index;
}
