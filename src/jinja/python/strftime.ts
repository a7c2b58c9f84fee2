import {checkLength} from '../limits.js';
import type {DateTime} from '../value.js';
import {fieldsOf, instantOf, offsetText} from './datetime.js';

const days = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
const months = [
	'January',
	'February',
	'March',
	'April',
	'May',
	'June',
	'July',
	'August',
	'September',
	'October',
	'November',
	'December',
];

/** Python's `date.strftime(format)` in the C locale; unknown directives stay as they are, as glibc leaves them. */
export function formatTime(date: DateTime, format: string): string {
	const f = fieldsOf(date);
	const midnight = midnightOf(f.year, f.month, f.day);
	const weekday = new Date(midnight).getUTCDay();
	const dayOfYear = Math.round((midnight - midnightOf(f.year, 1, 1)) / 86_400_000) + 1;
	const two = (value: number): string => String(value).padStart(2, '0');
	const hour12 = f.hour % 12 || 12;
	const iso = isoWeek(f.year, dayOfYear, weekday);
	const zone = offsetText(date.offset);
	const parts: Record<string, () => string> = {
		a: () => days[weekday]!.slice(0, 3),
		A: () => days[weekday]!,
		b: () => months[f.month - 1]!.slice(0, 3),
		B: () => months[f.month - 1]!,
		c: () => expand('%a %b %e %H:%M:%S %Y'),
		C: () => two(Math.floor(f.year / 100)),
		d: () => two(f.day),
		D: () => expand('%m/%d/%y'),
		e: () => String(f.day).padStart(2),
		f: () => String(f.microsecond).padStart(6, '0'),
		F: () => expand('%Y-%m-%d'),
		g: () => two(iso.year % 100),
		G: () => String(iso.year),
		h: () => months[f.month - 1]!.slice(0, 3),
		H: () => two(f.hour),
		I: () => two(hour12),
		j: () => String(dayOfYear).padStart(3, '0'),
		k: () => String(f.hour).padStart(2),
		l: () => String(hour12).padStart(2),
		m: () => two(f.month),
		M: () => two(f.minute),
		n: () => '\n',
		p: () => (f.hour < 12 ? 'AM' : 'PM'),
		P: () => (f.hour < 12 ? 'am' : 'pm'),
		r: () => expand('%I:%M:%S %p'),
		R: () => expand('%H:%M'),
		s: () =>
			String(BigInt.asIntN(64, (instantOf(date) - (((instantOf(date) % 1_000_000n) + 1_000_000n) % 1_000_000n)) / 1_000_000n)),
		S: () => two(f.second),
		t: () => '\t',
		T: () => expand('%H:%M:%S'),
		u: () => String(weekday || 7),
		U: () => two(Math.floor((dayOfYear + 6 - weekday) / 7)),
		V: () => two(iso.week),
		w: () => String(weekday),
		W: () => two(Math.floor((dayOfYear + 6 - ((weekday + 6) % 7)) / 7)),
		x: () => expand('%m/%d/%y'),
		X: () => expand('%H:%M:%S'),
		y: () => two(f.year % 100),
		Y: () => String(f.year),
		z: () => zone.replace(':', ''),
		Z: () => (date.offset === undefined ? '' : date.offset === 0 ? 'UTC' : `UTC${zone}`),
		'%': () => '%',
	};
	const expand = (text: string): string =>
		text.replace(/%([-_0^#]*)(\d*)[EO]?([A-Za-z%])/g, (whole, flags: string, width: string, letter: string) => {
			// Python fills in the zone before the C library reads its flags.
			if (letter === 'Z' && whole !== '%Z') return '';
			const part = Object.hasOwn(parts, letter) ? parts[letter]!() : undefined;
			if (part === undefined) return whole;
			return flags || width ? withFlags(part, letter, flags, Number(width)) : part;
		});
	return expand(format);
}

/** A piece with the C library's flags: `-` unpadded, `_` and `0` padded with spaces or zeros, `^` upper case, `#` the other case. */
function withFlags(part: string, letter: string, flags: string, width: number): string {
	const isNumber = /^ *\d+$/.test(part);
	const padding = /[-_0]/.exec(flags.replace(/[^-_0]/g, '').slice(-1))?.[0];
	checkLength(width);
	let text = part;
	if (isNumber) {
		const digits = part.replace(/^[ 0]+(?=\d)/, '');
		if (padding === '-') return digits.padStart(width, ' ');
		const fill = padding === '_' || (padding === undefined && part.startsWith(' ')) ? ' ' : '0';
		return digits.padStart(Math.max(width, part.length), fill);
	}
	if (flags.includes('#')) text = letter === 'p' ? text.toLowerCase() : text.toUpperCase();
	else if (flags.includes('^')) text = text.toUpperCase();
	return text.padStart(width, padding === '0' ? '0' : ' ');
}

/** The start of a day; `Date.UTC` takes the years before 100 for those of the last century. */
function midnightOf(year: number, month: number, day: number): number {
	return new Date(0).setUTCFullYear(year, month - 1, day);
}

function isoWeek(year: number, dayOfYear: number, weekday: number): {year: number; week: number} {
	const week = Math.floor((dayOfYear - (weekday || 7) + 10) / 7);
	if (week < 1) return {year: year - 1, week: weeksOf(year - 1)};
	if (week > weeksOf(year)) return {year: year + 1, week: 1};
	return {year, week};
}

function weeksOf(year: number): number {
	const first = new Date(midnightOf(year, 1, 1)).getUTCDay();
	const last = new Date(midnightOf(year, 12, 31)).getUTCDay();
	return first === 4 || last === 4 ? 53 : 52;
}
