/* Above 300 lines: one grammar in one recursive descent, whose parts share the position and the flags. */
import {valueError} from '../fault.js';
import {maximumNesting} from '../limits.js';
import {type Flags, type RegexNode, type SetItem, widthOf} from './node.js';

export interface ParsedRegex {
	readonly root: RegexNode;
	/** How many groups there are. */
	readonly groups: number;
	readonly names: ReadonlyMap<string, number>;
}

const controls: Record<string, number> = {a: 7, b: 8, f: 12, n: 10, r: 13, t: 9, v: 11, '\\': 92};
const flagNames = {i: 'ignoreCase', m: 'multiline', s: 'dotAll', x: 'verbose', a: 'ascii'} as const;

/** Parses a pattern of Python's `re` (3.11 and later). Throws `ValueError` with Python's words. */
export function parseRegex(pattern: string, flags: Flags): ParsedRegex {
	return new Parser(pattern, flags).parse();
}

class Parser {
	readonly #text: readonly string[];
	#flags: Flags;
	#at = 0;
	#groups = 0;
	#depth = 0;
	readonly #open = new Set<number>();
	readonly #names = new Map<string, number>();
	/** The groups that conditions ask for, which may come later. */
	readonly #conditions: [index: number, at: number][] = [];

	constructor(pattern: string, flags: Flags) {
		this.#text = Array.from(pattern);
		this.#flags = flags;
	}

