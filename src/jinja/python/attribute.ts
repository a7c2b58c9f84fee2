import {PythonError, typeError} from '../fault.js';
import {escapeHtml, Markup, NamedTuple} from '../internal.js';
import {spend} from '../limits.js';
import {bindArguments, parseParameters} from '../signature.js';
import {type Callable, DateTime, Dict, Float, Internal, Secret, Template, Tuple, type Value} from '../value.js';
import {integerArgument, textArgument} from './argument.js';
import {textOf} from './compare.js';
import {type ContainerMethod, dictMethods, listMethods, tupleMethods} from './container-methods.js';
import {dateTimeAttribute} from './datetime-attributes.js';
import {decodeBytes} from './encoding.js';
import {type FormatAccess, formatString} from './format-string.js';
import {bigOf, isInteger, isNumber, toFloat, toInt} from './number.js';
import {hide} from './secret.js';
import {type StringMethod, stringMethods} from './string-methods.js';
import {typeName} from './type-name.js';

/** What attribute access needs of the template it happens in. */
export interface AttributeAccess extends FormatAccess {
	/** Lists and dicts may not be changed. */
	readonly immutable: boolean;
}

/** `object.name` by the tables of this room, the only attributes there are; undefined when Python has none. */
export function attributeOf(object: Value, name: string, access: AttributeAccess): Value | undefined {
	if (object instanceof Dict) return containerMethod(object, name, dictMethods, access);
	if (Array.isArray(object)) return containerMethod(object, name, listMethods, access);
	const text = textOf(object);
	if (text !== undefined) return stringAttribute(object, text, name, access);
	if (object instanceof Tuple) {
		const item = named(object, name);
		return item === undefined ? containerMethod(object, name, tupleMethods, access) : item;
	}
	if (object instanceof Internal) return object.attribute(name);
	if (isNumber(object)) return numberAttribute(object, name);
	if (object instanceof DateTime) return dateTimeAttribute(object, name);
	if (object instanceof Uint8Array && name === 'decode') {
		return bound(name, "encoding='utf-8', errors='strict'", (encoding) =>
			decodeBytes(object, textArgument(encoding!, "decode() argument 'encoding'"), false),
		);
	}
	return undefined;
}

function named(tuple: Tuple, name: string): Value | undefined {
	return tuple instanceof NamedTuple ? tuple.items[tuple.names.indexOf(name)] : undefined;
}

function bound(name: string, signature: string, run: (...values: Value[]) => Value): Callable {
	return {
		callableName: name,
		call: (positional, namedArguments) => run(...bindArguments(name, parseParameters(signature), positional, namedArguments)),
	};
}

function containerMethod<T extends Value>(
	object: T,
	name: string,
	table: Readonly<Record<string, ContainerMethod<never>>>,
	access: AttributeAccess,
): Value | undefined {
	const method = table[name] as ContainerMethod<T> | undefined;
	if (!method) return undefined;
	if (method.mutates && access.immutable)
		throw new PythonError('SecurityError', `access to attribute '${name}' of '${typeName(object)}' object is unsafe.`);
	return bound(name, method.signature, (...values) => method.call(object, ...values));
}

function stringAttribute(object: Value, text: string, name: string, access: AttributeAccess): Value | undefined {
	const wrap = (result: Value): Value =>
		object instanceof Secret || (object instanceof Template && object.secret)
			? hide(result)
			: object instanceof Markup
				? mark(result)
				: result;
	if (name === 'format' || name === 'format_map') {
		const escaping: FormatAccess = {
			getItem: (container, key) => access.getItem(container, key),
			getAttribute: (container, key) => access.getAttribute(container, key),
			escapeField: (value, shown) => (value instanceof Markup ? shown : escapeHtml(shown)),
		};
		return formatMethod(name, text, wrap, object instanceof Markup ? escaping : access);
	}
	const method: StringMethod | undefined = stringMethods[name];
	spend(text.length >> 2);
	return method && bound(name, method.signature, (...values) => wrap(keepSecret(values, method.call(text, ...values))));
}

