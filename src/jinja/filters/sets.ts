import {endsEvaluation, MarkerUsed, PythonError, valueError} from '../fault.js';
import {add} from '../python/arithmetic.js';
import {contains, isTruthy, pythonEquals} from '../python/compare.js';
import {canIterate, iterate} from '../python/iterate.js';
import {hashKey, Marker, TemplateError, type Value} from '../value.js';
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

/** The hashes of the items of a value; undefined too when it has no items. */
function hashesOf(value: Value): Set<unknown> | undefined {
	return canIterate(value) ? hashes(iterate(value)) : undefined;
}

function unionOf(a: Value, b: Value): Value[] {
	const items = hashesOf(a) && hashesOf(b) ? [...iterate(a), ...iterate(b)] : iterate(add(a, b));
	return uniqueAny(items);
}

function uniqueAny(items: readonly Value[]): Value[] {
	if (hashes(items)) return uniqueItems(items, (item) => item);
	const result: Value[] = [];
	for (const item of items) if (!result.some((one) => pythonEquals(one, item))) result.push(item);
	return result;
}

/** The items of `a` that are (or are not) among those of `b`. */
function among(a: Value, b: Value, wanted: boolean): Value[] {
	const items = iterate(a);
	const set = hashes(items) && hashesOf(b);
	if (set) return uniqueAny(items.filter((item) => set.has(hashKey(item)) === wanted));
	return uniqueAny(items.filter((item) => contains(b, item) === wanted));
}

const noFallback =
	"Jinja2's unique filter failed and we cannot fall back to Ansible's version as it does not support the parameters supplied.";

export const setFilters: FilterTable = {
	difference: {
		summary: 'The items of a list that another has not, each once, in order.',
		signature: 'a, b',
		example: ['[3, 1, 2] | difference([1])', '[3, 2]'],
		call: (_context, a, b) => among(a!, b!, false),
	},
	intersect: {
		summary: 'The items of a list that another has too, each once, in order.',
		signature: 'a, b',
		example: ['[3, 1, 2] | intersect([1, 3])', '[3, 1]'],
		call: (_context, a, b) => among(a!, b!, true),
	},
	symmetric_difference: {
		summary: 'The items that only one of two lists has, each once, in order.',
		signature: 'a, b',
		example: ['[1, 2] | symmetric_difference([2, 3])', '[1, 3]'],
		call(_context, a, b) {
			if (hashesOf(a!) && hashesOf(b!)) return [...among(a!, b!, false), ...among(b!, a!, false)];
			const shared = among(a!, b!, true);
			return unionOf(a!, b!).filter((item) => !contains(shared, item));
		},
	},
	union: {
		summary: 'The items of two lists, each once, in order.',
		signature: 'a, b',
		example: ['[2, 1] | union([1, 3])', '[2, 1, 3]'],
		call: (_context, a, b) => unionOf(a!, b!),
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
				if (!(fault instanceof MarkerUsed || fault instanceof PythonError) || endsEvaluation(fault)) throw fault;
				const strict = caseSensitive === false || isTruthy(attribute!);
				if (!strict) return uniqueAny(items);
				if (fault instanceof PythonError) throw new PythonError('TypeError', `${noFallback}: ${fault.message}`);
				const {error} = fault.marker;
				if (error.category === 'plugin') throw valueError(`${noFallback}: ${error.message}`);
				const wrapped = new TemplateError(
					error.category,
					`The filter plugin 'ansible.builtin.unique' failed: ${noFallback}: ${error.message}`,
					{span: error.span, subject: error.subject, help: error.help, cause: error},
				);
				// The failure of the filter, not something undefined that `default` could cure.
				throw new MarkerUsed(new Marker(wrapped, false));
			}
		},
	},
};
