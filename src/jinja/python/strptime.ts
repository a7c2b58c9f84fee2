import {valueError} from '../fault.js';
import {DateTime} from '../value.js';
import {stringRepr} from './text.js';

const days = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'];
const months = [
	'january',
	'february',
	'march',
	'april',
	'may',
	'june',
	'july',
	'august',
	'september',
	'october',
	'november',
	'december',
];
const short = (names: readonly string[]): string[] => names.map((name) => name.slice(0, 3));
/** A choice of names, longer ones first. */
const anyOf = (names: readonly string[]): string => [...names].sort((a, b) => b.length - a.length).join('|');

/** What each directive reads (Python's _strptime, in the C locale). */
const directives: Record<string, string> = {
	d: '3[0-1]|[1-2]\\d|0[1-9]|[1-9]| [1-9]',
	f: '[0-9]{1,6}',
	H: '2[0-3]|[0-1]\\d|\\d| \\d',
	I: '1[0-2]|0[1-9]|[1-9]| [1-9]',
	G: '\\d\\d\\d\\d',
	j: '36[0-6]|3[0-5]\\d|[1-2]\\d\\d|0[1-9]\\d|00[1-9]|[1-9]\\d|0[1-9]|[1-9]',
	m: '1[0-2]|0[1-9]|[1-9]',
	M: '[0-5]\\d|\\d',
	S: '6[0-1]|[0-5]\\d|\\d',
	U: '5[0-3]|[0-4]\\d|\\d',
	W: '5[0-3]|[0-4]\\d|\\d',
	V: '5[0-3]|0[1-9]|[1-4]\\d|\\d',
	w: '[0-6]',
	u: '[1-7]',
	y: '\\d\\d',
	Y: '\\d\\d\\d\\d',
	z: '[+-]\\d\\d:?[0-5]\\d(?::?[0-5]\\d(?:\\.\\d{1,6})?)?|[zZ]',
	Z: 'utc|gmt',
	a: anyOf(short(days)),
	A: anyOf(days),
	b: anyOf(short(months)),
	B: anyOf(months),
	p: 'am|pm',
};
const composed: Record<string, string> = {c: '%a %b %d %H:%M:%S %Y', x: '%m/%d/%y', X: '%H:%M:%S'};

/** Python's `datetime.strptime(text, format)` in the C locale. Throws `ValueError`. */
export function parseTime(text: string, format: string): DateTime {
	const found = new Map<string, string>();
	const names: string[] = [];
	const source = patternOf(format, names);
	const match = new RegExp(`^(?:${source})`, 'i').exec(text);
	if (!match) throw valueError(`time data ${stringRepr(text)} does not match format ${stringRepr(format)}`);
	if (match[0].length !== text.length) throw valueError(`unconverted data remains: ${text.slice(match[0].length)}`);
	for (const [index, name] of names.entries()) found.set(name, match[index + 1]!.toLowerCase());
	return dateOf(found);
}

function patternOf(format: string, names: string[]): string {
	const expanded = format.replace(/%([cxX])/g, (_whole, letter: string) => composed[letter]!);
	let source = '';
	for (const [part] of expanded.matchAll(/%[\s\S]?|\s+|[^%\s]/gu)) {
		if (/^\s/.test(part)) source += '\\s+';
		else if (part === '%%') source += '%';
		else if (part.startsWith('%')) {
			const directive = directives[part[1] ?? ''];
			if (part.length < 2) throw valueError(`stray % in format '${format}'`);
			if (directive === undefined) throw valueError(`'${part[1]}' is a bad directive in format '${format}'`);
			if (names.includes(part[1]!))
				throw valueError(
					`redefinition of group name '${part[1]}' as group ${names.length + 1}; was group ${names.indexOf(part[1]!) + 1}`,
				);
			names.push(part[1]!);
			source += `(${directive})`;
		} else source += part.replace(/[\\^$.*+?()[\]{}|]/, '\\$&');
	}
	return source;
}

function dateOf(found: ReadonlyMap<string, string>): DateTime {
	const {year, month, day} = calendarDay(found);
	const midnight = dayNumber(year, month, day);
	const checked = new Date(midnight);
	if (checked.getUTCMonth() !== month - 1) throw valueError('day is out of range for month');
	const number = (name: string): number => Number(found.get(name) ?? 0);
	const twelve = found.get('I');
	const hour = twelve === undefined ? number('H') : (Number(twelve) % 12) + (found.get('p') === 'pm' ? 12 : 0);
	if (number('S') > 59) throw valueError('second must be in 0..59');
	const seconds = midnight / 1000 + (hour * 60 + number('M')) * 60 + number('S');
	const micros = BigInt((found.get('f') ?? '0').padEnd(6, '0'));
	return new DateTime(BigInt(seconds) * 1_000_000n + micros, true, offsetOf(found));
}

