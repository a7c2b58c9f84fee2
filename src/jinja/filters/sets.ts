import {PythonError} from '../fault.js';
import {add} from '../python/arithmetic.js';
import {isTruthy, pythonEquals} from '../python/compare.js';
import {iterate} from '../python/iterate.js';
import {hashKey, type Value} from '../value.js';
import {attributeGetter, ignoreCase} from './attribute.js';
import type {FilterTable} from './filter.js';
import {uniqueItems} from './jinja-list.js';

/*
 * Ansible's set filters go through a Python set, whose order changes from run to run. Here the order is always that of first occurrence: a
 * list of cluster members must not change between runs.
 */

/** The hashes of items, or undefined when one has none (lists and dicts are compared one by one then). */
function hashes(items: readonly Value[]): Set<unknown> | undefined {
	try {
		return new Set(items.map(hashKey));
	} catch (fault) {
		if (fault instanceof PythonError && fault.type === 'TypeError') return undefined;
		throw fault;
	}
}

function uniqueAny(items: readonly Value[]): Value[] {
	if (hashes(items)) return uniqueItems(items, (item) => item);
	const result: Value[] = [];
	for (const item of items) if (!result.some((one) => pythonEquals(one, item))) result.push(item);
	return result;
}

/** The items of `a` that are (or are not) among those of `b`. */
function among(a: readonly Value[], b: readonly Value[], wanted: boolean): Value[] {
	const set = hashes(b);
	if (set && hashes(a)) return uniqueAny(a.filter((item) => set.has(hashKey(item)) === wanted));
	return uniqueAny(a.filter((item) => b.some((one) => pythonEquals(one, item)) === wanted));
}

export const setFilters: FilterTable = {
	difference: {
		summary: 'The items of a list that another has not, each once, in order.',
		signature: 'a, b',
		example: ['[3, 1, 2] | difference([1])', '[3, 2]'],
		call: (_context, a, b) => among(iterate(a!), iterate(b!), false),
	},
	intersect: {
		summary: 'The items of a list that another has too, each once, in order.',
		signature: 'a, b',
		example: ['[3, 1, 2] | intersect([1, 3])', '[3, 1]'],
		call: (_context, a, b) => among(iterate(a!), iterate(b!), true),
	},
	symmetric_difference: {
		summary: 'The items that only one of two lists has, each once, in order.',
		signature: 'a, b',
		example: ['[1, 2] | symmetric_difference([2, 3])', '[1, 3]'],
		call(_context, a, b) {
			const [left, right] = [iterate(a!), iterate(b!)];
			return [...among(left, right, false), ...among(right, left, false)];
		},
	},
	union: {
		summary: 'The items of two lists, each once, in order.',
		signature: 'a, b',
		example: ['[2, 1] | union([1, 3])', '[2, 1, 3]'],
		call(_context, a, b) {
			const [left, right] = [iterate(a!), iterate(b!)];
			if (hashes(left) && hashes(right)) return uniqueAny([...left, ...right]);
			return uniqueAny(add(a!, b!) as readonly Value[]);
		},
	},
	unique: {
		summary: 'The items without repetitions; texts that differ only in case count as one unless told otherwise.',
		signature: 'a, case_sensitive=None, attribute=None',
		example: ["['a', 'b', 'A'] | unique", "['a', 'b']"],
		call(context, a, caseSensitive, attribute) {
			const get = attributeGetter(context, attribute!);
			const sensitive = isTruthy(caseSensitive!);
			const items = iterate(a!);
			try {
				return uniqueItems(items, (item) => (sensitive ? get(item) : ignoreCase(get(item))));
			} catch (fault) {
				if (!(fault instanceof PythonError) || fault.type !== 'TypeError') throw fault;
				if (caseSensitive === false || isTruthy(attribute!)) {
					throw new PythonError(
						'TypeError',
						"Jinja2's unique filter failed and we cannot fall back to Ansible's version as it does not support the parameters supplied.",
					);
				}
				return uniqueAny(items);
			}
		},
	},
};
