import {PythonError, typeError, valueError} from '../fault.js';
import {checkItems, spend} from '../limits.js';
import {integerArgument, numberArgument} from '../python/argument.js';
import {isTruthy, pythonEquals, textOf} from '../python/compare.js';
import {entriesOf, isSequence, iterate, iterateRaw} from '../python/iterate.js';
import {isInteger} from '../python/number.js';
import {itemOf} from '../python/subscript.js';
import {pythonRepr, pythonStr} from '../python/text.js';
import {typeName} from '../python/type-name.js';
import {Dict, Tuple, type Value} from '../value.js';
import type {FilterTable} from './filter.js';

/** `levels` is null for all; what it is matters only where there is a list to go into. */
function flatten(value: Value, levels: Value, skipNulls: boolean, result: Value[] = []): Value[] {
	for (const item of iterate(value)) {
		spend(2);
		if (skipNulls && (item === null || item === 'None' || item === 'null')) continue;
		if (!isSequence(item)) result.push(item);
		else if (levels === null) flatten(item, null, skipNulls, result);
		else if (numberArgument(levels, 'levels') < 1) result.push(item);
		else flatten(item, Math.trunc(numberArgument(levels, 'levels')) - 1, skipNulls, result);
	}
	return result;
}

type ListMerge = 'replace' | 'keep' | 'append' | 'prepend' | 'append_rp' | 'prepend_rp';
const listMerges: readonly string[] = ['replace', 'keep', 'append', 'prepend', 'append_rp', 'prepend_rp'];

/** Ansible's `merge_hash`: a copy of `low` with `high` over it. */
function merge(low: Value, high: Value, recursive: boolean, lists: ListMerge): Dict {
	for (const one of [low, high]) {
		if (!(one instanceof Dict))
			throw typeError(`failed to combine variables, expected dicts but got a '${typeName(low)}' and a '${typeName(high)}'`);
	}
	const [below, above] = [low as Dict, high as Dict];
	const result = Dict.from(entriesOf(below));
	for (const [key, value] of entriesOf(above)) {
		const present = below.get(key);
		if (present === undefined) result.set(key, value);
		else if (recursive && present instanceof Dict && value instanceof Dict)
			result.set(key, merge(present, value, recursive, lists));
		else if (Array.isArray(present) && Array.isArray(value)) result.set(key, mergeLists(present, value, lists));
		else result.set(key, value);
	}
	return result;
}

function mergeLists(low: readonly Value[], high: readonly Value[], how: ListMerge): Value {
	const without = (list: readonly Value[], removed: readonly Value[]): Value[] =>
		list.filter((item) => !removed.some((one) => pythonEquals(one, item)));
	switch (how) {
		case 'keep':
			return low;
		case 'append':
			return [...low, ...high];
		case 'prepend':
			return [...high, ...low];
		case 'append_rp':
			return [...without(low, high), ...high];
		case 'prepend_rp':
			return [...high, ...without(low, high)];
		default:
			return high;
	}
}

function ellipsis(value: Value): string {
	return pythonStr(value);
}

