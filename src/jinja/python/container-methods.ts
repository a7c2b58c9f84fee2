import {PythonError, typeError, valueError} from '../fault.js';
import {LazyDict} from '../lazy.js';
import {checkItems} from '../limits.js';
import {Dict, Tuple, type Value} from '../value.js';
import {integerArgument} from './argument.js';
import {compare, isTruthy, pythonEquals} from './compare.js';
import {entriesOf, iterate} from './iterate.js';
import {pythonRepr} from './text.js';
import {typeName} from './type-name.js';

/** A method of a list, tuple or dict: its parameters after the object; `call` of a value is for `key=`. */
export interface ContainerMethod<T> {
	readonly signature: string;
	call(object: T, ...values: Value[]): Value;
	/** Changes the object (an immutable sandbox refuses it). */
	readonly mutates?: boolean;
}

function indexIn(items: readonly Value[], value: Value, start: Value, stop: Value, message: string): number {
	const length = items.length;
	const clamp = (given: Value, fallback: number): number => {
		if (given === null) return fallback;
		const index = integerArgument(given, 'slice indices');
		return index < 0 ? Math.max(0, index + length) : Math.min(index, length);
	};
	const end = clamp(stop, length);
	for (let index = clamp(start, 0); index < end; index++) if (pythonEquals(items[index]!, value)) return index;
	throw valueError(message);
}

export const listMethods: Readonly<Record<string, ContainerMethod<Value[]>>> = Object.assign(Object.create(null), {
	append: {
		signature: 'object',
		mutates: true,
		call(list, item) {
			checkItems(list.length + 1);
			list.push(item!);
			return null;
		},
	},
	clear: {
		signature: '',
		mutates: true,
		call(list) {
			list.length = 0;
			return null;
		},
	},
	copy: {signature: '', call: (list) => [...list]},
	count: {signature: 'value', call: (list, value) => iterate(list).filter((item) => pythonEquals(item, value!)).length},
	extend: {
		signature: 'iterable',
		mutates: true,
		call(list, items) {
			const more = [...iterate(items!)];
			checkItems(list.length + more.length);
			for (const item of more) list.push(item);
			return null;
		},
	},
	index: {
		signature: 'value, start=None, stop=None',
		call: (list, value, start, stop) => indexIn(iterate(list), value!, start!, stop!, `${pythonRepr(value!)} is not in list`),
	},
	insert: {
		signature: 'index, object',
		mutates: true,
		call(list, index, item) {
			list.splice(integerArgument(index!, 'index'), 0, item!);
			return null;
		},
	},
	pop: {
		signature: 'index=-1',
		mutates: true,
		call(list, index) {
			if (!list.length) throw new PythonError('IndexError', 'pop from empty list');
			const at = integerArgument(index!, 'index');
			const from = at < 0 ? at + list.length : at;
			if (from < 0 || from >= list.length) throw new PythonError('IndexError', 'pop index out of range');
			const item = list[from]!;
			list.splice(from, 1);
			return item;
		},
	},
	remove: {
		signature: 'value',
		mutates: true,
		call(list, value) {
			list.splice(indexIn(list, value!, null, null, 'list.remove(x): x not in list'), 1);
			return null;
		},
	},
	reverse: {
		signature: '',
		mutates: true,
		call(list) {
			list.reverse();
			return null;
		},
	},
	sort: {
		signature: '*, key=None, reverse=False',
		mutates: true,
		call(list, key, reverse) {
			if (key !== null) throw typeError('sort() with a key is not possible in a template; use the filter sort(attribute=...)');
			const sign = isTruthy(reverse!) ? -1 : 1;
			const sorted = [...list].sort((a, b) => sign * compare(a, b));
			for (const [index, item] of sorted.entries()) list[index] = item;
			return null;
		},
	},
} satisfies Record<string, ContainerMethod<Value[]>>);

