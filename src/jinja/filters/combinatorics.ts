import {PythonError, typeError, valueError} from '../fault.js';
import {checkItems} from '../limits.js';
import {integerArgument} from '../python/argument.js';
import {isTruthy, textOf} from '../python/compare.js';
import {entriesOf, iterate} from '../python/iterate.js';
import {itemOf} from '../python/subscript.js';
import {pythonRepr, pythonStr} from '../python/text.js';
import {Dict, Tuple, type Value} from '../value.js';
import type {FilterTable} from './filter.js';

/** How many ways there are, capped so that it stays a number. */
function waysOf(length: number, size: number, ordered: boolean): number {
	let ways = 1;
	for (let index = 0; index < size && ways < 1e12; index++) ways *= ordered ? length - index : (length - index) / (index + 1);
	return Math.max(0, ways);
}

/** Every choice of `size` items: all orders, or those in the order of the list. */
function choices(items: readonly Value[], size: number, ordered: boolean): Value[] {
	if (size < 0) throw valueError('r must be non-negative');
	if (size > items.length) return [];
	checkItems(waysOf(items.length, size, ordered) * Math.max(1, size));
	const found: Value[] = [];
	const chosen: number[] = [];
	const choose = (): void => {
		if (chosen.length === size) {
			found.push(new Tuple(chosen.map((index) => items[index]!)));
			return;
		}
		for (let index = ordered ? 0 : (chosen.at(-1) ?? -1) + 1; index < items.length; index++) {
			if (ordered && chosen.includes(index)) continue;
			chosen.push(index);
			choose();
			chosen.pop();
		}
	};
	choose();
	return found;
}

/** The list that keys lead to inside an element; undefined when one is missing. */
function listBehind(element: Value, keys: readonly Value[], skipMissing: boolean): readonly Value[] {
	let value = element;
	for (const key of keys) {
		let next: Value | undefined;
		try {
			next = itemOf(value, key);
		} catch (fault) {
			if (!(fault instanceof PythonError)) throw fault;
			throw typeError(`the key ${pythonStr(key)} should point to a dictionary, got '${pythonStr(value)}'`);
		}
		if (next === undefined && !(value instanceof Dict))
			throw typeError(`the key ${pythonStr(key)} should point to a dictionary, got '${pythonStr(value)}'`);
		if (next === undefined) {
			if (skipMissing) return [];
			throw valueError(`could not find ${pythonRepr(key)} key in iterated item ${pythonRepr(value)}`);
		}
		value = next;
	}
	if (!Array.isArray(value))
		throw typeError(`the key ${pythonRepr(keys.at(-1) ?? '')} should point to a list, got ${pythonRepr(value)}`);
	return iterate(value);
}

/** Filters that pair the items of lists with each other. */
export const combinatoricFilters: FilterTable = {
	combinations: {
		summary: 'Every choice of some items, in the order of the list.',
		signature: 'iterable, r',
		structural: true,
		example: ['[1, 2, 3] | combinations(2)', '[[1, 2], [1, 3], [2, 3]]'],
		call: (_context, list, size) => choices(iterate(list!), integerArgument(size!, 'r'), false),
	},
	permutations: {
		summary: 'Every order of the items, or of some of them.',
		signature: 'iterable, r=None',
		structural: true,
		example: ['[1, 2] | permutations', '[[1, 2], [2, 1]]'],
		call(_context, list, size) {
			const items = iterate(list!);
			return choices(items, size === null ? items.length : integerArgument(size!, 'r'), true);
		},
	},
	subelements: {
		summary: 'Every element with each item of a list inside it.',
		signature: 'obj, subelements, skip_missing=False',
		structural: true,
		example: ["[{'n': 'a', 'l': [1, 2]}] | subelements('l') | map('last')", '[1, 2]'],
		call(_context, object, path, skipMissing) {
			if (!(object instanceof Dict) && !Array.isArray(object)) throw valueError('obj must be a list of dicts or a nested dict');
			const elements = object instanceof Dict ? entriesOf(object).map(([, value]) => value) : iterate(object);
			const dotted = textOf(path!);
			if (dotted === undefined && !Array.isArray(path)) throw typeError('subelements must be a list or a string');
			const keys = dotted === undefined ? iterate(path!) : dotted.split('.');
			return elements.flatMap((element) =>
				listBehind(element, keys, isTruthy(skipMissing!)).map((item) => new Tuple([element, item])),
			);
		},
	},
};
