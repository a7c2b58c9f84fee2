import {valueError} from './fault.js';

/** The flags of Python's `re` that templates can set. */
export interface RegexFlags {
	readonly ignoreCase?: boolean;
	readonly multiline?: boolean;
	readonly dotAll?: boolean;
}

const cache = new Map<string, RegExp>();

/**
 * A Python regular expression as a JavaScript one (global, Unicode; `lastIndex` starts at 0). Throws `ValueError` for a pattern that
 * neither side understands.
 */
export function translateRegex(pattern: string, flags: RegexFlags = {}): RegExp {
	const key = `${flags.ignoreCase ? 'i' : ''}${flags.multiline ? 'm' : ''}${flags.dotAll ? 's' : ''}:${pattern}`;
	let regex = cache.get(key);
	if (!regex) {
		regex = translate(pattern, flags);
		if (cache.size > 2000) cache.clear();
		cache.set(key, regex);
	}
	regex.lastIndex = 0;
	return regex;
}

function translate(pattern: string, {ignoreCase, multiline, dotAll}: RegexFlags): RegExp {
	let source = pattern;
	let [i, m, s] = [ignoreCase ?? false, multiline ?? false, dotAll ?? false];
	const inline = /^\(\?([aimsuLx]+)\)/.exec(source);
	if (inline) {
		source = source.slice(inline[0].length);
		i ||= inline[1]!.includes('i');
		m ||= inline[1]!.includes('m');
		s ||= inline[1]!.includes('s');
		if (inline[1]!.includes('x'))
			source = source.replace(/\\[\s\S]|\[(?:\\[\s\S]|[^\]])*\]|\s+|#.*$/gm, (part) => (/^[\\[]/.test(part) ? part : ''));
	}
	const end = m ? '(?=\\n|(?![\\s\\S]))' : '(?=\\n?(?![\\s\\S]))';
	const start = m ? '(?<=\\n|(?<![\\s\\S]))' : '(?<![\\s\\S])';
	const text = source.replace(
		/\\[\s\S]|\[(?:\^?\]?)(?:\\[\s\S]|\[:\w+:\]|[^\]\\])*\]|\(\?P<|\(\?P=(\w+)\)|\{,(\d+)\}|[$^]|\/|[{}\]]/g,
		(part, reference?: string, most?: string) => {
			if (part.startsWith('[')) return charClass(part);
			if (part === '(?P<') return '(?<';
			if (reference !== undefined) return `\\k<${reference}>`;
			if (most !== undefined) return `{0,${most}}`;
			if (part === '$') return end;
			if (part === '^') return start;
			if (part.startsWith('\\')) return escapeSequence(part[1]!, false);
			return part;
		},
	);
	try {
		return new RegExp(bracesAsText(text), `gu${i ? 'i' : ''}${s ? 's' : ''}`);
	} catch (fault) {
		throw valueError(
			`invalid regular expression '${pattern}': ${(fault as Error).message.replace(/^Invalid regular expression: \/.*\/\w*: /s, '')}`,
		);
	}
}

const classes: Record<string, string> = {w: '\\p{L}\\p{N}_', d: '\\p{Nd}', s: '\\s\\x1c-\\x1f\\x85'};

function escapeSequence(character: string, inClass: boolean): string {
	const members = classes[character.toLowerCase()];
	if (members) {
		if (character === character.toLowerCase()) return inClass ? members : `[${members}]`;
		return inClass ? {W: '\\P{L}', D: '\\P{Nd}', S: '\\S'}[character]! : `[^${members}]`;
	}
	if (inClass && character === 'b') return '\\b';
	if (character === 'b') return '(?:(?<=[\\p{L}\\p{N}_])(?![\\p{L}\\p{N}_])|(?<![\\p{L}\\p{N}_])(?=[\\p{L}\\p{N}_]))';
	if (character === 'B') return '(?:(?<=[\\p{L}\\p{N}_])(?=[\\p{L}\\p{N}_])|(?<![\\p{L}\\p{N}_])(?![\\p{L}\\p{N}_]))';
	if (character === 'A') return '(?<![\\s\\S])';
	if (character === 'Z') return '(?![\\s\\S])';
	if (character === 'a') return '\\x07';
	if (/[nrtfvxu0-9]/.test(character)) return `\\${character}`;
	if (/[-^$\\.*+?()[\]{}|/]/.test(character)) return character === '-' && !inClass ? '-' : `\\${character}`;
	if (/[a-zA-Z]/.test(character)) throw valueError(`bad escape \\${character}`);
	return character;
}

function charClass(part: string): string {
	const negated = part[1] === '^';
	const body = part.slice(negated ? 2 : 1, -1);
	const inside = body.replace(/\\([\s\S])|([[\](){}/|])|&&|--/g, (whole, escaped?: string, plain?: string) => {
		if (escaped !== undefined) return escapeSequence(escaped, true);
		if (plain !== undefined) return `\\${plain}`;
		return whole === '--' ? '\\--' : whole;
	});
	return `[${negated ? '^' : ''}${inside}]`;
}

/** Braces that are no repetition are plain characters in Python. */
function bracesAsText(source: string): string {
	return source.replace(
		/\\(?:[pP]\{[^}]*\}|[\s\S])|\[(?:\\[\s\S]|[^\]\\])*\]|\{(\d+)(,\d*)?\}|[{}\]]/g,
		(part, digits?: string) => (digits === undefined && /^[{}\]]$/.test(part) ? `\\${part}` : part),
	);
}
