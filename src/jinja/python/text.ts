import {MarkerUsed, UnknownUsed} from '../fault.js';
import {Markup, Range, Undefined} from '../internal.js';
import {checkLength, containerWork, spend} from '../limits.js';
import {DateTime, Dict, Float, Internal, Marker, Omit, Secret, Template, Tuple, Unknown, type Value} from '../value.js';
import {dateTimeRepr, dateTimeText} from './datetime.js';
import {floatText, integerText} from './number.js';
import {typeName} from './type-name.js';

/** Python's `str(value)`. A secret gives its text: the caller keeps the result secret. Throws on markers and unknown values. */
export function pythonStr(value: Value): string {
	if (typeof value === 'string') return value;
	if (typeof value === 'number' && Number.isInteger(value)) return Object.is(value, -0) ? '0' : String(value);
	if (value instanceof Secret) return value.text;
	if (value instanceof Template) return value.source;
	if (value instanceof Markup) return value.text;
	if (value instanceof Undefined) {
		value.use();
		return value.shown;
	}
	if (value instanceof DateTime) return dateTimeText(value);
	return pythonRepr(value);
}

/** Python's `repr(value)`. */
export function pythonRepr(value: Value): string {
	switch (typeof value) {
		case 'string':
			return stringRepr(value);
		case 'boolean':
			return value ? 'True' : 'False';
		case 'bigint':
			return integerText(value);
		case 'number':
			return Number.isInteger(value) ? (Object.is(value, -0) ? '0' : String(value)) : floatText(value);
	}
	if (value === null) return 'None';
	if (Array.isArray(value)) return `[${reprItems(value)}]`;
	if (value instanceof Dict) {
		const parts: string[] = [];
		let length = 0;
		spend(value.size + containerWork);
		for (const [key, item] of value.entries()) {
			const part = `${pythonRepr(key)}: ${pythonRepr(item)}`;
			length += part.length;
			checkLength(length);
			parts.push(part);
		}
		return `{${parts.join(', ')}}`;
	}
	if (value instanceof Tuple)
		return value.items.length === 1 ? `(${pythonRepr(value.items[0]!)},)` : `(${reprItems(value.items)})`;
	if (value instanceof Float) return floatText(value.value);
	if (value instanceof Secret) return stringRepr(value.text);
	if (value instanceof Template) return stringRepr(value.source);
	if (value instanceof Marker) throw new MarkerUsed(value);
	if (value instanceof Unknown) throw new UnknownUsed(value);
	if (value instanceof DateTime) return dateTimeRepr(value);
	if (value instanceof Uint8Array) return bytesRepr(value);
	if (value instanceof Omit) return '<<Omit>>';
	if (value instanceof Markup) return `Markup(${stringRepr(value.text)})`;
	if (value instanceof Range)
		return value.step === 1 ? `range(${value.start}, ${value.stop})` : `range(${value.start}, ${value.stop}, ${value.step})`;
	if (value instanceof Undefined) {
		value.use();
		return 'Undefined';
	}
	if (value instanceof Internal) return value.toString === Object.prototype.toString ? `<${value.pythonType}>` : value.toString();
	return `<${typeName(value)} ${(value as {callableName?: string}).callableName ?? ''}>`;
}

function reprItems(items: readonly Value[]): string {
	const parts: string[] = [];
	let length = 0;
	spend(items.length + containerWork);
	for (const item of items) {
		const part = pythonRepr(item);
		length += part.length;
		checkLength(length);
		parts.push(part);
	}
	return parts.join(', ');
}

const plain = /^[ !#-&(-[\]-~]*$/;
const escapable = /[\\\p{C}\p{Z}]/gu;

/** Python's `repr` of a text: single quotes unless only single quotes are inside, escapes for what cannot be printed. */
export function stringRepr(text: string): string {
	if (plain.test(text)) return `'${text}'`;
	const quote = text.includes("'") && !text.includes('"') ? '"' : "'";
	const escaped = text.replace(escapable, (character) => {
		if (character === ' ') return character;
		if (character === '\\') return '\\\\';
		if (character === '\n') return '\\n';
		if (character === '\r') return '\\r';
		if (character === '\t') return '\\t';
		const code = character.codePointAt(0)!;
		if (code < 0x100) return `\\x${code.toString(16).padStart(2, '0')}`;
		if (code < 0x10000) return `\\u${code.toString(16).padStart(4, '0')}`;
		return `\\U${code.toString(16).padStart(8, '0')}`;
	});
	return quote + (quote === "'" ? escaped.replace(/'/g, "\\'") : escaped) + quote;
}

function bytesRepr(bytes: Uint8Array): string {
	let text = '';
	for (const byte of bytes) {
		if (byte === 0x5c) text += '\\\\';
		else if (byte === 0x0a) text += '\\n';
		else if (byte === 0x0d) text += '\\r';
		else if (byte === 0x09) text += '\\t';
		else text += byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : `\\x${byte.toString(16).padStart(2, '0')}`;
	}
	return text.includes("'") && !text.includes('"') ? `b"${text}"` : `b'${text.replace(/'/g, "\\'")}'`;
}
