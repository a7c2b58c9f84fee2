import {valueError} from '../fault.js';
import {toInt} from './number.js';
import {stripLeft, stripRight} from './string-functions.js';
import {stringRepr} from './text.js';

const digitsOf: Record<number, RegExp> = {2: /^[01]+$/, 8: /^[0-7]+$/, 10: /^\d+$/, 16: /^[\da-f]+$/};

/** Python's `int(text, base)`; throws `ValueError`. */
export function parseInteger(text: string, base = 10): number | bigint {
	const fail = (): never => {
		throw valueError(`invalid literal for int() with base ${base}: ${stringRepr(text)}`);
	};
	if (base !== 0 && (base < 2 || base > 36)) throw valueError('int() base must be >= 2 and <= 36, or 0');
	const match = /^([-+]?)(0[xob])?_?([\da-z]+(?:_[\da-z]+)*)$/i.exec(asciiDigits(text));
	if (!match) return fail();
	const prefix = match[2]?.toLowerCase();
	const prefixBase = prefix === '0x' ? 16 : prefix === '0o' ? 8 : prefix === '0b' ? 2 : undefined;
	let digits = match[3]!.replaceAll('_', '').toLowerCase();
	let radix = base;
	if (base === 0) {
		radix = prefixBase ?? 10;
		if (!prefix && /^0+[1-9]/.test(digits)) return fail();
	} else if (prefixBase !== undefined && prefixBase !== base) digits = `${prefix}${digits}`;
	if (digits.length > 4300) throw valueError('Exceeds the limit (4300 digits) for integer string conversion');
	const allowed = digitsOf[radix];
	if (allowed ? !allowed.test(digits) : [...digits].some((digit) => Number.parseInt(digit, 36) >= radix)) return fail();
	let value = 0n;
	if (radix === 10 || radix === 16 || radix === 8 || radix === 2)
		value = BigInt(({10: '', 16: '0x', 8: '0o', 2: '0b'} as Record<number, string>)[radix] + digits);
	else for (const digit of digits) value = value * BigInt(radix) + BigInt(Number.parseInt(digit, 36));
	return toInt(match[1] === '-' ? -value : value);
}

/** Python's `float(text)`; throws `ValueError`. */
export function parseFloatText(text: string): number {
	const trimmed = asciiDigits(text);
	const special = /^([-+]?)(?:(inf|infinity)|nan)$/i.exec(trimmed);
	if (special) return special[2] ? (special[1] === '-' ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY) : Number.NaN;
	if (!/^[-+]?(?:\d+(?:_\d+)*\.?(?:\d+(?:_\d+)*)?|\.\d+(?:_\d+)*)(?:e[-+]?\d+(?:_\d+)*)?$/i.test(trimmed)) {
		throw valueError(`could not convert string to float: ${stringRepr(text)}`);
	}
	return Number(trimmed.replaceAll('_', ''));
}

/** A number's text without white space around it, in ASCII digits. */
function asciiDigits(text: string): string {
	const trimmed = stripRight(stripLeft(text));
	return /^[\x00-\x7f]*$/.test(trimmed) ? trimmed : trimmed.replace(/\p{Nd}/gu, decimalDigit);
}

/** A decimal digit of any script as ASCII. */
function decimalDigit(digit: string): string {
	const code = digit.codePointAt(0)!;
	if (code < 0x80) return digit;
	let zero = code;
	while (/^\p{Nd}$/u.test(String.fromCodePoint(zero - 1)) && code - zero < 9) zero--;
	return String(code - zero);
}
