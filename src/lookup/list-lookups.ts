import {randomInt} from 'node:crypto';
import {checkItems, Dict, isTruthy, pythonRepr, pythonStr, Tuple, type Value} from '../jinja/jinja.js';
import {type Lookup, lookupFault} from './context.js';

/** The elements of lists among the terms, one level deep, and the other terms. */
export const items: Lookup = (terms) => flatten(terms);

export const list: Lookup = (terms) => terms;

/** `{key, value}` for each entry of the dicts. */
export const dict: Lookup = (terms) =>
	terms.flatMap((term) => {
		if (!(term instanceof Dict)) throw lookupFault(`the 'dict' lookup plugin expects a dictionary, got '${pythonStr(term)}'`);
		return [...term.entries()].map(([key, value]) =>
			Dict.from([
				['key', key],
				['value', value],
			]),
		);
	});

export const indexedItems: Lookup = (terms) => flatten(terms).map((item, index) => new Tuple([index, item]));

/** Every choice of one element of each list. */
export const nested: Lookup = (terms) => {
	if (terms.length === 0) throw lookupFault('with_nested requires at least one element in the nested list');
	const [first, ...others] = terms.map(elementsOf);
	checkItems([first!, ...others].reduce((size, one) => size * one.length, 1));
	let rows: readonly Value[] = first!;
	for (const other of others) rows = rows.flatMap((row) => other.map((item) => flatten([row, item])));
	return rows.map((row) => flatten(elementsOf(row)));
};

/** The first elements of all lists, the second ones, …; null where a list is too short. */
export const together: Lookup = (terms) => {
	if (terms.length === 0) throw lookupFault('with_together requires at least one element in each list');
	const lists = terms.map(elementsOf);
	const length = Math.max(...lists.map((one) => one.length));
	checkItems(length * lists.length);
	return Array.from({length}, (_, index) => flatten(lists.map((one) => one[index] ?? null)));
};

export const randomChoice: Lookup = (terms) => (terms.length === 0 ? [] : [terms[randomInt(terms.length)]!]);

/** `(item, element)` for each element of the list that a key path names in each item; the item comes without that list. */
export const subelements: Lookup = (terms) => {
	const [source, key, flags] = terms;
	const wrong = (what: string) => lookupFault(`subelements lookup expects a list of two or three items, ${what}`);
	if (terms.length < 2 || terms.length > 3) throw wrong('');
	if (!(Array.isArray(source) || source instanceof Dict) || typeof key !== 'string') {
		throw wrong('first a dict or a list, second a string pointing to the subkey');
	}
	if (flags !== undefined && !(flags instanceof Dict))
		throw wrong("the optional third item must be a dict with flags ('skip_missing',)");
	if (source instanceof Dict && isSkipped(source)) return [];
	const skipMissing = flags instanceof Dict && isTrue(flags.get('skip_missing') ?? false);
	const pairs: Value[] = [];
	for (const item of source instanceof Dict ? source.values() : source) {
		if (!(item instanceof Dict)) throw lookupFault(`subelements lookup expects a dictionary, got '${pythonStr(item)}'`);
		if (isSkipped(item)) continue;
		const found = takeList(item, key.split('.'), skipMissing);
		if (found) for (const element of found.list) pairs.push(new Tuple([found.rest, element]));
	}
	return pairs;
};

/** The list at the end of a path, and the dict without it. */
function takeList(item: Dict, path: readonly string[], skipMissing: boolean): {list: readonly Value[]; rest: Dict} | undefined {
	const [key, ...deeper] = path as [string, ...string[]];
	const value = item.get(key);
	if (value === undefined) {
		if (skipMissing) return undefined;
		throw lookupFault(`could not find '${key}' key in iterated item '${pythonRepr(item)}'`);
	}
	if (deeper.length === 0) {
		const elements = value instanceof Tuple ? value.items : value;
		if (!Array.isArray(elements)) throw lookupFault(`the key ${key} should point to a list, got '${pythonStr(value)}'`);
		return {list: elements, rest: Dict.from([...item.entries()].filter(([name]) => name !== key))};
	}
	if (!(value instanceof Dict)) {
		if (skipMissing) return undefined;
		throw lookupFault(`the key ${key} should point to a dictionary, got '${pythonStr(value)}'`);
	}
	const found = takeList(value, deeper, skipMissing);
	if (!found) return undefined;
	return {list: found.list, rest: Dict.from([...item.entries()].map(([name, one]) => [name, name === key ? found.rest : one]))};
}

function isSkipped(item: Dict): boolean {
	const skipped = item.get('skipped');
	return skipped !== undefined && skipped !== false;
}

function isTrue(value: Value): boolean {
	return typeof value === 'string' ? /^(?:yes|true|on|y|t|1)$/i.test(value) : isTruthy(value);
}

function flatten(terms: readonly Value[]): Value[] {
	return terms.flatMap((term) => (Array.isArray(term) ? term : term instanceof Tuple ? [...term.items] : [term]));
}

/** What iterating over a term gives: the elements of a list, the keys of a dict, the characters of a text. */
function elementsOf(term: Value): readonly Value[] {
	if (Array.isArray(term)) return term;
	if (term instanceof Tuple) return term.items;
	if (term instanceof Dict) return [...term.keys()];
	return typeof term === 'string' ? [...term] : [term];
}
