import {PythonError, valueError} from '../fault.js';
import {pythonEquals, textOf} from '../python/compare.js';
import {exactLog, exactLog10, exactPower} from '../python/exact-math.js';
import {floatOf, isNumber, toFloat} from '../python/number.js';
import {parseFloatText} from '../python/parse-number.js';
import type {Value} from '../value.js';
import type {FilterTable} from './filter.js';

function numberOf(value: Value, filter: string): number {
	if (!isNumber(value)) throw new PythonError('TypeError', `${filter}() can only be used on numbers`);
	return floatOf(value);
}

/** Python's `math.pow`. */
function mathPower(base: number, exponent: number): number {
	const result = base === 1 ? 1 : exactPower(base, exponent);
	if (Number.isNaN(result) && !Number.isNaN(base) && !Number.isNaN(exponent)) throw valueError('math domain error');
	if (!Number.isFinite(result) && Number.isFinite(base) && Number.isFinite(exponent))
		throw base === 0 ? valueError('math domain error') : new PythonError('OverflowError', 'math range error');
	return result;
}

/** Powers and logarithms; the results are floats. */
export const mathFilters: FilterTable = {
	log: {
		summary: 'The logarithm, to the base e or another.',
		signature: 'x, base=2.718281828459045',
		example: ['8 | log(2)', '3.0'],
		call(_context, x, base) {
			const [value, to] = [numberOf(x!, 'log'), numberOf(base!, 'log')];
			if (value <= 0 || to <= 0) throw valueError('expected a positive input');
			if (to === 10) return toFloat(exactLog10(value));
			if (to === 1) throw new PythonError('ZeroDivisionError', 'division by zero');
			return toFloat(to === Math.E ? exactLog(value) : exactLog(value) / exactLog(to));
		},
	},
	pow: {
		summary: 'A power.',
		signature: 'x, y',
		example: ['2 | pow(3)', '8.0'],
		call(_context, x, y) {
			const [base, exponent] = [numberOf(x!, 'pow'), numberOf(y!, 'pow')];
			return toFloat(mathPower(base, exponent));
		},
	},
	root: {
		summary: 'A root, the square root by default.',
		signature: 'x, base=2',
		example: ['9 | root', '3.0'],
		call(_context, x, base) {
			const value = numberOf(x!, 'root');
			if (pythonEquals(base!, 2)) {
				if (value < 0) throw valueError('root() can only be used on numbers');
				return toFloat(Math.sqrt(value));
			}
			const text = textOf(base!);
			const degree = text === undefined ? numberOf(base!, 'root') : parseFloatText(text);
			if (degree === 0) throw new PythonError('ZeroDivisionError', 'float division by zero');
			return toFloat(mathPower(value, 1 / degree));
		},
	},
};
