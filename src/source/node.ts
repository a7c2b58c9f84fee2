import type {Span} from './file.js';

/**
 * YAML as it was written: every node keeps its span, mappings keep their order and their duplicate keys. Aliases are
 * resolved to the anchored node itself, merge keys (`<<`) are applied when the mapping is read (`MapNode.entries` has the result).
 */
export type Node = ScalarNode | SeqNode | MapNode;

export interface ScalarNode {
	readonly kind: 'scalar';
	readonly span: Span;
	/** What YAML 1.1 (as PyYAML reads it) makes of the text; for a tagged scalar (`!vault`, `!unsafe`) its text. */
	readonly value: ScalarValue;
	/** The text of the scalar after YAML's own unescaping and folding. */
	readonly text: string;
	readonly style: 'plain' | 'single' | 'double' | 'literal' | 'folded';
	/** `!vault`, `!unsafe`, …; undefined without an explicit tag. */
	readonly tag?: string;
	/**
	 * Where a text begins in the file when its characters stand there as they are (plain, one-line quoted without escapes):
	 * offset `i` of `text` is offset `contentStart + i` of the file. Undefined otherwise.
	 */
	readonly contentStart?: number;
}

export type ScalarValue = null | boolean | number | bigint | string | YamlFloat | YamlDate;

/** A YAML float whose value is an integer (`1.0`), which must not become the integer 1; all other floats are numbers. */
export class YamlFloat {
	readonly value: number;
	constructor(value: number) {
		this.value = value;
	}
}

/** A YAML 1.1 timestamp: PyYAML makes a `date` of `2020-01-02` and a `datetime` of longer forms. */
export class YamlDate {
	readonly text: string;
	readonly hasTime: boolean;
	constructor(text: string, hasTime: boolean) {
		this.text = text;
		this.hasTime = hasTime;
	}
}

export interface SeqNode {
	readonly kind: 'seq';
	readonly span: Span;
	readonly items: readonly Node[];
	readonly tag?: string;
}

export interface MapNode {
	readonly kind: 'map';
	readonly span: Span;
	/** In source order, one for each key: of duplicates the last wins (Ansible's rule), the others are in `duplicates`. */
	readonly entries: readonly MapEntry[];
	readonly duplicates: readonly MapEntry[];
	readonly tag?: string;
}

export interface MapEntry {
	readonly key: ScalarNode;
	readonly value: Node;
}

/** The value of a text key, or undefined. */
export function getEntry(map: MapNode, key: string): MapEntry | undefined {
	return map.entries.find((entry) => entry.key.text === key);
}
