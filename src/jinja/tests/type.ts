import {isCallable} from '../callable.js';
import type {TestTable} from '../filters/filter.js';
import {Markup, Range, Undefined} from '../internal.js';
import {isOnly} from '../python/characters.js';
import {textOf} from '../python/compare.js';
import {isFloat, isInteger, isNumber} from '../python/number.js';
import {pythonStr} from '../python/text.js';
import {Dict, Marker, Tuple, type Value} from '../value.js';

function isUndefined(value: Value): boolean | Value {
	if (value instanceof Marker && !value.isUndefined) return value;
	return value instanceof Marker || value instanceof Undefined;
}

function isIterable(value: Value): boolean {
	return textOf(value) !== undefined || isSequence(value) || value instanceof Undefined;
}

function isSequence(value: Value): boolean {
	return (
		textOf(value) !== undefined ||
		Array.isArray(value) ||
		value instanceof Tuple ||
		value instanceof Dict ||
		value instanceof Range ||
		value instanceof Uint8Array
	);
}

/** Tests of what kind of value something is. */
export const typeTests: TestTable = {
	defined: {
		summary: 'The value exists.',
		signature: 'value',
		markers: 'arguments',
		structural: true,
		example: ['nope is defined', 'False'],
		call(_context, value) {
			const answer = isUndefined(value!);
			return typeof answer === 'boolean' ? !answer : answer;
		},
	},
	undefined: {
		summary: 'The value does not exist.',
		signature: 'value',
		markers: 'arguments',
		structural: true,
		example: ['nope is undefined', 'True'],
		call: (_context, value) => isUndefined(value!),
	},
	boolean: {
		summary: 'The value is true or false.',
		signature: 'value',
		example: ['1 is boolean', 'False'],
		call: (_context, value) => typeof value === 'boolean',
	},
	callable: {
		summary: 'The value can be called.',
		signature: 'obj',
		example: ['range is callable', 'True'],
		call: (_context, value) => isCallable(value!),
	},
	escaped: {
		summary: 'The text needs no escaping.',
		signature: 'value',
		example: ["'a' is escaped", 'False'],
		call: (_context, value) => value instanceof Markup,
	},
	false: {
		summary: 'The value is the boolean false.',
		signature: 'value',
		example: ['0 is false', 'False'],
		call: (_context, value) => value === false,
	},
	float: {
		summary: 'The value is a float.',
		signature: 'value',
		example: ['1.0 is float', 'True'],
		call: (_context, value) => isFloat(value!),
	},
	integer: {
		summary: 'The value is an integer, and no boolean.',
		signature: 'value',
		example: ['true is integer', 'False'],
		call: (_context, value) => isInteger(value!) && typeof value !== 'boolean',
	},
	iterable: {
		summary: 'The value can be looped over.',
		signature: 'value',
		example: ["'a' is iterable", 'True'],
		call: (_context, value) => isIterable(value!),
	},
	mapping: {
		summary: 'The value is a dict.',
		signature: 'value',
		example: ['{} is mapping', 'True'],
		call: (_context, value) => value instanceof Dict,
	},
	none: {
		summary: 'The value is null.',
		signature: 'value',
		example: ['none is none', 'True'],
		call: (_context, value) => value === null,
	},
	number: {
		summary: 'The value is a number (a boolean is one in Python).',
		signature: 'value',
		example: ['1.5 is number', 'True'],
		call: (_context, value) => isNumber(value!),
	},
	sequence: {
		summary: 'The value has a length and items.',
		signature: 'value',
		example: ["'a' is sequence", 'True'],
		call: (_context, value) => isSequence(value!),
	},
	string: {
		summary: 'The value is a text.',
		signature: 'value',
		example: ["'a' is string", 'True'],
		call: (_context, value) => textOf(value!) !== undefined,
	},
	true: {
		summary: 'The value is the boolean true.',
		signature: 'value',
		example: ['1 is true', 'False'],
		call: (_context, value) => value === true,
	},
	lower: {
		summary: 'The text is in lower case.',
		signature: 'value',
		example: ["'ab' is lower", 'True'],
		call: (_context, value) => isOnly(pythonStr(value!), 'Lowercase'),
	},
	upper: {
		summary: 'The text is in upper case.',
		signature: 'value',
		example: ["'AB' is upper", 'True'],
		call: (_context, value) => isOnly(pythonStr(value!), 'Uppercase'),
	},
};
