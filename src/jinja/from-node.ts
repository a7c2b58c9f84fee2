import type {Node, ScalarNode} from '../source/source.js';
import {YamlDate, YamlFloat} from '../source/source.js';
import {toFloat} from './python/number.js';
import {parseYamlDate} from './python/parse-date.js';
import {looksLikeTemplate} from './template-text.js';
import {Dict, Secret, Template, type Value} from './value.js';

export interface NodeOptions {
	/** Texts with `{{ }}` are templates: what the user's own files say. Data of any other source is not trusted. */
	readonly trusted: boolean;
	/** The value of a scalar tagged `!vault` (a `Secret`, a secret `Template`, a `Marker`). Without it the vault text itself is the value. */
	readonly vault?: (node: ScalarNode) => Value;
}

/** The value of a YAML node: texts that hold templates become `Template`s (never under `!unsafe`), those of a vault's file `Secret`s, all else plain data. */
export function nodeToValue(node: Node, options: NodeOptions): Value {
	if (node.kind === 'scalar') return scalarToValue(node, options);
	const inner = node.tag === '!unsafe' && options.trusted ? {...options, trusted: false} : options;
	if (node.kind === 'seq') return node.items.map((item) => nodeToValue(item, inner));
	const dict = new Dict();
	for (const {key, value} of node.entries)
		dict.set(keyOf(scalarToValue(key, {...inner, trusted: false})), nodeToValue(value, inner));
	return dict;
}

/** Names are no secrets. */
function keyOf(value: Value): Value {
	return value instanceof Secret ? value.text : value;
}

function scalarToValue(node: ScalarNode, {trusted, vault}: NodeOptions): Value {
	const {value, tag} = node;
	if ((tag === '!vault' || tag === '!vault-encrypted') && vault) return vault(node);
	if (typeof value === 'string') {
		const {isSecret} = node.span.file;
		if (trusted && tag !== '!unsafe' && looksLikeTemplate(value))
			return new Template(value, node.span, node.contentStart, isSecret);
		return isSecret ? new Secret(value) : value;
	}
	if (value instanceof YamlFloat) return toFloat(value.value);
	if (value instanceof YamlDate) return parseYamlDate(value.text, value.hasTime) ?? value.text;
	return value;
}
