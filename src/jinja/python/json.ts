import {MarkerUsed, PythonError, typeError, UnknownUsed, valueError} from '../fault.js';
import {Markup, Range, Undefined} from '../internal.js';
import {checkLength, containerWork, maximumNesting, spend} from '../limits.js';
import {DateTime, Dict, Float, Marker, Secret, Template, Tuple, Unknown, type Value} from '../value.js';
import {compare, compareText} from './compare.js';
import {dateTimeText} from './datetime.js';
import {iterateRaw} from './iterate.js';
import {floatText, integerText, toFloat, toInt} from './number.js';
import {pythonStr} from './text.js';
import {typeName} from './type-name.js';

/** How `json.dumps` writes. */
export interface JsonStyle {
	/** Spaces of one level, a text to repeat, or undefined for one line. */
	readonly indent?: number | string | undefined;
	/** True: by the keys' text in JSON, as Ansible does; `'python'`: by the keys themselves, which must be of one kind. */
	readonly sortKeys?: boolean | 'python';
	/** Between items and after keys; by default `", "` (or `","` with an indent) and `": "`. */
	readonly separators?: readonly [item: string, key: string] | undefined;
	/** Escape everything outside ASCII (Python's default). */
	readonly ascii?: boolean;
}

/** The text of Python's `json.dumps` for a value; dates are ISO texts as in Ansible. Throws `TypeError` for what JSON cannot say. */
export function toJson(value: Value, {indent, sortKeys = false, separators, ascii = true}: JsonStyle = {}): string {
	const step = typeof indent === 'number' ? ' '.repeat(Math.max(0, Math.min(indent, 1000))) : indent;
	const [between, colon] = separators ?? [step === undefined ? ', ' : ',', ': '];
	const parts: string[] = [];
	let length = 0;
	const put = (text: string): void => {
		length += text.length;
		checkLength(length);
		parts.push(text);
	};
	const write = (item: Value, newline: string): void => {
		if (newline.length > 8 * 1024 || parts.length > 20_000_000) throw new PythonError('LimitError', 'too deeply nested');
		if (Array.isArray(item) || item instanceof Tuple || item instanceof Range) {
			const items = item instanceof Tuple ? item.items : iterateRaw(item);
			if (items.length) writeList(items, newline, '[', ']', (one, inner) => write(one, inner));
			else put('[]');
			return;
		}
		if (item instanceof Dict) {
			if (!item.size) {
				put('{}');
				return;
			}
			let entries: [string, Value][] = Array.from(item.entries(), ([key, one]) => [keyText(key), one]);
			if (sortKeys === 'python') entries = sortEntries(item, entries);
			else if (sortKeys) entries.sort((a, b) => compareText(a[0], b[0]));
			writeList(entries, newline, '{', '}', ([key, one], inner) => {
				put(quote(key, ascii) + colon);
				write(one, inner);
			});
			return;
		}
		put(scalarText(item, ascii));
	};
	const writeList = <T>(
		items: readonly T[],
		newline: string,
		open: string,
		close: string,
		one: (item: T, newline: string) => void,
	): void => {
		const inner = newline + (step ?? '');
		put(open);
		spend(items.length + containerWork);
		for (const [index, item] of items.entries()) {
			if (index) put(between);
			if (step !== undefined) put(inner);
			one(item, inner);
		}
		if (step !== undefined) put(newline);
		put(close);
	};
	write(value, '\n');
	return parts.join('');
}

function sortEntries(dict: Dict, entries: [string, Value][]): [string, Value][] {
	const keys = [...dict.keys()];
	return entries
		.map((entry, index) => ({entry, key: keys[index]!}))
		.sort((a, b) => compare(a.key, b.key))
		.map(({entry}) => entry);
}

function keyText(key: Value): string {
	if (typeof key === 'string') return key;
	if (typeof key === 'boolean') return key ? 'true' : 'false';
	if (key === null) return 'null';
	if (typeof key === 'number' || typeof key === 'bigint' || key instanceof Float) return pythonStr(key);
	if (key instanceof Secret || key instanceof DateTime) return pythonStr(key);
	throw typeError(`keys must be str, int, float, bool or None, not ${typeName(key)}`);
}

