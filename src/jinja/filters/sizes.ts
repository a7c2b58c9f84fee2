import {PythonError, valueError} from '../fault.js';
import {isTruthy, textOf} from '../python/compare.js';
import {fixedText, floatOf, isNumber, roundHalfEven, toInt} from '../python/number.js';
import {pythonStr} from '../python/text.js';
import {typeName} from '../python/type-name.js';
import type {FilterTable} from './filter.js';

/** The units from the largest, with the words for bytes and bits. */
const units: readonly (readonly [letter: string, factor: number, byte: string, bit: string])[] = [
	['Y', 2 ** 80, 'yottabyte', 'yottabit'],
	['Z', 2 ** 70, 'zetabyte', 'zetabit'],
	['E', 2 ** 60, 'exabyte', 'exabit'],
	['P', 2 ** 50, 'petabyte', 'petabit'],
	['T', 2 ** 40, 'terabyte', 'terabit'],
	['G', 2 ** 30, 'gigabyte', 'gigabit'],
	['M', 2 ** 20, 'megabyte', 'megabit'],
	['K', 2 ** 10, 'kilobyte', 'kilobit'],
	['B', 1, 'byte', 'bit'],
];

function readSize(text: string, defaultUnit: string | undefined, bits: boolean): number | bigint {
	const fail = (message: string): never => {
		throw valueError(`human_to_bytes() can't interpret the input: human_to_bytes() ${message}`);
	};
	const match = /^(\d*\.?\d+)(?:\s*([A-Za-z]+))?\s*$/.exec(text);
	if (!match) return fail(`can't interpret following string: ${text}`);
	const amount = Number(match[1]);
	const unit = match[2] ?? defaultUnit;
	if (unit === undefined) return wholeOf(amount);
	const found = units.find(([letter]) => letter === unit[0]!.toUpperCase());
	if (!found)
		return fail(
			`failed to convert ${text} (unit = ${unit}). The suffix must be one of ${units.map(([letter]) => letter).join(', ')}`,
		);
	const [letter, factor, byteName, bitName] = found;
	const kind = bits ? 'b' : 'B';
	const symbol = letter === 'B' ? kind : `${letter}${kind}`;
	if (unit.length > 1 && unit.toLowerCase() !== (bits ? bitName : byteName) && unit !== symbol) {
		const expected = letter === 'B' ? `${kind} or ${bits ? 'bit' : 'byte'}` : `${symbol} or ${letter}`;
		return fail(`failed to convert ${text}. Value is not a valid string (expect ${expected})`);
	}
	return wholeOf(amount * factor);
}

function wholeOf(amount: number): number | bigint {
	if (!Number.isFinite(amount))
		throw new PythonError('OverflowError', "human_to_bytes() can't interpret the input: the number is too large");
	return toInt(BigInt(roundHalfEven(amount, 0)));
}

/** Filters between numbers of bytes and what people write for them. */
export const sizeFilters: FilterTable = {
	human_readable: {
		summary: 'A number of bytes (or bits) in a unit that people read easily.',
		signature: 'size, isbits=False, unit=None',
		example: ['1536 | human_readable', "'1.50 KB'"],
		call(_context, size, isBits, unit) {
			if (!isNumber(size!))
				throw new PythonError(
					'TypeError',
					`human_readable() failed on bad input: '>=' not supported between instances of '${typeName(size!)}' and 'int'`,
				);
			const amount = floatOf(size);
			const wanted = unit === null ? undefined : textOf(unit!)?.toUpperCase();
			if (unit !== null && wanted === undefined)
				throw new PythonError(
					'ValueError',
					`human_readable() can't interpret the input: '${typeName(unit!)}' object has no attribute 'upper'`,
				);
			const [letter, factor] = units.find(([name, least]) => (wanted === undefined ? amount >= least : wanted === name)) ?? [
				'B',
				1,
			];
			const base = isTruthy(isBits!) ? 'bits' : 'Bytes';
			const shown = Number.isFinite(amount) ? fixedText(amount / factor, 2) : pythonStr(amount);
			return `${shown} ${letter === 'B' ? base : letter + base[0]}`;
		},
	},
	human_to_bytes: {
		summary: 'The number of bytes (or bits) that a text like `10 GB` means.',
		signature: 'size, default_unit=None, isbits=False',
		example: ["'10 GB' | human_to_bytes", '10737418240'],
		call(_context, size, defaultUnit, isBits) {
			const unit = defaultUnit === null ? undefined : pythonStr(defaultUnit!);
			if (unit === '') throw valueError("human_to_bytes() can't interpret the input: string index out of range");
			return readSize(textOf(size!) ?? pythonStr(size!), unit, isTruthy(isBits!));
		},
	},
};
