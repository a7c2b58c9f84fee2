import {MarkerUsed, typeError, UnknownUsed} from '../fault.js';
import {Markup, Range, Undefined} from '../internal.js';
import {LazyDict} from '../lazy.js';
import {spend} from '../limits.js';
import {DateTime, Dict, Float, Marker, Secret, Template, Tuple, Unknown, type Value} from '../value.js';
import {instantOf, TimeDelta} from './datetime.js';
import {hasSurrogates, iterateRaw} from './iterate.js';
import {isNumber} from './number.js';
import {typeName} from './type-name.js';

/** Python's truth of a value. */
export function isTruthy(value: Value): boolean {
	switch (typeof value) {
		case 'boolean':
			return value;
		case 'string':
			return value !== '';
		case 'number':
			return value !== 0;
		case 'bigint':
			return true;
	}
	if (value === null) return false;
	if (Array.isArray(value)) return value.length > 0;
	if (value instanceof Dict) return value.size > 0;
	if (value instanceof Marker) throw new MarkerUsed(value);
	if (value instanceof Unknown) throw new UnknownUsed(value);
	if (value instanceof Undefined) {
		value.use();
		return false;
	}
	if (value instanceof Secret) return value.text !== '';
	if (value instanceof Template) return value.source !== '';
	if (value instanceof Markup) return value.text !== '';
	if (value instanceof Float) return value.value !== 0;
	if (value instanceof Tuple) return value.items.length > 0;
	if (value instanceof Range) return value.length > 0;
	if (value instanceof Uint8Array) return value.length > 0;
	if (value instanceof TimeDelta) return value.microseconds !== 0n;
	return true;
}

/** The text of a value that is one in Python (a str, whatever it is here), else undefined. */
export function textOf(value: Value): string | undefined {
	if (typeof value === 'string') return value;
	if (value instanceof Secret) return value.text;
	if (value instanceof Template) return value.source;
	if (value instanceof Markup) return value.text;
	return undefined;
}

/** A number as something `===`, `<` and `>` compare exactly. */
function comparable(value: number | bigint | boolean | Float): number | bigint {
	if (value instanceof Float) return value.value;
	return typeof value === 'boolean' ? Number(value) : value;
}

/** Python's `==`. Throws when a marker or unknown value is compared. */
export function pythonEquals(a: Value, b: Value): boolean {
	if (typeof a === 'string' && typeof b === 'string') {
		if (a.length > 1000 && a.length === b.length) spend(a.length >> 6);
		return a === b;
	}
	if (isNumber(a) && isNumber(b)) {
		// biome-ignore lint/suspicious/noDoubleEquals: a number and a bigint of one value are equal
		return comparable(a) == comparable(b);
	}
	refuse(a);
	refuse(b);
	if (a === b) return true;
	const left = textOf(a);
	if (left !== undefined) return left === textOf(b);
	touch(a);
	touch(b);
	if (Array.isArray(a)) return Array.isArray(b) && sameItems(a, b);
	if (a instanceof Tuple) return b instanceof Tuple && sameItems(a.items, b.items);
	if (a instanceof Dict) {
		if (!(b instanceof Dict) || a.size !== b.size) return false;
		for (const key of a.keys()) {
			if (!b.has(key) || !pythonEquals(a.get(key)!, b.get(key)!)) return false;
		}
		return true;
	}
	if (a instanceof DateTime) {
		return (
			b instanceof DateTime &&
			a.hasTime === b.hasTime &&
			(a.offset === undefined) === (b.offset === undefined) &&
			instantOf(a) === instantOf(b)
		);
	}
	if (a instanceof TimeDelta) return b instanceof TimeDelta && a.microseconds === b.microseconds;
	if (a instanceof Uint8Array)
		return b instanceof Uint8Array && a.length === b.length && a.every((byte, index) => byte === b[index]);
	if (a instanceof Range) return b instanceof Range && sameItems(iterateRaw(a), iterateRaw(b));
	if (a instanceof Undefined) return b instanceof Undefined;
	return false;
}

/** Looks at everything in a dict of the variables, as Ansible does before it compares one: a failed value in it ends the comparison. */
function touch(value: Value): void {
	if (!(value instanceof LazyDict)) return;
	spend(value.size);
	for (const item of value.values()) if (item instanceof Marker) throw new MarkerUsed(item);
}