function scalarText(value: Value, ascii: boolean): string {
	switch (typeof value) {
		case 'string':
			return quote(value, ascii);
		case 'boolean':
			return value ? 'true' : 'false';
		case 'bigint':
			return integerText(value);
		case 'number':
			return Number.isInteger(value) ? pythonStr(value) : jsonFloat(value);
	}
	if (value === null) return 'null';
	if (value instanceof Float) return jsonFloat(value.value);
	if (value instanceof Secret || value instanceof Markup) return quote(value.text, ascii);
	if (value instanceof Template) return quote(value.source, ascii);
	if (value instanceof DateTime) return quote(dateTimeText(value, 'T'), ascii);
	if (value instanceof Marker) throw new MarkerUsed(value);
	if (value instanceof Unknown) throw new UnknownUsed(value);
	if (value instanceof Undefined) value.use();
	throw typeError(`Object of type ${typeName(value)} is not JSON serializable`);
}

function jsonFloat(value: number): string {
	if (Number.isNaN(value)) return 'NaN';
	if (!Number.isFinite(value)) return value > 0 ? 'Infinity' : '-Infinity';
	return floatText(value);
}

function quote(text: string, ascii: boolean): string {
	const quoted = JSON.stringify(text);
	if (!ascii) return quoted;
	return /^[\x00-\x7f]*$/.test(quoted)
		? quoted
		: quoted.replace(/[\u0080-\uffff]/g, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** A value of a JSON text, as Python's `json.loads` reads it: 1 and 1.0 stay apart, big integers exact. `wellFormed`: texts may hold no lone surrogates. Throws `ValueError`. */
export function fromJson(text: string, wellFormed = false): Value {
	let at = 0;
	const fail = (message: string, where = at): never => {
		const before = text.slice(0, where);
		const line = before.split('\n').length;
		throw valueError(`${message}: line ${line} column ${where - before.lastIndexOf('\n')} (char ${where})`);
	};
	const skip = (): void => {
		while (/[ \t\n\r]/.test(text[at] ?? '')) at++;
	};
	const number = /-?(?:0|[1-9]\d*)(\.\d+)?([eE][-+]?\d+)?/y;
	const string = /"((?:[^"\\\x00-\x1f]|\\(?:["\\/bfnrt]|u[\da-fA-F]{4}))*)"/y;
	const words: Record<string, Value> = {
		true: true,
		false: false,
		null: null,
		NaN: Number.NaN,
		Infinity: Number.POSITIVE_INFINITY,
		'-Infinity': Number.NEGATIVE_INFINITY,
	};
	const readString = (): string => {
		string.lastIndex = at;
		const match = string.exec(text);
		if (!match)
			return fail(text.indexOf('"', at + 1) === -1 ? 'Unterminated string starting at' : 'Invalid control character at');
		at = string.lastIndex;
		if (!match[1]!.includes('\\')) return match[1]!;
		const value = JSON.parse(match[0]) as string;
		if (wellFormed && /\p{Surrogate}/u.test(value))
			throw valueError('Refusing to deserialize an invalid UTF8 string value: surrogates not allowed');
		return value;
	};
	const read = (depth: number): Value => {
		if (depth > maximumNesting * 4) fail('nested too deeply');
		skip();
		const character = text[at];
		if (character === '"') return readString();
		if (character === '[') {
			at++;
			const items: Value[] = [];
			skip();
			if (text[at] === ']') {
				at++;
				return items;
			}
			while (true) {
				items.push(read(depth + 1));
				skip();
				if (text[at] === ',') {
					at++;
					continue;
				}
				if (text[at] !== ']') fail("Expecting ',' delimiter");
				at++;
				return items;
			}
		}
		if (character === '{') {
			at++;
			const dict = new Dict();
			skip();
			if (text[at] === '}') {
				at++;
				return dict;
			}
			while (true) {
				skip();
				if (text[at] !== '"') fail('Expecting property name enclosed in double quotes');
				const key = readString();
				skip();
				if (text[at] !== ':') fail("Expecting ':' delimiter");
				at++;
				dict.set(key, read(depth + 1));
				skip();
				if (text[at] === ',') {
					at++;
					continue;
				}
				if (text[at] !== '}') fail("Expecting ',' delimiter");
				at++;
				return dict;
			}
		}
		for (const [word, value] of Object.entries(words)) {
			if (text.startsWith(word, at)) {
				at += word.length;
				return value;
			}
		}
		number.lastIndex = at;
		const match = number.exec(text);
		if (!match) return fail('Expecting value');
		at = number.lastIndex;
		return match[1] === undefined && match[2] === undefined ? toInt(BigInt(match[0])) : toFloat(Number(match[0]));
	};
	const value = read(0);
	skip();
	if (at < text.length) fail('Extra data');
	return value;
}
