import {MarkerUsed, PythonError, typeError, UnknownUsed, valueError} from '../fault.js';
import {Undefined} from '../internal.js';
import {integerArgument, numberArgument} from '../python/argument.js';
import {attributeOf, isUnsafeName} from '../python/attribute.js';
import {isTruthy, pythonEquals, textOf} from '../python/compare.js';
import {exactPower} from '../python/exact-math.js';
import {floatOf, isInteger, isNumber, roundHalfEven, toFloat, toInt} from '../python/number.js';
import {parseFloatText, parseInteger} from '../python/parse-number.js';
import {pythonRepr, pythonStr} from '../python/text.js';
import {typeName} from '../python/type-name.js';
import {hashKey, Marker, Unknown, type Value} from '../value.js';
import type {Filter, FilterTable} from './filter.js';

const defaultFilter: Filter = {
	summary: 'A value, or another when it is undefined (or empty, with the second argument).',
	signature: "value, default_value='', boolean=False",
	markers: 'arguments',
	structural: true,
	aliases: ['d'],
	example: ["nope | default('x')", "'x'"],
	call(_context, value, fallback, boolean) {
		if (typeof boolean !== 'boolean') {
			if (boolean instanceof Marker) throw new MarkerUsed(boolean);
			throw typeError(`The 'boolean' argument must be of type 'bool', not '${typeName(boolean!)}'.`);
		}
		if (value instanceof Marker && value.isUndefined) return fallback!;
		if (value instanceof Undefined && value.message !== '' && !value.message.startsWith('the inline if-expression'))
			return fallback!;
		if (!boolean || value instanceof Unknown) return value!;
		return isTruthy(value!) ? value! : fallback!;
	},
};

/** Python's `int(value)` of a number. */
export function truncateNumber(value: Value): number | bigint {
	if (isInteger(value)) return toInt(typeof value === 'boolean' ? Number(value) : value);
	const number = floatOf(value as number);
	if (Number.isNaN(number)) throw valueError('cannot convert float NaN to integer');
	if (!Number.isFinite(number)) throw new PythonError('OverflowError', 'cannot convert float infinity to integer');
	return toInt(BigInt(Math.trunc(number)));
}

const trueTexts = new Set(['yes', 'on', 'true', '1']);
const falseTexts = new Set(['no', 'off', 'false', '0']);

