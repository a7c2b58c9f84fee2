import {childrenOf, type Flags, type RegexNode, type SetItem, widthOf} from './node.js';

const classes = {
	d: ['\\p{Nd}', '0-9'],
	w: ['\\p{L}\\p{N}_', 'A-Za-z0-9_'],
	s: ['\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000', '\\t-\\r\\x20'],
} as const;

/**
 * A parsed pattern as the source of a JavaScript one under the flag `v` (and `i`, when the whole pattern ignores case), with the same groups. Undefined
 * when JavaScript cannot say it or would say something else.
 */
export function toJavaScript(root: RegexNode): {source: string; flags: string} | undefined {
	if (!isExpressible(root)) return undefined;
	const cases = new Set<boolean>();
	collectCases(root, cases);
	const byFlag = cases.size === 1 && cases.has(true);
	return {source: write(root, !byFlag), flags: byFlag ? 'iv' : 'v'};
}

/** To Python, ignoring case, these are one letter: I, i, I with a dot, i without one. */
const dottedI: readonly number[] = [0x49, 0x69, 0x130, 0x131];

/** The characters of a set, by which also one character can be tested. `expand`: letters stand for both cases where case is ignored. */
export function setSource(
	{negated, items, flags}: {negated: boolean; items: readonly SetItem[]; flags: Flags},
	expand: boolean,
): string {
	const [only] = items;
	const cased = expand && flags.ignoreCase;
	const isDotted =
		flags.ignoreCase && items.some((item) => 'from' in item && dottedI.some((code) => item.from <= code && code <= item.to));
	if (items.length === 1 && !negated && only && 'from' in only && only.from === only.to && !cased && !isDotted)
		return literal(only.from);
	// V8 forgets a repeat behind `[^]` under the flag v.
	if (!items.length) return '\\p{Any}';
	if (items.length === 1 && negated && only && 'letter' in only && only.negated)
		return `[${classes[only.letter][flags.ascii ? 1 : 0]}]`;
	const body = items.map((item) => itemSource(item, flags, cased)).join('') + (isDotted ? dottedI.map(member).join('') : '');
	return `[${negated ? '^' : ''}${body}]`;
}

function itemSource(item: SetItem, {ascii}: Flags, cased: boolean): string {
	if ('letter' in item) {
		const members = classes[item.letter][ascii ? 1 : 0];
		return item.negated ? `[^${members}]` : members;
	}
	const own = item.from === item.to ? member(item.from) : `${member(item.from)}-${member(item.to)}`;
	if (!cased || item.to - item.from > 0x600) return own;
	let others = '';
	for (let code = item.from; code <= item.to; code++) for (const other of casesOf(code)) others += member(other);
	return own + others;
}

/** The other cases of a character. */
function casesOf(code: number): number[] {
	const character = String.fromCodePoint(code);
	return [character.toLowerCase(), character.toUpperCase()]
		.filter((other) => other !== character && Array.from(other).length === 1)
		.map((other) => other.codePointAt(0)!);
}

