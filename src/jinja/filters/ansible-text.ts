import {PythonError, valueError} from '../fault.js';
import {textArgument} from '../python/argument.js';
import {isTruthy, textOf} from '../python/compare.js';
import {decodeBytes, encodeText, toText} from '../python/encoding.js';
import {splitText} from '../python/string-functions.js';
import {pythonStr} from '../python/text.js';
import type {FilterTable} from './filter.js';

/** Ansible's filters on texts. */
export const ansibleTextFilters: FilterTable = {
	b64decode: {
		summary: 'The text that base64 stands for.',
		signature: "string, encoding='utf-8', urlsafe=False",
		example: ["'YWI=' | b64decode", "'ab'"],
		call(_context, string, encoding, urlsafe) {
			const given = toText(string!);
			const text = (isTruthy(urlsafe!) ? given.replaceAll('-', '+').replaceAll('_', '/') : given).replace(/[^A-Za-z0-9+/=]/g, '');
			const data = text.replace(/=+$/, '');
			if (data.length % 4 === 1)
				throw valueError(
					`Invalid base64-encoded string: number of data characters (${data.length}) cannot be 1 more than a multiple of 4`,
				);
			if (data.length % 4 && text.length - data.length < 4 - (data.length % 4)) throw valueError('Incorrect padding');
			return decodeBytes(Buffer.from(data, 'base64'), textArgument(encoding!, 'encoding'));
		},
	},
	b64encode: {
		summary: 'A text in base64.',
		signature: "string, encoding='utf-8', urlsafe=False",
		example: ["'ab' | b64encode", "'YWI='"],
		call(_context, string, encoding, urlsafe) {
			const bytes = string instanceof Uint8Array ? string : encodeText(pythonStr(string!), textArgument(encoding!, 'encoding'));
			const text = Buffer.from(bytes).toString('base64');
			return isTruthy(urlsafe!) ? text.replaceAll('+', '-').replaceAll('/', '_') : text;
		},
	},
	quote: {
		summary: 'A text quoted for the shell.',
		signature: 'a',
		example: ["'a b' | quote", '"\'a b\'"'],
		call(_context, a) {
			const text = a === null ? '' : toText(a!);
			if (text === '') return "''";
			return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'"'"'`)}'`;
		},
	},
	split: {
		summary: 'The parts of a text between a separator, or between white space.',
		signature: 'value, sep=None, maxsplit=-1',
		example: ["'a,b' | split(',')", "['a', 'b']"],
		call(_context, value, separator, most) {
			const text = textOf(value!);
			if (text === undefined)
				throw new PythonError(
					'TypeError',
					`descriptor 'split' for 'str' objects doesn't apply to a '${pythonStr(value!)}' object`,
				);
			return splitText(text, separator!, most!);
		},
	},
};