/** Filters on single values of any kind. */
export const valueFilters: FilterTable = {
	default: defaultFilter,
	abs: {
		summary: 'The absolute value of a number.',
		signature: 'x',
		example: ['-3 | abs', '3'],
		call(_context, x) {
			if (!isNumber(x!)) throw typeError(`bad operand type for abs(): '${typeName(x!)}'`);
			if (typeof x === 'bigint') return x < 0n ? toInt(-x) : x;
			return isInteger(x) ? Math.abs(Number(x)) : toFloat(Math.abs(floatOf(x)));
		},
	},
	attr: {
		summary: 'An attribute of an object, never an item.',
		signature: 'obj, name',
		structural: true,
		example: ["'a' | attr('upper') is defined", 'True'],
		call(context, object, name) {
			hashKey(name!);
			const text = textOf(name!);
			if (text === undefined) throw typeError(`attribute name must be string, not '${typeName(name!)}'`);
			const access = {
				immutable: false,
				getItem: (from: Value, key: Value) => context.getItem(from, key),
				getAttribute: (from: Value, key: string) => context.getAttribute(from, key),
			};
			const value = isUnsafeName(object!, text) ? undefined : attributeOf(object!, text, access);
			return value === undefined
				? context.undefined(`object of type '${typeName(object!)}' has no attribute ${pythonRepr(text)}`)
				: value;
		},
	},
	bool: {
		summary: 'Whether a value is one of yes, on, true, 1.',
		signature: 'value',
		example: ["'yes' | bool", 'True'],
		call(context, value) {
			const text = textOf(value!)?.toLowerCase() ?? (isInteger(value!) ? pythonStr(value).toLowerCase() : undefined);
			if (text !== undefined && trueTexts.has(text)) return true;
			if (text !== undefined && falseTexts.has(text)) return false;
			const result = isNumber(value!) && pythonEquals(value, 1);
			context.deprecate(
				`The \`bool\` filter coerced invalid value ${pythonRepr(value!)} (${typeName(value!)}) to ${result ? 'True' : 'False'}.`,
				'2.23',
			);
			return result;
		},
	},
	float: {
		summary: 'A value as a float, or a default when it is none.',
		signature: 'value, default=0.0',
		example: ["'1.5' | float", '1.5'],
		call(_context, value, fallback) {
			if (isNumber(value!)) return toFloat(floatOf(value));
			const text = textOf(value!);
			if (text === undefined) return fallback!;
			try {
				return toFloat(parseFloatText(text));
			} catch (fault) {
				if (fault instanceof PythonError) return fallback!;
				throw fault;
			}
		},
	},
	int: {
		summary: 'A value as an integer, or a default when it is none.',
		signature: 'value, default=0, base=10',
		example: ["'42.23' | int", '42'],
		call(_context, value, fallback, base) {
			const text = textOf(value!);
			try {
				if (text !== undefined) return parseInteger(text, integerArgument(base!, 'base'));
				if (isNumber(value!)) return truncateNumber(value);
			} catch (fault) {
				if (!(fault instanceof PythonError)) throw fault;
				if (fault.type === 'OverflowError') throw fault;
			}
			try {
				if (text !== undefined) return truncateNumber(toFloat(parseFloatText(text)));
			} catch (fault) {
				if (!(fault instanceof PythonError)) throw fault;
			}
			return fallback!;
		},
	},
	mandatory: {
		summary: 'A value, which must be defined.',
		signature: 'a, msg=None',
		markers: 'arguments',
		structural: true,
		example: ['1 | mandatory', '1'],
		call(_context, a, message) {
			if (!(a instanceof Marker && a.isUndefined)) return a!;
			if (message instanceof Marker) throw new MarkerUsed(message);
			if (message !== null) throw new PythonError('ValueError', pythonStr(message!));
			const subject = /^'(.*)' is undefined$/.exec(a.error.message)
				? `'${a.error.subject}' `
				: a.error.subject !== undefined
					? `'${a.error.subject}' `
					: '';
			throw new PythonError('ValueError', `Mandatory variable ${subject}not defined.`);
		},
	},
	round: {
		summary: 'A number rounded to some decimals: common (half to even), ceil or floor.',
		signature: "value, precision=0, method='common'",
		example: ['2.5 | round', '2.0'],
		call(_context, value, precision, method) {
			const how = textOf(method!);
			if (how !== 'common' && how !== 'ceil' && how !== 'floor')
				throw new PythonError('ValueError', 'method must be common, ceil or floor');
			if (!isNumber(value!)) throw typeError(`type ${typeName(value!)} doesn't define __round__ method`);
			if (how === 'common') {
				const digits = integerArgument(precision!, 'precision');
				if (isInteger(value)) {
					if (digits >= 0) return typeof value === 'boolean' ? Number(value) : value;
					return toInt(roundInteger(BigInt(value), -digits));
				}
				return toFloat(roundHalfEven(floatOf(value), digits));
			}
			const scale = exactPower(10, numberArgument(precision!, 'precision'));
			const scaled = floatOf(value) * scale;
			return toFloat((how === 'ceil' ? Math.ceil(scaled) : Math.floor(scaled)) / scale);
		},
	},
	ternary: {
		summary: 'One of two values by the truth of a third, and another when that is null.',
		signature: 'value, true_val, false_val, none_val=None',
		markers: 'arguments',
		structural: true,
		example: ["true | ternary('a', 'b')", "'a'"],
		call(_context, value, whenTrue, whenFalse, whenNone) {
			if (value instanceof Unknown) throw new UnknownUsed(value);
			if (value === null && whenNone !== null) return whenNone!;
			return isTruthy(value!) ? whenTrue! : whenFalse!;
		},
	},
	type_debug: {
		summary: "The name of a value's type in Python.",
		signature: 'obj',
		markers: 'arguments',
		structural: true,
		example: ['1.0 | type_debug', "'float'"],
		call: (_context, value) => typeName(value!),
	},
};

function roundInteger(value: bigint, zeros: number): bigint {
	if (zeros > 400) return 0n;
	const unit = 10n ** BigInt(zeros);
	const size = value < 0n ? -value : value;
	let quotient = size / unit;
	const rest = (size % unit) * 2n;
	if (rest > unit || (rest === unit && quotient % 2n === 1n)) quotient += 1n;
	return (value < 0n ? -quotient : quotient) * unit;
}
