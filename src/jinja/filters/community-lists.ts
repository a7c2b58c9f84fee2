import {MarkerUsed, PythonError, typeError, valueError} from '../fault.js';
import {contains, isTruthy, textOf} from '../python/compare.js';
import {isSequence, iterate} from '../python/iterate.js';
import {pythonRepr, pythonStr} from '../python/text.js';
import {typeName} from '../python/type-name.js';
import {Dict, Marker, type Value} from '../value.js';
import type {Filter, FilterTable, PluginContext} from './filter.js';

/** What another filter gives; its failure is ours. */
function use(
	context: PluginContext,
	name: string,
	value: Value,
	positional: readonly Value[],
	named?: ReadonlyMap<string, Value>,
): Value {
	const result = context.callFilter(name, value, positional, named);
	if (result instanceof Marker) throw new MarkerUsed(result);
	return result;
}

/** `[list1, list2] | lists_…(flatten=true)`: a list of lists counts as its lists. */
function flattened(args: readonly Value[]): Value[] {
	return args.flatMap((list) => {
		if (!isSequence(list)) throw typeError(`All arguments must be lists. ${pythonStr(list)} is <class '${typeName(list)}'>`);
		const items = iterate(list);
		return items.length && items.every(isSequence) ? [...items] : items.length ? [list] : [];
	});
}

/** The items of a list without repetitions, by Python's equality. */
function once(items: readonly Value[]): Value[] {
	const kept: Value[] = [];
	for (const item of items) if (!contains(kept, item)) kept.push(item);
	return kept;
}

/** A set filter for any number of lists; `join` makes one of two. */
function setFilter(
	name: string,
	summary: string,
	example: readonly [string, string],
	join: (a: readonly Value[], b: readonly Value[]) => readonly Value[],
): Filter {
	return {
		summary,
		signature: '*args, flatten=False',
		aliases: [`lists_${name}`],
		example,
		call(_context, args, flatten) {
			const [first, ...others] = isTruthy(flatten!) ? flattened(iterate(args!)) : iterate(args!);
			if (first === undefined) return [];
			if (!others.length) return first;
			return others.reduce<readonly Value[]>((result, list) => once(join(result, iterate(list))), once(iterate(first)));
		},
	};
}

/** The lists to merge, and the key to merge them by. */
function mergeArguments(terms: readonly Value[]): {lists: Value[]; index: Value} {
	if (terms.length < 2) throw valueError('At least one list and index are needed.');
	const lists = terms.slice(0, -1).flatMap((list) => {
		if (!isSequence(list))
			throw typeError(
				`All arguments before the argument index for community.general.lists_mergeby must be lists. ${pythonStr(list)} is <class '${typeName(list)}'>`,
			);
		const items = iterate(list);
		if (!items.length) return [];
		return items.every((item) => isSequence(item)) ? [...items] : [list];
	});
	return {lists, index: terms.at(-1)!};
}

function mergeTwo(context: PluginContext, low: Value, high: Value, index: Value, options: ReadonlyMap<string, Value>): Value {
	const merged = new Dict();
	for (const element of [...iterate(low), ...iterate(high)]) {
		if (!(element instanceof Dict))
			throw typeError(
				`Elements of list arguments for lists_mergeby must be dictionaries. ${pythonStr(element)} is <class '${typeName(element)}'>`,
			);
		const key = element.get(index);
		if (key !== undefined) merged.set(key, use(context, 'combine', merged.get(key) ?? new Dict(), [element], options));
	}
	return use(
		context,
		'sort',
		[...merged.values()],
		[],
		new Map<string, Value>([
			['attribute', index],
			['case_sensitive', true],
		]),
	);
}

