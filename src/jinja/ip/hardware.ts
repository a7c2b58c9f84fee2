import {valueError} from '../fault.js';
import {textOf} from '../python/compare.js';
import {isInteger} from '../python/number.js';
import {pythonStr} from '../python/text.js';
import type {Value} from '../value.js';

/** A hardware address as twelve hexadecimal digits; undefined when it is none. */
function hardwareDigits(value: Value): string | undefined {
	if (isInteger(value)) {
		const digits = BigInt(value).toString(16).padStart(12, '0');
		return digits.length === 12 && !digits.startsWith('-') ? digits : undefined;
	}
	const text = (textOf(value) ?? '').toLowerCase();
	if (/^(?:[\da-f]{1,2}([-:]))(?:[\da-f]{1,2}\1){4}[\da-f]{1,2}$/.test(text))
		return text
			.split(/[-:]/)
			.map((part) => part.padStart(2, '0'))
			.join('');
	if (/^(?:[\da-f]{1,4}([.:-]))(?:[\da-f]{1,4}\1)[\da-f]{1,4}$/.test(text))
		return text
			.split(/[.:-]/)
			.map((part) => part.padStart(4, '0'))
			.join('');
	if (/^[\da-f]{6}[-:][\da-f]{6}$/.test(text)) return text.replace(/[-:]/, '');
	if (/^[\da-f]{11,12}$/.test(text)) return text.padStart(12, '0');
	return /^\d{1,10}$/.test(text) ? Number(text).toString(16).padStart(12, '0') : undefined;
}

const dialects: Readonly<Record<string, (digits: string) => Value>> = {
	bare: (digits) => digits.toUpperCase(),
	bool: () => true,
	int: (digits) => Number.parseInt(digits, 16),
	cisco: (digits) => digits.match(/.{4}/g)!.join('.'),
	eui48: (digits) => digits.toUpperCase().match(/../g)!.join('-'),
	win: (digits) => digits.toUpperCase().match(/../g)!.join('-'),
	linux: (digits) => digits.match(/../g)!.join(':'),
	pgsql: (digits) => digits.match(/.{6}/g)!.join(':'),
	postgresql: (digits) => digits.match(/.{6}/g)!.join(':'),
	psql: (digits) => digits.match(/.{6}/g)!.join(':'),
	unix: (digits) =>
		digits
			.match(/../g)!
			.map((part) => part.replace(/^0/, ''))
			.join(':'),
};

/** What `hwaddr` answers to a query of a hardware address: the address in a dialect, or whether it is one. */
export function hardware(value: Value, query: Value, alias: string): Value {
	const name = pythonStr(query);
	const digits = hardwareDigits(value);
	if (digits === undefined) {
		if (name !== '' && name !== 'bool') throw valueError(`${alias}: not a hardware address: ${pythonStr(value)}`);
		return null;
	}
	if (name === '' || query === null) return value;
	if (!Object.hasOwn(dialects, name)) throw valueError(`${alias}: unknown filter type: ${name}`);
	return dialects[name]!(digits);
}
