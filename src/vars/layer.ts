import {Dict, type Value} from '../jinja/jinja.js';
import type {MapNode, Node, Span} from '../source/source.js';
import type {TaskScope} from './scope.js';

/** Variables that come from one place: a file of vars, the facts of a host, a task's `vars`. Values may be templates. */
export interface Layer {
	/** Where the values come from, for people: `group_vars of kafka`, `role defaults of zookeeper`. */
	readonly label: string;
	/** The raw value of a name; `from` is the scope that asks. */
	get(name: string, from?: TaskScope): Value | undefined;
	names(): Iterable<string>;
	/** Where a value was written, when that is known. */
	where?(name: string): Span | undefined;
}

/** Turns a node of the user's files into a value, its texts into templates; opens `!vault` texts. The same node gives the same value. */
export type ReadNode = (node: Node) => Value;

/** The variables of a mapping in a file; converted when they are asked for. */
export function nodeLayer(label: string, map: MapNode, read: ReadNode): Layer {
	const nodes = new Map(map.entries.map(({key, value}) => [key.text, value]));
	return {
		label,
		names: () => nodes.keys(),
		where: (name) => nodes.get(name)?.span,
		get(name) {
			const node = nodes.get(name);
			return node && read(node);
		},
	};
}

/** Variables that were computed: facts, registered results, parameters. */
export function dictLayer(label: string, dict: Dict): Layer {
	return {
		label,
		get: (name) => dict.get(name),
		*names() {
			for (const key of dict.keys()) if (typeof key === 'string') yield key;
		},
	};
}

/** Variables whose values are computed when asked for; a scope asks once. */
export function lazyLayer(label: string, values: Readonly<Record<string, () => Value>>): Layer {
	const computed = new Map(Object.entries(values));
	return {label, names: () => computed.keys(), get: (name) => computed.get(name)?.()};
}

/** The layer of a `vars:` keyword, if it is there. */
export function varsLayers(label: string, node: Node | undefined, read: ReadNode): Layer[] {
	return node?.kind === 'map' ? [nodeLayer(label, node, read)] : [];
}

/** Everything that a stack of layers names, as one dict of raw values; the first layer wins. */
export function flatten(layers: readonly Layer[]): Dict {
	const dict = new Dict();
	for (const layer of layers) {
		for (const name of layer.names()) {
			if (dict.has(name)) continue;
			const value = layer.get(name);
			if (value !== undefined) dict.set(name, value);
		}
	}
	return dict;
}
