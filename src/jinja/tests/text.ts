import {isIPv6} from 'node:net';
import {valueError} from '../fault.js';
import type {TestTable} from '../filters/filter.js';
import {textArgument} from '../python/argument.js';
import {isTruthy, pythonEquals, textOf} from '../python/compare.js';
import {canIterate, iterate} from '../python/iterate.js';
import {pythonStr} from '../python/text.js';
import {translateRegex} from '../regex.js';
import type {Value} from '../value.js';

function matches(value: Value, pattern: Value, ignoreCase: Value, multiline: Value, type: string): boolean {
	if (!['search', 'match', 'fullmatch'].includes(type))
		throw valueError('Invalid match_type specified. Expected one of: search, match, fullmatch.');
	const source = textArgument(pattern, 'first argument');
	const flags = {ignoreCase: isTruthy(ignoreCase), multiline: isTruthy(multiline)};
	translateRegex(source, flags);
	const inline = /^\(\?[aimsuLx]+\)/.exec(source)?.[0] ?? '';
	const anchored =
		type === 'search' ? source : `${inline}\\A(?:${source.slice(inline.length)})${type === 'fullmatch' ? '\\Z' : ''}`;
	return translateRegex(anchored, flags).test(pythonStr(value));
}

/** Whether Python's `urlparse` takes a text: brackets must hold an IPv6 address. */
function isParsable(text: string): boolean {
	const host = /^(?:[a-zA-Z][a-zA-Z0-9+.-]*:)?\/\/([^/?#]*)/.exec(text)?.[1] ?? '';
	if (!/[[\]]/.test(host)) return true;
	const address = /\[([^\]]*)\]/.exec(host)?.[1];
	return address !== undefined && (isIPv6(address) || /^v[\da-fA-F]+\..+$/.test(address));
}

const scheme = /^([a-zA-Z][a-zA-Z0-9+.-]*):/;

function isUri(value: Value, schemes: Value): boolean {
	// What is empty counts as an empty text, whatever it is.
	const text = textOf(value) ?? (isTruthy(value) ? undefined : '');
	if (text === undefined || !isParsable(text)) return false;
	if (schemes === null || !isTruthy(schemes)) return true;
	const own = scheme.exec(text)?.[1]?.toLowerCase() ?? '';
	const allowed = textOf(schemes);
	if (allowed !== undefined) return textOf(value) !== undefined && allowed.includes(own);
	return canIterate(schemes) && iterate(schemes).some((one) => pythonEquals(one, own));
}

/** Tests of texts. */
export const textTests: TestTable = {
	match: {
		summary: 'A regular expression matches at the start.',
		signature: "value, pattern='', ignorecase=False, multiline=False",
		example: ["'foobar' is match('foo')", 'True'],
		call: (_context, value, pattern, ignoreCase, multiline) => matches(value!, pattern!, ignoreCase!, multiline!, 'match'),
	},
	regex: {
		summary: 'A regular expression matches: somewhere, at the start (match) or the whole text (fullmatch).',
		signature: "value='', pattern='', ignorecase=False, multiline=False, match_type='search'",
		example: ["'foobar' is regex('o+b')", 'True'],
		call: (_context, value, pattern, ignoreCase, multiline, type) =>
			matches(value!, pattern!, ignoreCase!, multiline!, textOf(type!) ?? ''),
	},
	search: {
		summary: 'A regular expression matches somewhere.',
		signature: "value, pattern='', ignorecase=False, multiline=False",
		example: ["'foobar' is search('bar')", 'True'],
		call: (_context, value, pattern, ignoreCase, multiline) => matches(value!, pattern!, ignoreCase!, multiline!, 'search'),
	},
	uri: {
		summary: 'The text can be a URI, of one of some schemes.',
		signature: 'value, schemes=None',
		example: ["'a:b' is uri", 'True'],
		call: (_context, value, schemes) => isUri(value!, schemes!),
	},
	url: {
		summary: 'The text is a URL, of one of some schemes.',
		signature: 'value, schemes=None',
		example: ["'http://a' is url", 'True'],
		call(_context, value, schemes) {
			if (!isUri(value!, schemes!)) return false;
			const text = textOf(value!) ?? '';
			const rest = text.replace(scheme, '');
			return /^\/\/[^/?#]/.test(rest) || scheme.exec(text)?.[1]?.toLowerCase() === 'file';
		},
	},
	urn: {
		summary: 'The text is a URN.',
		signature: 'value',
		example: ["'urn:a:b' is urn", 'True'],
		call: (_context, value) => isUri(value!, ['urn']),
	},
	abs: {
		summary: 'The path is absolute.',
		signature: 's',
		aliases: ['is_abs'],
		example: ["'/a' is abs", 'True'],
		call: (_context, path) => textArgument(path!, 'path').startsWith('/'),
	},
};
