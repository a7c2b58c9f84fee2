import {PythonError, typeError, valueError} from '../fault.js';
import {checkLength} from '../limits.js';
import {textOf} from '../python/compare.js';
import {isInteger, isNumber} from '../python/number.js';
import {parseInteger} from '../python/parse-number.js';
import {stripRight} from '../python/string-functions.js';
import {pythonRepr, pythonStr} from '../python/text.js';
import {typeName} from '../python/type-name.js';
import type {Dict, Value} from '../value.js';
import type {FilterTable} from './filter.js';
import {truncateNumber} from './value.js';

const styles: Readonly<Record<string, {decoration: string; beginning?: string; end?: string}>> = {
	plain: {decoration: '# '},
	erlang: {decoration: '% '},
	c: {decoration: '// '},
	cblock: {beginning: '/*', decoration: ' * ', end: ' */'},
	xml: {beginning: '<!--', decoration: ' - ', end: '-->'},
};

/** How often the line before the text is written: Python's `int` of what is given. */
function prefixCountOf(value: Value): number {
	const text = textOf(value);
	if (text === undefined && !isNumber(value)) throw typeError(`int() argument must be a string, not '${typeName(value)}'`);
	return Math.max(0, Number(text === undefined ? truncateNumber(value as number) : parseInteger(text)));
}

/** How often the line behind it is written, which must be an integer. */
function postfixCountOf(value: Value): number {
	if (!isInteger(value)) throw typeError(`'${typeName(value)}' object cannot be interpreted as an integer`);
	return Math.max(0, Number(value));
}

/** The filter that makes a text a comment. */
export const commentFilters: FilterTable = {
	comment: {
		summary: 'A text as a comment: plain (`#`), erlang, c, cblock or xml, or with decorations of its own.',
		signature: "text, style='plain', **kw",
		example: ["'Managed' | comment('c')", "'//\\n// Managed\\n//'"],
		call(_context, value, styleName, named) {
			const text = textOf(value!);
			if (text === undefined) throw new PythonError('AttributeError', `'${typeName(value!)}' object has no attribute 'replace'`);
			const name = pythonStr(styleName!);
			const style = Object.hasOwn(styles, name) ? styles[name]! : undefined;
			if (!style) throw valueError(`Invalid style ${pythonRepr(styleName!)}.`);
			const given = named as Dict;
			const option = (key: string, usual: string): string => {
				const own = given.get(key);
				return own === undefined ? usual : own === null ? '' : pythonStr(own);
			};
			const newline = option('newline', '\n');
			const decoration = option('decoration', style.decoration);
			if (given.has('decoration') && textOf(given.get('decoration')!) === undefined)
				throw new PythonError('AttributeError', `'${typeName(given.get('decoration')!)}' object has no attribute 'rstrip'`);
			const prefix = option('prefix', stripRight(decoration));
			const postfix = option('postfix', stripRight(decoration));
			const prefixCount = prefix ? prefixCountOf(given.has('prefix_count') ? given.get('prefix_count')! : 1) : 0;
			const postfixCount = postfixCountOf(given.has('postfix_count') ? given.get('postfix_count')! : 1);
			const added = (prefix.length + newline.length) * prefixCount + (postfix.length + newline.length) * postfixCount;
			checkLength(added + text.length * (decoration.length + newline.length));
			const beginning = option('beginning', style.beginning ?? '');
			const end = option('end', style.end ?? '');
			const lines = (decoration + text.replaceAll(newline, newline + decoration)).replaceAll(
				decoration + newline,
				stripRight(decoration) + newline,
			);
			return [
				beginning && beginning + newline,
				prefix && (prefix === newline ? newline : prefix + newline).repeat(prefixCount),
				lines,
				(newline + postfix).repeat(postfixCount),
				end && newline + end,
			].join('');
		},
	},
};
