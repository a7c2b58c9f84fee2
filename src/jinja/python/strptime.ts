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
	const number = (name: string): number | undefined => {
		const text = found.get(name);
		return text === undefined ? undefined : Number(text);
	};
	const twoDigits = number('y');
	const year = number('Y') ?? (twoDigits === undefined ? undefined : twoDigits + (twoDigits <= 68 ? 2000 : 1900));
	const weekday = weekdayOf(found);
	const [month, day] = dayOf(found, year, weekday, number);
	let hour = number('H') ?? 0;
	const twelve = number('I');
	if (twelve !== undefined) hour = (twelve % 12) + (found.get('p') === 'pm' ? 12 : 0);
	const second = number('S') ?? 0;
	if (second > 59) throw valueError('second must be in 0..59');
	const whole = number('G') !== undefined && year === undefined ? number('G')! : (year ?? 1900);
	const midnight = new Date(0);
	midnight.setUTCFullYear(whole, month - 1, day);
	if (midnight.getUTCMonth() !== month - 1) throw valueError('day is out of range for month');
	const seconds = midnight.getTime() / 1000 + (hour * 60 + (number('M') ?? 0)) * 60 + second;
	const micros = BigInt((found.get('f') ?? '0').padEnd(6, '0'));
	return new DateTime(BigInt(seconds) * 1_000_000n + micros, true, offsetOf(found));
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

function dayOf(
	found: ReadonlyMap<string, string>,
	year: number | undefined,
	weekday: number | undefined,
	number: (name: string) => number | undefined,
): [month: number, day: number] {
	const name = found.get('B') ?? found.get('b');
	const month = name === undefined ? number('m') : months.findIndex((one) => one.startsWith(name.slice(0, 3))) + 1;
	let dayOfYear = number('j');
	const week = number('U') ?? number('W');
	if (dayOfYear === undefined && week !== undefined && weekday !== undefined && year !== undefined) {
		const first = (new Date(Date.UTC(year, 0, 1)).getUTCDay() + 6) % 7;
		dayOfYear = found.has('W') ? weekStart(first, week) + weekday : weekStart((first + 1) % 7, week) + ((weekday + 1) % 7);
	}
	if (dayOfYear !== undefined && month === undefined && year !== undefined) {
		const date = new Date(Date.UTC(year, 0, dayOfYear));
		return [date.getUTCMonth() + 1, date.getUTCDate()];
	}
	return [month ?? 1, number('d') ?? 1];
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
