import {MarkerUsed, PythonError, UnknownUsed} from '../fault.js';
import {Markup, Undefined} from '../internal.js';
import {maximumDepth, spend} from '../limits.js';
import {compare} from '../python/compare.js';
import {dateTimeText} from '../python/datetime.js';
import {floatText, integerText} from '../python/number.js';
import {pythonRepr} from '../python/text.js';
import {typeName} from '../python/type-name.js';
import {DateTime, Dict, Float, Marker, Secret, Template, Tuple, Unknown, type Value} from '../value.js';
import type {ScalarStyle, YamlNode} from './node.js';

export interface RepresentOptions {
	readonly sortKeys: boolean;
	/** True: lists and dicts in brackets, false: in lines, undefined: those in brackets that hold only plain scalars. */
	readonly flow: boolean | undefined;
	readonly style: ScalarStyle | undefined;
	/** The style of a text, when it should differ by what it is, and another text for it. */
	readonly textStyle?: (text: string) => {text: string; style: ScalarStyle | undefined};
}

/** The nodes of a value. A list, dict or date that stands at two places is one node, and cycles are possible. */
export function represent(value: Value, options: RepresentOptions): YamlNode {
	const known = new Map<object, YamlNode>();
	let depth = 0;

	const scalar = (tag: string, text: string, style = options.style): YamlNode => ({kind: 'scalar', tag, text, style});
	const inBrackets = (nodes: readonly YamlNode[]): boolean =>
		options.flow ?? nodes.every((node) => node.kind === 'scalar' && node.style === undefined);

	const sequence = (key: object, items: readonly Value[]): YamlNode => {
		const node: YamlNode = {kind: 'sequence', items: [], flow: false};
		known.set(key, node);
		for (const item of items) node.items.push(visit(item));
		node.flow = inBrackets(node.items);
		return node;
	};
	const mapping = (dict: Dict): YamlNode => {
		const node: YamlNode = {kind: 'mapping', entries: [], flow: false};
		known.set(dict, node);
		const keys = options.sortKeys ? sorted([...dict.keys()]) : dict.keys();
		for (const key of keys) node.entries.push([visit(key), visit(dict.get(key)!)]);
		node.flow = inBrackets(node.entries.flat());
		return node;
	};

	const visit = (item: Value): YamlNode => {
		if (typeof item !== 'object' || item === null) return scalar(...simple(item, options));
		if (item instanceof Marker) throw new MarkerUsed(item);
		if (item instanceof Unknown) throw new UnknownUsed(item);
		if (item instanceof Float) return scalar('float', floatYaml(item.value));
		if (item instanceof Secret || item instanceof Markup) return scalar(...simple(item.text, options));
		if (item instanceof Template) return scalar(...simple(item.source, options));
		if (item instanceof Uint8Array) return scalar('binary', base64Lines(item), '|');
		const before = known.get(item);
		if (before) return before;
		spend(1);
		if (++depth > 8 * maximumDepth) throw new PythonError('LimitError', 'too deeply nested for YAML');
		try {
			if (item instanceof Dict) return mapping(item);
			if (item instanceof DateTime) {
				const node = scalar('timestamp', dateTimeText(item));
				known.set(item, node);
				return node;
			}
			if (Array.isArray(item)) return sequence(item, item);
			if (item instanceof Tuple) return item.items.length ? sequence(item, item.items) : sequence({}, []);
			if (item instanceof Undefined) item.use();
			throw new PythonError('ValueError', `('cannot represent an object', ${representable(item)})`);
		} finally {
			depth--;
		}
	};
	return visit(value);
}

function representable(value: Value): string {
	try {
		return pythonRepr(value);
	} catch {
		return `<${typeName(value)}>`;
	}
}

type Simple = null | boolean | number | bigint | string;

function simple(value: Simple, options: RepresentOptions): [tag: string, text: string, style?: ScalarStyle | undefined] {
	if (value === null) return ['null', 'null'];
	if (typeof value === 'boolean') return ['bool', value ? 'true' : 'false'];
	if (typeof value === 'bigint') return ['int', integerText(value)];
	if (typeof value === 'number') return Number.isInteger(value) ? ['int', String(value + 0)] : ['float', floatYaml(value)];
	if (!options.textStyle) return ['str', value];
	const chosen = options.textStyle(value);
	return ['str', chosen.text, chosen.style];
}

/** A float as PyYAML writes it: always with a dot. */
function floatYaml(value: number): string {
	if (Number.isNaN(value)) return '.nan';
	if (!Number.isFinite(value)) return value > 0 ? '.inf' : '-.inf';
	const text = floatText(value);
	return text.includes('.') || !text.includes('e') ? text : text.replace('e', '.0e');
}

function base64Lines(bytes: Uint8Array): string {
	return Buffer.from(bytes)
		.toString('base64')
		.replace(/.{1,76}/g, '$&\n');
}

/** Keys in Python's order; as they are when they cannot be compared. */
function sorted(keys: Value[]): Value[] {
	try {
		return keys.toSorted((a, b) => compare(a, b));
	} catch (fault) {
		if (fault instanceof PythonError && fault.type === 'TypeError') return keys;
		throw fault;
	}
}
