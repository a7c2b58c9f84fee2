import {PythonError, typeError} from '../fault.js';
import {escapeHtml, Markup, Undefined} from '../internal.js';
import {checkLength} from '../limits.js';
import {integerArgument, numberArgument, textArgument} from '../python/argument.js';
import {modulo} from '../python/arithmetic.js';
import {spaces} from '../python/characters.js';
import {isTruthy, textOf} from '../python/compare.js';
import {codePointLength, iterate, lengthOf} from '../python/iterate.js';
import {fixedText, floatOf, isNumber} from '../python/number.js';
import {parseFloatText} from '../python/parse-number.js';
import {prettyText} from '../python/pprint.js';
import {capitalize, replaceText, splitLines, splitText} from '../python/string-functions.js';
import {stringMethods} from '../python/string-methods.js';
import {pythonRepr, pythonStr} from '../python/text.js';
import {typeName} from '../python/type-name.js';
import {Dict, Secret, Tuple, type Value} from '../value.js';
import type {FilterTable} from './filter.js';
import {urlize} from './urlize.js';
import {wrapText} from './wrap.js';

function escaped(value: Value): string {
	return value instanceof Markup ? value.text : escapeHtml(pythonStr(value));
}

/** A text in the kind of the value it was made from. */
function like(value: Value, text: string): Value {
	return value instanceof Markup ? new Markup(text) : text;
}

function titled(text: string): string {
	return text
		.split(wordStarts)
		.map((part) => (part ? Array.from(part)[0]!.toUpperCase() + Array.from(part).slice(1).join('').toLowerCase() : ''))
		.join('');
}

const wordStarts = new RegExp(`([-${spaces}({[<]+)`, 'u');

