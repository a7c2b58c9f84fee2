import {MarkerUsed, typeError, UnknownUsed, valueError} from '../fault.js';
import {checkLength} from '../limits.js';
import {Marker, Tuple, Unknown, type Value} from '../value.js';
import {integerArgument, textArgument} from './argument.js';
import {spaces} from './characters.js';
import {textOf} from './compare.js';
import {codePointLength, hasSurrogates} from './iterate.js';
import {typeName} from './type-name.js';

/** One character of Python's white space. */
export const space = `[${spaces}]`;
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

/** Python's `text.strip(characters)` on one side or both. */
export function strip(text: string, characters: Value, left: boolean, right: boolean): string {
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
export function window(text: string, start: Value, end: Value): {part: string; offset: number} | undefined {
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

/** Python's `text.find(part, start, end)` and `rfind`: -1 when it is not there. */
export function find(text: string, part: string, start: Value, end: Value, last: boolean): number {
	const inside = window(text, start, end);
	if (!inside) return -1;
	const unit = last ? inside.part.lastIndexOf(part) : inside.part.indexOf(part);
	return unit === -1 ? -1 : inside.offset + codePointLength(inside.part.slice(0, unit));
}

/** Python's `startswith` and `endswith`. */
export function affix(text: string, given: Value, start: Value, end: Value, name: 'startswith' | 'endswith'): boolean {
	const inside = window(text, start, end);
	const parts = given instanceof Tuple ? given.items : [given];
	return parts.some((part) => {
		const affixText = textOf(part);
		if (affixText === undefined) throw typeError(`${name} first arg must be str or a tuple of str, not ${typeName(part)}`);
		return inside !== undefined && (name === 'startswith' ? inside.part.startsWith(affixText) : inside.part.endsWith(affixText));
	});
}

/** Python's `ljust`, `rjust` and `center`. */
export function justify(text: string, width: Value, fill: Value, place: 'left' | 'right' | 'center'): string {
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

/** Python's `text.rsplit(sep, maxsplit)`. */
export function splitRight(text: string, separator: Value, most: Value): string[] {
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
	return text.replace(/\p{Cased}+/gu, capitalize);
}

/** Python's `text.capitalize()`. */
export function capitalize(text: string): string {
	const first = Array.from(text)[0] ?? '';
	return titleOf(first) + text.toLowerCase().slice(first.toLowerCase().length);
}

const digraphs: readonly string[] = ['Ǆǅǆ', 'Ǉǈǉ', 'Ǌǋǌ', 'Ǳǲǳ'];

/** A character in title case, by Unicode's SpecialCasing: mostly the upper case, but `ǆ` is `ǅ`, `ß` is `Ss` and `ᾳ` is `ᾼ`. */
function titleOf(character: string): string {
	const digraph = character && digraphs.find((three) => three.includes(character));
	if (digraph) return digraph[1]!;
	const code = character.codePointAt(0) ?? 0;
	if (code >= 0x10d0 && code <= 0x10ff) return character; // Georgian has no title case
	if (code >= 0x1f80 && code <= 0x1faf) return String.fromCodePoint(code | 8);
	const [first = '', ...rest] = Array.from(character.toUpperCase());
	if (!rest.length || character === 'ŉ') return first + rest.join('');
	if (rest.at(-1) !== 'Ι') return first + rest.join('').toLowerCase();
	const below = rest.slice(0, -1).join('');
	return below ? `${first}${below}\u0345` : `${first}\u0345`.normalize('NFC');
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
