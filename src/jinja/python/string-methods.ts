import {typeError, valueError} from '../fault.js';
import {checkLength} from '../limits.js';
import {Dict, Tuple, type Value} from '../value.js';
import {integerArgument, textArgument} from './argument.js';
import {digits, foldCase, isOnly, isTitle, numerals, spaces, swapCase} from './characters.js';
import {isTruthy, textOf} from './compare.js';
import {encodeText} from './encoding.js';
import {codePointLength, iterate} from './iterate.js';
import {characterOf, isInteger} from './number.js';
import {
	affix,
	capitalize,
	find,
	joinTexts,
	justify,
	replaceText,
	splitLines,
	splitRight,
	splitText,
	strip,
	titleCase,
	window,
} from './string-functions.js';
import {typeName} from './type-name.js';

/** A method of a text: its parameters after the text itself. */
export interface StringMethod {
	readonly signature: string;
	call(text: string, ...values: Value[]): Value;
}

/** A method that asks whether a text is of one kind throughout. */
function is(pattern: RegExp): StringMethod {
	return {signature: '', call: (text) => pattern.test(text)};
}

export const stringMethods: Readonly<Record<string, StringMethod>> = Object.assign(Object.create(null), {
	capitalize: {signature: '', call: capitalize},
	casefold: {signature: '', call: foldCase},
	center: {signature: "width, fillchar=' '", call: (text, width, fill) => justify(text, width!, fill!, 'center')},
	count: {
		signature: 'sub, start=None, end=None',
		call(text, sub, start, end) {
			const inside = window(text, start!, end!);
			const part = textArgument(sub!, 'sub');
			if (!inside) return 0;
			return part === '' ? codePointLength(inside.part) + 1 : inside.part.split(part).length - 1;
		},
	},
	encode: {
		signature: "encoding='utf-8', errors='strict'",
		call: (text, encoding) => new Uint8Array(encodeText(text, textArgument(encoding!, 'encoding'), false)),
	},
	endswith: {
		signature: 'suffix, start=None, end=None',
		call: (text, suffix, start, end) => affix(text, suffix!, start!, end!, 'endswith'),
	},
	expandtabs: {
		signature: 'tabsize=8',
		call(text, size) {
			const width = integerArgument(size!, 'tabsize');
			checkLength(text.length + width * (text.split('\t').length - 1));
			let column = 0;
			let result = '';
			for (const character of text) {
				if (character === '\t') {
					const gap = width > 0 ? width - (column % width) : 0;
					result += ' '.repeat(gap);
					column += gap;
				} else {
					result += character;
					column = character === '\n' || character === '\r' ? 0 : column + 1;
				}
			}
			return result;
		},
	},
	find: {
		signature: 'sub, start=None, end=None',
		call: (text, sub, start, end) => find(text, textArgument(sub!, 'sub'), start!, end!, false),
	},
	index: {
		signature: 'sub, start=None, end=None',
		call: (text, sub, start, end) => found(find(text, textArgument(sub!, 'sub'), start!, end!, false)),
	},
	isalnum: is(/^[\p{L}\p{N}]+$/u),
	isalpha: is(/^\p{L}+$/u),
	isascii: is(/^[\x00-\x7f]*$/),
	isdecimal: is(/^\p{Nd}+$/u),
	isdigit: is(new RegExp(`^[\\p{Nd}${digits}]+$`, 'u')),
	isidentifier: is(/^[\p{XID_Start}_][\p{XID_Continue}]*$/u),
	islower: {signature: '', call: (text) => isOnly(text, 'Lowercase')},
	isnumeric: is(new RegExp(`^[\\p{N}${numerals}]+$`, 'u')),
	isprintable: is(/^(?: |[^\p{C}\p{Z}])*$/u),
	isspace: is(new RegExp(`^[${spaces}]+$`)),
	istitle: {signature: '', call: isTitle},
	isupper: {signature: '', call: (text) => isOnly(text, 'Uppercase')},
	join: {signature: 'iterable', call: (text, items) => joinTexts(text, iterate(items!))},
	ljust: {signature: "width, fillchar=' '", call: (text, width, fill) => justify(text, width!, fill!, 'left')},
	lower: {signature: '', call: (text) => text.toLowerCase()},
	lstrip: {signature: 'chars=None', call: (text, characters) => strip(text, characters!, true, false)},
	maketrans: {
		signature: 'x, y=None, z=None',
		call(_text, x, y, z) {
			const table = new Dict();
			if (y === null) {
				if (!(x instanceof Dict)) throw typeError('if you give only one argument to maketrans it must be a dict');
				for (const [key, value] of x.entries()) table.set(textOf(key)?.codePointAt(0) ?? key, value);
				return table;
			}
			const from = Array.from(textArgument(x!, 'maketrans() argument 1'));
			const to = Array.from(textArgument(y!, 'maketrans() argument 2'));
			if (from.length !== to.length) throw valueError('the first two maketrans arguments must have equal length');
			for (const [index, character] of from.entries()) table.set(character.codePointAt(0)!, to[index]!.codePointAt(0)!);
			if (z !== null)
				for (const character of textArgument(z!, 'maketrans() argument 3')) table.set(character.codePointAt(0)!, null);
			return table;
		},
	},
	partition: {
		signature: 'sep',
		call(text, sep) {
			const part = textArgument(sep!, 'sep');
			if (part === '') throw valueError('empty separator');
			const at = text.indexOf(part);
			return new Tuple(at === -1 ? [text, '', ''] : [text.slice(0, at), part, text.slice(at + part.length)]);
		},
	},
	removeprefix: {
		signature: 'prefix',
		call: (text, prefix) =>
			text.startsWith(textArgument(prefix!, 'prefix')) ? text.slice(textArgument(prefix!, 'prefix').length) : text,
	},
	removesuffix: {
		signature: 'suffix',
		call(text, suffix) {
			const part = textArgument(suffix!, 'suffix');
			return part && text.endsWith(part) ? text.slice(0, -part.length) : text;
		},
	},
	replace: {
		signature: 'old, new, count=-1',
		call: (text, old, replacement, count) =>
			replaceText(
				text,
				textArgument(old!, 'replace() argument 1'),
				textArgument(replacement!, 'replace() argument 2'),
				integerArgument(count!, 'count'),
			),
	},
	rfind: {
		signature: 'sub, start=None, end=None',
		call: (text, sub, start, end) => find(text, textArgument(sub!, 'sub'), start!, end!, true),
	},
	rindex: {
		signature: 'sub, start=None, end=None',
		call: (text, sub, start, end) => found(find(text, textArgument(sub!, 'sub'), start!, end!, true)),
	},
	rjust: {signature: "width, fillchar=' '", call: (text, width, fill) => justify(text, width!, fill!, 'right')},
	rpartition: {
		signature: 'sep',
		call(text, sep) {
			const part = textArgument(sep!, 'sep');
			if (part === '') throw valueError('empty separator');
			const at = text.lastIndexOf(part);
			return new Tuple(at === -1 ? ['', '', text] : [text.slice(0, at), part, text.slice(at + part.length)]);
		},
	},
	rsplit: {signature: 'sep=None, maxsplit=-1', call: (text, sep, most) => splitRight(text, sep!, most!)},
	rstrip: {signature: 'chars=None', call: (text, characters) => strip(text, characters!, false, true)},
	split: {signature: 'sep=None, maxsplit=-1', call: (text, sep, most) => splitText(text, sep!, most!)},
	splitlines: {signature: 'keepends=False', call: (text, keep) => splitLines(text, isTruthy(keep!))},
	startswith: {
		signature: 'prefix, start=None, end=None',
		call: (text, prefix, start, end) => affix(text, prefix!, start!, end!, 'startswith'),
	},
	strip: {signature: 'chars=None', call: (text, characters) => strip(text, characters!, true, true)},
	swapcase: {signature: '', call: swapCase},
	title: {signature: '', call: titleCase},
	translate: {
		signature: 'table',
		call(text, table) {
			if (!(table instanceof Dict)) throw typeError(`'${typeName(table!)}' object is not subscriptable`);
			return Array.from(text, (character) => {
				const to = table.get(character.codePointAt(0)!);
				if (to === undefined) return character;
				if (to === null) return '';
				return isInteger(to) ? characterOf(to, 'character mapping must be') : textArgument(to, 'character mapping');
			}).join('');
		},
	},
	upper: {signature: '', call: (text) => text.toUpperCase()},
	zfill: {
		signature: 'width',
		call(text, width) {
			const size = integerArgument(width!, 'width');
			checkLength(size);
			const missing = size - codePointLength(text);
			if (missing <= 0) return text;
			const sign = /^[-+]/.test(text) ? text[0]! : '';
			return sign + '0'.repeat(missing) + text.slice(sign.length);
		},
	},
} satisfies Record<string, StringMethod>);

function found(index: number): number {
	if (index === -1) throw valueError('substring not found');
	return index;
}
