import {typeError} from '../fault.js';
import type {Test, TestTable} from '../filters/filter.js';
import {modulo} from '../python/arithmetic.js';
import {compare, contains, isTruthy, pythonEquals, textOf} from '../python/compare.js';
import {iterate} from '../python/iterate.js';
import {floatOf, isNumber} from '../python/number.js';
import {pythonStr} from '../python/text.js';
import {hashKey, Unknown, type Value} from '../value.js';

function comparison(
	summary: string,
	aliases: readonly string[],
	example: readonly [string, string],
	holds: (a: Value, b: Value) => boolean,
): Test {
	return {summary, signature: 'a, b', aliases, example, call: (_context, a, b) => holds(a!, b!)};
}

function isSubset(a: Value, b: Value): boolean {
	const [part, whole] = [a, b].map((one) => new Set(iterate(one).map(hashKey))) as [Set<unknown>, Set<unknown>];
	return [...part].every((item) => whole.has(item));
}

const convertible = new Map<string, boolean>([
	...['y', 'yes', 'on', '1', 'true', 't', '1.0'].map((text) => [text, true] as const),
	...['n', 'no', 'off', '0', 'false', 'f', '0.0'].map((text) => [text, false] as const),
]);

function truth(value: Value, convert: Value): boolean {
	if (isTruthy(convert)) {
		const known = convertible.get((textOf(value) ?? (isNumber(value) ? pythonStr(value) : '')).toLowerCase().trim());
		if (known !== undefined) return known;
	}
	return isTruthy(value);
}

/** Comparisons, membership, divisibility and truth. */
export const comparisonTests: TestTable = {
	eq: comparison('The values are equal.', ['==', 'equalto'], ['1 is eq 1', 'True'], pythonEquals),
	ne: comparison('The values differ.', ['!='], ['1 is ne 2', 'True'], (a, b) => !pythonEquals(a, b)),
	lt: comparison('The value is smaller.', ['<', 'lessthan'], ['1 is lt 2', 'True'], (a, b) => compare(a, b, '<') < 0),
	le: comparison('The value is not larger.', ['<='], ['1 is le 1', 'True'], (a, b) => compare(a, b, '<=') <= 0),
	gt: comparison('The value is larger.', ['>', 'greaterthan'], ['2 is gt 1', 'True'], (a, b) => compare(a, b, '>') > 0),
	ge: comparison('The value is not smaller.', ['>='], ['2 is ge 2', 'True'], (a, b) => compare(a, b, '>=') >= 0),
	in: comparison('The value is in a container.', [], ['1 is in [1]', 'True'], (value, seq) => contains(seq, value)),
	contains: comparison('A value is in the container.', [], ['[1] is contains(1)', 'True'], contains),
	sameas: {
		summary: 'Both are the same object (for numbers and texts: equal and of one kind).',
		signature: 'value, other',
		example: ['none is sameas none', 'True'],
		call: (_context, a, b) => a === b,
	},
	divisibleby: {
		summary: 'The number divides without a rest.',
		signature: 'value, num',
		example: ['4 is divisibleby 2', 'True'],
		call: (_context, value, number) => pythonEquals(modulo(value!, number!), 0),
	},
	even: {
		summary: 'The number is even.',
		signature: 'value',
		example: ['2 is even', 'True'],
		call: (_context, value) => pythonEquals(modulo(numberOnly(value!), 2), 0),
	},
	odd: {
		summary: 'The number is odd.',
		signature: 'value',
		example: ['1 is odd', 'True'],
		call: (_context, value) => pythonEquals(modulo(numberOnly(value!), 2), 1),
	},
	filter: {
		summary: 'There is a filter of that name.',
		signature: 'value',
		example: ["'upper' is filter", 'True'],
		call: (context, value) => isName(value!, (name) => context.hasFilter(name)),
	},
	test: {
		summary: 'There is a test of that name.',
		signature: 'value',
		example: ["'even' is test", 'True'],
		call: (context, value) => isName(value!, (name) => context.hasTest(name)),
	},
	subset: {
		summary: 'Every item is in another list.',
		signature: 'a, b',
		aliases: ['issubset'],
		example: ['[1] is subset([1, 2])', 'True'],
		call: (_context, a, b) => isSubset(a!, b!),
	},
	superset: {
		summary: 'Every item of another list is in this one.',
		signature: 'a, b',
		aliases: ['issuperset'],
		example: ['[1, 2] is superset([1])', 'True'],
		call: (_context, a, b) => isSubset(b!, a!),
	},
	all: {
		summary: 'Every item is true.',
		signature: 'value',
		example: ['[1, 0] is all', 'False'],
		call: (_context, value) => iterate(value!).every(isTruthy),
	},
	any: {
		summary: 'Some item is true.',
		signature: 'value',
		example: ['[1, 0] is any', 'True'],
		call: (_context, value) => iterate(value!).some(isTruthy),
	},
	nan: {
		summary: 'The number is no number.',
		signature: 'x',
		aliases: ['isnan'],
		example: ["('nan' | float) is nan", 'True'],
		call(_context, value) {
			return isNumber(value!) && Number.isNaN(floatOf(value));
		},
	},
	truthy: {
		summary: 'The value counts as true; with convert_bool also by its text (yes, no, on, off ...).',
		signature: 'value, convert_bool=False',
		example: ["'no' is truthy(convert_bool=true)", 'False'],
		call: (_context, value, convert) => truth(value!, convert!),
	},
	falsy: {
		summary: 'The value counts as false; with convert_bool also by its text.',
		signature: 'value, convert_bool=False',
		example: ["'' is falsy", 'True'],
		call: (_context, value, convert) => !truth(value!, convert!),
	},
};

/** Whether a value names a filter or test; Ansible takes what is no text for one that fails to load, which is there. */
function isName(value: Value, has: (name: string) => boolean): boolean {
	hashKey(value);
	const name = textOf(value);
	return name === undefined || has(name);
}

function numberOnly(value: Value): Value {
	if (!isNumber(value) && !(value instanceof Unknown) && textOf(value) !== undefined)
		throw typeError('not all arguments converted during string formatting');
	return value;
}