/** Ansible's filters that rearrange lists and dicts. */
export const ansibleDataFilters: FilterTable = {
	combine: {
		summary: 'Merges dicts, later ones over earlier ones.',
		signature: '*terms, **kwargs',
		structural: true,
		example: ["{'a': 1} | combine({'b': 2})", "{'a': 1, 'b': 2}"],
		call(_context, terms, named) {
			const options = named as Dict;
			const recursive = isTruthy(options.get('recursive') ?? false);
			const how = textOf(options.get('list_merge') ?? 'replace') ?? '';
			for (const key of options.keys()) {
				if (key !== 'recursive' && key !== 'list_merge')
					throw valueError("'recursive' and 'list_merge' are the only valid keyword arguments");
			}
			const dicts = flatten(terms!, 1, true);
			if (!dicts.length) return new Dict();
			if (dicts.length === 1) return dicts[0]!;
			if (!listMerges.includes(how)) {
				throw valueError(
					`merge_hash: 'list_merge' argument can only be equal to 'replace', 'keep', 'append', 'prepend', 'append_rp' or 'prepend_rp'`,
				);
			}
			return dicts.slice(0, -1).reduceRight<Value>((high, low) => merge(low, high, recursive, how as ListMerge), dicts.at(-1)!);
		},
	},
	dict2items: {
		summary: 'A dict as a list of dicts with key and value.',
		signature: "mydict, key_name='key', value_name='value'",
		structural: true,
		example: ["{'a': 1} | dict2items", "[{'key': 'a', 'value': 1}]"],
		call(_context, dict, keyName, valueName) {
			if (!(dict instanceof Dict)) throw typeError(`dict2items requires a dictionary, got <class '${typeName(dict!)}'> instead.`);
			return entriesOf(dict).map(([key, value]) =>
				Dict.from([
					[keyName!, key],
					[valueName!, value],
				]),
			);
		},
	},
	items2dict: {
		summary: 'A list of dicts with key and value as one dict.',
		signature: "mylist, key_name='key', value_name='value'",
		structural: true,
		example: ["[{'key': 'a', 'value': 1}] | items2dict", "{'a': 1}"],
		call(_context, list, keyName, valueName) {
			if (!isSequence(list!)) throw typeError(`items2dict requires a list, got <class '${typeName(list!)}'> instead.`);
			return Dict.from(
				iterate(list).map((item): [Value, Value] => {
					if (!(item instanceof Dict) && !(isSequence(item) && isInteger(keyName!) && isInteger(valueName!)))
						throw typeError(`items2dict requires a list of dictionaries, got ${ellipsis(list)} instead.`);
					const [key, value] = [itemOf(item, keyName!), itemOf(item, valueName!)];
					if (key === undefined || value === undefined) {
						throw typeError(
							`items2dict requires each dictionary in the list to contain the keys '${pythonStr(keyName!)}' and '${pythonStr(valueName!)}', got ${ellipsis(list)} instead.`,
						);
					}
					return [key, value];
				}),
			);
		},
	},
	extract: {
		summary: 'The item of a container that the value names; more keys lead deeper.',
		signature: 'item, container, morekeys=None',
		structural: true,
		example: ["'a' | extract({'a': 1})", '1'],
		call(context, item, container, more) {
			let value = context.getItem(container!, item!);
			if (more === null) return value;
			for (const key of Array.isArray(more) ? more : [more!]) value = context.getItem(value, key);
			return value;
		},
	},
	flatten: {
		summary: 'The items of lists inside a list, at every depth or some levels deep, without nulls.',
		signature: 'mylist, levels=None, skip_nulls=True',
		structural: true,
		example: ['[1, [2, [3]]] | flatten', '[1, 2, 3]'],
		call: (_context, list, levels, skipNulls) => flatten(list!, levels!, isTruthy(skipNulls!)),
	},
	product: {
		summary: 'Every pair (or more) of items of several lists.',
		signature: '*iterables, repeat=1',
		structural: true,
		example: ["[1, 2] | product(['a'])", "[[1, 'a'], [2, 'a']]"],
		call(_context, lists, repeat) {
			const times = integerArgument(repeat!, 'repeat');
			if (times < 0) throw valueError('repeat argument cannot be negative');
			const pools = Array.from({length: times}, () => iterate(lists!).map(iterate)).flat();
			checkItems(pools.reduce((size, pool) => size * pool.length, 1) * Math.max(1, pools.length));
			let rows: Value[][] = [[]];
			for (const pool of pools) rows = rows.flatMap((row) => pool.map((item) => [...row, item]));
			return rows.map((row) => new Tuple(row));
		},
	},
	rekey_on_member: {
		summary: 'A dict of dicts, keyed by a member of each.',
		signature: "data, key, duplicates='error'",
		structural: true,
		example: ["[{'n': 'a'}] | rekey_on_member('n')", "{'a': {'n': 'a'}}"],
		call(_context, data, key, duplicates) {
			const how = textOf(duplicates!);
			if (how !== 'error' && how !== 'overwrite')
				throw valueError(`duplicates parameter to rekey_on_member has unknown value ${pythonRepr(duplicates!)}`);
			if (!(data instanceof Dict) && !isSequence(data!)) throw typeError('Type is not a valid list, set, or dict');
			const result = new Dict();
			for (const item of data instanceof Dict ? data.values() : iterate(data)) {
				if (!(item instanceof Dict)) throw typeError('List item is not a valid dict');
				const member = item.get(key!);
				if (member === undefined) throw new PythonError('KeyError', `Key ${pythonRepr(key!)} was not found.`);
				if (result.has(member) && how === 'error')
					throw valueError(`Key ${pythonRepr(member)} is not unique, cannot convert to dict.`);
				result.set(member, item);
			}
			return result;
		},
	},
	zip: {
		summary: 'Lists item by item, as long as the shortest.',
		signature: '*iterables, strict=False',
		structural: true,
		example: ["[1, 2] | zip(['a', 'b'])", "[[1, 'a'], [2, 'b']]"],
		call(_context, lists, strict) {
			const columns = iterate(lists!).map(iterateRaw);
			const lengths = columns.map((column) => column.length);
			if (isTruthy(strict!) && new Set(lengths).size > 1) throw valueError('zip() arguments have different lengths');
			const length = Math.min(...lengths);
			for (const column of columns) iterate(column.slice(0, length));
			return Array.from({length}, (_, row) => new Tuple(columns.map((column) => column[row]!)));
		},
	},
	zip_longest: {
		summary: 'Lists item by item, as long as the longest, the gaps filled.',
		signature: '*iterables, fillvalue=None',
		structural: true,
		example: ["[1, 2] | zip_longest(['a'])", "[[1, 'a'], [2, None]]"],
		call(_context, lists, fill) {
			const columns = iterate(lists!).map(iterate);
			return Array.from(
				{length: Math.max(0, ...columns.map((column) => column.length))},
				(_, row) => new Tuple(columns.map((column) => (row < column.length ? column[row]! : fill!))),
			);
		},
	},
};
