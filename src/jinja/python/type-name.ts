import {NamedTuple, Undefined} from '../internal.js';
import {
	type Callable,
	DateTime,
	Dict,
	Float,
	Internal,
	Marker,
	Omit,
	Secret,
	Template,
	Tuple,
	Unknown,
	type Value,
} from '../value.js';

/** Python's name of a value's type, as error messages and `type_debug` show it. */
export function typeName(value: Value): string {
	switch (typeof value) {
		case 'string':
			return 'str';
		case 'boolean':
			return 'bool';
		case 'bigint':
			return 'int';
		case 'number':
			return Number.isInteger(value) ? 'int' : 'float';
	}
	if (value === null) return 'NoneType';
	if (Array.isArray(value)) return 'list';
	if (value instanceof Dict) return 'dict';
	if (value instanceof Secret || value instanceof Template) return 'str';
	if (value instanceof Float) return 'float';
	if (value instanceof Tuple) return value instanceof NamedTuple ? value.typeName : 'tuple';
	if (value instanceof Undefined) return value.policy === 'lenient' ? 'Undefined' : 'StrictUndefined';
	if (value instanceof Internal) return value.pythonType;
	if (value instanceof Marker) return value.isUndefined ? 'UndefinedMarker' : 'CapturedExceptionMarker';
	if (value instanceof DateTime) return value.hasTime ? 'datetime' : 'date';
	if (value instanceof Uint8Array) return 'bytes';
	if (value instanceof Omit) return '_OmitType';
	if (value instanceof Unknown) return 'unknown';
	return (value as Callable).callableType ?? 'builtin_function_or_method';
}
