import {typeError, valueError} from '../fault.js';
import {escapeHtml, Markup} from '../internal.js';
import {checkLength} from '../limits.js';
import {Dict, Secret, Tuple, type Value} from '../value.js';
import {textOf} from './compare.js';
import {floatShape, groupless, type Shape} from './format-number.js';
import {codePointLength} from './iterate.js';
import {bigOf, characterOf, floatOf, isInteger, isNumber} from './number.js';
import {holdsSecret} from './secret.js';
import {pythonRepr, pythonStr} from './text.js';
import {typeName} from './type-name.js';

const directive = /%(?:\(((?:[^()]|\([^()]*\))*)\))?([-+ 0#]*)(\*|\d+)?(?:\.(\*|\d*))?[hlL]?([\s\S])?/gu;

/** Python's `text % values`. */
export function formatPercent(original: Value, text: string, values: Value): Value {
	const queue = values instanceof Tuple ? [...values.items] : [values];
	let used = 0;
	let mapped = false;
	const next = (): Value => {
		if (used >= queue.length) throw typeError('not enough arguments for format string');
		return queue[used++]!;
	};
	let length = text.length;
	const result = text.replace(directive, (...match) => {
		const [, key, flags, widthText, precisionText, kind, offset] = match as [
			string,
			string?,
			string?,
			string?,
			string?,
			string?,
			number?,
		];
		if (kind === undefined) throw valueError('incomplete format');
		if (match[0] === '%%') return '%';
		let width = 0;
		let left = flags!.includes('-');
		if (widthText === '*') {
			width = countOf(next());
			if (width < 0) {
				left = true;
				width = -width;
			}
		} else if (widthText) width = Number(widthText);
		const precision =
			precisionText === undefined ? undefined : precisionText === '*' ? Math.max(0, countOf(next())) : Number(precisionText || 0);
		checkLength(width + (precision ?? 0));
		let value: Value;
		if (key === undefined) value = next();
		else {
			if (!(values instanceof Dict)) throw typeError('format requires a mapping');
			const found = values.get(key);
			if (found === undefined) throw keyError(key);
			value = found;
			mapped = true;
		}
		let piece = convert(kind, value, flags!, precision, offset ?? 0);
		if (original instanceof Markup && 'sr'.includes(kind) && !(value instanceof Markup)) piece = escapeHtml(piece);
		const missing = width - codePointLength(piece);
		if (missing > 0) {
			if (left) piece += ' '.repeat(missing);
			else if (flags!.includes('0') && !'srac'.includes(kind)) {
				const sign = /^[-+ ]?(?:0[xXo])?/.exec(piece)![0];
				piece = sign + '0'.repeat(missing) + piece.slice(sign.length);
			} else piece = ' '.repeat(missing) + piece;
		}
		length += piece.length;
		checkLength(length);
		return piece;
	});
	if (!mapped && used < queue.length && !(values instanceof Dict) && !Array.isArray(values)) {
		throw typeError('not all arguments converted during string formatting');
	}
	if (original instanceof Markup) return new Markup(result);
	return original instanceof Secret || holdsSecret(values) ? new Secret(result) : result;
}

function keyError(key: string): Error {
	return valueError(pythonRepr(key));
}

function countOf(value: Value): number {
	if (!isInteger(value)) throw typeError('* wants int');
	return Number(value);
}

function convert(kind: string, value: Value, flags: string, precision: number | undefined, offset: number): string {
	switch (kind) {
		case 's':
		case 'r':
		case 'a': {
			const shown = kind === 's' ? pythonStr(value) : pythonRepr(value);
			const text = kind === 'a' ? shown.replace(/[^\x00-\x7f]/gu, asciiEscape) : shown;
			return precision === undefined ? text : Array.from(text).slice(0, precision).join('');
		}
		case 'c': {
			const text = textOf(value);
			if (text !== undefined && codePointLength(text) === 1) return text;
			if (isInteger(value)) return characterOf(value, '%c arg not');
			throw typeError('%c requires int or char');
		}
		case 'd':
		case 'i':
		case 'u': {
			if (!isNumber(value)) throw typeError(`%${kind} format: a real number is required, not ${typeName(value)}`);
			if (!isInteger(value) && !Number.isFinite(floatOf(value))) throw valueError('cannot convert float to integer');
			return integerText(isInteger(value) ? bigOf(value) : BigInt(Math.trunc(floatOf(value))), 10, flags, precision);
		}
		case 'x':
		case 'X':
		case 'o': {
			if (!isInteger(value)) throw typeError(`%${kind} format: an integer is required, not ${typeName(value)}`);
			const text = integerText(bigOf(value), kind === 'o' ? 8 : 16, flags, precision);
			return kind === 'X' ? text.toUpperCase() : text;
		}
		case 'e':
		case 'E':
		case 'f':
		case 'F':
		case 'g':
		case 'G': {
			if (!isNumber(value)) throw typeError(`must be real number, not ${typeName(value)}`);
			const shape: Shape = {
				...groupless,
				sign: flags.includes('+') ? '+' : flags.includes(' ') ? ' ' : '-',
				alternate: flags.includes('#'),
				kind,
				precision,
			};
			return floatShape(floatOf(value), shape);
		}
		default:
			throw valueError(`unsupported format character '${kind}' (0x${kind.codePointAt(0)!.toString(16)}) at index ${offset + 1}`);
	}
}

function integerText(value: bigint, base: number, flags: string, precision = 0): string {
	const digits = (value < 0n ? -value : value).toString(base).padStart(precision, '0');
	const prefix = flags.includes('#') ? (base === 16 ? '0x' : base === 8 ? '0o' : '') : '';
	const sign = value < 0n ? '-' : flags.includes('+') ? '+' : flags.includes(' ') ? ' ' : '';
	return sign + prefix + digits;
}

/** A character outside ASCII as Python's `ascii` shows it. */
export function asciiEscape(character: string): string {
	const code = character.codePointAt(0)!;
	if (code < 0x100) return `\\x${code.toString(16).padStart(2, '0')}`;
	return code < 0x10000 ? `\\u${code.toString(16).padStart(4, '0')}` : `\\U${code.toString(16).padStart(8, '0')}`;
}