/** Filters of the collection community.general on lists and dicts. */
export const communityListFilters: FilterTable = {
	'community.general.lists_union': setFilter(
		'union',
		'The items of several lists, each once, in order.',
		['[1, 2] | lists_union([3, 2], [4])', '[1, 2, 3, 4]'],
		(a, b) => [...a, ...b],
	),
	'community.general.lists_intersect': setFilter(
		'intersect',
		'The items that all of several lists have, in order.',
		['[1, 2] | lists_intersect([2, 3])', '[2]'],
		(a, b) => a.filter((item) => contains(b, item)),
	),
	'community.general.lists_difference': setFilter(
		'difference',
		'The items of the first list that no other has, in order.',
		['[1, 2] | lists_difference([2])', '[1]'],
		(a, b) => a.filter((item) => !contains(b, item)),
	),
	'community.general.lists_symmetric_difference': setFilter(
		'symmetric_difference',
		'The items that only one of two lists has, in order.',
		['[1, 2] | lists_symmetric_difference([2, 3])', '[1, 3]'],
		(a, b) => [...a.filter((item) => !contains(b, item)), ...b.filter((item) => !contains(a, item))],
	),
	'community.general.lists_mergeby': {
		summary: 'Merges lists of dicts: those with one value of a key become one, sorted by it.',
		signature: "*terms, recursive=False, list_merge='replace'",
		aliases: ['lists_mergeby'],
		example: ["[{'n': 'b', 'x': 1}] | lists_mergeby([{'n': 'b', 'y': 2}], 'n')", "[{'n': 'b', 'x': 1, 'y': 2}]"],
		call(context, terms, recursive, listMerge) {
			const {lists, index} = mergeArguments(iterate(terms!));
			if (lists.length < 2) return lists[0] ?? [];
			if (textOf(index) === undefined)
				throw typeError(
					`First argument after the lists for community.general.lists_mergeby must be string. ${pythonStr(index)} is <class '${typeName(index)}'>`,
				);
			const options = new Map<string, Value>([
				['recursive', recursive!],
				['list_merge', listMerge!],
			]);
			return lists.reduceRight((high, low) => mergeTwo(context, low, high, index, options));
		},
	},
	'community.general.counter': {
		summary: 'How often each item is in a list, or each character in a text.',
		signature: 'sequence',
		aliases: ['counter'],
		example: ["'aab' | counter", "{'a': 2, 'b': 1}"],
		call(_context, sequence) {
			if (!isSequence(sequence!) && textOf(sequence!) === undefined)
				throw typeError(
					`Argument for community.general.counter must be a sequence (string or list). ${pythonStr(sequence!)} is ${typeName(sequence!)}`,
				);
			const counts = new Dict();
			for (const item of iterate(sequence)) counts.set(item, Number(counts.get(item) ?? 0) + 1);
			return counts;
		},
	},
	'community.general.dict': {
		summary: 'A dict of pairs.',
		signature: 'sequence',
		aliases: ['dict'],
		structural: true,
		example: ["[['a', 1]] | community.general.dict", "{'a': 1}"],
		call: (_context, pairs) =>
			Dict.from(
				iterate(pairs!).map((pair, index): [Value, Value] => {
					const items = iterate(pair);
					if (items.length !== 2)
						throw valueError(`dictionary update sequence element #${index} has length ${items.length}; 2 is required`);
					return [items[0]!, items[1]!];
				}),
			),
	},
	'community.general.dict_kv': {
		summary: 'A dict of one key.',
		signature: 'value, key',
		aliases: ['dict_kv'],
		structural: true,
		example: ["1 | dict_kv('a')", "{'a': 1}"],
		call: (_context, value, key) => Dict.from([[key!, value!]]),
	},
	'community.general.groupby_as_dict': {
		summary: 'A dict of the elements of a list by one of their attributes, which must differ.',
		signature: 'sequence, attribute',
		aliases: ['groupby_as_dict'],
		structural: true,
		example: ["[{'n': 'a'}] | groupby_as_dict('n')", "{'a': {'n': 'a'}}"],
		call(_context, sequence, attribute) {
			if (!isSequence(sequence!)) throw typeError('Input is not a sequence');
			const grouped = new Dict();
			for (const [index, element] of iterate(sequence).entries()) {
				if (!(element instanceof Dict)) throw typeError(`Sequence element #${index} is not a mapping`);
				const key = element.get(attribute!);
				if (key === undefined) throw new PythonError('KeyError', `Attribute not contained in element #${index} of sequence`);
				if (grouped.has(key)) throw valueError(`Multiple sequence entries have attribute value ${pythonRepr(key)}`);
				grouped.set(key, element);
			}
			return grouped;
		},
	},
	'community.general.version_sort': {
		summary: 'Versions in their order.',
		signature: 'value, reverse=False',
		aliases: ['version_sort'],
		example: ["['2.10', '2.9'] | version_sort", "['2.9', '2.10']"],
		call(context, value, reverse) {
			const before = (a: Value, b: Value): boolean => {
				const answer = context.callTest('version', a, [b, 'lt']);
				if (answer instanceof Marker) throw new MarkerUsed(answer);
				return answer === true;
			};
			const items = iterate(value!);
			for (const item of items)
				if (textOf(item) === undefined) throw typeError(`expected string or bytes-like object, got '${typeName(item)}'`);
			// Equal ones keep their order also in reverse.
			const sign = isTruthy(reverse!) ? -1 : 1;
			return items.toSorted((a, b) => sign * (before(a, b) ? -1 : before(b, a) ? 1 : 0));
		},
	},
};
