import {MarkerUsed, PythonError, typeError, UnknownUsed} from '../fault.js';
import {escapeHtml, Markup, NamedTuple, Undefined} from '../internal.js';
import {checkItems, checkLength, spend} from '../limits.js';
import {integerArgument, numberArgument} from '../python/argument.js';
import {add} from '../python/arithmetic.js';
import {compare, isTruthy, pythonEquals, textOf} from '../python/compare.js';
import {entriesOf, iterate, iterateRaw, lengthOf} from '../python/iterate.js';
import {isNumber} from '../python/number.js';
import {pythonStr} from '../python/text.js';
import {typeName} from '../python/type-name.js';
import {Dict, hashKey, Marker, Secret, Tuple, Unknown, type Value} from '../value.js';
import {attributeGetter, attributesGetter, ignoreCase} from './attribute.js';
import type {FilterTable, PluginContext} from './filter.js';

function used(value: Value): Value {
	if (value instanceof Marker) throw new MarkerUsed(value);
	if (value instanceof Unknown) throw new UnknownUsed(value);
	return value;
}

/** Sorts stably by keys; reversed keeps equal items in their order too. */
function sorted<T>(items: readonly T[], key: (item: T) => Value, reverse: boolean): T[] {
	const sign = reverse ? -1 : 1;
	spend(4 * items.length);
	return items
		.map((item) => ({item, key: used(key(item))}))
		.sort((a, b) => sign * compare(a.key, b.key))
		.map(({item}) => item);
}

function extreme(context: PluginContext, value: Value, caseSensitive: Value, attribute: Value, sign: 1 | -1): Value {
	const items = iterate(value);
	if (!items.length) return context.undefined('No aggregated item, sequence was empty.');
	const get = attributeGetter(context, attribute);
	const key = (item: Value): Value => used(isTruthy(caseSensitive) ? get(item) : ignoreCase(get(item)));
	let best: Value = items[0]!;
	let bestKey = key(best);
	for (const item of items.slice(1) as readonly Value[]) {
		const itemKey = key(item);
		if (sign * compare(itemKey, bestKey, sign === 1 ? '<' : '>') < 0) {
			best = item;
			bestKey = itemKey;
		}
	}
	return best;
}

function groups(context: PluginContext, value: Value, attribute: Value, fallback: Value, caseSensitive: Value): Value {
	const get = attributeGetter(context, attribute);
	const keyOf = (item: Value): Value => {
		let key = get(item);
		// A marker fails even with a default, as in Ansible.
		used(key);
		if (fallback !== null && key instanceof Undefined) key = fallback;
		return key;
	};
	const folded = (item: Value): Value => (isTruthy(caseSensitive) ? keyOf(item) : ignoreCase(keyOf(item)));
	const result: {key: Value; shown: Value; items: Value[]}[] = [];
	for (const item of sorted(iterate(value), folded, false)) {
		const key = folded(item);
		const last = result.at(-1);
		if (last && pythonEquals(last.key, key)) last.items.push(item);
		else result.push({key, shown: keyOf(item), items: [item]});
	}
	return result.map(({shown, items}) => new NamedTuple([shown, items], ['grouper', 'list'], 'GroupTuple'));
}

/** The items of a list that were not there before. */
export function uniqueItems(items: readonly Value[], key: (item: Value) => Value): Value[] {
	const seen = new Set<unknown>();
	return items.filter((item) => {
		const hash = hashKey(used(key(item)));
		if (seen.has(hash)) return false;
		seen.add(hash);
		return true;
	});
}

