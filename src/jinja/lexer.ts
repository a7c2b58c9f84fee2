import {toInt} from './python/number.js';
import {unescapeString} from './string-literal.js';
import type {Syntax} from './syntax.js';
import {SyntaxFault} from './syntax-error.js';
import {Float, type Value} from './value.js';

/** `type` is a word, or the operator itself (`(`, `//`, `|`). Offsets are of the source as it was given. */
export interface Token {
	readonly type: string;
	/** A name, the text of data, the value of a literal. */
	readonly value: Value;
	readonly start: number;
	readonly end: number;
}

export interface LexerOptions {
	readonly syntax: Syntax;
	/** Backslashes in the strings of `{{ }}` are plain characters (texts of playbooks, which YAML has unescaped already). */
	readonly rawStrings: boolean;
	/** The source is one expression, without delimiters. */
	readonly expression: boolean;
}

const whitespace = /\s+/y;
const floatNumber = /(?<!\.)(?:\d+_)*\d+(?:(?:\.(?:\d+_)*\d+)?e[+-]?(?:\d+_)*\d+|\.(?:\d+_)*\d+)/iy;
const integerNumber = /0b(?:_?[01])+|0o(?:_?[0-7])+|0x(?:_?[\da-f])+|[1-9](?:_?\d)*|0(?:_?0)*/iy;
const word = /[\p{L}\p{N}\p{M}\p{Pc}·]+/uy;
const identifier = /^[\p{XID_Start}_][\p{XID_Continue}]*$/u;
const stringLiteral = /'[^'\\]*(?:\\[\s\S][^'\\]*)*'|"[^"\\]*(?:\\[\s\S][^"\\]*)*"/y;
const operator = /\/\/|\*\*|==|!=|>=|<=|[-+/*%~[\](){}<>=.:|,;]/y;
const closers: Record<string, string> = {'(': ')', '[': ']', '{': '}'};

/** The patterns of one set of delimiters. */
interface Patterns {
	readonly root: RegExp;
	readonly rootNames: readonly string[];
	readonly rawEnd: RegExp;
	readonly commentEnd: RegExp;
	readonly blockEnd: RegExp;
	readonly variableEnd: RegExp;
}

/** Equal syntaxes are one object (`withChanges`). */
const compiled = new WeakMap<Syntax, Patterns>();

/** Splits a template into tokens. Throws `SyntaxFault`. */
export function tokenize(given: string, {syntax, rawStrings, expression}: LexerOptions): Token[] {
	const newlines = expression ? undefined : normalizeNewlines(given, syntax.keep_trailing_newline);
	const source = newlines ? newlines.text : given;
	const original = newlines?.original;
	const tokens: Token[] = [];
	const push = (type: string, value: Value, start: number, end: number): void => {
		tokens.push(original ? {type, value, start: original(start), end: original(end)} : {type, value, start, end});
	};
	const fail = (message: string, start: number, end = start + 1): never => {
		throw original ? new SyntaxFault(message, original(start), original(end)) : new SyntaxFault(message, start, end);
	};
	const pushData = (text: string, start: number): void => {
		if (text)
			push(
				'data',
				syntax.newline_sequence === '\n' ? text : text.replaceAll('\n', syntax.newline_sequence),
				start,
				start + text.length,
			);
	};

	/** Reads the inside of a tag up to its end; gives the offset behind it. */
	const readTag = (from: number, endPattern: RegExp, endType: string, raw: boolean): number => {
		const open: string[] = [];
		let at = from;
		while (true) {
			if (!open.length) {
				endPattern.lastIndex = at;
				const end = endPattern.exec(source);
				if (end) {
					push(endType, end[0], at, at + end[0].trimEnd().length);
					return endPattern.lastIndex;
				}
			}
			if (at >= source.length) return at;
			const next = readToken(at, open, raw);
			at = next;
		}
	};

	const readToken = (at: number, open: string[], raw: boolean): number => {
		const match = (pattern: RegExp): string | undefined => {
			pattern.lastIndex = at;
			return pattern.exec(source)?.[0];
		};
		const space = match(whitespace);
		if (space) return at + space.length;
		const float = match(floatNumber);
		if (float) {
			const value = Number(float.replaceAll('_', ''));
			push('float', Number.isInteger(value) ? new Float(value) : value, at, at + float.length);
			return at + float.length;
		}
		const integer = match(integerNumber);
		if (integer) {
			const text = integer.replaceAll('_', '').toLowerCase();
			push('integer', toInt(BigInt(/^0\d/.test(text) ? 0 : text)), at, at + integer.length);
			return at + integer.length;
		}
		const name = match(word);
		if (name) {
			if (!identifier.test(name)) fail('Invalid character in identifier', at, at + name.length);
			push('name', name, at, at + name.length);
			return at + name.length;
		}
		const quoted = match(stringLiteral);
		if (quoted) {
			const inside = quoted.slice(1, -1);
			const text = raw ? inside : unescapeString(inside, (message) => fail(message, at, at + quoted.length));
			push('string', text, at, at + quoted.length);
			return at + quoted.length;
		}
		const sign = match(operator);
		if (!sign) {
			const character = String.fromCodePoint(source.codePointAt(at)!);
			return fail(`unexpected char ${JSON.stringify(character).replace(/^"(.*)"$/, "'$1'")} at ${at}`, at, at + character.length);
		}
		if (closers[sign]) open.push(closers[sign]);
		else if (sign === ')' || sign === ']' || sign === '}') {
			const expected = open.pop();
			if (!expected) fail(`unexpected '${sign}'`, at);
			if (expected !== sign) fail(`unexpected '${sign}', expected '${expected}'`, at);
		}
		push(sign, sign, at, at + sign.length);
		return at + sign.length;
	};

	if (expression) {
		readTag(0, neverEnds, 'eof', rawStrings);
		push('eof', null, source.length, source.length);
		return tokens;
	}

	const patterns = patternsOf(syntax);
	let at = 0;
	let lineStarting = true;
	while (at < source.length) {
		patterns.root.lastIndex = at;
		const begin = patterns.root.exec(source);
		if (!begin) {
			pushData(source.slice(at), at);
			break;
		}
		const kind = patterns.rootNames.find((_, index) => begin[index * 2 + 1] !== undefined)!;
		const sign = begin[patterns.rootNames.indexOf(kind) * 2 + 2] ?? '';
		pushData(stripLeft(source.slice(at, begin.index), sign, kind !== 'variable' && syntax.lstrip_blocks, lineStarting), at);
		const inside = begin.index + begin[0].length;
		switch (kind) {
			case 'raw': {
				patterns.rawEnd.lastIndex = inside;
				const end = patterns.rawEnd.exec(source);
				if (!end && inside < source.length) fail('Missing end of raw directive', begin.index, inside);
				if (!end) {
					at = inside;
					break;
				}
				const text = stripLeft(source.slice(inside, end.index), end[1] ?? '', syntax.lstrip_blocks, begin[0].endsWith('\n'));
				pushData(text, inside);
				at = patterns.rawEnd.lastIndex;
				break;
			}
			case 'comment': {
				patterns.commentEnd.lastIndex = inside;
				const ends = patterns.commentEnd.exec(source) !== null;
				// What opens at the very end is nothing, as in Jinja.
				if (!ends && inside < source.length) fail('Missing end of comment tag', begin.index, inside);
				at = ends ? patterns.commentEnd.lastIndex : inside;
				break;
			}
			case 'variable':
				push('variable_begin', begin[0], begin.index, inside);
				at = readTag(inside, patterns.variableEnd, 'variable_end', rawStrings);
				break;
			case 'block':
				push('block_begin', begin[0], begin.index, inside);
				at = readTag(inside, patterns.blockEnd, 'block_end', false);
				break;
			case 'line':
				push('block_begin', begin[0], begin.index, inside);
				at = readTag(inside, lineEnd, 'block_end', false);
				break;
			default: {
				const end = source.indexOf('\n', inside);
				at = end === -1 ? source.length : end;
			}
		}
		lineStarting = source[at - 1] === '\n';
	}
	push('eof', null, source.length, source.length);
	return tokens;
}

const neverEnds = /$^/y;
const lineEnd = /\s*(?:\n|$)/y;

/** What whitespace control leaves of the text before a tag. */
function stripLeft(text: string, sign: string, lstrip: boolean, lineStarting: boolean): string {
	if (sign === '-') return text.trimEnd();
	if (sign === '+' || !lstrip) return text;
	const line = text.lastIndexOf('\n') + 1;
	return (line > 0 || lineStarting) && /^\s*$/.test(text.slice(line)) ? text.slice(0, line) : text;
}

/** Line breaks become `\n`, the last one is dropped; `original` maps offsets back when that moved anything. */
function normalizeNewlines(source: string, keepLast: boolean): {text: string; original?: (offset: number) => number} {
	if (!source.includes('\r')) return {text: !keepLast && source.endsWith('\n') ? source.slice(0, -1) : source};
	const removed: number[] = [];
	for (let at = source.indexOf('\r\n'); at !== -1; at = source.indexOf('\r\n', at + 2)) removed.push(at - removed.length);
	const text = source.replace(/\r\n?/g, '\n');
	return {
		text: !keepLast && text.endsWith('\n') ? text.slice(0, -1) : text,
		original(offset) {
			let low = 0;
			let high = removed.length;
			while (low < high) {
				const middle = (low + high) >> 1;
				if (removed[middle]! < offset) low = middle + 1;
				else high = middle;
			}
			return offset + low;
		},
	};
}

function patternsOf(syntax: Syntax): Patterns {
	const known = compiled.get(syntax);
	if (known) return known;
	const block = escapeRegex(syntax.block_start_string);
	const blockEnd = escapeRegex(syntax.block_end_string);
	const trim = syntax.trim_blocks ? '\\n?' : '';
	const starts: [length: number, sortName: string, name: string, pattern: string][] = [
		[syntax.comment_start_string.length, 'comment_begin', 'comment', escapeRegex(syntax.comment_start_string)],
		[syntax.block_start_string.length, 'block_begin', 'block', block],
		[syntax.variable_start_string.length, 'variable_begin', 'variable', escapeRegex(syntax.variable_start_string)],
	];
	if (syntax.line_statement_prefix !== null) {
		const prefix = syntax.line_statement_prefix;
		starts.push([prefix.length, 'linestatement_begin', 'line', `(?<![^\\n])[ \\t\\v]*${escapeRegex(prefix)}`]);
	}
	if (syntax.line_comment_prefix !== null) {
		const prefix = syntax.line_comment_prefix;
		starts.push([
			prefix.length,
			'linecomment_begin',
			'line-comment',
			`(?:(?<![^\\n])|(?<=\\S))[^\\S\\r\\n]*${escapeRegex(prefix)}`,
		]);
	}
	starts.sort((a, b) => b[0] - a[0] || (a[1] < b[1] ? 1 : -1));
	const raw = `(${block}([-+]?)\\s*raw\\s*(?:-${blockEnd}\\s*|${blockEnd}))`;
	const commentEnd = escapeRegex(syntax.comment_end_string);
	const patterns: Patterns = {
		root: new RegExp([raw, ...starts.map(([, , , pattern]) => `(${pattern}([-+]?))`)].join('|'), 'g'),
		rootNames: ['raw', ...starts.map(([, , name]) => name)],
		rawEnd: new RegExp(`${block}([-+]?)\\s*endraw\\s*(?:\\+${blockEnd}|-${blockEnd}\\s*|${blockEnd}${trim})`, 'g'),
		commentEnd: new RegExp(`\\+${commentEnd}|-${commentEnd}\\s*|${commentEnd}${trim}`, 'g'),
		blockEnd: new RegExp(`\\+${blockEnd}|-${blockEnd}\\s*|${blockEnd}${trim}`, 'y'),
		variableEnd: new RegExp(`-${escapeRegex(syntax.variable_end_string)}\\s*|${escapeRegex(syntax.variable_end_string)}`, 'y'),
	};
	compiled.set(syntax, patterns);
	return patterns;
}

function escapeRegex(text: string): string {
	return text.replace(/[-\\^$.*+?()[\]{}|/]/g, '\\$&');
}
