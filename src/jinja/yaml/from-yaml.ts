import {type Diagnostic, type Node, parseYamlDocuments, type ScalarNode, SourceFile, YamlDate} from '../../source/source.js';
import {valueError} from '../fault.js';
import {nodeToValue} from '../from-node.js';
import {spend} from '../limits.js';
import {parseYamlDate} from '../python/parse-date.js';
import {Dict, Tuple, type Value} from '../value.js';

/**
 * The values of the documents of a YAML 1.1 text, as PyYAML's safe loader reads it: no text in them is trusted, `!vault` and `!unsafe` are unknown tags.
 * An alias is a copy of its anchor's value (what a filter gives is never shared). `warn` is told of duplicate keys. Throws `ValueError`.
 */
export function fromYaml(text: string, warn: (message: string) => void): Value[] {
	// A text that is JSON as a whole would be read by JSON's rules; a comment behind it makes it YAML.
	const file = new SourceFile('<unicode string>', /^\uFEFF?\s*[[{]/.test(text) ? `${text}\n#` : text);
	let fault: Diagnostic | undefined;
	const nodes = parseYamlDocuments(file, (diagnostic) => {
		if (diagnostic.severity === 'error') fault ??= diagnostic;
		else warn(diagnostic.ansible ?? diagnostic.message);
	});
	if (fault) throw valueError(`${fault.message}${placeOf(fault)}`);
	return nodes.map(nodeValue);
}

function placeOf({labels}: Diagnostic): string {
	const span = labels[0]?.span;
	if (!span) return '';
	const {line, column} = span.file.position(span.start);
	return `\n  in "<unicode string>", line ${line}, column ${column}`;
}

function nodeValue(node: Node): Value {
	spend(1);
	const {tag} = node;
	if (tag?.startsWith('!') && !tag.startsWith('!!')) throw valueError(`could not determine a constructor for the tag '${tag}'`);
	if (node.kind === 'scalar') return scalarOf(node);
	if (node.kind === 'seq') {
		if (tag === '!!omap' || tag === '!!pairs') return node.items.flatMap(pairsOf);
		return node.items.map(nodeValue);
	}
	if (tag === '!!set') return node.entries.map(({key}) => nodeValue(key));
	return Dict.from(node.entries.map(({key, value}): [Value, Value] => [nodeValue(key), nodeValue(value)]));
}

function scalarOf(node: ScalarNode): Value {
	if (node.tag === '!!binary') return Uint8Array.from(Buffer.from(node.text, 'base64'));
	if (node.value instanceof YamlDate) {
		const date = parseYamlDate(node.value.text, node.value.hasTime);
		if (!date) throw valueError(`\`${node.value.text}\` names no day or time there is`);
		return date;
	}
	if (node.style === 'plain' && !node.tag && (node.text === '=' || node.text === '<<'))
		throw valueError(
			`could not determine a constructor for the tag 'tag:yaml.org,2002:${node.text === '=' ? 'value' : 'merge'}'`,
		);
	const value = nodeToValue(node, {trusted: false});
	// YAML 1.1 has more line breaks than the parser knows; the white space around one in a single-quoted text means nothing.
	if (typeof value === 'string' && node.style === 'single') return value.replace(/[ \t]*([\u2028\u2029])[ \t]*/g, '$1');
	return value;
}

function pairsOf(node: Node): Value[] {
	if (node.kind !== 'map') throw valueError('expected a mapping of one entry in a list of pairs');
	return node.entries.map(({key, value}) => new Tuple([nodeValue(key), nodeValue(value)]));
}
