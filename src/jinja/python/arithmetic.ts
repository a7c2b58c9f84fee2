import {MarkerUsed, PythonError, typeError, UnknownUsed} from '../fault.js';
import {escapeHtml, Markup, Undefined} from '../internal.js';
import {checkItems, checkLength, maximumBits} from '../limits.js';
import {Float, Marker, Secret, TemplateError, Tuple, Unknown, type Value} from '../value.js';
import {textOf} from './compare.js';
import {addTimes, subtractTimes} from './datetime.js';
import {exactPower} from './exact-math.js';
import {formatPercent} from './format-percent.js';
import {bigOf, floatOf, isFloat, isInteger, isNumber, toFloat, toInt} from './number.js';
import {secretPieces} from './secret.js';
import {pythonStr} from './text.js';
import {typeName} from './type-name.js';

type Number_ = number | bigint | boolean | Float;

/** The name of an operator in Python's messages. */
export type ArithmeticOperator = '+' | '-' | '*' | '/' | '//' | '%' | '**';

/** Throws for operands that may not be looked at, and for pairs that the operator does not know. */
function unsupported(operator: string, a: Value, b: Value): never {
	for (const value of [a, b]) {
		if (value instanceof Marker) throw new MarkerUsed(value);
		if (value instanceof Undefined) value.fail();
	}
	for (const value of [a, b]) {
		if (value instanceof Unknown) throw new UnknownUsed(value);
	}
	const shown = operator === '**' ? '** or pow()' : operator;
	throw typeError(`unsupported operand type(s) for ${shown}: '${typeName(a)}' and '${typeName(b)}'`);
}

/** A joined text of the kinds of its parts: secret when one is, markup when the left one is. */
function joined(a: Value, b: Value, text: string): Value {
	const secrets = [a, b].flatMap((value) => (value instanceof Secret ? value.pieces : []));
	return secrets.length > 0 ? new Secret(text, secrets) : text;
}

export function add(a: Value, b: Value): Value {
	if (typeof a === 'number' && typeof b === 'number' && Number.isInteger(a) && Number.isInteger(b))
		return toInt2(a + b, a, b, '+');
	if (typeof a === 'string' && typeof b === 'string') {
		checkLength(a.length + b.length);
		return a + b;
	}
	if (isNumber(a) && isNumber(b)) {
		if (isInteger(a) && isInteger(b)) return toInt(bigOf(a) + bigOf(b));
		return toFloat(floatOf(a) + floatOf(b));
	}
	if (Array.isArray(a) && Array.isArray(b)) {
		checkItems(a.length + b.length);
		return [...a, ...b];
	}
	if (a instanceof Tuple && b instanceof Tuple) return new Tuple([...a.items, ...b.items]);
	const left = textOf(a);
	const right = textOf(b);
	if (left !== undefined && right !== undefined) {
		if (a instanceof Markup || b instanceof Markup) {
			return new Markup((a instanceof Markup ? left : escapeHtml(left)) + (b instanceof Markup ? right : escapeHtml(right)));
		}
		checkLength(left.length + right.length);
		return joined(a, b, left + right);
	}
	const time = addTimes(a, b);
	if (time) return time;
	if (
		a instanceof Marker ||
		b instanceof Marker ||
		a instanceof Unknown ||
		b instanceof Unknown ||
		a instanceof Undefined ||
		b instanceof Undefined
	) {
		unsupported('+', a, b);
	}
	if (left !== undefined) throw typeError(`can only concatenate str (not "${typeName(b)}") to str`);
	if (Array.isArray(a)) throw typeError(`can only concatenate list (not "${typeName(b)}") to list`);
	if (a instanceof Tuple) throw typeError(`can only concatenate tuple (not "${typeName(b)}") to tuple`);
	return unsupported('+', a, b);
}

/** The number when it is exact, else computed again as bigint. */
function toInt2(result: number, a: number, b: number, operator: '+' | '-' | '*'): number | bigint {
	if (Number.isSafeInteger(result)) return result + 0;
	return operator === '+'
		? toInt(BigInt(a) + BigInt(b))
		: operator === '-'
			? toInt(BigInt(a) - BigInt(b))
			: toInt(BigInt(a) * BigInt(b));
}