function literal(code: number): string {
	return /^[\w \-!"#%&',:;<=>@`~]$/.test(String.fromCodePoint(code)) && code !== 0x2d ? String.fromCodePoint(code) : member(code);
}

function member(code: number): string {
	if ((code >= 0x30 && code <= 0x39) || (code >= 0x41 && code <= 0x5a) || (code >= 0x61 && code <= 0x7a))
		return String.fromCharCode(code);
	return code <= 0xff ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u{${code.toString(16)}}`;
}

function write(node: RegexNode, expand: boolean): string {
	switch (node.kind) {
		case 'set':
			return setSource(node, expand);
		case 'assertion':
			return assertionSource(node);
		case 'group':
			return `(${node.name === undefined ? '' : `?<${node.name}>`}${write(node.body, expand)})`;
		case 'look':
			return `(?${node.behind ? '<' : ''}${node.negated ? '!' : '='}${write(node.body, expand)})`;
		case 'reference':
			return `(?:\\${node.index})`;
		case 'repeat':
			return `${repeatable(node.body, expand)}${range(node.min, node.max)}${node.mode === 'lazy' ? '?' : ''}`;
		case 'sequence':
			return node.items.map((item) => (item.kind === 'choice' ? `(?:${write(item, expand)})` : write(item, expand))).join('');
		case 'choice':
			return node.options.map((option) => write(option, expand)).join('|');
		default:
			return '';
	}
}

function repeatable(node: RegexNode, expand: boolean): string {
	const source = write(node, expand);
	return node.kind === 'set' || node.kind === 'group' ? source : `(?:${source})`;
}

function range(min: number, max: number): string {
	if (max === Number.POSITIVE_INFINITY) return min === 0 ? '*' : min === 1 ? '+' : `{${min},}`;
	return min === 0 && max === 1 ? '?' : `{${min},${max}}`;
}

/** `^`, `$`, `\A`, `\Z`, `\b` and `\B` in JavaScript. */
export function assertionSource({what, flags: {multiline, ascii}}: {what: string; flags: Flags}): string {
	if (what === 'A' || (what === '^' && !multiline)) return '^';
	if (what === 'Z') return '$';
	if (what === '^') return '(?<![^\\n])';
	if (what === '$') return multiline ? '(?![^\\n])' : '(?=\\n?$)';
	const word = `[${classes.w[ascii ? 1 : 0]}]`;
	return what === 'b'
		? `(?:(?<=${word})(?!${word})|(?<!${word})(?=${word}))`
		: `(?:(?<=${word})(?=${word})|(?!^$)(?<!${word})(?!${word}))`;
}

function collectCases(node: RegexNode, cases: Set<boolean>): void {
	// A class, a digit or a dot is the same in both cases.
	const hasCase = (item: SetItem) => 'from' in item && (item.from !== item.to || casesOf(item.from).length > 0);
	if (node.kind === 'reference' || (node.kind === 'set' && node.items.some(hasCase))) cases.add(node.flags.ignoreCase);
	for (const child of childrenOf(node)) collectCases(child, cases);
}

/**
 * Conditions, atomic groups and possessive repeats do not exist in JavaScript; a reference to a group that has not matched fails in Python but matches there;
 * and what a group matched in an earlier turn of a loop is forgotten there.
 */
function isExpressible(root: RegexNode): boolean {
	const always = new Set<number>();
	const visit = (node: RegexNode, sure: boolean, looped: boolean): boolean => {
		switch (node.kind) {
			case 'atomic':
			case 'conditional':
				return false;
			case 'repeat':
				if (node.mode === 'possessive') return false;
				// In Python a turn that need not be may match nothing, in JavaScript it tracks back instead.
				if ((node.max > 1 || node.min === 0) && widthOf(node.body)[0] === 0) return false;
				return visit(node.body, node.max > 1 ? true : sure && node.min > 0, looped || node.max > 1) && forget(node, sure);
			case 'group':
				if (looped && !sure) return false;
				if (!visit(node.body, sure, looped)) return false;
				if (sure) always.add(node.index);
				return true;
			case 'reference':
				return always.has(node.index);
			case 'choice':
				return node.options.every((option) => visit(option, false, looped));
			case 'look':
				return visit(node.body, sure && !node.negated, looped);
			default:
				return childrenOf(node).every((child) => visit(child, sure, looped));
		}
	};
	/** What a loop that may not turn at all holds is not sure behind it. */
	const forget = (node: Extract<RegexNode, {kind: 'repeat'}>, sure: boolean): boolean => {
		if (node.min === 0 || !sure) for (const index of groupsIn(node)) always.delete(index);
		return true;
	};
	return visit(root, true, false);
}

function groupsIn(node: RegexNode): number[] {
	const own = node.kind === 'group' ? [node.index] : [];
	return [...own, ...childrenOf(node).flatMap(groupsIn)];
}