function refuse(value: Value): void {
	if (value instanceof Marker) throw new MarkerUsed(value);
	if (value instanceof Unknown) throw new UnknownUsed(value);
	if (value instanceof Undefined) value.use();
}

function sameItems(a: readonly Value[], b: readonly Value[]): boolean {
	if (a.length !== b.length) return false;
	spend(a.length);
	return a.every((item, index) => pythonEquals(item, b[index]!));
}

/**
 * Python's order: negative, zero or positive. Throws `TypeError` for kinds that have no order; NaN is as unordered as it can be
 * (NaN is returned, so that `<`, `>` and `==` with 0 are all false).
 */
export function compare(a: Value, b: Value, operator = '<'): number {
	if (typeof a === 'string' && typeof b === 'string') return compareText(a, b);
	if (isNumber(a) && isNumber(b)) {
		const left = comparable(a);
		const right = comparable(b);
		// biome-ignore lint/suspicious/noDoubleEquals: a number and a bigint of one value are equal
		return left < right ? -1 : left > right ? 1 : left == right ? 0 : Number.NaN;
	}
	refuse(a);
	refuse(b);
	if (a instanceof Undefined) a.fail();
	if (b instanceof Undefined) b.fail();
	const left = textOf(a);
	const right = textOf(b);
	if (left !== undefined && right !== undefined) return compareText(left, right);
	if (Array.isArray(a) && Array.isArray(b)) return compareItems(a, b, operator);
	if (a instanceof Tuple && b instanceof Tuple) return compareItems(a.items, b.items, operator);
	if (a instanceof DateTime && b instanceof DateTime && a.hasTime === b.hasTime) {
		if ((a.offset === undefined) !== (b.offset === undefined))
			throw typeError("can't compare offset-naive and offset-aware datetimes");
		return instantOf(a) < instantOf(b) ? -1 : instantOf(a) > instantOf(b) ? 1 : 0;
	}
	if (a instanceof TimeDelta && b instanceof TimeDelta)
		return a.microseconds < b.microseconds ? -1 : a.microseconds > b.microseconds ? 1 : 0;
	throw typeError(`'${operator}' not supported between instances of '${typeName(a)}' and '${typeName(b)}'`);
}

function compareItems(a: readonly Value[], b: readonly Value[], operator: string): number {
	const shared = Math.min(a.length, b.length);
	for (let index = 0; index < shared; index++) {
		if (!pythonEquals(a[index]!, b[index]!)) return compare(a[index]!, b[index]!, operator);
	}
	return a.length - b.length;
}

/** Order by code points (code units put astral characters before U+E000). */
export function compareText(a: string, b: string): number {
	if (a === b) return 0;
	if (!hasSurrogates(a) && !hasSurrogates(b)) return a < b ? -1 : 1;
	const left = Array.from(a);
	const right = Array.from(b);
	const shared = Math.min(left.length, right.length);
	for (let index = 0; index < shared; index++) {
		const difference = left[index]!.codePointAt(0)! - right[index]!.codePointAt(0)!;
		if (difference) return difference;
	}
	return left.length - right.length;
}

/** Python's `in`. */
export function contains(container: Value, item: Value): boolean {
	const text = textOf(container);
	if (text !== undefined) {
		const part = textOf(item);
		spend(text.length >> 6);
		if (part !== undefined) return text.includes(part);
		if (item instanceof Unknown) throw new UnknownUsed(item);
		const why = item instanceof Marker ? ` (${item.error.message})` : '';
		throw typeError(`'in <string>' requires string as left operand, not ${typeName(item)}${why}`);
	}
	if (container instanceof Dict) return container.has(item);
	if (container instanceof Marker || container instanceof Unknown) refuse(container);
	if (
		Array.isArray(container) ||
		container instanceof Tuple ||
		container instanceof Range ||
		container instanceof Uint8Array ||
		container instanceof Undefined
	) {
		const items = iterateRaw(container);
		spend(items.length >> 1);
		return items.some((one) => pythonEquals(one, item));
	}
	throw typeError(`argument of type '${typeName(container)}' is not iterable`);
}
