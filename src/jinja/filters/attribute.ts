import {spend} from '../limits.js';
import {textOf} from '../python/compare.js';
import type {Value} from '../value.js';
import type {PluginContext} from './filter.js';

/** What `attribute=` names, `a.0.b`: integer parts are indices. */
export function attributeParts(attribute: Value): Value[] {
	if (attribute === null) return [];
	const text = textOf(attribute);
	if (text === undefined) return [attribute];
	return text.split('.').map((part) => (/^\d+$/.test(part) ? Number(part) : part));
}

/** Reads an attribute of items by the template's rules; nothing named gives the item itself. */
export function attributeGetter(context: PluginContext, attribute: Value): (item: Value) => Value {
	const parts = attributeParts(attribute);
	if (!parts.length) return (item) => item;
	return (item) => {
		spend(1);
		let value = item;
		for (const part of parts) value = context.getItem(value, part);
		return value;
	};
}

/** Several attributes with commas between them. */
export function attributesGetter(context: PluginContext, attribute: Value): (item: Value) => Value[] {
	const text = textOf(attribute);
	const getters = (text === undefined ? [attribute] : text.split(',')).map((one) => attributeGetter(context, one));
	return (item) => getters.map((get) => get(item));
}

/** Texts in lower case, everything else as it is. */
export function ignoreCase(value: Value): Value {
	const text = textOf(value);
	return text === undefined ? value : text.toLowerCase();
}
