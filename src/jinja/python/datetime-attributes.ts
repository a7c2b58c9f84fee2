import {bindArguments, parseParameters} from '../signature.js';
import {type Callable, DateTime, Internal, Tuple, type Value} from '../value.js';
import {textArgument} from './argument.js';
import {dateTimeText, fieldsOf, instantOf, TimeDelta} from './datetime.js';
import {toFloat} from './number.js';
import {formatTime} from './strftime.js';

/** A time of day; only inside expressions. */
class ClockTime extends Internal {
	readonly pythonType = 'time';
	readonly #text: string;
	constructor(text: string) {
		super();
		this.#text = text;
	}
	override toString(): string {
		return this.#text;
	}
}

/** The attributes and methods of a `date` or `datetime`. */
export function dateTimeAttribute(date: DateTime, name: string): Value | undefined {
	const fields = fieldsOf(date);
	if (name === 'year' || name === 'month' || name === 'day') return fields[name];
	if (date.hasTime && (name === 'hour' || name === 'minute' || name === 'second' || name === 'microsecond')) return fields[name];
	const bound = (signature: string, run: (...values: Value[]) => Value): Callable => ({
		callableName: name,
		call: (positional, named) => run(...bindArguments(name, parseParameters(signature), positional, named)),
	});
	const weekday = (): number => {
		const day = (date.microseconds - modulo(date.microseconds, 86_400_000_000n)) / 86_400_000_000n;
		return Number(modulo(day + 3n, 7n));
	};
	switch (name) {
		case 'isoformat':
			return bound("sep='T'", (separator) => dateTimeText(date, textArgument(separator!, 'sep')));
		case 'strftime':
			return bound('format', (format) => formatTime(date, textArgument(format!, 'format')));
		case 'ctime':
			return bound('', () => formatTime(date, '%a %b %e %H:%M:%S %Y'));
		case 'isocalendar':
			return bound('', () => new Tuple(formatTime(date, '%G %V %u').split(' ').map(Number)));
		case 'timetuple':
			return bound('', () => {
				const {year, month, day, hour, minute, second} = fields;
				return new Tuple([year, month, day, hour, minute, second, weekday(), Number(formatTime(date, '%j')), -1]);
			});
		case 'time':
			return date.hasTime
				? bound('', () => new ClockTime(dateTimeText(new DateTime(date.microseconds, true)).slice(11)))
				: undefined;
		case 'utcoffset':
			return date.hasTime
				? bound('', () => (date.offset === undefined ? null : new TimeDelta(BigInt(date.offset) * 60_000_000n)))
				: undefined;
		case 'tzname':
			return date.hasTime ? bound('', () => (date.offset === undefined ? null : formatTime(date, '%Z'))) : undefined;
		case 'weekday':
			return bound('', weekday);
		case 'isoweekday':
			return bound('', () => weekday() + 1);
		case 'date':
			return date.hasTime
				? bound('', () => new DateTime(date.microseconds - modulo(date.microseconds, 86_400_000_000n), false))
				: undefined;
		case 'timestamp':
			return date.hasTime ? bound('', () => toFloat(Number(instantOf(date)) / 1e6)) : undefined;
		default:
			return undefined;
	}
}

function modulo(a: bigint, b: bigint): bigint {
	return ((a % b) + b) % b;
}
