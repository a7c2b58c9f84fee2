import {PythonError, valueError} from '../fault.js';
import {checkLength} from '../limits.js';
import {integerArgument, textArgument} from '../python/argument.js';
import {isTruthy, pythonEquals, textOf} from '../python/compare.js';
import {toText} from '../python/encoding.js';
import {pythonStr} from '../python/text.js';
import {readReplacement} from '../regex/replacement.js';
import {allMatches, groupCount, groupNames, translateRegex} from '../regex.js';
import {type Dict, Tuple, type Value} from '../value.js';
import type {FilterTable} from './filter.js';

/** A group that `regex_search` is asked for: its number, or its name. */
function groupOf(match: RegExpExecArray, group: number | {readonly name: string}): Value {
	const isThere = typeof group === 'number' ? group < match.length : match.groups !== undefined && group.name in match.groups;
	if (!isThere) throw new PythonError('IndexError', 'no such group');
	return (typeof group === 'number' ? match[group] : match.groups![group.name]) ?? null;
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
			const wanted = readReplacement(textArgument(replacement!, 'replacement'));
			const most = integerArgument(count!, 'count');
			wanted.check(groupCount(regex), groupNames(regex));
			let result = '';
			let at = 0;
			let turns = 0;
			if (most < 0) return text;
			for (const match of allMatches(regex, text)) {
				result += text.slice(at, match.index) + wanted.expand(match);
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
			const wanted = (args as readonly Value[]).map((arg): number | {name: string} => {
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
			return wanted.map((group) => groupOf(match, group));
		},
	},
};