	parse(): ParsedRegex {
		const letters = /^\(\?([aimsuLx]+)\)/.exec(this.#text.slice(0, 12).join(''));
		if (letters) {
			this.#at = letters[0].length;
			this.#flags = this.#withLetters(letters[1]!, true);
		}
		const root = this.#choice();
		if (this.#at < this.#text.length) this.#fail('unbalanced parenthesis', this.#at);
		for (const [index, at] of this.#conditions) if (index > this.#groups) this.#fail(`invalid group reference ${index}`, at);
		return {root, groups: this.#groups, names: this.#names};
	}

	#fail(message: string, at = this.#at): never {
		throw valueError(`${message} at position ${at}`);
	}

	#withLetters(letters: string, on: boolean): Flags {
		let flags = this.#flags;
		for (const letter of letters) {
			if (letter === 'L') this.#fail("bad inline flags: cannot use 'L' flag with a str pattern");
			if (letter === 'u') flags = {...flags, ascii: false};
			else flags = {...flags, [flagNames[letter as keyof typeof flagNames]]: on};
		}
		return flags;
	}

	#take(text: string): boolean {
		for (let index = 0; index < text.length; index++) if (this.#text[this.#at + index] !== text[index]) return false;
		this.#at += text.length;
		return true;
	}

	#choice(): RegexNode {
		if (++this.#depth > maximumNesting) this.#fail('the expression is nested too deeply');
		const options = [this.#sequence()];
		while (this.#take('|')) options.push(this.#sequence());
		this.#depth--;
		return options.length === 1 ? options[0]! : {kind: 'choice', options};
	}

	#sequence(): RegexNode {
		const items: RegexNode[] = [];
		while (this.#at < this.#text.length) {
			const character = this.#text[this.#at]!;
			if (character === '|' || character === ')') break;
			if (this.#flags.verbose && this.#skipBlank(character)) continue;
			if (character === '*' || character === '+' || character === '?' || character === '{') {
				const start = this.#at;
				const range = this.#range();
				if (range) {
					items.push(this.#repeat(items.pop(), range, start));
					continue;
				}
			}
			const item = this.#item();
			if (item) items.push(item);
		}
		return items.length === 1 ? items[0]! : {kind: 'sequence', items};
	}

	#skipBlank(character: string): boolean {
		if (/^[ \t\n\r\v\f]$/.test(character)) {
			this.#at++;
			return true;
		}
		if (character !== '#') return false;
		while (this.#at < this.#text.length && this.#text[this.#at] !== '\n') this.#at++;
		return true;
	}

	/** `*`, `+`, `?`, `{2,3}`; undefined for a brace that is only a character. */
	#range(): [number, number] | undefined {
		const character = this.#text[this.#at]!;
		if (character !== '{') {
			this.#at++;
			return character === '*' ? [0, Number.POSITIVE_INFINITY] : character === '+' ? [1, Number.POSITIVE_INFINITY] : [0, 1];
		}
		const match = /^\{(\d*)(,?)(\d*)\}/.exec(this.#text.slice(this.#at, this.#at + 30).join(''));
		if (!match || match[0] === '{}') return undefined;
		const [whole, low, comma, high] = match as unknown as [string, string, string, string];
		const least = low ? Number(low) : 0;
		const most = high ? Number(high) : comma || !low ? Number.POSITIVE_INFINITY : least;
		if (most < least) this.#fail('min repeat greater than max repeat');
		if (least > 100_000 || (most !== Number.POSITIVE_INFINITY && most > 1_000_000))
			this.#fail('the repetition number is too large');
		this.#at += whole.length;
		return [least, most];
	}

	#repeat(body: RegexNode | undefined, [min, max]: [number, number], start: number): RegexNode {
		if (!body || body.kind === 'assertion') this.#fail('nothing to repeat', start);
		if (body.kind === 'repeat') this.#fail('multiple repeat', start);
		const mode = this.#take('?') ? 'lazy' : this.#take('+') ? 'possessive' : 'greedy';
		return {kind: 'repeat', min, max, mode, body};
	}

	#item(): RegexNode | undefined {
		const character = this.#text[this.#at++]!;
		switch (character) {
			case '.':
				return {
					kind: 'set',
					negated: true,
					items: this.#flags.dotAll ? [] : [{from: 10, to: 10}],
					flags: {...this.#flags, ignoreCase: false},
				};
			case '^':
			case '$':
				return {kind: 'assertion', what: character, flags: this.#flags};
			case '(':
				return this.#group(this.#at - 1);
			case '[':
				return this.#set(this.#at - 1);
			case '\\':
				return this.#escape();
			default:
				return this.#character(character.codePointAt(0)!);
		}
	}

	#character(code: number): RegexNode {
		return {kind: 'set', negated: false, items: [{from: code, to: code}], flags: this.#flags};
	}

	#escape(): RegexNode {
		const start = this.#at - 1;
		const letter = this.#text[this.#at];
		if (letter === undefined) this.#fail('bad escape (end of pattern)', start);
		if (/^[AZbB]$/.test(letter)) {
			this.#at++;
			return {kind: 'assertion', what: letter as 'A', flags: this.#flags};
		}
		if (/^[1-9]$/.test(letter)) {
			const digits = this.#text.slice(this.#at, this.#at + 3).join('');
			const octal = /^[0-7]{3}/.test(digits);
			if (!octal) {
				const number = /^\d\d?/.exec(digits)![0];
				this.#at += number.length;
				return this.#reference(Number(number), number, start);
			}
		}
		const item = this.#escapedItem(start);
		return {kind: 'set', negated: false, items: [item], flags: this.#flags};
	}

	#reference(index: number, name: string, start: number): RegexNode {
		if (index > this.#groups) this.#fail(`invalid group reference ${name}`, start + 1);
		if (this.#open.has(index)) this.#fail('cannot refer to an open group', start);
		return {kind: 'reference', index, flags: this.#flags};
	}

	/** What `\…` means as a character or class, in and outside of `[…]`; the position is behind the backslash. */
	#escapedItem(start: number): SetItem {
		const letter = this.#text[this.#at++]!;
		const lower = letter.toLowerCase();
		if (lower === 'd' || lower === 'w' || lower === 's') return {letter: lower, negated: letter !== lower};
		const single = (code: number): SetItem => ({from: code, to: code});
		if (/^[0-7]$/.test(letter)) {
			const digits = /^[0-7]{1,3}/.exec(this.#text.slice(this.#at - 1, this.#at + 2).join(''))![0];
			this.#at += digits.length - 1;
			const code = Number.parseInt(digits, 8);
			if (code > 0o377) this.#fail(`octal escape value \\${digits} outside of range 0-0o377`, start);
			return single(code);
		}
		const length = ({x: 2, u: 4, U: 8} as Record<string, number>)[letter];
		if (length !== undefined) {
			const digits = this.#text.slice(this.#at, this.#at + length).join('');
			if (!/^[\da-fA-F]+$/.test(digits) || digits.length !== length) this.#fail(`incomplete escape \\${letter}`, start);
			this.#at += length;
			const code = Number.parseInt(digits, 16);
			if (code > 0x10ffff) this.#fail(`bad escape \\${letter}${digits}`, start);
			return single(code);
		}
		const control = controls[letter];
		if (control !== undefined) return single(control);
		if (/^[a-zA-Z0-9]$/.test(letter)) this.#fail(`bad escape \\${letter}`, start);
		return single(letter.codePointAt(0)!);
	}

	#set(start: number): RegexNode {
		const negated = this.#take('^');
		const items: SetItem[] = [];
		for (let first = true; ; first = false) {
			const character = this.#text[this.#at];
			if (character === undefined) this.#fail('unterminated character set', start);
			if (character === ']' && !first) break;
			const from = this.#setItem(start);
			if (this.#text[this.#at] !== '-') {
				items.push(from);
				continue;
			}
			const next = this.#text[this.#at + 1];
			if (next === undefined) this.#fail('unterminated character set', start);
			if (next === ']') {
				items.push(from);
				continue;
			}
			const at = this.#at;
			this.#at++;
			const to = this.#setItem(start);
			if (!('from' in from) || !('from' in to)) this.#fail('bad character range', at - 1);
			if (to.from < from.from)
				this.#fail(`bad character range ${String.fromCodePoint(from.from)}-${String.fromCodePoint(to.from)}`, at - 1);
			items.push({from: from.from, to: to.from});
		}
		this.#at++;
		return {kind: 'set', negated, items, flags: this.#flags};
	}

	#setItem(start: number): SetItem {
		const character = this.#text[this.#at++];
		if (character === undefined) this.#fail('unterminated character set', start);
		if (character !== '\\') return {from: character.codePointAt(0)!, to: character.codePointAt(0)!};
		if (this.#text[this.#at] === undefined) this.#fail('unterminated character set', start);
		return this.#escapedItem(this.#at - 1);
	}

	#group(start: number): RegexNode | undefined {
		if (!this.#take('?')) return this.#capturing(undefined, start);
		const rest = this.#text.slice(this.#at, this.#at + 100).join('');
		if (this.#take(':')) return this.#body(start, (body) => body);
		if (this.#take('>')) return this.#body(start, (body) => ({kind: 'atomic', body}));
		if (this.#take('=')) return this.#look(false, false, start);
		if (this.#take('!')) return this.#look(false, true, start);
		if (this.#take('<=')) return this.#look(true, false, start);
		if (this.#take('<!')) return this.#look(true, true, start);
		if (this.#take('P<')) return this.#capturing(this.#name('>'), start);
		if (this.#take('P=')) {
			const at = this.#at;
			const name = this.#name(')');
			const index = this.#names.get(name);
			if (index === undefined) this.#fail(`unknown group name '${name}'`, at);
			return this.#reference(index, name, start);
		}
		if (this.#take('#')) {
			while (this.#at < this.#text.length && this.#text[this.#at] !== ')') this.#at++;
			if (!this.#take(')')) this.#fail('missing ), unterminated comment', start);
			return undefined;
		}
		if (this.#take('(')) return this.#conditional(start);
		const letters = /^([aimsuLx]*)(?:-([imsx]+))?([:)])/.exec(rest);
		if (!letters || (letters[1] === '' && letters[2] === undefined)) this.#fail(`unknown extension ?${rest[0] ?? ''}`, start + 1);
		if (letters[3] === ')') this.#fail('global flags not at the start of the expression', start);
		this.#at += letters[0].length;
		const outer = this.#flags;
		this.#flags = this.#withLetters(letters[1]!, true);
		this.#flags = this.#withLetters(letters[2] ?? '', false);
		const body = this.#body(start, (inner) => ({kind: 'sequence', items: [inner]}));
		this.#flags = outer;
		return body;
	}

	#body(start: number, make: (body: RegexNode) => RegexNode): RegexNode {
		const outer = this.#flags;
		const body = this.#choice();
		this.#flags = outer;
		if (!this.#take(')')) this.#fail('missing ), unterminated subpattern', start);
		const made = make(body);
		// A repeat in brackets may be repeated itself.
		return made.kind === 'repeat' || made.kind === 'assertion' ? {kind: 'sequence', items: [made]} : made;
	}

	#capturing(name: string | undefined, start: number): RegexNode {
		const index = ++this.#groups;
		if (name !== undefined) {
			const before = this.#names.get(name);
			if (before !== undefined)
				this.#fail(`redefinition of group name '${name}' as group ${index}; was group ${before}`, start + 4);
			this.#names.set(name, index);
		}
		this.#open.add(index);
		const group = this.#body(start, (body) => ({kind: 'group', index, name, body}));
		this.#open.delete(index);
		return group;
	}

	#look(behind: boolean, negated: boolean, start: number): RegexNode {
		return this.#body(start, (body) => {
			const [least, most] = widthOf(body);
			if (behind && least !== most) throw valueError('look-behind requires fixed-width pattern');
			return {kind: 'look', behind, negated, body, width: least};
		});
	}

	#name(end: string): string {
		const start = this.#at;
		while (this.#at < this.#text.length && this.#text[this.#at] !== end) this.#at++;
		const name = this.#text.slice(start, this.#at).join('');
		if (!this.#take(end)) this.#fail(name ? `missing ${end}, unterminated name` : 'missing group name', start);
		if (!name) this.#fail('missing group name', start);
		if (!/^[\p{L}_][\p{L}\p{N}\p{M}_]*$/u.test(name)) this.#fail(`bad character in group name '${name}'`, start);
		return name;
	}

	#conditional(start: number): RegexNode {
		const at = this.#at;
		while (this.#at < this.#text.length && this.#text[this.#at] !== ')') this.#at++;
		const name = this.#text.slice(at, this.#at).join('');
		if (!this.#take(')')) this.#fail('missing ), unterminated name', at);
		const index = /^\d+$/.test(name) ? Number(name) : this.#names.get(name);
		if (index === undefined) this.#fail(`unknown group name '${name}'`, at);
		if (index === 0) this.#fail('bad group number', at);
		return this.#body(start, (body) => {
			const options = body.kind === 'choice' ? body.options : [body];
			if (options.length > 2) this.#fail('conditional backref with more than two branches', start);
			this.#conditions.push([index, at]);
			return {kind: 'conditional', index, yes: options[0]!, no: options[1] ?? {kind: 'sequence', items: []}};
		});
	}
}
