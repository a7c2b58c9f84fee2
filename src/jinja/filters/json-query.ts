import type {JSONValue} from '@jmespath-community/jmespath';
import {library} from '../../source/source.js';
import {PythonError, valueError} from '../fault.js';
import {textArgument} from '../python/argument.js';
import {dateTimeText} from '../python/datetime.js';
import {iterateRaw} from '../python/iterate.js';
import {toFloat} from '../python/number.js';
import {pythonStr} from '../python/text.js';
import {DateTime, Dict, Float, Tuple, type Value} from '../value.js';
import type {FilterTable} from './filter.js';

/*
 * A number that was 1.0 comes back as 1: JMESPath knows no difference. Lists and dicts that a query gives back as they were are those of the variable, floats and order
 * included.
 */

/** A value as JMESPath sees it; `known` leads from the copies back. */
function toPlain(value: Value, known: Map<unknown, Value>): JSONValue {
	if (value === null || typeof value === 'string' || typeof value === 'boolean' || typeof value === 'number') return value;
	if (typeof value === 'bigint') return Number(value);
	if (value instanceof Float) return value.value;
	if (value instanceof DateTime) return dateTimeText(value, 'T');
	if (Array.isArray(value) || value instanceof Tuple) {
		const copy = iterateRaw(value).map((item) => toPlain(item, known));
		known.set(copy, value);
		return copy;
	}
	if (value instanceof Dict) {
		// No prototype: a key may be called anything.
		const copy: Record<string, JSONValue> = Object.create(null);
		for (const [key, item] of value.entries()) copy[pythonStr(key)] = toPlain(item, known);
		known.set(copy, value);
		return copy;
	}
	// A failed value fails when it is used, anything else has nothing inside.
	const opaque: Record<string, JSONValue> = Object.create(null);
	known.set(opaque, value);
	return opaque;
}

function fromPlain(value: JSONValue, known: Map<unknown, Value>): Value {
	if (typeof value === 'number') return Number.isSafeInteger(value) ? value : toFloat(value);
	if (typeof value !== 'object' || value === null) return value === undefined ? null : value;
	const same = known.get(value);
	if (same !== undefined) return same;
	if (Array.isArray(value)) return value.map((item) => fromPlain(item, known));
	return Dict.from(Object.entries(value).map(([key, item]): [Value, Value] => [key, fromPlain(item, known)]));
}

export const jsonQueryFilters: FilterTable = {
	'community.general.json_query': {
		summary: 'What a JMESPath query finds in a value.',
		signature: 'data, expr',
		aliases: ['json_query'],
		example: ["[{'a': 1}, {'a': 2}] | json_query('[?a > `1`].a')", '[2]'],
		call(_context, data, expression) {
			const query = textArgument(expression!, 'expr');
			const known = new Map<unknown, Value>();
			const plain = toPlain(data!, known);
			const {search} = library<typeof import('@jmespath-community/jmespath')>('@jmespath-community/jmespath');
			let found: JSONValue;
			try {
				// Ansible's own manual writes texts as `name`, without the quotes of JSON.
				found = search(plain, query, {enable_legacy_literals: true});
			} catch (fault) {
				if (fault instanceof PythonError) throw fault;
				throw valueError(`JMESPathError in json_query filter plugin:\n${(fault as Error).message}`);
			}
			return fromPlain(found, known);
		},
	},
};