export function subtract(a: Value, b: Value): Value {
	if (typeof a === 'number' && typeof b === 'number' && Number.isInteger(a) && Number.isInteger(b))
		return toInt2(a - b, a, b, '-');
	if (isNumber(a) && isNumber(b)) {
		if (isInteger(a) && isInteger(b)) return toInt(bigOf(a) - bigOf(b));
		return toFloat(floatOf(a) - floatOf(b));
	}
	return subtractTimes(a, b) ?? unsupported('-', a, b);
}

export function multiply(a: Value, b: Value): Value {
	if (typeof a === 'number' && typeof b === 'number' && Number.isInteger(a) && Number.isInteger(b))
		return toInt2(a * b, a, b, '*') as number;
	if (isNumber(a) && isNumber(b)) {
		if (isInteger(a) && isInteger(b)) {
			if (bits(bigOf(a)) + bits(bigOf(b)) > maximumBits) tooBig();
			return toInt(bigOf(a) * bigOf(b));
		}
		return toFloat(floatOf(a) * floatOf(b));
	}
	if (isInteger(b) && !isNumber(a)) return repeat(a, timesOf(b)) ?? unsupported('*', a, b);
	if (isInteger(a)) return repeat(b, timesOf(a)) ?? unsupported('*', a, b);
	if (textOf(a) !== undefined || Array.isArray(a) || a instanceof Tuple) {
		if (!(b instanceof Marker || b instanceof Unknown || b instanceof Undefined))
			throw typeError(`can't multiply sequence by non-int of type '${typeName(b)}'`);
	}
	if (
		(textOf(b) !== undefined || Array.isArray(b) || b instanceof Tuple) &&
		!(a instanceof Marker || a instanceof Unknown || a instanceof Undefined)
	) {
		throw typeError(`can't multiply sequence by non-int of type '${typeName(a)}'`);
	}
	return unsupported('*', a, b);
}

function timesOf(value: number | bigint | boolean): number {
	if (typeof value === 'bigint' && BigInt.asIntN(64, value) !== value)
		throw new PythonError('OverflowError', "cannot fit 'int' into an index-sized integer");
	return Number(value);
}

function repeat(value: Value, times: number): Value | undefined {
	const count = Math.max(0, times);
	const text = textOf(value);
	if (text !== undefined) {
		checkLength(text.length * count);
		const repeated = text.repeat(count);
		return value instanceof Secret ? new Secret(repeated) : value instanceof Markup ? new Markup(repeated) : repeated;
	}
	if (Array.isArray(value) || value instanceof Tuple) {
		const items = value instanceof Tuple ? value.items : value;
		checkItems(items.length * count);
		const all: Value[] = [];
		for (let turn = 0; turn < count && items.length; turn++) for (const item of items) all.push(item);
		return value instanceof Tuple ? new Tuple(all) : all;
	}
	return undefined;
}

export function divide(a: Value, b: Value): Value {
	if (!isNumber(a) || !isNumber(b)) return unsupported('/', a, b);
	if (Number(floatLike(b)) === 0)
		throw new PythonError('ZeroDivisionError', isFloat(a) || isFloat(b) ? 'float division by zero' : 'division by zero');
	if (isInteger(a) && isInteger(b) && (typeof a === 'bigint' || typeof b === 'bigint'))
		return toFloat(divideExactly(bigOf(a), bigOf(b)));
	return toFloat(floatOf(a) / floatOf(b));
}

/** The float nearest to a quotient of big integers. */
function divideExactly(a: bigint, b: bigint): number {
	const negative = a < 0n !== b < 0n;
	const [top, bottom] = [a < 0n ? -a : a, b < 0n ? -b : b];
	const shift = BigInt(Math.max(0, 66 - (bits(top) - bits(bottom))));
	const quotient = (top << shift) / bottom;
	const exact = (top << shift) % bottom === 0n ? quotient : quotient | 1n;
	const result = Number(exact) / 2 ** Number(shift);
	if (!Number.isFinite(result)) throw new PythonError('OverflowError', 'integer division result too large for a float');
	return negative ? -result : result;
}

function floatLike(value: Number_): number | bigint {
	return value instanceof Float ? value.value : typeof value === 'boolean' ? Number(value) : value;
}

