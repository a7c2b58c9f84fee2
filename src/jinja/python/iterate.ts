import {MarkerUsed, PythonError, typeError, UnknownUsed} from '../fault.js';
import {Markup, Range, Undefined} from '../internal.js';
import {checkItems} from '../limits.js';
import {Dict, Marker, Secret, Template, Tuple, Unknown, type Value} from '../value.js';
import {typeName} from './type-name.js';

/** The elements of whatever Python can iterate; a marker among them counts as used. The array may be the value itself: do not change it. */
export function iterate(value: Value): readonly Value[] {
	const items = iterateRaw(value);
	for (const item of items) {
		if (typeof item === 'object' && item instanceof Marker) throw new MarkerUsed(item);
	}
	return items;
}

/** Like `iterate`, for callers that accept markers among the elements. */
export function iterateRaw(value: Value): readonly Value[] {
	if (Array.isArray(value)) return value;
	if (typeof value === 'string') return Array.from(value);
	if (value instanceof Dict) return [...value.keys()];
	if (value instanceof Tuple) return value.items;
	if (value instanceof Range) {
		const length = value.length;
		checkItems(length);
		return Array.from({length}, (_, index) => value.at(index));
	}
	if (value instanceof Secret) return Array.from(value.text, (character) => new Secret(character));
	if (value instanceof Template) return Array.from(value.source);
	if (value instanceof Marker) throw new MarkerUsed(value);
	if (value instanceof Unknown) throw new UnknownUsed(value);
	if (value instanceof Markup) return Array.from(value.text);
	if (value instanceof Undefined) {
		value.use();
		return [];
	}
	if (value instanceof Uint8Array) return [...value];
	throw typeError(`'${typeName(value)}' object is not iterable`);
}

/** Whether Python can iterate a value. */
export function canIterate(value: Value): boolean {
	try {
		iterateRaw(value);
		return true;
	} catch (fault) {
		if (fault instanceof PythonError && fault.type === 'TypeError') return false;
		throw fault;
	}
}

/** The pairs of a dict; a marker among the values counts as used. */
export function entriesOf(dict: Dict): [Value, Value][] {
	const entries: [Value, Value][] = [];
	for (const key of dict.keys()) {
		const value = dict.get(key)!;
		if (typeof value === 'object' && value instanceof Marker) throw new MarkerUsed(value);
		entries.push([key, value]);
	}
	return entries;
}

/** Python's `len`. */
export function lengthOf(value: Value): number {
	if (Array.isArray(value)) return value.length;
	if (typeof value === 'string') return codePointLength(value);
	if (value instanceof Dict) return value.size;
	if (value instanceof Tuple) return value.items.length;
	if (value instanceof Range) return value.length;
	if (value instanceof Secret) return codePointLength(value.text);
	if (value instanceof Markup) return codePointLength(value.text);
	if (value instanceof Template) return codePointLength(value.source);
	if (value instanceof Uint8Array) return value.length;
	if (value instanceof Marker) throw new MarkerUsed(value);
	if (value instanceof Unknown) throw new UnknownUsed(value);
	if (value instanceof Undefined) {
		value.use();
		return 0;
	}
	throw typeError(`object of type '${typeName(value)}' has no len()`);
}

/** How many code points a text has. */
export function codePointLength(text: string): number {
	if (!hasSurrogates(text)) return text.length;
	let length = 0;
	for (const _ of text) length++;
	return length;
}

/** Whether code units and code points differ in a text. */
export function hasSurrogates(text: string): boolean {
	return /[\ud800-\udfff]/.test(text);
}

/** Whether Python's `is_sequence` of Ansible holds: lists and tuples, not text. */
export function isSequence(value: Value): value is readonly Value[] | Tuple {
	return Array.isArray(value) || value instanceof Tuple;
}
