import {PythonError, valueError} from '../fault.js';
import {checkLength} from '../limits.js';
import type {Value} from '../value.js';
import {asciiEscape} from './format-percent.js';
import {formatValue} from './format-spec.js';
import {pythonRepr, pythonStr} from './text.js';

/** How `str.format` reaches into its arguments (`{a.b[0]}`): the template's own rules, so that the sandbox holds. */
export interface FormatAccess {
	/** What a field becomes in the text (escaping); nothing when absent. */
	escapeField?(value: Value, text: string): string;
	getItem(container: Value, key: Value): Value;
	getAttribute(container: Value, name: string): Value;
}

/** Python's `text.format(*positional, **named)`. */
export function formatString(
	text: string,
	positional: readonly Value[],
	named: (name: string) => Value | undefined,
	access: FormatAccess,
): string {
	let automatic = 0;
	const field = (name: string): Value => {
		const parts = /^([^.[]*)((?:\.[^.[]+|\[[^\]]+\])*)$/s.exec(name);
		if (!parts) throw valueError('Empty attribute in format string');
		let base = parts[1]!;
		if (base === '') {
			if (automatic < 0) throw valueError('cannot switch from manual field specification to automatic field numbering');
			base = String(automatic++);
		} else if (/^\d+$/.test(base)) {
			if (automatic > 0) throw valueError('cannot switch from automatic field numbering to manual field specification');
			automatic = -1;
		}
		let value: Value | undefined;
		if (/^\d+$/.test(base)) {
			value = positional[Number(base)];
			if (value === undefined)
				throw new PythonError('IndexError', `Replacement index ${base} out of range for positional args tuple`);
		} else {
			value = named(base);
			if (value === undefined) throw new PythonError('KeyError', pythonRepr(base));
		}
		for (const [, attribute, item] of parts[2]!.matchAll(/\.([^.[]+)|\[([^\]]+)\]/g)) {
			value =
				attribute !== undefined
					? access.getAttribute(value, attribute)
					: access.getItem(value, /^\d+$/.test(item!) ? Number(item) : item!);
		}
		return value;
	};
	const expand = (source: string, depth: number): string => {
		if (depth > 2) throw valueError('Max string recursion exceeded');
		let result = '';
		let at = 0;
		while (at < source.length) {
			const character = source[at]!;
			if (character === '{') {
				if (source[at + 1] === '{' && depth === 1) {
					result += '{';
					at += 2;
					continue;
				}
				const end = closing(source, at);
				const inside = source.slice(at + 1, end);
				const match = /^((?:[^[!:]|\[[^\]]*\])*)(?:!(.))?(?::([\s\S]*))?$/s.exec(inside);
				if (!match)
					throw valueError(
						inside.includes('!') ? "expected ':' after conversion specifier" : "expected '}' before end of string",
					);
				let value = field(match[1]!);
				if (match[2] === 'r') value = pythonRepr(value);
				else if (match[2] === 'a') value = pythonRepr(value).replace(/[^\x00-\x7f]/gu, asciiEscape);
				else if (match[2] === 's') value = pythonStr(value);
				else if (match[2]) throw valueError(`Unknown conversion specifier '${match[2]}'`);
				const shown = formatValue(value, match[3] ? expand(match[3], depth + 1) : '');
				result += access.escapeField ? access.escapeField(value, shown) : shown;
				checkLength(result.length);
				at = end + 1;
			} else if (character === '}') {
				if (source[at + 1] !== '}') throw valueError("Single '}' encountered in format string");
				result += '}';
				at += 2;
			} else {
				result += character;
				at++;
			}
		}
		return result;
	};
	return expand(text, 1);
}

function closing(source: string, start: number): number {
	let depth = 0;
	for (let at = start; at < source.length; at++) {
		if (source[at] === '{') depth++;
		else if (source[at] === '}' && --depth === 0) return at;
	}
	throw valueError(start === source.length - 1 ? "Single '{' encountered in format string" : "expected '}' before end of string");
}