export function floorDivide(a: Value, b: Value): Value {
	if (!isNumber(a) || !isNumber(b)) return unsupported('//', a, b);
	if (isInteger(a) && isInteger(b)) {
		const [top, bottom] = [bigOf(a), bigOf(b)];
		if (bottom === 0n) throw new PythonError('ZeroDivisionError', 'integer division or modulo by zero');
		const quotient = top / bottom;
		return toInt(top % bottom !== 0n && top < 0n !== bottom < 0n ? quotient - 1n : quotient);
	}
	const [top, bottom] = [floatOf(a), floatOf(b)];
	if (bottom === 0) throw new PythonError('ZeroDivisionError', 'float floor division by zero');
	return toFloat(Math.round((top - floatModulo(top, bottom)) / bottom));
}

function floatModulo(a: number, b: number): number {
	const rest = a % b;
	if (rest !== 0 && rest < 0 !== b < 0) return rest + b;
	return rest === 0 ? (b < 0 ? -0 : 0) : rest;
}

export function modulo(a: Value, b: Value): Value {
	if (isNumber(a) && isNumber(b)) {
		if (isInteger(a) && isInteger(b)) {
			const [top, bottom] = [bigOf(a), bigOf(b)];
			if (bottom === 0n) throw new PythonError('ZeroDivisionError', 'integer modulo by zero');
			const rest = top % bottom;
			return toInt(rest !== 0n && rest < 0n !== bottom < 0n ? rest + bottom : rest);
		}
		const bottom = floatOf(b);
		if (bottom === 0) throw new PythonError('ZeroDivisionError', 'float modulo');
		return toFloat(floatModulo(floatOf(a), bottom));
	}
	const text = textOf(a);
	if (text !== undefined) return formatPercent(a, text, b);
	return unsupported('%', a, b);
}

export function power(a: Value, b: Value): Value {
	if (!isNumber(a) || !isNumber(b)) return unsupported('**', a, b);
	if (isInteger(a) && isInteger(b)) {
		const [base, exponent] = [bigOf(a), bigOf(b)];
		if (exponent >= 0n) {
			if (Number(exponent) * Math.max(1, bits(base) - 1) > maximumBits && base !== 0n && base !== 1n && base !== -1n) tooBig();
			return toInt(base ** exponent);
		}
		if (base === 0n) throw new PythonError('ZeroDivisionError', '0.0 cannot be raised to a negative power');
		return toFloat(exactPower(floatOf(base), floatOf(exponent)));
	}
	const [base, exponent] = [floatOf(a), floatOf(b)];
	if (base === 0 && exponent < 0) throw new PythonError('ZeroDivisionError', '0.0 cannot be raised to a negative power');
	if (base < 0 && !Number.isInteger(exponent))
		throw new TemplateError('type', "Type 'complex' is unsupported for variable storage.");
	if (base === 1) return new Float(1);
	const result = exactPower(base, exponent);
	if (!Number.isFinite(result) && Number.isFinite(base) && Number.isFinite(exponent))
		throw new PythonError('OverflowError', "(34, 'Numerical result out of range')");
	return toFloat(result);
}

function tooBig(): never {
	throw new PythonError('LimitError', 'a number of a template has too many digits');
}

/** How many bits a big integer has, roughly. */
function bits(value: bigint): number {
	return value.toString(16).length * 4;
}

export function negate(value: Value): Value {
	if (isInteger(value)) return typeof value === 'bigint' ? toInt(-value) : 0 - Number(value);
	if (isNumber(value)) return toFloat(-floatOf(value));
	return badUnary('-', value);
}

export function positive(value: Value): Value {
	if (isInteger(value)) return typeof value === 'bigint' ? value : Number(value);
	if (isNumber(value)) return value;
	return badUnary('+', value);
}

function badUnary(operator: string, value: Value): never {
	if (value instanceof Marker) throw new MarkerUsed(value);
	if (value instanceof Unknown) throw new UnknownUsed(value);
	if (value instanceof Undefined) value.fail();
	throw typeError(`bad operand type for unary ${operator}: '${typeName(value)}'`);
}

/** The operator `~`: the texts of the operands, one after the other. */
export function concatenate(values: readonly Value[], escaping = false): Value {
	let text = '';
	const secrets: string[] = [];
	const markup = escaping && values.some((value) => value instanceof Markup);
	for (const value of values) {
		const part = pythonStr(value);
		checkLength(text.length + part.length);
		secrets.push(...secretPieces(value, part));
		text += markup && !(value instanceof Markup) ? escapeHtml(part) : part;
	}
	if (markup) return new Markup(text);
	return secrets.length > 0 ? new Secret(text, secrets) : text;
}
