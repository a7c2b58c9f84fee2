import {checkLength} from '../limits.js';
import {isBreak, isPrintable} from './scalar-analysis.js';

const escapes: Record<number, string> = {
	0: '0',
	7: 'a',
	8: 'b',
	9: 't',
	10: 'n',
	11: 'v',
	12: 'f',
	13: 'r',
	27: 'e',
	34: '"',
	92: '\\',
	133: 'N',
	160: '_',
	8232: 'L',
	8233: 'P',
};

/** What a text gets written to: knows its column and whether white space or only indentation stands before it, and folds long lines. */
export class TextWriter {
	readonly #parts: string[] = [];
	#length = 0;
	column = 0;
	/** The last character was white space (or the line has just begun). */
	#afterSpace = true;
	/** Only indentation, `-`, `?` and `:` stand on this line so far. */
	afterIndent = true;
	/** The last text ended in line breaks that only `...` keeps apart from what follows. */
	openEnded = false;
	readonly #width: number;
	readonly #step: number;
	readonly #allowUnicode: boolean;
	readonly #lineBreak: string;

	constructor(options: {width: number; indent: number; allowUnicode: boolean; lineBreak: string}) {
		this.#width = options.width;
		this.#step = options.indent;
		this.#allowUnicode = options.allowUnicode;
		this.#lineBreak = options.lineBreak;
	}

	get text(): string {
		return this.#parts.join('');
	}
	/** Whether the line is longer than it should be. */
	get isFull(): boolean {
		return this.column > this.#width;
	}

	#put(text: string, columns = text.length): void {
		this.#length += text.length;
		checkLength(this.#length);
		this.#parts.push(text);
		this.column += columns;
	}
	#break(character = '\n'): void {
		this.#put(character === '\n' ? this.#lineBreak : character);
		this.column = 0;
	}

	/** Moves to an indentation: on this line when nothing else stands there, else on the next. */
	indent(columns: number): void {
		const to = Math.max(0, columns);
		if (!this.afterIndent || this.column > to || (this.column === to && !this.#afterSpace)) this.#break();
		if (this.column < to) this.#put(' '.repeat(to - this.column));
		this.#afterSpace = true;
		this.afterIndent = true;
	}

	/** Writes an indicator: `spaced` with a space before it, `opens` one that needs none behind, `indents` one that counts as indentation. */
	indicator(text: string, {spaced = true, opens = false, indents = false} = {}): void {
		this.#put(spaced && !this.#afterSpace ? ` ${text}` : text);
		this.#afterSpace = opens;
		this.afterIndent = this.afterIndent && indents;
	}

	/** Writes a space that separates an alias from the colon behind it. */
	space(): void {
		this.#put(' ');
	}

	plain(text: readonly string[], indent: number, fold: boolean): void {
		if (!this.#afterSpace && text.length) this.#put(' ');
		let spaces = false;
		for (const [index, character] of text.entries()) {
			if (character === ' ' && fold && !spaces && this.isFull && text[index + 1] !== ' ') this.indent(indent);
			else this.#put(character, 1);
			spaces = character === ' ';
			if (!spaces) this.afterIndent = false;
		}
		this.#endScalar();
	}

	singleQuoted(text: readonly string[], indent: number, fold: boolean): void {
		this.indicator("'");
		let spaces = false;
		let breaks = false;
		for (const [index, character] of text.entries()) {
			if (character === ' ') {
				const inside = index > 0 && index < text.length - 1;
				if (fold && !spaces && this.isFull && inside && text[index + 1] !== ' ') this.indent(indent);
				else this.#put(' ');
				spaces = true;
			} else if (isBreak(character)) {
				// One line break in quotes is a space: it takes two.
				if (!breaks && character === '\n') this.#break();
				this.#break(character);
				this.afterIndent = true;
				breaks = true;
			} else {
				if (breaks) this.indent(indent);
				this.#put(character === "'" ? "''" : character, character === "'" ? 2 : 1);
				this.afterIndent = false;
				spaces = false;
				breaks = false;
			}
		}
		if (breaks) this.indent(indent);
		this.indicator("'", {spaced: false});
		this.#endScalar();
	}

	doubleQuoted(text: readonly string[], indent: number, fold: boolean): void {
		this.indicator('"');
		let spaces = false;
		for (const [index, character] of text.entries()) {
			if (character === ' ') {
				if (fold && !spaces && this.isFull && index > 0 && index < text.length - 1) {
					this.indent(indent);
					if (text[index + 1] === ' ') this.#put('\\');
				} else this.#put(' ');
				spaces = true;
				continue;
			}
			spaces = false;
			if (
				isPrintable(character) &&
				!isBreak(character) &&
				character !== '"' &&
				character !== '\\' &&
				(this.#allowUnicode || character <= '\x7f')
			)
				this.#put(character, 1);
			else this.#put(escaped(character.codePointAt(0)!));
		}
		this.indicator('"', {spaced: false});
		this.#endScalar();
	}

	literal(text: readonly string[], indent: number): void {
		this.#blockHeader('|', text);
		let breaks = true;
		for (const character of text) {
			if (isBreak(character)) {
				this.#break(character);
				this.afterIndent = true;
				breaks = true;
			} else {
				if (breaks) this.indent(indent);
				this.#put(character, 1);
				this.afterIndent = false;
				breaks = false;
			}
		}
	}

	folded(text: readonly string[], indent: number): void {
		this.#blockHeader('>', text);
		let breaks = true;
		let leadingSpaces = true;
		for (const [index, character] of text.entries()) {
			if (isBreak(character)) {
				if (!breaks && !leadingSpaces && character === '\n') {
					let next = index;
					while (isBreak(text[next])) next++;
					if (text[next] !== undefined && text[next] !== ' ' && text[next] !== '\t') this.#break();
				}
				this.#break(character);
				this.afterIndent = true;
				breaks = true;
				continue;
			}
			if (breaks) {
				this.indent(indent);
				leadingSpaces = character === ' ' || character === '\t';
			}
			if (!breaks && character === ' ' && text[index + 1] !== ' ' && this.isFull) this.indent(indent);
			else this.#put(character, 1);
			this.afterIndent = false;
			breaks = false;
		}
	}

	/** `|` or `>` with its hints: the indentation when the text begins with white space, `-` or `+` for how it ends. */
	#blockHeader(style: '|' | '>', text: readonly string[]): void {
		this.indicator(style);
		if (text[0] === ' ' || isBreak(text[0])) this.indicator(String(this.#step), {spaced: false});
		const end = isBreak(text.at(-1)) ? (text.length === 1 || isBreak(text.at(-2)) ? '+' : '') : '-';
		this.openEnded = end === '+';
		if (end) this.indicator(end, {spaced: false});
		this.#break();
		this.#afterSpace = true;
		this.afterIndent = true;
	}

	#endScalar(): void {
		this.#afterSpace = false;
		this.afterIndent = false;
	}
}

function escaped(code: number): string {
	const known = escapes[code];
	if (known !== undefined) return `\\${known}`;
	const hex = code.toString(16).toUpperCase();
	if (code <= 0xff) return `\\x${hex.padStart(2, '0')}`;
	return code <= 0xffff ? `\\u${hex.padStart(4, '0')}` : `\\U${hex.padStart(8, '0')}`;
}
