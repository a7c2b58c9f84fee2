import type {Secrets} from '../engine/engine.js';
import {nodeToValue, Secret, Template, type Value} from '../jinja/jinja.js';
import type {Node} from '../source/source.js';
import {openVault, type VaultSecrets} from '../vault/vault.js';

/** A node's value; `!vault` texts are opened and secret, as are those of vault files. */
export function readNode(node: Node, vault: VaultSecrets, secrets: Secrets): Value {
	if (node.span.file.isSecret) secrets.addLong(...textsIn(node));
	return nodeToValue(node, {
		trusted: true,
		vault: (sealed) => {
			if (sealed.kind !== 'scalar') return null;
			const text = openVault(sealed.text, vault);
			secrets.add(text);
			return /\{[{%#]/.test(text) ? new Template(text, sealed.span, undefined, true) : new Secret(text);
		},
	});
}

/** A condition as it is evaluated: a text is an expression with its place. */
export function readCondition(node: Node): Value {
	if (node.kind !== 'scalar' || typeof node.value !== 'string') return nodeToValue(node, {trusted: true});
	return new Template(node.text, node.span, node.contentStart);
}

/** All texts in a node. */
function textsIn(node: Node): string[] {
	if (node.kind === 'scalar') return typeof node.value === 'string' ? [node.value] : [];
	return node.kind === 'seq' ? node.items.flatMap(textsIn) : node.entries.flatMap(({value}) => textsIn(value));
}
