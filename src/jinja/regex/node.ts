/** A piece of a `[…]`: characters from `from` to `to`, or a class (`\d`, `\w`, `\s`, negated when upper case). */
export type SetItem =
	| {readonly from: number; readonly to: number}
	| {readonly letter: 'd' | 'w' | 's'; readonly negated: boolean};

/** The flags that hold where a node stands. */
export interface Flags {
	readonly ignoreCase: boolean;
	readonly multiline: boolean;
	readonly dotAll: boolean;
	readonly verbose: boolean;
	/** `\w`, `\d`, `\s`, `\b` know ASCII only. */
	readonly ascii: boolean;
}

/** A Python regular expression, parsed. */
export type RegexNode =
	| {readonly kind: 'set'; readonly negated: boolean; readonly items: readonly SetItem[]; readonly flags: Flags}
	| {readonly kind: 'assertion'; readonly what: '^' | '$' | 'A' | 'Z' | 'b' | 'B'; readonly flags: Flags}
	| {readonly kind: 'group'; readonly index: number; readonly name: string | undefined; readonly body: RegexNode}
	| {readonly kind: 'look'; readonly behind: boolean; readonly negated: boolean; readonly body: RegexNode; readonly width: number}
	| {readonly kind: 'atomic'; readonly body: RegexNode}
	| {readonly kind: 'reference'; readonly index: number; readonly flags: Flags}
	| {readonly kind: 'conditional'; readonly index: number; readonly yes: RegexNode; readonly no: RegexNode}
	| {
			readonly kind: 'repeat';
			readonly min: number;
			readonly max: number;
			readonly mode: 'greedy' | 'lazy' | 'possessive';
			readonly body: RegexNode;
	  }
	| {readonly kind: 'sequence'; readonly items: readonly RegexNode[]}
	| {readonly kind: 'choice'; readonly options: readonly RegexNode[]};

/** How few and how many characters a node matches. */
export function widthOf(node: RegexNode): [least: number, most: number] {
	switch (node.kind) {
		case 'set':
			return [1, 1];
		case 'assertion':
		case 'look':
			return [0, 0];
		case 'group':
		case 'atomic':
			return widthOf(node.body);
		case 'reference':
			return [0, Number.POSITIVE_INFINITY];
		case 'repeat': {
			const [least, most] = widthOf(node.body);
			return [least * node.min, most === 0 ? 0 : most * node.max];
		}
		case 'sequence':
			return node.items.map(widthOf).reduce(([a, b], [least, most]) => [a + least, b + most], [0, 0]);
		default: {
			const widths = (node.kind === 'choice' ? node.options : [node.yes, node.no]).map(widthOf);
			return [Math.min(...widths.map(([least]) => least)), Math.max(...widths.map(([, most]) => most))];
		}
	}
}

/** The nodes directly inside a node. */
export function childrenOf(node: RegexNode): readonly RegexNode[] {
	switch (node.kind) {
		case 'group':
		case 'look':
		case 'atomic':
		case 'repeat':
			return [node.body];
		case 'conditional':
			return [node.yes, node.no];
		case 'sequence':
			return node.items;
		case 'choice':
			return node.options;
		default:
			return [];
	}
}