/** Jinja's filters on sequences and dicts. */
export const jinjaListFilters: FilterTable = {
	batch: {
		summary: 'Cuts a sequence into lists of a size.',
		signature: 'value, linecount, fill_with=None',
		structural: true,
		example: ['[1, 2, 3] | batch(2)', '[[1, 2], [3]]'],
		call(_context, value, size, fill) {
			const items = iterate(value!);
			const rows: Value[][] = [[]];
			for (const item of items) {
				const last = rows.at(-1)!;
				if (!pythonEquals(last.length, size!)) last.push(item);
				else rows.push([item]);
			}
			if (rows.length === 1 && !rows[0]!.length) rows.pop();
			if (fill !== null && rows.length) {
				const count = numberArgument(size!, 'linecount');
				checkItems(count);
				const last = rows.at(-1);
				while (last && last.length < count) last.push(fill!);
			}
			return rows;
		},
	},
	dictsort: {
		summary: 'The pairs of a dict, sorted by key or value.',
		signature: "value, case_sensitive=False, by='key', reverse=False",
		example: ["{'b': 1, 'a': 2} | dictsort", "[['a', 2], ['b', 1]]"],
		call(_context, value, caseSensitive, by, reverse) {
			if (!(value instanceof Dict))
				throw new PythonError('AttributeError', `'${typeName(value!)}' object has no attribute 'items'`);
			const place = ['key', 'value'].indexOf(textOf(by!) ?? '');
			if (place === -1) throw new PythonError('TypeError', 'You can only sort by either "key" or "value"');
			const pairs = entriesOf(value).map((pair) => new Tuple(pair));
			return sorted(
				pairs,
				(pair) => (isTruthy(caseSensitive!) ? pair.items[place]! : ignoreCase(pair.items[place]!)),
				isTruthy(reverse!),
			);
		},
	},
	first: {
		summary: 'The first item of a sequence.',
		signature: 'seq',
		structural: true,
		example: ['[3, 4] | first', '3'],
		call(context, seq) {
			const items = iterateRaw(seq!);
			return items.length ? items[0]! : context.undefined('No first item, sequence was empty.');
		},
	},
	groupby: {
		summary: 'Groups items by an attribute: pairs of the value and the items that have it.',
		signature: 'value, attribute, default=None, case_sensitive=False',
		structural: true,
		example: ["[{'a': 1}, {'a': 2}, {'a': 1}] | groupby('a') | map('first')", '[1, 2]'],
		call: (context, value, attribute, fallback, caseSensitive) => groups(context, value!, attribute!, fallback!, caseSensitive!),
	},
	items: {
		summary: 'The pairs of a dict.',
		signature: 'value',
		structural: true,
		example: ["{'a': 1} | items", "[['a', 1]]"],
		call(_context, value) {
			if (value instanceof Undefined) return [];
			if (!(value instanceof Dict)) throw typeError('Can only get item pairs from a mapping.');
			return entriesOf(value).map((pair) => new Tuple(pair));
		},
	},
	join: {
		summary: 'The texts of the items with a separator between them.',
		signature: "value, d='', attribute=None",
		example: ["[1, 2] | join(',')", "'1,2'"],
		call(context, value, separator, attribute) {
			const get = attributeGetter(context, attribute!);
			const items = attribute === null ? iterate(value!) : iterate(value!).map((item) => used(get(item)));
			if (context.autoescape && (separator instanceof Markup || items.some((item) => item instanceof Markup))) {
				const escaped = (item: Value): string => (item instanceof Markup ? item.text : escapeHtml(pythonStr(item)));
				return new Markup(items.map(escaped).join(escaped(separator!)));
			}
			const between = pythonStr(separator!);
			let length = 0;
			const texts = items.map((item) => {
				const text = pythonStr(item);
				length += text.length + between.length;
				return text;
			});
			checkLength(length);
			const joined = texts.join(between);
			return context.autoescape ? new Markup(texts.map(escapeHtml).join(escapeHtml(between))) : joined;
		},
	},
	last: {
		summary: 'The last item of a sequence.',
		signature: 'seq',
		structural: true,
		example: ['[3, 4] | last', '4'],
		call(context, seq) {
			const items = iterateRaw(seq!);
			return items.length ? items.at(-1)! : context.undefined('No last item, sequence was empty.');
		},
	},
	length: {
		summary: 'How many items a sequence, characters a text, keys a dict has.',
		signature: 'obj',
		structural: true,
		aliases: ['count'],
		example: ["'abc' | length", '3'],
		call: (_context, obj) => lengthOf(obj!),
	},
	list: {
		summary: 'The items as a list; the characters of a text, the keys of a dict.',
		signature: 'value',
		structural: true,
		example: ["'ab' | list", "['a', 'b']"],
		call: (_context, value) => [...iterate(value!)],
	},
	max: {
		summary: 'The largest item.',
		signature: 'value, case_sensitive=False, attribute=None',
		example: ['[1, 3, 2] | max', '3'],
		call: (context, value, caseSensitive, attribute) => extreme(context, value!, caseSensitive!, attribute!, -1),
	},
	min: {
		summary: 'The smallest item.',
		signature: 'value, case_sensitive=False, attribute=None',
		example: ['[1, 3, 2] | min', '1'],
		call: (context, value, caseSensitive, attribute) => extreme(context, value!, caseSensitive!, attribute!, 1),
	},
	reverse: {
		summary: 'A sequence or text from its end to its start.',
		signature: 'value',
		structural: true,
		example: ['[1, 2] | reverse', '[2, 1]'],
		call(_context, value) {
			if (typeof value === 'string') return Array.from(value).reverse().join('');
			if (value instanceof Secret) return new Secret(Array.from(value.text).reverse().join(''));
			if (isNumber(value!) || value === null) throw typeError('argument must be iterable');
			return [...iterate(value!)].reverse();
		},
	},
	slice: {
		summary: 'Cuts a sequence into a number of lists.',
		signature: 'value, slices, fill_with=None',
		structural: true,
		example: ['[1, 2, 3] | slice(2)', '[[1, 2], [3]]'],
		call(_context, value, slices, fill) {
			const items = iterate(value!);
			const count = integerArgument(slices!, 'slices');
			if (count === 0) throw new PythonError('ZeroDivisionError', 'integer division or modulo by zero');
			checkItems(count);
			const size = Math.floor(items.length / count);
			const longer = items.length - size * count;
			let offset = 0;
			return Array.from({length: Math.max(0, count)}, (_, index) => {
				const start = offset + index * size;
				if (index < longer) offset++;
				const part = items.slice(start, offset + (index + 1) * size);
				return fill !== null && index >= longer ? [...part, fill!] : part;
			});
		},
	},
	sort: {
		summary: 'The items in order, ignoring the case of texts unless told otherwise.',
		signature: 'value, reverse=False, case_sensitive=False, attribute=None',
		structural: true,
		example: ["['b', 'A'] | sort", "['A', 'b']"],
		call(context, value, reverse, caseSensitive, attribute) {
			const get = attributesGetter(context, attribute!);
			const fold = isTruthy(caseSensitive!) ? (item: Value) => used(item) : (item: Value) => ignoreCase(used(item));
			return sorted(iterate(value!), (item) => get(item).map(fold), isTruthy(reverse!));
		},
	},
	sum: {
		summary: 'The sum of the items, or of an attribute of them.',
		signature: 'iterable, attribute=None, start=0',
		example: ['[1, 2] | sum', '3'],
		call(context, value, attribute, start) {
			const get = attributeGetter(context, attribute!);
			if (textOf(start!) !== undefined) throw typeError("sum() can't sum strings [use ''.join(seq) instead]");
			return iterate(value!).reduce<Value>((sum, item) => add(sum, used(get(item))), start!);
		},
	},
};