function formatMethod(name: string, text: string, wrap: (result: Value) => Value, access: FormatAccess): Callable {
	if (name === 'format') {
		return {
			callableName: name,
			call: (positional, namedArguments) =>
				wrap(
					keepSecret(
						[...positional, ...namedArguments.values()],
						formatString(text, positional, (key) => namedArguments.get(key), access),
					),
				),
		};
	}
	return bound(name, 'mapping', (mapping) =>
		wrap(
			keepSecret(
				[mapping!],
				formatString(text, [], (key) => (mapping instanceof Dict ? mapping.get(key) : undefined), access),
			),
		),
	);
}

/** Makes the texts of a result secret when an argument was. */
function keepSecret(values: readonly Value[], result: Value): Value {
	for (const value of values) {
		if (value instanceof Secret || (Array.isArray(value) && value.some((item) => item instanceof Secret))) return hide(result);
	}
	return result;
}

function mark(value: Value): Value {
	if (typeof value === 'string') return new Markup(value);
	return Array.isArray(value) ? value.map(mark) : value;
}

function numberAttribute(value: number | bigint | boolean | Float, name: string): Value | undefined {
	if (isInteger(value)) {
		const big = bigOf(value);
		const whole = toInt(big);
		switch (name) {
			case 'bit_length':
				return bound(name, '', () => (big === 0n ? 0 : (big < 0n ? -big : big).toString(2).length));
			case 'bit_count':
				return bound(name, '', () => (big < 0n ? -big : big).toString(2).replaceAll('0', '').length);
			case 'is_integer':
				return bound(name, '', () => true);
			case 'conjugate':
				return bound(name, '', () => whole);
			case 'as_integer_ratio':
				return bound(name, '', () => new Tuple([whole, 1]));
			case 'numerator':
			case 'real':
				return whole;
			case 'denominator':
				return 1;
			case 'imag':
				return 0;
		}
		const operate = bitwise[name];
		if (!operate) return undefined;
		return bound(name, 'other', (other) => {
			if (!isInteger(other!)) throw typeError(`unsupported operand type(s) for ${name}: 'int' and '${typeName(other!)}'`);
			if (name.includes('shift') && integerArgument(other, 'shift count') > 10_000)
				throw new PythonError('LimitError', 'a number of a template has too many digits');
			return toInt(operate(big, bigOf(other)));
		});
	}
	const float = value instanceof Float ? value.value : (value as number);
	if (name === 'is_integer') return bound(name, '', () => Number.isInteger(float));
	if (name === 'conjugate') return bound(name, '', () => value);
	if (name === 'real') return value;
	if (name === 'imag') return toFloat(0);
	return undefined;
}

/** What Ansible's sandbox allows of an int's operators. */
const bitwise: Readonly<Record<string, (a: bigint, b: bigint) => bigint>> = Object.assign(Object.create(null), {
	__and__: (a: bigint, b: bigint) => a & b,
	__or__: (a: bigint, b: bigint) => a | b,
	__xor__: (a: bigint, b: bigint) => a ^ b,
	__lshift__: (a: bigint, b: bigint) => a << b,
	__rshift__: (a: bigint, b: bigint) => a >> b,
});

/** Names that every Python object has and no template may reach. */
const unsafeNames = new Set(
	'__class__ __bases__ __mro__ __subclasses__ __init__ __globals__ __dict__ __doc__ __module__ __repr__ __str__ __hash__ __eq__ __ne__ __lt__ __le__ __gt__ __ge__ __dir__ __format__ __getattribute__ __setattr__ __delattr__ __new__ __reduce__ __reduce_ex__ __sizeof__ __init_subclass__ __subclasshook__ __getstate__'.split(
		' ',
	),
);

/** Whether the sandbox hides an attribute that Python has. */
export function isUnsafeName(object: Value, name: string): boolean {
	if (!name.startsWith('_')) return false;
	if (unsafeNames.has(name)) return true;
	return (
		/^__(len|iter|contains|getitem|add|mul|rmul|mod)__$/.test(name) &&
		(textOf(object) !== undefined || Array.isArray(object) || object instanceof Dict || object instanceof Tuple)
	);
}
