import {valueError} from './fault.js';
import {BoundedRegex, OwnRegex} from './regex/bounded.js';
import {degreeOf} from './regex/cost.js';
import {Matcher} from './regex/matcher.js';
import {type ParsedRegex, parseRegex} from './regex/parse.js';
import {toJavaScript} from './regex/to-javascript.js';

/** The flags of Python's `re` that templates and modules can set. */
export interface RegexFlags {
	readonly ignoreCase?: boolean;
	readonly multiline?: boolean;
	readonly dotAll?: boolean;
	/** `\w`, `\d`, `\s` and `\b` for ASCII alone, as in patterns of bytes. */
	readonly ascii?: boolean;
	/** Matches tell where their groups are (`match.indices`). */
	readonly indices?: boolean;
}

/** What an expression was made from. */
interface Origin {
	readonly pattern: string;
	readonly parsed: ParsedRegex;
	/** The same by the own matcher. */
	own?: OwnRegex;
}

const cache = new Map<string, RegExp>();
const origins = new WeakMap<RegExp, Origin>();

/**
 * A Python regular expression as a JavaScript one (global, `lastIndex` 0, the same groups and names): Unicode classes, `$` before a last line break, scoped
 * flags, atomic groups and conditions. A search that takes too long ends with `LimitError`. Throws `ValueError` for what is no pattern.
 */
export function translateRegex(pattern: string, flags: RegexFlags = {}): RegExp {
	const key = `${flags.ignoreCase ? 'i' : ''}${flags.multiline ? 'm' : ''}${flags.dotAll ? 's' : ''}${flags.ascii ? 'a' : ''}${flags.indices ? 'd' : ''}:${pattern}`;
	let compiled = cache.get(key);
	if (!compiled) {
		compiled = compile(pattern, flags);
		if (cache.size > 2000) cache.clear();
		cache.set(key, compiled);
	}
	compiled.lastIndex = 0;
	return compiled;
}

/** Python's `re.search(pattern, text)`. Throws `ValueError` for what is no pattern, `LimitError` when it takes too long. */
export function searchRegex(pattern: string, text: string, flags: RegexFlags = {}): RegExpExecArray | null {
	return translateRegex(pattern, flags).exec(text);
}

function compile(
	pattern: string,
	{ignoreCase = false, multiline = false, dotAll = false, ascii = false, indices = false}: RegexFlags,
): RegExp {
	const parsed = parseRegex(pattern, {ignoreCase, multiline, dotAll, ascii, verbose: false});
	const regex = construct(pattern, parsed, indices ? 'd' : '');
	origins.set(regex, {pattern, parsed});
	return regex;
}

function construct(pattern: string, parsed: ParsedRegex, more: string): RegExp {
	const javascript = toJavaScript(parsed.root);
	if (!javascript) return new OwnRegex(new Matcher(pattern, parsed), parsed.names);
	const {source} = javascript;
	const flags = `g${more}${javascript.flags}`;
	const degree = degreeOf(parsed.root);
	try {
		return degree === 0 ? new RegExp(source, flags) : new BoundedRegex(source, flags, pattern, degree);
	} catch (fault) {
		if (!(fault instanceof SyntaxError)) throw fault;
		throw valueError(`the regular expression '${pattern}' cannot be used: ${fault.message}`);
	}
}

/** How many groups a translated expression has. */
export function groupCount(regex: RegExp): number {
	return origins.get(regex)?.parsed.groups ?? 0;
}

/** The names of the groups of a translated expression. */
export function groupNames(regex: RegExp): ReadonlyMap<string, number> {
	return origins.get(regex)?.parsed.names ?? new Map();
}

/** Every match in a text, as Python finds them: after an empty one, one that is not empty may begin at the same place. */
export function* allMatches(regex: RegExp, text: string): IterableIterator<RegExpExecArray> {
	let at = 0;
	let wasEmpty = false;
	while (at <= text.length) {
		const match: RegExpExecArray | null = wasEmpty ? matchAfterEmpty(regex, text, at) : execAt(regex, text, at);
		if (!match) return;
		yield match;
		at = match.index + match[0].length;
		wasEmpty = match[0] === '';
	}
}

function execAt(regex: RegExp, text: string, at: number): RegExpExecArray | null {
	regex.lastIndex = at;
	const match = regex.exec(text);
	// V8 finds places without width in the middle of a character of two units.
	return match && isInside(text, match.index) ? execAt(regex, text, match.index + 1) : match;
}

function isInside(text: string, at: number): boolean {
	return at > 0 && text.codePointAt(at - 1)! > 0xffff;
}

/** The next match behind an empty one at `at`: at the same place when one is not empty, else further on. */
function matchAfterEmpty(regex: RegExp, text: string, at: number): RegExpExecArray | null {
	const origin = origins.get(regex)!;
	origin.own ??=
		regex instanceof OwnRegex ? regex : new OwnRegex(new Matcher(origin.pattern, origin.parsed), origin.parsed.names);
	const here = origin.own.matchHere(text, at);
	if (here) return here;
	const next = at + (text.codePointAt(at)! > 0xffff ? 2 : 1);
	return next > text.length ? null : execAt(regex, text, next);
}
