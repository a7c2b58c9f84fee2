import {LazyDict} from './lazy.js';
import {hiddenText} from './python/secret.js';
import {pythonRepr} from './python/text.js';
import {typeName} from './python/type-name.js';
import {Dict, Internal, Marker, Secret, Template, Tuple, Unknown, type Value} from './value.js';

/** How many characters of a value are shown. */
const longest = 80;

/** A value as a message shows it: a line, cut where it is long, secrets hidden, nothing in it evaluated for the purpose. */
export function glimpse(value: Value): string {
	const text = shown(value, longest).replaceAll('\n', '\\n');
	return text.length > longest ? `${text.slice(0, longest - 1)}…` : text;
}

function shown(value: Value, room: number): string {
	if (value instanceof Secret || (value instanceof Template && value.secret)) return hiddenText;
	if (value instanceof Unknown) return '«unknown»';
	if (value instanceof Marker) return 'undefined';
	if (value instanceof Template) return pythonRepr(value.source);
	if (typeof value === 'string') return pythonRepr(value.slice(0, longest + 1));
	if (Array.isArray(value)) return `[${sequence(value, room)}]`;
	if (value instanceof Tuple) return `(${sequence(value.items, room)})`;
	if (value instanceof LazyDict) return shown(value.underlying, room);
	if (value instanceof Dict) return value.constructor === Dict ? `{${pairs(value, room)}}` : `a dict of ${value.size}`;
	return value instanceof Internal ? `a ${typeName(value)}` : pythonRepr(value);
}

/** The elements as far as there is room; one that would first have to be computed is left open. */
function sequence(items: readonly Value[], room: number): string {
	return joined(items.keys(), room, (index, left) =>
		Object.getOwnPropertyDescriptor(items, index)?.get ? '…' : shown(items[index]!, left),
	);
}

function pairs(dict: Dict, room: number): string {
	return joined(dict.keys(), room, (key, left) => `${shown(key, left)}: ${shown(dict.get(key)!, left)}`);
}

function joined<T>(items: Iterable<T>, room: number, show: (item: T, left: number) => string): string {
	let text = '';
	for (const item of items) {
		if (text.length > room) return text;
		text += `${text === '' ? '' : ', '}${show(item, room - text.length)}`;
	}
	return text;
}
