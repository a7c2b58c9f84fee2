import {typeError} from '../fault.js';
import {Undefined} from '../internal.js';
import {isTruthy} from '../python/compare.js';
import {iterateRaw} from '../python/iterate.js';
import {pythonStr} from '../python/text.js';
import {type Dict, hashKey, Marker, type Value} from '../value.js';
import {attributeGetter} from './attribute.js';
import type {FilterTable, PluginContext} from './filter.js';

/** `map`'s and `select`'s calls: the name of a filter or test and its arguments. */
function splitNamed(named: Value): Map<string, Value> {
	if (!(named as Dict).size) return new Map();
	return new Map(Array.from((named as Dict).entries(), ([key, value]) => [key as string, value]));
}

/** The name of a filter or test; it is a key in Python. */
function pluginName(name: Value): string {
	hashKey(name);
	return pythonStr(name);
}

function mapItems(context: PluginContext, value: Value, args: readonly Value[], named: Dict): Value {
	if (!(value instanceof Undefined) && !isTruthy(value)) return [];
	const keywords = splitNamed(named);
	if (!args.length && keywords.has('attribute')) {
		const attribute = keywords.get('attribute')!;
		const fallback = keywords.get('default');
		keywords.delete('attribute');
		keywords.delete('default');
		if (keywords.size) throw typeError(`Unexpected keyword argument '${[...keywords.keys()][0]}'`);
		const get = attributeGetter(context, attribute);
		return iterateRaw(value).map((item) => {
			const found = get(item);
			return fallback !== undefined &&
				fallback !== null &&
				((found instanceof Marker && found.isUndefined) || found instanceof Undefined)
				? fallback
				: found;
		});
	}
	const [name, ...rest] = args;
	if (name === undefined) throw typeError('map requires a filter argument');
	return iterateRaw(value).map(context.filterCaller(pluginName(name), rest, keywords));
}

function selectItems(
	context: PluginContext,
	value: Value,
	args: readonly Value[],
	named: Value,
	keep: boolean,
	byAttribute: boolean,
): Value {
	if (!(value instanceof Undefined) && !isTruthy(value)) return [];
	let get = (item: Value): Value => item;
	let rest = args;
	if (byAttribute) {
		if (!args.length) throw typeError('Missing parameter for attribute name');
		get = attributeGetter(context, args[0]!);
		rest = args.slice(1);
	}
	const keywords = splitNamed(named);
	const [name, ...testArguments] = rest;
	const items = iterateRaw(value);
	if (name === undefined || !items.length) return items.filter((item) => isTruthy(get(item)) === keep);
	const holds = context.testCaller(pluginName(name), testArguments, keywords);
	return items.filter((item) => isTruthy(holds(get(item))) === keep);
}

/** Jinja's filters that call another filter or a test for each item. */
export const jinjaSelectFilters: FilterTable = {
	map: {
		summary: 'Applies a filter to every item, or takes an attribute of it.',
		signature: 'value, *args, **kwargs',
		markers: 'elements',
		structural: true,
		example: ["['a', 'b'] | map('upper')", "['A', 'B']"],
		call: (context, value, args, named) => mapItems(context, value!, args as readonly Value[], named as Dict),
	},
	reject: {
		summary: 'The items for which a test does not hold.',
		signature: 'value, *args, **kwargs',
		markers: 'elements',
		structural: true,
		example: ["[1, 2, 3] | reject('odd')", '[2]'],
		call: (context, value, args, named) => selectItems(context, value!, args as readonly Value[], named!, false, false),
	},
	rejectattr: {
		summary: 'The items for whose attribute a test does not hold.',
		signature: 'value, *args, **kwargs',
		markers: 'elements',
		structural: true,
		example: ["[{'a': 1}, {'a': 0}] | rejectattr('a')", "[{'a': 0}]"],
		call: (context, value, args, named) => selectItems(context, value!, args as readonly Value[], named!, false, true),
	},
	select: {
		summary: 'The items for which a test holds.',
		signature: 'value, *args, **kwargs',
		markers: 'elements',
		structural: true,
		example: ["[1, 2, 3] | select('odd')", '[1, 3]'],
		call: (context, value, args, named) => selectItems(context, value!, args as readonly Value[], named!, true, false),
	},
	selectattr: {
		summary: 'The items for whose attribute a test holds.',
		signature: 'value, *args, **kwargs',
		markers: 'elements',
		structural: true,
		example: ["[{'a': 1}, {'a': 2}] | selectattr('a', 'eq', 2)", "[{'a': 2}]"],
		call: (context, value, args, named) => selectItems(context, value!, args as readonly Value[], named!, true, true),
	},
};
