import type {Span} from '../source/source.js';
import {isCallable} from './callable.js';
import {Markup} from './internal.js';
import {type Owner, own} from './lazy.js';
import {containerWork, spend} from './limits.js';
import {integerText} from './python/number.js';
import {typeName} from './python/type-name.js';
import {
	DateTime,
	Dict,
	Float,
	Internal,
	Marker,
	Omit,
	Secret,
	Template,
	TemplateError,
	Tuple,
	Unknown,
	type Value,
} from './value.js';

/**
 * A value as it may be stored: templates inside are evaluated, tuples are lists, what is omitted is gone. Throws the error of the first marker,
 * and `type` for what no variable may hold (ranges, functions, namespaces).
 */
export function finalizeValue(value: Value, owner: Owner, span: Span | undefined): Value {
	if (typeof value === 'bigint') integerText(value);
	if (typeof value !== 'object' || value === null) return value;
	if (value instanceof Template) return finalizeValue(owner.evaluate(value), owner, span);
	if (value instanceof Marker) throw value.error;
	if (Array.isArray(value) || value instanceof Tuple) {
		const items = value instanceof Tuple ? value.items : value;
		spend(items.length + containerWork);
		const result = items.slice();
		let omits = false;
		for (let index = 0; index < result.length; index++) {
			const item = result[index]!;
			if (typeof item !== 'object' || item === null) continue;
			const done = finalizeInner(item, owner, span);
			if (done instanceof Omit) omits = true;
			result[index] = done;
		}
		return omits ? result.filter((item) => !(item instanceof Omit)) : result;
	}
	if (value instanceof Dict) {
		spend(containerWork);
		const result = new Dict();
		for (const key of value.keys()) {
			const item = value.get(key)!;
			if (!(item instanceof Omit)) result.set(finalizeInner(key, owner, span), finalizeInner(item, owner, span));
		}
		return result;
	}
	if (
		value instanceof Float ||
		value instanceof Secret ||
		value instanceof Unknown ||
		value instanceof DateTime ||
		value instanceof Uint8Array
	)
		return value;
	if (value instanceof Omit) return value;
	if (value instanceof Markup) return value.text;
	if (value instanceof Internal || isCallable(value)) {
		throw new TemplateError('type', `Type '${typeName(value)}' is unsupported for variable storage.`, {span});
	}
	return value;
}

function finalizeInner(item: Value, owner: Owner, span: Span | undefined): Value {
	if (typeof item !== 'object' || item === null) return item;
	if (item instanceof Template) {
		const value = own(item, owner);
		return finalizeValue(value, owner, span);
	}
	return finalizeValue(item, owner, span);
}
