import {ModuleFailure} from './contract.js';

/** How a pattern is read: `bytes` takes `\w` and `\d` for ASCII alone, as Python does for patterns of bytes. */
export interface RegexOptions {
	readonly multiline?: boolean;
	readonly dotall?: boolean;
	readonly bytes?: boolean;
}

/**
 * A Python pattern as a JavaScript one: named groups, `\A` and `\Z`, `$` before a last newline, `.` and `^` that know only `\n`, flags in
 * front. Throws `ModuleFailure` for what is no pattern or cannot be expressed (conditionals, flags within the pattern).
 */
export function pythonRegex(pattern: string, options: RegexOptions = {}): RegExp {
	const [, letters = ''] = /^\(\?([aimsxuL]+)\)/.exec(pattern) ?? [];
	const reading = {
		multiline: (options.multiline ?? false) || letters.includes('m'),
		dotall: (options.dotall ?? false) || letters.includes('s'),
		ascii: (options.bytes ?? false) || letters.includes('a'),
		verbose: letters.includes('x'),
	};
	const body = letters ? pattern.slice(letters.length + 3) : pattern;
	try {
		return new RegExp(translate(body, reading), `u${letters.includes('i') ? 'i' : ''}`);
	} catch (error) {
		throw new ModuleFailure(`invalid regular expression '${pattern}': ${(error as Error).message}`);
	}
}

interface Reading {
	readonly multiline: boolean;
	readonly dotall: boolean;
	readonly ascii: boolean;
	readonly verbose: boolean;
}

/** One token of a pattern at a time, outside and inside of `[…]`. */
const token =
	/\(\?#[^)]*\)|\(\?P<(\w+)>|\(\?P=(\w+)\)|\(\?(?:[:=!>]|<[=!])|\(\?|\\(?:x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|0[0-7]{0,2}|[1-9]\d?|[\s\S])|\[\^?\]?(?:\\[\s\S]|[^\]\\])*\]|\{\d*(?:,\d*)?\}[+?]?|[\s\S]/gu;

function translate(pattern: string, reading: Reading): string {
	let comment = false;
	return pattern.replace(token, (text, name: string | undefined, reference: string | undefined) => {
		if (comment) {
			comment = text !== '\n';
			return '';
		}
		if (reading.verbose && /^\s$/.test(text)) return '';
		if (reading.verbose && text === '#') {
			comment = true;
			return '';
		}
		if (text.startsWith('(?#')) return '';
		if (name !== undefined) return `(?<${name}>`;
		if (reference !== undefined) return `\\k<${reference}>`;
		if (text === '(?' || text === '(?>') throw new Error('a construct of Python that Playbill does not offer');
		if (text.startsWith('[') && text.length > 1) return translateClass(text, reading);
		if (text.startsWith('\\')) return translateEscape(text, reading, false);
		if (text.startsWith('{') && text.length > 1)
			return /\d/.test(text) ? text.replace('{,', '{0,') : `\\${text.replace('}', '\\}')}`;
		if (text === '^') return reading.multiline ? '(?<![^\\n])' : '(?<![\\s\\S])';
		if (text === '$') return reading.multiline ? '(?![^\\n])' : '(?=\\n?(?![\\s\\S]))';
		if (text === '.') return reading.dotall ? '[\\s\\S]' : '[^\\n]';
		return text === '{' || text === '}' || text === ']' ? `\\${text}` : text;
	});
}

function translateClass(text: string, reading: Reading): string {
	const [, negated = '', inner = ''] = /^\[(\^?)([\s\S]*)\]$/.exec(text) ?? [];
	const body = inner
		.replace(/^\]/, '\\]')
		.replace(/\\(?:x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|[\s\S])|\[/gu, (part) =>
			part === '[' ? '\\[' : translateEscape(part, reading, true),
		);
	return `[${negated}${body}]`;
}

function translateEscape(text: string, {ascii}: Reading, inClass: boolean): string {
	const letter = text[1]!;
	if (letter === 'A') return '(?<![\\s\\S])';
	if (letter === 'Z') return '(?![\\s\\S])';
	if (letter === 'a') return '\\x07';
	if (letter === '0') return `\\x${Number.parseInt(text.slice(1), 8).toString(16).padStart(2, '0')}`;
	if (!ascii && letter === 'd') return '\\p{Nd}';
	if (!ascii && letter === 'w') return inClass ? '\\p{L}\\p{N}_' : '[\\p{L}\\p{N}_]';
	if (!ascii && letter === 'W' && !inClass) return '[^\\p{L}\\p{N}_]';
	if (/[\w]/.test(letter)) return text;
	return /[\^$\\.*+?()[\]{}|/-]/.test(letter) && (letter !== '-' || inClass) ? text : letter;
}

/** `Match.expand`: `\1`, `\g<1>`, `\g<name>` and the escapes of a replacement text. */
export function expandMatch(match: RegExpMatchArray, template: string): string {
	return template.replace(/\\(?:g<(\w+)>|(\d{1,2})|([\s\S]))/g, (text, name?: string, digits?: string, letter?: string) => {
		const group = name ?? digits;
		if (group === undefined)
			return (
				({n: '\n', t: '\t', r: '\r', f: '\f', v: '\v', a: '\x07', b: '\b', '\\': '\\'} as Record<string, string>)[letter!] ?? text
			);
		const number = Number(group);
		if (!Number.isNaN(number)) {
			if (number >= match.length) throw new ModuleFailure(`invalid group reference ${group}`);
			return match[number] ?? '';
		}
		if (!match.groups || !(group in match.groups)) throw new ModuleFailure(`unknown group name '${group}'`);
		return match.groups[group] ?? '';
	});
}
