import {PythonError, typeError} from '../fault.js';
import {maximumBits} from '../limits.js';
import {Float, type Value} from '../value.js';

/** A Python float of this value: whole numbers are wrapped so that 1.0 is not 1. */
export function toFloat(value: number): number | Float {
	return Number.isInteger(value) ? new Float(value) : value;
}

/** A Python int of this value, as a number while that is exact. */
export function toInt(value: number | bigint): number | bigint {
	if (typeof value === 'number') return Number.isSafeInteger(value) ? value + 0 : BigInt(value);
	if (value >= -9007199254740991n && value <= 9007199254740991n) return Number(value);
	if (value > wide || value < -wide) throw new PythonError('LimitError', 'a number of a template has too many digits');
	return value;
}
const wide = 1n << BigInt(maximumBits);

/** The digits of a big integer; Python writes none that has more than 4300. */
export function integerText(value: bigint): string {
	if (value > longest || value < -longest)
		throw new PythonError('ValueError', 'Exceeds the limit (4300 digits) for integer string conversion');
	return String(value);
}
const longest = 10n ** 4300n;

/** Whether a value is an int (a bool is one in Python). */
export function isInteger(value: Value): value is number | bigint | boolean {
	return typeof value === 'boolean' || typeof value === 'bigint' || (typeof value === 'number' && Number.isInteger(value));
}

export function isFloat(value: Value): value is number | Float {
	return value instanceof Float || (typeof value === 'number' && !Number.isInteger(value));
}

export function isNumber(value: Value): value is number | bigint | boolean | Float {
	return typeof value === 'number' || typeof value === 'boolean' || typeof value === 'bigint' || value instanceof Float;
}

/** The float of any number; throws `OverflowError` for an int that no float can hold. */
export function floatOf(value: number | bigint | boolean | Float): number {
	if (value instanceof Float) return value.value;
	const number = Number(value);
	if (typeof value === 'bigint' && !Number.isFinite(number))
		throw new PythonError('OverflowError', 'int too large to convert to float');
	return number;
}

export function bigOf(value: number | bigint | boolean): bigint {
	return BigInt(value);
}

/** Python's `repr` of a float: shortest digits, exponent below 1e-4 and from 1e16 on. */
export function floatText(value: number): string {
	if (Number.isNaN(value)) return 'nan';
	if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf';
	if (value === 0) return Object.is(value, -0) ? '-0.0' : '0.0';
	const [mantissa, exponentText] = value.toExponential().split('e') as [string, string];
	const exponent = Number(exponentText);
	if (exponent < -4 || exponent >= 16) {
		return `${mantissa}e${exponent < 0 ? '-' : '+'}${String(Math.abs(exponent)).padStart(2, '0')}`;
	}
	const sign = mantissa.startsWith('-') ? '-' : '';
	const digits = mantissa.replace(/[-.]/g, '');
	if (exponent < 0) return `${sign}0.${'0'.repeat(-exponent - 1)}${digits}`;
	if (digits.length <= exponent + 1) return `${sign}${digits}${'0'.repeat(exponent + 1 - digits.length)}.0`;
	return `${sign}${digits.slice(0, exponent + 1)}.${digits.slice(exponent + 1)}`;
}

/** Rounds half to even at a number of decimals, exactly on the binary value as Python does; negative decimals round integers. */
export function roundHalfEven(value: number, decimals: number): number {
	if (!Number.isFinite(value) || value === 0) return value;
	if (decimals > 323) return value;
	if (decimals < -308) return 0;
	const [integer, fraction] = exactDecimal(Math.abs(value));
	if (fraction.length <= decimals) return value;
	const kept = integer.length + decimals;
	const digits = integer + fraction;
	if (kept < 0) return value < 0 ? -0 : 0;
	const head = digits.slice(0, kept) || '0';
	const tail = digits.slice(kept);
	let rounded = BigInt(head);
	if (/^5?0*$/.test(tail) ? tail.startsWith('5') && rounded % 2n === 1n : tail > '5') rounded += 1n;
	const result = Number(`${rounded}e${-decimals}`);
	return value < 0 ? -result : result;
}

/** The exact decimal expansion of a positive double. */
function exactDecimal(value: number): [integer: string, fraction: string] {
	const view = new DataView(new ArrayBuffer(8));
	view.setFloat64(0, value);
	const bits = view.getBigUint64(0);
	const exponentBits = Number((bits >> 52n) & 0x7ffn);
	const mantissa = (bits & 0xfffffffffffffn) | (exponentBits ? 1n << 52n : 0n);
	const exponent = (exponentBits || 1) - 1075;
	if (exponent >= 0) return [String(mantissa << BigInt(exponent)), ''];
	const scale = -exponent;
	const text = String(mantissa * 5n ** BigInt(scale)).padStart(scale + 1, '0');
	return [text.slice(0, text.length - scale), text.slice(text.length - scale)];
}

/** The exact text of a float with a number of decimals (`%.2f`), rounded half to even. */
export function fixedText(value: number, decimals: number): string {
	const [integer, fraction] = exactDecimal(Math.abs(value));
	const digits = integer + fraction.padEnd(decimals, '0');
	const kept = integer.length + decimals;
	const tail = digits.slice(kept);
	let rounded = BigInt(digits.slice(0, kept) || '0');
	if (/^5?0*$/.test(tail) ? tail.startsWith('5') && rounded % 2n === 1n : tail > '5') rounded += 1n;
	const text = String(rounded).padStart(decimals + 1, '0');
	const sign = value < 0 || Object.is(value, -0) ? '-' : '';
	return decimals === 0 ? sign + text : `${sign}${text.slice(0, -decimals)}.${text.slice(-decimals)}`;
}

/** Python's `chr` of an integer, `arg` in the words of who asks. */
export function characterOf(value: number | bigint | boolean, arg: string): string {
	const code = Number(value);
	if (!(code >= 0 && code <= 0x10ffff)) throw new PythonError('OverflowError', `${arg} in range(0x110000)`);
	return String.fromCodePoint(code);
}

/** An index or count that Python would accept where it demands an int. */
export function indexOf(value: Value, what = 'an integer'): number {
	if (isInteger(value)) return Number(value);
	throw typeError(`expected ${what}`);
}
