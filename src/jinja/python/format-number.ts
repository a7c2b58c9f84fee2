import {fixedText, floatText} from './number.js';

/** How a float is to be written. */
export interface Shape {
	readonly sign: '+' | '-' | ' ';
	/** `#`: the point is kept. */
	readonly alternate: boolean;
	/** `e E f F g G %`, or `''` for Python's own text with at least one decimal. */
	readonly kind: string;
	readonly precision: number | undefined;
}

export const groupless: Shape = {sign: '-', alternate: false, kind: '', precision: undefined};

/** A float in a shape, without padding. */
export function floatShape(value: number, {sign, alternate, kind, precision}: Shape): string {
	const negative = value < 0 || Object.is(value, -0);
	const prefix = negative ? '-' : sign === '-' ? '' : sign;
	const upper = kind === 'E' || kind === 'G' || kind === 'F';
	const finish = (text: string) => prefix + (upper ? text.toUpperCase() : text);
	if (Number.isNaN(value)) return (sign === '-' ? '' : sign) + (upper ? 'NAN' : 'nan') + (kind === '%' ? '%' : '');
	const size = Math.abs(value);
	if (!Number.isFinite(value)) return finish('inf') + (kind === '%' ? '%' : '');
	switch (kind) {
		case 'f':
		case 'F':
			return finish(fixedText(size, precision ?? 6) + (alternate && precision === 0 ? '.' : ''));
		case '%':
			return `${finish(fixedText(size * 100, precision ?? 6))}%`;
		case 'e':
		case 'E':
			return finish(exponentText(size, precision ?? 6));
		case 'g':
		case 'G':
			return finish(generalText(size, precision ?? 6, alternate, false));
		default:
			return finish(precision === undefined ? floatText(size) : generalText(size, precision, alternate, true));
	}
}

function exponentText(size: number, precision: number): string {
	const [mantissa, exponent] = size.toExponential(Math.min(precision, 100)).split('e') as [string, string];
	return `${mantissa}e${exponent[0]}${exponent.slice(1).padStart(2, '0')}`;
}

/** `%g`: `significant` digits, exponent form for very small and large, no trailing zeros unless `alternate`. */
function generalText(size: number, significant: number, alternate: boolean, keepPoint: boolean): string {
	const digits = Math.max(1, Math.min(significant, 100));
	const exponent = size === 0 ? 0 : Number(size.toExponential(digits - 1).split('e')[1]);
	const limit = keepPoint ? digits - 1 : digits;
	let text: string;
	if (exponent < -4 || exponent >= limit) {
		text = exponentText(size, digits - 1);
		if (!alternate && text.includes('.')) text = text.replace(/\.?0+e/, 'e');
		return text;
	}
	text = fixedText(size, Math.max(0, digits - 1 - exponent));
	if (!alternate && text.includes('.')) text = text.replace(/\.?0+$/, '');
	if (alternate && !text.includes('.')) text += '.';
	return keepPoint && !text.includes('.') ? `${text}.0` : text;
}