/** Percent-encodes for a URL: what Python's `quote` leaves alone stays. */
export function quoteUrl(value: Value, safe: string): string {
	return encodeURIComponent(pythonStr(value))
		.replace(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`)
		.replace(/%2F/g, (slash) => (safe.includes('/') ? '/' : slash));
}

const fileUnits = ['k', 'M', 'G', 'T', 'P', 'E', 'Z', 'Y'];

/** Jinja's filters on texts; they take any value through its Python text. */
export const jinjaTextFilters: FilterTable = {
	capitalize: {
		summary: 'The first character in upper case, the others in lower case.',
		signature: 's',
		example: ["'aBC' | capitalize", "'Abc'"],
		call: (_context, s) => like(s!, capitalize(pythonStr(s!))),
	},
	center: {
		summary: 'Centres a text in a width.',
		signature: 'value, width=80',
		example: ["'a' | center(3)", "' a '"],
		call: (_context, value, width) => like(value!, stringMethods['center']!.call(pythonStr(value!), width!, ' ') as string),
	},
	escape: {
		summary: 'Escapes a text for HTML.',
		signature: 's',
		aliases: ['e'],
		example: ["'<a>' | escape", "'&lt;a&gt;'"],
		call: (_context, s) => new Markup(escaped(s!)),
	},
	filesizeformat: {
		summary: 'A number of bytes for people.',
		signature: 'value, binary=False',
		example: ['1500 | filesizeformat', "'1.5 kB'"],
		call(_context, value, binary) {
			const bytes = isNumber(value!) ? floatOf(value) : parseFloatText(textArgument(value!, 'float() argument'));
			const base = isTruthy(binary!) ? 1024 : 1000;
			if (bytes === 1) return '1 Byte';
			if (bytes < base) return `${Math.trunc(bytes)} Bytes`;
			let power = 1;
			while (power < fileUnits.length && bytes >= base ** (power + 1)) power++;
			const unit = base === 1024 ? `${fileUnits[power - 1]!.toUpperCase()}iB` : `${fileUnits[power - 1]}B`;
			return `${fixedText(bytes / base ** power, 1)} ${unit}`;
		},
	},
	forceescape: {
		summary: 'Escapes a text for HTML even if it is marked safe.',
		signature: 'value',
		example: ["'<' | forceescape", "'&lt;'"],
		call: (_context, value) => new Markup(escapeHtml(pythonStr(value!))),
	},
	format: {
		summary: "Fills a text's % directives.",
		signature: 'value, *args, **kwargs',
		example: ["'%s-%02d' | format('a', 7)", "'a-07'"],
		call(_context, value, args, named) {
			const positional = args as readonly Value[];
			if (positional.length && (named as Dict).size)
				throw typeError("can't handle positional and keyword arguments at the same time");
			return modulo(value instanceof Markup ? value : pythonStr(value!), (named as Dict).size ? named! : new Tuple(positional));
		},
	},
	indent: {
		summary: 'Indents the lines of a text, without the first and blank ones unless told so.',
		signature: 's, width=4, first=False, blank=False',
		example: ["'a\\nb' | indent(2)", "'a\\\\nb'"],
		call(_context, s, width, first, blank) {
			const given = textOf(width!);
			const indention = given ?? ' '.repeat(Math.max(0, Math.min(integerArgument(width!, 'width'), 100_000)));
			const text = `${textArgument(s!, 'indent() value')}\n`;
			let result: string;
			if (isTruthy(blank!)) {
				const lines = splitLines(text);
				checkLength(text.length + lines.length * indention.length);
				result = lines.join(`\n${indention}`);
			} else {
				const lines = splitLines(text);
				checkLength(text.length + lines.length * indention.length);
				result = [lines[0] ?? '', ...lines.slice(1).map((line) => (line ? indention + line : line))].join('\n');
			}
			return like(s!, isTruthy(first!) ? indention + result : result);
		},
	},
	lower: {
		summary: 'In lower case.',
		signature: 's',
		example: ["'AB' | lower", "'ab'"],
		call: (_context, s) => like(s!, pythonStr(s!).toLowerCase()),
	},
	pprint: {
		summary: "A value's Python text; long texts in several pieces.",
		signature: 'value',
		example: ["'a' | pprint", '"\'a\'"'],
		call(_context, value) {
			const text = value instanceof Markup ? undefined : textOf(value!);
			return text === undefined ? pythonRepr(value!) : prettyText(text);
		},
	},
	replace: {
		summary: 'Replaces a text in a text.',
		signature: 's, old, new, count=None',
		example: ["'aab' | replace('a', 'x')", "'xxb'"],
		call(context, s, old, replacement, count) {
			const most = count === null ? -1 : integerArgument(count!, 'count');
			if (context.autoescape) {
				const markup = s instanceof Markup || old instanceof Markup || replacement instanceof Markup;
				if (!markup) return replaceText(pythonStr(s!), pythonStr(old!), pythonStr(replacement!), most);
				return new Markup(replaceText(escaped(s!), escaped(old!), escaped(replacement!), most));
			}
			return replaceText(pythonStr(s!), pythonStr(old!), pythonStr(replacement!), most);
		},
	},
	safe: {
		summary: 'Marks a text as needing no escaping; without effect in playbooks.',
		signature: 'value',
		structural: true,
		example: ["'<' | safe", "'<'"],
		call: (_context, value) => (value instanceof Secret ? value : new Markup(pythonStr(value!))),
	},
	string: {
		summary: "A value's Python text.",
		signature: 'object',
		example: ['[1, none] | string', "'[1, None]'"],
		call: (_context, object) => (object instanceof Markup ? object : pythonStr(object!)),
	},
	striptags: {
		summary: 'A text without HTML tags, its white space collapsed.',
		signature: 'value',
		example: ["'<b>a</b>  b' | striptags", "'a b'"],
		call(_context, value) {
			const text = pythonStr(value!)
				.replace(/<!--[\s\S]*?-->/g, '')
				.replace(/<[^>]*>/g, '');
			return unescapeHtml(splitText(text, null, -1).join(' '));
		},
	},
	title: {
		summary: 'Every word with a capital.',
		signature: 's',
		example: ["'ab cd' | title", "'Ab Cd'"],
		call: (_context, s) => like(s!, titled(pythonStr(s!))),
	},
	trim: {
		summary: 'A text without white space (or other characters) at its ends.',
		signature: 'value, chars=None',
		example: ["' a ' | trim", "'a'"],
		call: (_context, value, chars) => like(value!, stringMethods['strip']!.call(pythonStr(value!), chars!) as string),
	},
	truncate: {
		summary: 'Shortens a text.',
		signature: "s, length=255, killwords=False, end='...', leeway=None",
		example: ["'foo bar baz qux' | truncate(9)", "'foo...'"],
		call(_context, s, length, killwords, end, leeway) {
			const size = integerArgument(length!, 'length');
			const slack = leeway === null ? 5 : numberArgument(leeway!, 'leeway');
			const tail = textArgument(end!, 'end');
			if (size < codePointLength(tail))
				throw new PythonError('ValueError', `expected length >= ${codePointLength(tail)}, got ${size}`);
			if (slack < 0) throw new PythonError('ValueError', `expected leeway >= 0, got ${slack}`);
			if (lengthOf(s!) <= size + slack) return s!;
			const points = Array.from(textArgument(s!, 'truncate() value'));
			const cut = points.slice(0, size - codePointLength(tail)).join('');
			if (isTruthy(killwords!)) return like(s!, cut + tail);
			const space = cut.lastIndexOf(' ');
			return like(s!, (space === -1 ? cut : cut.slice(0, space)) + tail);
		},
	},
	upper: {
		summary: 'In upper case.',
		signature: 's',
		example: ["'ab' | upper", "'AB'"],
		call: (_context, s) => like(s!, pythonStr(s!).toUpperCase()),
	},
	urlencode: {
		summary: 'Encodes a text for a URL, or a dict or pairs as a query.',
		signature: 'value',
		example: ["'a b/c' | urlencode", "'a%20b/c'"],
		call(_context, value) {
			if (textOf(value!) !== undefined || isNumber(value!) || value === null) return quoteUrl(value!, '/');
			const pairs = value instanceof Dict ? [...value.entries()] : iterate(value!).map(pairOf);
			return pairs
				.map(([key, item]) => `${quoteUrl(key, '').replaceAll('%20', '+')}=${quoteUrl(item, '').replaceAll('%20', '+')}`)
				.join('&');
		},
	},
	urlize: {
		summary: 'Makes links of the addresses in a text.',
		signature: 'value, trim_url_limit=None, nofollow=False, target=None, rel=None, extra_schemes=None',
		example: ["'see www.x.org' | urlize", '\'see <a href="https://www.x.org" rel="noopener">www.x.org</a>\''],
		call(context, value, limit, nofollow, target, rel, schemes) {
			const rels = new Set((rel === null ? '' : textArgument(rel!, 'rel')).split(/\s+/).filter(Boolean));
			if (isTruthy(nofollow!)) rels.add('nofollow');
			rels.add('noopener');
			const text = urlize(pythonStr(value!), {
				limit: limit!,
				rel: [...rels].sort().join(' '),
				target: isTruthy(target!) ? escapeHtml(textOf(target!) ?? pythonStr(target!)) : undefined,
				schemes: schemes === null ? [] : iterate(schemes!).map(pythonStr),
			});
			return context.autoescape ? new Markup(text) : text;
		},
	},
	wordcount: {
		summary: 'How many words a text has.',
		signature: 's',
		example: ["'a b' | wordcount", '2'],
		call: (_context, s) => (pythonStr(s!).match(/[\p{L}\p{N}_]+/gu) ?? []).length,
	},
	wordwrap: {
		summary: 'Wraps the lines of a text at a width.',
		signature: 's, width=79, break_long_words=True, wrapstring=None, break_on_hyphens=True',
		example: ["'aa bb' | wordwrap(2, wrapstring='|')", "'aa|bb'"],
		call(_context, s, width, breakLong, wrapstring, onHyphens) {
			const between = wrapstring === null ? '\n' : textArgument(wrapstring!, 'wrapstring');
			const size = numberArgument(width!, 'width');
			if (size <= 0) throw new PythonError('ValueError', `invalid width ${size} (must be > 0)`);
			return splitLines(textArgument(s!, 'wordwrap() value'))
				.map((line) => wrapText(line, width!, isTruthy(breakLong!), isTruthy(onHyphens!)).join(between))
				.join(between);
		},
	},
	xmlattr: {
		summary: 'A dict as XML attributes.',
		signature: 'd, autospace=True',
		example: ["{'a': 'b'} | xmlattr", '\' a="b"\''],
		call(context, dict, autospace) {
			if (!(dict instanceof Dict))
				throw new PythonError('AttributeError', `'${typeName(dict!)}' object has no attribute 'items'`);
			const parts: string[] = [];
			for (const [key, value] of dict.entries()) {
				if (value === null || value instanceof Undefined) continue;
				const name = textOf(key);
				if (name === undefined) throw typeError(`expected string or bytes-like object, got '${typeName(key)}'`);
				if (/[\s/>=]/.test(name)) throw new PythonError('ValueError', `Invalid character in attribute name: ${pythonRepr(key)}`);
				parts.push(`${escapeHtml(name)}="${escaped(value)}"`);
			}
			const text = (isTruthy(autospace!) && parts.length ? ' ' : '') + parts.join(' ');
			return context.autoescape ? new Markup(text) : text;
		},
	},
};

function pairOf(pair: Value): [Value, Value] {
	const items = iterate(pair);
	if (items.length < 2) throw new PythonError('ValueError', `not enough values to unpack (expected 2, got ${items.length})`);
	if (items.length > 2) throw new PythonError('ValueError', 'too many values to unpack (expected 2)');
	return [items[0]!, items[1]!];
}

const entities: Record<string, string> = {amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: '\u00a0'};

function unescapeHtml(text: string): string {
	return text.replace(/&(?:#(\d+)|#x([\da-f]+)|(\w+));/gi, (whole, decimal?: string, hex?: string, name?: string) => {
		const code = decimal ? Number(decimal) : hex ? Number.parseInt(hex, 16) : undefined;
		if (code !== undefined) return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
		return entities[name!] ?? whole;
	});
}