export const tupleMethods: Readonly<Record<string, ContainerMethod<Tuple>>> = Object.assign(Object.create(null), {
	count: {signature: 'value', call: (tuple, value) => tuple.items.filter((item) => pythonEquals(item, value!)).length},
	index: {
		signature: 'value, start=None, stop=None',
		call: (tuple, value, start, stop) => indexIn(tuple.items, value!, start!, stop!, 'tuple.index(x): x not in tuple'),
	},
} satisfies Record<string, ContainerMethod<Tuple>>);

/** The pairs of the object of a method: only a dict of the variables fails for a value that failed. */
function ownEntries(dict: Dict): [Value, Value][] {
	return dict instanceof LazyDict ? entriesOf(dict) : [...dict.entries()];
}

/** The pairs that `dict(x)` and `d.update(x)` read: of a dict, or of an iterable of pairs. */
export function pairsOf(value: Value): [Value, Value][] {
	if (value instanceof Dict) return entriesOf(value);
	return iterate(value).map((pair, index): [Value, Value] => {
		if (!Array.isArray(pair) && !(pair instanceof Tuple) && typeof pair !== 'string') {
			throw typeError(`cannot convert dictionary update sequence element #${index} to a sequence`);
		}
		const items = iterate(pair);
		if (items.length !== 2)
			throw valueError(`dictionary update sequence element #${index} has length ${items.length}; 2 is required`);
		return [items[0]!, items[1]!];
	});
}

export const dictMethods: Readonly<Record<string, ContainerMethod<Dict>>> = Object.assign(Object.create(null), {
	clear: {
		signature: '',
		mutates: true,
		call(dict) {
			for (const key of [...dict.keys()]) dict.delete(key);
			return null;
		},
	},
	copy: {signature: '', call: (dict) => Dict.from(ownEntries(dict))},
	fromkeys: {
		signature: 'iterable, value=None',
		call: (_dict, keys, value) => Dict.from(iterate(keys!).map((key) => [key, value!] as const)),
	},
	get: {signature: 'key, default=None', call: (dict, key, fallback) => (dict.has(key!) ? dict.get(key!)! : fallback!)},
	items: {signature: '', call: (dict) => ownEntries(dict).map((pair) => new Tuple(pair))},
	keys: {signature: '', call: (dict) => [...dict.keys()]},
	pop: {
		signature: 'key, *default',
		mutates: true,
		call(dict, key, fallback) {
			const value = dict.get(key!);
			if (value !== undefined) {
				dict.delete(key!);
				return value;
			}
			const given = (fallback as Value[])[0];
			if (given === undefined) throw new PythonError('KeyError', pythonRepr(key!));
			return given;
		},
	},
	popitem: {
		signature: '',
		mutates: true,
		call(dict) {
			const last = [...dict.keys()].at(-1);
			if (last === undefined) throw new PythonError('KeyError', "'popitem(): dictionary is empty'");
			const value = dict.get(last)!;
			dict.delete(last);
			return new Tuple([last, value]);
		},
	},
	setdefault: {
		signature: 'key, default=None',
		mutates: true,
		call(dict, key, fallback) {
			const present = dict.get(key!);
			if (present !== undefined) return present;
			dict.set(key!, fallback!);
			return fallback!;
		},
	},
	update: {
		signature: 'other=(), **more',
		mutates: true,
		call(dict, other, more) {
			if (other instanceof Dict || typeof other === 'object') for (const [key, value] of pairsOf(other!)) dict.set(key, value);
			else throw typeError(`'${typeName(other!)}' object is not iterable`);
			for (const [key, value] of (more as Dict).entries()) dict.set(key, value);
			return null;
		},
	},
	values: {signature: '', call: (dict) => ownEntries(dict).map(([, value]) => value)},
} satisfies Record<string, ContainerMethod<Dict>>);

/** Whether dicts have a method of a name, which then hides a key of that name. */
export function isDictMethod(name: string): boolean {
	return dictMethods[name] !== undefined;
}
