import {bindArguments, parseParameters} from '../signature.js';
import {type Callable, DateTime, type Value} from '../value.js';
import {textArgument} from './argument.js';
import {dateTimeText, fieldsOf, instantOf} from './datetime.js';
import {toFloat} from './number.js';
import {formatTime} from './strftime.js';

/** The attributes and methods of a `date` or `datetime`. */
export function dateTimeAttribute(date: DateTime, name: string): Value | undefined {
	const fields = fieldsOf(date);
	if (name === 'year' || name === 'month' || name === 'day') return fields[name];
	if (date.hasTime && (name === 'hour' || name === 'minute' || name === 'second' || name === 'microsecond')) return fields[name];
	const bound = (signature: string, run: (...values: Value[]) => Value): Callable => ({
		callableName: name,
		call: (positional, named) => run(...bindArguments(name, parseParameters(signature), positional, named)),
	});
	const weekday = (): number => (Number(date.microseconds / 86_400_000_000n) + (date.microseconds < 0n ? 2 : 3) + 7_000_000) % 7;
	switch (name) {
		case 'isoformat':
			return bound("sep='T'", (separator) => dateTimeText(date, textArgument(separator!, 'sep')));
		case 'strftime':
			return bound('format', (format) => formatTime(date, textArgument(format!, 'format')));
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
