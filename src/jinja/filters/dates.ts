import {PythonError, valueError} from '../fault.js';
import {textArgument} from '../python/argument.js';
import {isTruthy, textOf} from '../python/compare.js';
import {floatOf, isNumber} from '../python/number.js';
import {parseFloatText} from '../python/parse-number.js';
import {formatTime} from '../python/strftime.js';
import {parseTime} from '../python/strptime.js';
import {pythonStr} from '../python/text.js';
import {DateTime, type Value} from '../value.js';
import type {FilterTable} from './filter.js';

function secondsOf(value: Value): number {
	if (value === null) return Date.now() / 1000;
	try {
		const text = textOf(value);
		const seconds = text === undefined ? (isNumber(value) ? floatOf(value) : Number.NaN) : parseFloatText(text);
		if (Number.isFinite(seconds)) return seconds;
	} catch (fault) {
		if (!(fault instanceof PythonError)) throw fault;
	}
	throw valueError(`Invalid value for epoch value (${pythonStr(value)})`);
}

/** The wall-clock reading of an instant, in UTC or where this side is. */
function readingOf(seconds: number, utc: boolean): DateTime {
	const instant = Math.round(seconds * 1e6);
	if (Math.abs(instant) > 8.64e21 || Math.abs(seconds) > 253_402_300_799) throw valueError(`year is out of range`);
	if (utc) return new DateTime(BigInt(instant), true, 0);
	const local = -new Date(seconds * 1000).getTimezoneOffset();
	return new DateTime(BigInt(instant) + BigInt(local) * 60_000_000n, true);
}

/** Filters on dates and times. */
export const dateFilters: FilterTable = {
	strftime: {
		summary: 'A time (seconds since 1970, by default now) in a format.',
		signature: 'string_format, second=None, utc=False',
		example: ["'%Y-%m-%d' | strftime(0, utc=true)", "'1970-01-01'"],
		call(_context, format, second, utc) {
			const reading = readingOf(secondsOf(second!), isTruthy(utc!));
			const text = textArgument(format!, 'format');
			if (reading.offset !== undefined) return formatTime(reading, text);
			// A naive reading knows its second since 1970 only by the zone of this side.
			return formatTime(reading, text.replaceAll('%s', String(Math.floor(secondsOf(second!)))));
		},
	},
	to_datetime: {
		summary: 'The date and time that a text names in a format.',
		signature: "string, format='%Y-%m-%d %H:%M:%S'",
		example: ["('2024-03-01 12:00:00' | to_datetime).year", '2024'],
		call: (_context, string, format) =>
			parseTime(textArgument(string!, 'strptime() argument 1'), textArgument(format!, 'strptime() argument 2')),
	},
};
