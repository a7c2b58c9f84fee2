import {typeError} from '../fault.js';
import {DateTime, Internal, type Value} from '../value.js';
import {toFloat} from './number.js';

/** The difference of two times; only inside expressions. */
export class TimeDelta extends Internal {
	readonly pythonType = 'timedelta';
	readonly microseconds: bigint;
	constructor(microseconds: bigint) {
		super();
		this.microseconds = microseconds;
	}
	get days(): number {
		return Number(floorDivide(this.microseconds, perDay));
	}
	override attribute(name: string): Value | undefined {
		const rest = this.microseconds - BigInt(this.days) * perDay;
		if (name === 'days') return this.days;
		if (name === 'seconds') return Number(rest / 1_000_000n);
		if (name === 'microseconds') return Number(rest % 1_000_000n);
		if (name === 'total_seconds') {
			return {callableName: name, call: () => toFloat(Number(this.microseconds) / 1e6)};
		}
		return undefined;
	}
	override toString(): string {
		const rest = this.microseconds - BigInt(this.days) * perDay;
		const seconds = Number(rest / 1_000_000n);
		const micros = Number(rest % 1_000_000n);
		const days = this.days ? `${this.days} day${Math.abs(this.days) === 1 ? '' : 's'}, ` : '';
		return `${days}${Math.floor(seconds / 3600)}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}${micros ? `.${String(micros).padStart(6, '0')}` : ''}`;
	}
}

const perDay = 86_400_000_000n;

/** The wall-clock fields of a date. */
export function fieldsOf(date: DateTime): {
	year: number;
	month: number;
	day: number;
	hour: number;
	minute: number;
	second: number;
	microsecond: number;
} {
	const seconds = floorDivide(date.microseconds, 1_000_000n);
	const clock = new Date(Number(seconds) * 1000);
	return {
		year: clock.getUTCFullYear(),
		month: clock.getUTCMonth() + 1,
		day: clock.getUTCDate(),
		hour: clock.getUTCHours(),
		minute: clock.getUTCMinutes(),
		second: clock.getUTCSeconds(),
		microsecond: Number(date.microseconds - seconds * 1_000_000n),
	};
}

/** `2024-01-02`, or `2024-01-02 03:04:05.000006+01:00`. */
export function dateTimeText(date: DateTime, separator = ' '): string {
	const f = fieldsOf(date);
	const day = `${String(f.year).padStart(4, '0')}-${two(f.month)}-${two(f.day)}`;
	if (!date.hasTime) return day;
	const fraction = f.microsecond ? `.${String(f.microsecond).padStart(6, '0')}` : '';
	return `${day}${separator}${two(f.hour)}:${two(f.minute)}:${two(f.second)}${fraction}${offsetText(date.offset)}`;
}

export function dateTimeRepr(date: DateTime): string {
	const f = fieldsOf(date);
	if (!date.hasTime) return `datetime.date(${f.year}, ${f.month}, ${f.day})`;
	const parts = [f.year, f.month, f.day, f.hour, f.minute];
	if (f.second || f.microsecond) parts.push(f.second);
	if (f.microsecond) parts.push(f.microsecond);
	const zone =
		date.offset === undefined
			? ''
			: `, tzinfo=datetime.timezone${date.offset ? `(datetime.timedelta(${deltaRepr(date.offset * 60)}))` : '.utc'}`;
	return `datetime.datetime(${parts.join(', ')}${zone})`;
}

/** The seconds of an offset as Python shows them: whole days may be negative, seconds never. */
function deltaRepr(seconds: number): string {
	return seconds < 0 ? `days=-1, seconds=${86_400 + seconds}` : `seconds=${seconds}`;
}

/** `a - b` of dates and differences. */
export function subtractTimes(a: Value, b: Value): Value | undefined {
	if (a instanceof DateTime && b instanceof DateTime) {
		if ((a.offset === undefined) !== (b.offset === undefined))
			throw typeError("can't subtract offset-naive and offset-aware datetimes");
		return new TimeDelta(instantOf(a) - instantOf(b));
	}
	if (a instanceof DateTime && b instanceof TimeDelta) return new DateTime(a.microseconds - b.microseconds, a.hasTime, a.offset);
	if (a instanceof TimeDelta && b instanceof TimeDelta) return new TimeDelta(a.microseconds - b.microseconds);
	return undefined;
}

/** `a + b` of dates and differences. */
export function addTimes(a: Value, b: Value): Value | undefined {
	if (a instanceof DateTime && b instanceof TimeDelta) return new DateTime(a.microseconds + b.microseconds, a.hasTime, a.offset);
	if (a instanceof TimeDelta && b instanceof DateTime) return addTimes(b, a);
	if (a instanceof TimeDelta && b instanceof TimeDelta) return new TimeDelta(a.microseconds + b.microseconds);
	return undefined;
}

/** Microseconds since 1970 in UTC (a naive reading counts as UTC). */
export function instantOf(date: DateTime): bigint {
	return date.microseconds - BigInt(date.offset ?? 0) * 60_000_000n;
}

export function offsetText(offset: number | undefined): string {
	if (offset === undefined) return '';
	const size = Math.abs(offset);
	return `${offset < 0 ? '-' : '+'}${two(Math.floor(size / 60))}:${two(size % 60)}`;
}

function floorDivide(a: bigint, b: bigint): bigint {
	const quotient = a / b;
	return a % b !== 0n && a < 0n !== b < 0n ? quotient - 1n : quotient;
}

function two(value: number): string {
	return String(value).padStart(2, '0');
}
