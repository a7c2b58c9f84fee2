import {PythonError, valueError} from '../fault.js';
import {checkLength} from '../limits.js';
import {integerArgument, textArgument} from '../python/argument.js';
import {isTruthy, pythonEquals, textOf} from '../python/compare.js';
import {toText} from '../python/encoding.js';
import {pythonStr} from '../python/text.js';
import {allMatches, groupCount, groupNames, translateRegex} from '../regex.js';
import {type Dict, Tuple, type Value} from '../value.js';
import type {FilterTable} from './filter.js';

/** The pieces of a replacement text: literal texts and groups. */
function parseReplacement(text: string): readonly Piece[] {
	const known = replacements.get(text);
	if (known) return known;
	const parts = readReplacement(text);
	if (replacements.size > 1000) replacements.clear();
	replacements.set(text, parts);
	return parts;
}

/** A literal text, the number of a group, or its name. */
type Piece = string | number | {name: string};
const replacements = new Map<string, readonly Piece[]>();

function readReplacement(text: string): Piece[] {
	const parts: Piece[] = [];
	const escapes: Record<string, string> = {n: '\n', t: '\t', r: '\r', f: '\f', v: '\v', a: '\x07', b: '\b', '\\': '\\'};
	let at = 0;
	for (const match of text.matchAll(/\\(?:g<([^>]*)>|(0[0-7]{0,2}|[1-3][0-7]{2})|([1-9]\d?)|([\s\S])|$)/g)) {
		parts.push(text.slice(at, match.index));
		at = match.index + match[0].length;
		const [, name, octal, group, character] = match;
		if (name !== undefined) {
			if (/^\d+$/.test(name)) parts.push(Number(name));
			else if (/^[\p{L}_][\p{L}\p{N}_]*$/u.test(name)) parts.push({name});
			else
				throw valueError(
					name === '' ? 'missing group name at position 3' : `bad character in group name '${name}' at position 3`,
				);
		} else if (octal !== undefined) parts.push(String.fromCharCode(Number.parseInt(octal, 8)));
		else if (group !== undefined) parts.push(Number(group));
		else if (character === undefined) throw valueError('bad escape (end of pattern)');
		else if (Object.hasOwn(escapes, character)) parts.push(escapes[character]!);
		else if (/[a-zA-Z]/.test(character)) throw valueError(`bad escape \\${character}`);
		else parts.push(`\\${character}`);
	}
	parts.push(text.slice(at));
	return parts;
}

function groupOf(match: RegExpExecArray, group: string | number | {name: string}): string | undefined {
	if (typeof group === 'object') {
		if (!match.groups || !(group.name in match.groups)) throw new PythonError('IndexError', `unknown group name '${group.name}'`);
		return match.groups[group.name];
	}
	if (Number(group) >= match.length) throw valueError(`invalid group reference ${group}`);
	return match[Number(group)];
}

function compiled(pattern: Value, multiline: Value, ignoreCase: Value): RegExp {
	return translateRegex(textArgument(pattern, 'first argument'), {
		multiline: isTruthy(multiline),
		ignoreCase: isTruthy(ignoreCase),
	});
}

export const regexFilters: FilterTable = {
	regex_escape: {
		summary: 'A text with the characters escaped that mean something in a regular expression.',
		signature: "string, re_type='python'",
		example: ["'a.b' | regex_escape", "'a\\\\.b'"],
		call(_context, string, kind) {
			const text = toText(string!);
			const type = textOf(kind!);
			if (type === 'python') return text.replace(/[-()[\]{}?*+|^$\\.&~# \t\n\r\v\f]/g, '\\$&');
			if (type === 'posix_basic') return text.replace(/[\].[^$*\\]/g, '\\$&');
			if (type === 'posix_extended') throw valueError('Regex type (posix_extended) not yet implemented');
			throw valueError(`Invalid regex type (${pythonStr(kind!)})`);
		},
	},
	regex_findall: {
		summary: 'Every match of a regular expression: the matches, or their groups.',
		signature: 'value, regex, multiline=False, ignorecase=False',
		example: ["'a1b2' | regex_findall('[0-9]')", "['1', '2']"],
		call(_context, value, regex, multiline, ignoreCase) {
			const text = toText(value!);
			return Array.from(allMatches(compiled(regex!, multiline!, ignoreCase!), text), (match): Value => {
				if (match.length === 1) return match[0];
				const groups = match.slice(1).map((group) => group ?? '');
				return groups.length === 1 ? groups[0]! : new Tuple(groups);
			});
		},
	},
	regex_replace: {
		summary: 'Replaces the matches of a regular expression.',
		signature: "value='', pattern='', replacement='', ignorecase=False, multiline=False, count=0, mandatory_count=0",
		example: ["'foobar' | regex_replace('^foo', 'x')", "'xbar'"],
		call(_context, value, pattern, replacement, ignoreCase, multiline, count, mandatory) {
			const text = toText(value!);
			const regex = compiled(pattern!, multiline!, ignoreCase!);
			const parts = parseReplacement(textArgument(replacement!, 'replacement'));
			const most = integerArgument(count!, 'count');
			const groups = groupCount(regex);
			for (const part of parts) {
				if (typeof part === 'number' && part > groups) throw valueError(`invalid group reference ${part}`);
				if (typeof part === 'object' && !groupNames(regex).has(part.name))
					throw new PythonError('IndexError', `unknown group name '${part.name}'`);
			}
			let result = '';
			let at = 0;
			let turns = 0;
			if (most < 0) return text;
			for (const match of allMatches(regex, text)) {
				result += text.slice(at, match.index);
				for (const part of parts) result += typeof part === 'string' ? part : (groupOf(match, part) ?? '');
				checkLength(result.length);
				at = match.index + match[0].length;
				if (++turns === most) break;
			}
			if (isTruthy(mandatory!) && !pythonEquals(mandatory!, turns)) {
				throw valueError(
					`'${pythonStr(pattern!)}' should match ${pythonStr(mandatory!)} times, but matches ${most} times in '${text}'`,
				);
			}
			return result + text.slice(at);
		},
	},
	regex_search: {
		summary: 'The first match of a regular expression, or some of its groups; null when there is none.',
		signature: 'value, regex, *args, **kwargs',
		example: ["'a1' | regex_search('[0-9]')", "'1'"],
		call(_context, value, regex, args, named) {
			const wanted = (args as readonly Value[]).map((arg): string | number | {name: string} => {
				const text = textArgument(arg, 'group');
				const name = /^\\g<(\S+)>/.exec(text)?.[1];
				if (name !== undefined) return {name};
				const number = /^\\(\d+)/.exec(text)?.[1];
				if (number !== undefined) return Number(number);
				throw valueError('Unknown argument');
			});
			const options = named as Dict;
			const pattern = compiled(regex!, options.get('multiline') ?? false, options.get('ignorecase') ?? false);
			const match = pattern.exec(toText(value!));
			if (!match) return null;
			if (!wanted.length) return match[0];
			return wanted.map((group) => {
				if (typeof group === 'number' && group >= match.length) throw new PythonError('IndexError', 'no such group');
				if (typeof group === 'object' && !(match.groups && group.name in match.groups))
					throw new PythonError('IndexError', 'no such group');
				return groupOf(match, group) ?? null;
			});
		},
	},
};
