import {typeError, valueError} from '../fault.js';
import {checkLength} from '../limits.js';
import {DateTime, type Float, type Value} from '../value.js';
import {textOf} from './compare.js';
import {floatShape} from './format-number.js';
import {codePointLength} from './iterate.js';
import {bigOf, characterOf, floatOf, isInteger, isNumber} from './number.js';
import {pythonStr} from './text.js';
import {typeName} from './type-name.js';

const specification = /^(?:([\s\S])?([<>=^]))?([-+ ])?(z)?(#)?(0)?(\d+)?([,_])?(?:\.(\d+))?([a-zA-Z%])?$/u;

const floatKinds = 'eEfFgG%';

/** Python's `format(value, spec)` for texts and numbers. */
export function formatValue(value: Value, spec: string): string {
	if (spec === '') return pythonStr(value);
	const text = textOf(value);
	if (text === undefined && !isNumber(value)) {
		if (value instanceof DateTime) throw typeError('unsupported format string passed to datetime.__format__');
		throw typeError(`unsupported format string passed to ${typeName(value)}.__format__`);
	}
	const match = specification.exec(spec);
	if (!match) throw valueError(`Invalid format specifier '${spec}' for object of type '${typeName(value)}'`);
	const [, fillGiven, alignGiven, sign, coercesZero, alternate, zero, widthText, group, precisionText, kind] = match;
	const width = Number(widthText ?? 0);
	const precision = precisionText === undefined ? undefined : Number(precisionText);
	checkLength(width + (precision ?? 0));
	const fill = fillGiven ?? (zero ? '0' : ' ');
	if (coercesZero && (text !== undefined || (isInteger(value) && !floatKinds.includes(kind ?? ' '))))
		throw valueError(`Negative zero coercion (z) not allowed in ${text === undefined ? 'integer' : 'string'} format specifier`);
	if (text !== undefined) {
		const shown = text;
		if (kind && kind !== 's') throw valueError(`Unknown format code '${kind}' for object of type 'str'`);
		if (sign) throw valueError('Sign not allowed in string format specifier');
		if (alignGiven === '=') throw valueError("'=' alignment not allowed in string format specifier");
		if (group) throw valueError(`Cannot specify '${group}' with 's'.`);
		const cut = precision === undefined ? shown : Array.from(shown).slice(0, precision).join('');
		return pad(cut, width, fill, alignGiven ?? '<', 0);
	}
	const number = value as number | bigint | boolean | Float;
	let body: string;
	if (isInteger(number) && (kind === undefined || 'bcdoxXn'.includes(kind))) {
		if (precision !== undefined) throw valueError('Precision not allowed in integer format specifier');
		if (kind === 'c') return pad(characterOf(number, '%c arg not'), width, fill, alignGiven ?? '<', 0);
		if (group === ',' && kind && 'bcoxX'.includes(kind)) throw valueError(`Cannot specify ',' with '${kind}'.`);
		const big = bigOf(number);
		const base = kind === 'b' ? 2 : kind === 'o' ? 8 : kind === 'x' || kind === 'X' ? 16 : 10;
		let digits = (big < 0n ? -big : big).toString(base);
		if (group) digits = grouped(digits, group, base === 10 ? 3 : 4);
		if (kind === 'X') digits = digits.toUpperCase();
		const prefix = alternate && base !== 10 ? `0${kind}` : '';
		body = (big < 0n ? '-' : sign === '+' || sign === ' ' ? sign : '') + prefix + digits;
	} else {
		if (kind !== undefined && !floatKinds.includes(kind) && kind !== 'n') {
			throw valueError(`Unknown format code '${kind}' for object of type '${typeName(value)}'`);
		}
		body = floatShape(floatOf(number), {
			sign: (sign ?? '-') as '+',
			alternate: alternate !== undefined,
			kind: kind === 'n' ? 'g' : (kind ?? ''),
			precision,
		});
		if (coercesZero && /^-[0.]*(?:e[+-]?\d+)?%?$/i.test(body)) body = body.slice(1);
		if (group) {
			const parts = /^([-+ ]?)(\d+)(.*)$/s.exec(body);
			if (parts) body = parts[1] + grouped(parts[2]!, group, 3) + parts[3];
		}
	}
	const align = alignGiven ?? (zero ? '=' : '>');
	const head = /^[-+ ]?(?:0[xXob])?/.exec(body)![0].length;
	if (align === '=' && fill === '0' && group) {
		while (body.length < width) {
			const signLength = /^[-+ ]?/.exec(body)![0].length;
			const parts = /^([^.eE%]*)(.*)$/s.exec(body.slice(signLength))!;
			body = body.slice(0, signLength) + grouped(`0${parts[1]!.replace(/[,_]/g, '')}`, group, 3) + parts[2];
		}
	}
	return pad(body, width, fill, align, head);
}

function grouped(digits: string, separator: string, size: number): string {
	return digits.replace(new RegExp(`\\B(?=(?:[0-9a-f]{${size}})+$)`, 'g'), separator);
}

function pad(text: string, width: number, fill: string, align: string, head: number): string {
	const missing = width - codePointLength(text);
	if (missing <= 0) return text;
	if (align === '<') return text + fill.repeat(missing);
	if (align === '>') return fill.repeat(missing) + text;
	if (align === '=') return text.slice(0, head) + fill.repeat(missing) + text.slice(head);
	const left = Math.floor(missing / 2);
	return fill.repeat(left) + text + fill.repeat(missing - left);
}
