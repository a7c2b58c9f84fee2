import type {Report} from './diagnostic.js';
import type {Span} from './file.js';
import type {MapEntry, MapNode, Node, ScalarNode} from './node.js';

/**
 * The mapping that keys and values make. Merge keys (`<<`) are applied: what they bring comes first and is overridden, as PyYAML does it. Of duplicate
 * keys the last counts, with a warning. JSON knows neither merge keys nor the warning.
 */
export function makeMapping(pairs: readonly {key: Node; value: Node}[], span: Span, report: Report, isJson: boolean): MapNode {
	const entries = new Map<string, MapEntry>();
	const duplicates: MapEntry[] = [];
	const isMerge = ({key}: {key: Node}) => key.kind === 'scalar' && key.style === 'plain' && key.text === '<<' && !isJson;
	for (const pair of pairs) if (isMerge(pair)) mergeFrom(pair.value, entries, report);
	for (const pair of pairs) {
		if (isMerge(pair)) continue;
		const {key, value} = pair;
		if (key.kind !== 'scalar') {
			const message = `a ${key.kind === 'map' ? 'mapping' : 'list'} cannot be a key`;
			report({
				severity: 'error',
				code: 'yaml/syntax',
				message,
				labels: [{span: key.span}],
				help: 'quote the key if it is meant as text',
			});
			continue;
		}
		const name = keyName(key);
		const before = entries.get(name);
		if (before) {
			if (!isJson) report(duplicate(before.key, key));
			duplicates.push(before);
		}
		entries.set(name, {key, value});
	}
	return {kind: 'map', span, entries: [...entries.values()], duplicates};
}

function mergeFrom(value: Node, entries: Map<string, MapEntry>, report: Report): void {
	if (value.kind === 'map') {
		for (const entry of value.entries) entries.set(keyName(entry.key), entry);
		return;
	}
	const wrong = (span: Span, message: string) => report({severity: 'error', code: 'yaml/syntax', message, labels: [{span}]});
	if (value.kind !== 'seq') wrong(value.span, 'only a mapping or a list of mappings can be merged with `<<`');
	// The first of a list wins.
	for (const item of value.kind === 'seq' ? value.items.toReversed() : []) {
		if (item.kind === 'map') mergeFrom(item, entries, report);
		else wrong(item.span, 'only mappings can be merged with `<<`');
	}
}

function duplicate(before: ScalarNode, key: ScalarNode): Parameters<Report>[0] {
	return {
		severity: 'warning',
		code: 'yaml/duplicate-key',
		message: `the key \`${key.text}\` stands twice in one mapping`,
		labels: [
			{span: key.span, text: 'this one counts'},
			{span: before.span, text: 'this one is ignored'},
		],
		ansible: `Found duplicate mapping key ${typeof key.value === 'string' ? `'${key.text}'` : key.text}.`,
		ansibleHelp: 'Using last defined value only.',
	};
}

/** What a key is equal by: `1`, `1.0` and `true` are one key in Python, `"1"` is another. */
function keyName(key: ScalarNode): string {
	const {value} = key;
	if (typeof value === 'string') return `s${value}`;
	if (typeof value === 'boolean') return `n${Number(value)}`;
	if (value === null) return 'null';
	return typeof value === 'object' ? ('text' in value ? `d${value.text}` : `n${value.value}`) : `n${value}`;
}
