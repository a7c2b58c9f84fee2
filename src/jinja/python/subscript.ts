import {PythonError, typeError, valueError} from '../fault.js';
import {Markup, Range} from '../internal.js';
import {Dict, Secret, Template, Tuple, type Value} from '../value.js';
import {refuseUsed} from './argument.js';
import {textOf} from './compare.js';
import {hasSurrogates} from './iterate.js';
import {isInteger} from './number.js';
import {typeName} from './type-name.js';

/** `container[key]` as Python does it; undefined when there is no such element or the container has none. */
export function itemOf(container: Value, key: Value): Value | undefined {
	if (container instanceof Dict) {
		if (Array.isArray(key) || key instanceof Dict) return undefined;
		return container.get(key);
	}
	if (!isInteger(key)) {
		refuseUsed(key);
		return undefined;
	}
	const index = Number(key);
	if (Array.isArray(container)) return container[index < 0 ? index + container.length : index];
	if (container instanceof Tuple) return container.items[index < 0 ? index + container.items.length : index];
	if (container instanceof Range) {
		const at = index < 0 ? index + container.length : index;
		return at >= 0 && at < container.length ? container.at(at) : undefined;
	}
	if (container instanceof Uint8Array) return container[index < 0 ? index + container.length : index];
	const text = textOf(container);
	if (text === undefined) return undefined;
	const points = hasSurrogates(text) ? Array.from(text) : text;
	return retext(container, points[index < 0 ? index + points.length : index]);
}

function retext(container: Value, text: string | undefined): Value | undefined {
	if (text === undefined) return undefined;
	return container instanceof Secret || (container instanceof Template && container.secret)
		? new Secret(text)
		: container instanceof Markup
			? new Markup(text)
			: text;
}

/** `container[from:to:step]`. */
export function sliceOf(container: Value, from: Value, to: Value, step: Value): Value {
	refuseUsed(container);
	for (const bound of [from, to, step]) {
		refuseUsed(bound);
		if (bound !== null && !isInteger(bound))
			throw typeError('slice indices must be integers or None or have an __index__ method');
	}
	const text = textOf(container);
	const items =
		text !== undefined
			? hasSurrogates(text)
				? Array.from(text)
				: text
			: Array.isArray(container)
				? container
				: container instanceof Tuple
					? container.items
					: undefined;
	if (items === undefined) {
		if (container instanceof Range) return sliceRange(container, from, to, step);
		if (container instanceof Dict) throw new PythonError('KeyError', 'slice()');
		throw typeError(`'${typeName(container)}' object is not subscriptable`);
	}
	const stride = step === null ? 1 : Number(step);
	if (stride === 0) throw valueError('slice step cannot be zero');
	const [start, end] = bounds(from as null, to as null, stride, items.length);
	if (stride === 1) {
		const part = items.slice(start, Math.max(start, end));
		if (text === undefined) return container instanceof Tuple ? new Tuple(part as Value[]) : (part as Value[]);
		return retext(container, typeof part === 'string' ? part : part.join(''))!;
	}
	const picked: Value[] = [];
	for (let index = start; stride > 0 ? index < end : index > end; index += stride) picked.push(items[index]!);
	if (text !== undefined) return retext(container, picked.join(''))!;
	return container instanceof Tuple ? new Tuple(picked) : picked;
}

function bounds(from: Value, to: Value, stride: number, length: number): [number, number] {
	const clamp = (value: Value, fallback: number): number => {
		if (value === null) return fallback;
		const index = Number(value as number);
		const absolute = index < 0 ? index + length : index;
		return stride > 0 ? Math.min(Math.max(absolute, 0), length) : Math.min(Math.max(absolute, -1), length - 1);
	};
	return stride > 0 ? [clamp(from, 0), clamp(to, length)] : [clamp(from, length - 1), clamp(to, -1)];
}

function sliceRange(range: Range, from: Value, to: Value, step: Value): Range {
	const stride = step === null ? 1 : Number(step as number);
	if (stride === 0) throw valueError('slice step cannot be zero');
	const [start, end] = bounds(from, to, stride, range.length);
	return new Range(range.at(start), range.at(end), range.step * stride);
}
