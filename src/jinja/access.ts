import type {Expression, Position} from './ast.js';
import {MarkerUsed, PythonError, typeError, UnknownUsed} from './fault.js';
import {Markup, TypeObject, Undefined} from './internal.js';
import {type AttributeAccess, attributeOf, isUnsafeName} from './python/attribute.js';
import {textOf} from './python/compare.js';
import {isDictMethod} from './python/container-methods.js';
import {hiddenText} from './python/secret.js';
import {itemOf} from './python/subscript.js';
import {pythonRepr} from './python/text.js';
import {typeName} from './python/type-name.js';
import {type Frame, undefinedValue} from './run.js';
import {Dict, Internal, Marker, Secret, Tuple, Unknown, type Value} from './value.js';

/** `object.name`: Python's attribute, else the item of that name, else undefined. */
export function getAttribute(frame: Frame, object: Value, name: string, at: Position): Value {
	if (object instanceof Marker || object instanceof Unknown) return object;
	if (object instanceof Dict && !isDictMethod(name)) {
		const item = object.get(name);
		return item === undefined ? missing(frame, object, name, at) : item;
	}
	if (object instanceof Undefined) return undefinedMember(object);
	const attribute =
		object instanceof Internal && !(object instanceof Markup)
			? object.attribute(name)
			: attributeOf(object, name, new Access(frame, at));
	if (attribute !== undefined) return attribute;
	const item = itemOf(object, name);
	return item === undefined ? missing(frame, object, name, at) : item;
}

/** `object[key]`: the item, else for a text Python's attribute, else undefined. */
export function getItem(frame: Frame, object: Value, key: Value, at: Position): Value {
	if (object instanceof Marker || object instanceof Unknown) return object;
	if (object instanceof Undefined) return undefinedMember(object);
	if (key instanceof Marker) throw new MarkerUsed(key);
	if (key instanceof Unknown) return key;
	const item = typeof key === 'string' && object instanceof Dict ? object.get(key) : itemOf(object, key);
	if (item !== undefined) return item;
	const name = textOf(key);
	const attribute = name === undefined ? undefined : attributeOf(object, name, new Access(frame, at));
	return attribute === undefined ? missing(frame, object, key, at) : attribute;
}

function undefinedMember(object: Undefined): Value {
	return object.policy === 'chainable' ? object : object.fail();
}

function missing(frame: Frame, object: Value, key: Value, node: Position | Expression): Value {
	const at = memberAt(node);
	const name = key instanceof Secret ? hiddenText : textOf(key);
	const shown = (): string => (key instanceof Secret ? hiddenText : pythonRepr(key));
	if (name !== undefined && isUnsafeName(object, name)) {
		return undefinedValue(frame, () => `access to attribute '${name}' of '${typeName(object)}' object is unsafe.`, at, name);
	}
	if (frame.context.environment.markers) {
		return undefinedValue(frame, () => `object of type '${typeName(object)}' has no attribute ${shown()}`, at, name ?? shown(), {
			candidates: () => (object instanceof Dict ? [...object.keys()].filter((one) => typeof one === 'string') : []),
			values: () => ('object' in node ? [[frame.unit.source.slice(node.object.start, node.object.end), object]] : []),
		});
	}
	const what =
		name === undefined
			? `${typeName(object)} object has no element ${shown()}`
			: `'${typeName(object)} object' has no attribute '${name}'`;
	return undefinedValue(frame, what, at, `no such element: ${typeName(object)} object[${shown()}]`);
}

/** Where the attribute or key stands in `object.name` or `object[key]`. */
function memberAt(node: Position | Expression): Position {
	if (!('kind' in node)) return node;
	if (node.kind === 'item') return node.key;
	return node.kind === 'attribute' ? {start: node.end - node.name.length, end: node.end} : node;
}

/** How methods that reach into values (`str.format`) do it here; a missing member ends the call. */
class Access implements AttributeAccess {
	readonly #frame: Frame;
	readonly #at: Position;
	constructor(frame: Frame, at: Position) {
		this.#frame = frame;
		this.#at = at;
	}
	get immutable(): boolean {
		return this.#frame.context.environment.immutable;
	}
	getItem(object: Value, key: Value): Value {
		if (!this.#frame.context.environment.markers) return present(getItem(this.#frame, object, key, this.#at));
		const value = itemOf(object, key);
		if (value !== undefined) return present(value);
		if (object instanceof Dict) throw new PythonError('KeyError', pythonRepr(key));
		if (Array.isArray(object) || object instanceof Tuple || textOf(object) !== undefined)
			throw new PythonError('IndexError', `${typeName(object)} index out of range`);
		throw typeError(`'${typeName(object)}' object is not subscriptable`);
	}
	getAttribute(object: Value, name: string): Value {
		if (!this.#frame.context.environment.markers) return present(getAttribute(this.#frame, object, name, this.#at));
		// Python's str.format sees attributes only, never items, and in Ansible's sandbox the type of a value too.
		if (name === '__class__') return new TypeObject(typeName(object));
		const value = isUnsafeName(object, name) && !(object instanceof TypeObject) ? undefined : attributeOf(object, name, this);
		if (value === undefined) throw new PythonError('AttributeError', `'${typeName(object)}' object has no attribute '${name}'`);
		return present(value);
	}
}

function present(value: Value): Value {
	if (value instanceof Marker) throw new MarkerUsed(value);
	if (value instanceof Unknown) throw new UnknownUsed(value);
	return value;
}