/** Midnight of a day in milliseconds since 1970; a month or day out of range is counted on. */
function dayNumber(year: number, month: number, day: number): number {
	return new Date(0).setUTCFullYear(year, month - 1, day);
}

/** The day of the week from Monday on. */
function weekdayOf(found: ReadonlyMap<string, string>): number | undefined {
	const name = found.get('A') ?? found.get('a');
	if (name !== undefined) return days.findIndex((day) => day.startsWith(name.slice(0, 3)));
	const fromSunday = found.get('w');
	if (fromSunday !== undefined) return (Number(fromSunday) + 6) % 7;
	const iso = found.get('u');
	return iso === undefined ? undefined : Number(iso) - 1;
}

/** The day that the directives name, by Python's rules for those of years, weeks and days of the year. */
function calendarDay(found: ReadonlyMap<string, string>): {year: number; month: number; day: number} {
	const number = (name: string): number | undefined => {
		const text = found.get(name);
		return text === undefined ? undefined : Number(text);
	};
	const twoDigits = number('y');
	const given = number('Y') ?? (twoDigits === undefined ? undefined : twoDigits + (twoDigits <= 68 ? 2000 : 1900));
	const weekday = weekdayOf(found);
	const [isoYear, isoWeek] = [number('G'), number('V')];
	checkIso(found, given, weekday);
	const year = given ?? 1900;
	const week = number('U') ?? number('W');
	let dayOfYear = number('j');
	if (dayOfYear === undefined && weekday !== undefined) {
		if (week !== undefined) {
			const first = (new Date(dayNumber(year, 1, 1)).getUTCDay() + 6) % 7;
			dayOfYear = found.has('U') ? weekStart((first + 1) % 7, week) + ((weekday + 1) % 7) : weekStart(first, week) + weekday;
		} else if (isoYear !== undefined && isoWeek !== undefined) {
			// The week with the fourth of January is the first.
			const fourth = dayNumber(isoYear, 1, 4);
			const monday = 4 - ((new Date(fourth).getUTCDay() + 6) % 7);
			return fieldsOf(dayNumber(isoYear, 1, monday + 7 * (isoWeek - 1) + weekday));
		}
	}
	if (dayOfYear !== undefined) return fieldsOf(dayNumber(year, 1, dayOfYear));
	const name = found.get('B') ?? found.get('b');
	const month = name === undefined ? number('m') : months.findIndex((one) => one.startsWith(name.slice(0, 3))) + 1;
	return {year, month: month ?? 1, day: number('d') ?? 1};
}

function checkIso(found: ReadonlyMap<string, string>, year: number | undefined, weekday: number | undefined): void {
	const days = "a weekday directive ('%A', '%a', '%w', or '%u')";
	if (found.has('G')) {
		if (found.has('j'))
			throw valueError("Day of the year directive '%j' is not compatible with ISO year directive '%G'. Use '%Y' instead.");
		if (!found.has('V') || weekday === undefined)
			throw valueError(`ISO year directive '%G' must be used with the ISO week directive '%V' and ${days}.`);
	} else if (found.has('V')) {
		if (year === undefined || weekday === undefined)
			throw valueError(`ISO week directive '%V' must be used with the ISO year directive '%G' and ${days}.`);
		throw valueError("ISO week directive '%V' is incompatible with the year directive '%Y'. Use the ISO year '%G' instead.");
	}
}

function fieldsOf(midnight: number): {year: number; month: number; day: number} {
	const date = new Date(midnight);
	return {year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate()};
}

/** The day of the year on which a week begins; week 0 is what stands before the first whole one. */
function weekStart(firstWeekday: number, week: number): number {
	const toFirstWeek = (7 - firstWeekday) % 7;
	return week === 0 ? 1 - firstWeekday : 1 + toFirstWeek + 7 * (week - 1);
}

function offsetOf(found: ReadonlyMap<string, string>): number | undefined {
	const text = found.get('z');
	if (text === undefined) return undefined;
	if (text === 'z') return 0;
	const digits = text.slice(1).replaceAll(':', '');
	return (text.startsWith('-') ? -1 : 1) * (Number(digits.slice(0, 2)) * 60 + Number(digits.slice(2, 4)));
}
