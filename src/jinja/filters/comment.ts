import {PythonError, valueError} from '../fault.js';
import {checkLength} from '../limits.js';
import {textOf} from '../python/compare.js';
import {isInteger} from '../python/number.js';
import {parseInteger} from '../python/parse-number.js';
import {pythonRepr, pythonStr} from '../python/text.js';
import {typeName} from '../python/type-name.js';
import type {Dict, Value} from '../value.js';
import type {FilterTable} from './filter.js';

const styles: Readonly<Record<string, {decoration: string; beginning?: string; end?: string}>> = {
	plain: {decoration: '# '},
	erlang: {decoration: '% '},
	c: {decoration: '// '},
	cblock: {beginning: '/*', decoration: ' * ', end: ' */'},
	xml: {beginning: '<!--', decoration: ' - ', end: '-->'},
};

function countOf(value: Value | undefined): number {
	if (value === undefined) return 1;
	const count = isInteger(value) ? Number(value) : Number(parseInteger(pythonStr(value)));
	return Math.max(0, count);
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
			const prefix = option('prefix', decoration.trimEnd());
			const postfix = option('postfix', decoration.trimEnd());
			const [prefixCount, postfixCount] = [countOf(given.get('prefix_count')), countOf(given.get('postfix_count'))];
			const added = (prefix.length + newline.length) * prefixCount + (postfix.length + newline.length) * postfixCount;
			checkLength(added + text.length * (decoration.length + newline.length));
			const beginning = option('beginning', style.beginning ?? '');
			const end = option('end', style.end ?? '');
			const lines = (decoration + text.replaceAll(newline, newline + decoration)).replaceAll(
				decoration + newline,
				decoration.trimEnd() + newline,
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
