import {Dict, Float, type Value} from '../jinja/jinja.js';

/** What the reader gives up with on a text that is no Python literal; one for all, since most texts are none and a stack trace takes time. */
const notLiteral = new Error('no Python literal');

/**
 * A Python literal as `ast.literal_eval` reads it (numbers, strings, lists, dicts, tuples and sets as lists, True, False, None), or undefined when
 * the text is none. `ofText` makes values of the strings inside. Complex numbers and `...` become text, as in Ansible's INI inventories.
 */
export function parsePythonLiteral(text: string, ofText: (text: string) => Value): Value | undefined {
	const reader = new Reader(text.replace(/^[ \t]+/, ''), ofText);
	try {
		return reader.whole();
	} catch (error) {
		if (error === notLiteral) return undefined;
		throw error;
	}
}

const words = new Map<string, Value>([
	['True', true],
	['False', false],
	['None', null],
]);
const number =
	/(?:0[xX](?:_?[0-9a-fA-F])+|0[bB](?:_?[01])+|0[oO](?:_?[0-7])+|(?:[0-9](?:_?[0-9])*)?\.[0-9](?:_?[0-9])*(?:[eE][-+]?[0-9]+)?|[0-9](?:_?[0-9])*\.?(?:[eE][-+]?[0-9]+)?)/y;
const escapes: Record<string, string> = {
	n: '\n',
	t: '\t',
	r: '\r',
	'\\': '\\',
	"'": "'",
	'"': '"',
	a: '\x07',
	b: '\b',
	f: '\f',
	v: '\v',
};

class Reader {
	readonly #text: string;
	readonly #ofText: (text: string) => Value;
	#at = 0;
	#depth = 0;

	constructor(text: string, ofText: (text: string) => Value) {
		this.#text = text;
		this.#ofText = ofText;
	}

	whole(): Value {
		const value = this.#tuple();
		this.#blank();
		if (this.#at < this.#text.length) throw notLiteral;
		return value;
	}

	/** A value, or several with commas and no brackets, which are a tuple. */
	#tuple(): Value {
		const first = this.#value();
		if (!this.#take(',')) return first;
		const items = [first];
		while (this.#peek() !== '' && this.#peek() !== ')') {
			items.push(this.#value());
			if (!this.#take(',')) break;
		}
		return items;
	}

	#value(): Value {
		if (++this.#depth > 200) throw notLiteral;
		const next = this.#peek();
		let value: Value;
		if (next === '[') value = this.#list();
		else if (next === '{') value = this.#braces();
		else if (next === '(') value = this.#parentheses();
		else if (/['"]/.test(next) || /^[rRbBuU]{1,2}['"]/.test(this.#text.slice(this.#at, this.#at + 3))) value = this.#strings();
		else if (/[-+.0-9]/.test(next)) value = this.#number();
		else value = this.#word();
		this.#depth--;
		return value;
	}

	#list(): Value[] {
		this.#at++;
		return this.#items(']');
	}

	#items(close: string): Value[] {
		const items: Value[] = [];
		while (!this.#take(close)) {
			items.push(this.#value());
			if (!this.#take(',')) {
				if (!this.#take(close)) throw notLiteral;
				break;
			}
		}
		return items;
	}

	#parentheses(): Value {
		this.#at++;
		if (this.#take(')')) return [];
		const value = this.#tuple();
		if (!this.#take(')')) throw notLiteral;
		return value;
	}

	/** A dict, or a set, which becomes a list without repetitions. */
	#braces(): Value {
		this.#at++;
		const dict = new Dict();
		if (this.#take('}')) return dict;
		const first = this.#keyOrItem();
		if (!this.#take(':')) {
			const rest = this.#take(',') ? this.#items('}') : this.#take('}') ? [] : undefined;
			if (!rest) throw notLiteral;
			return [...new Set([typeof first === 'string' ? this.#ofText(first) : first, ...rest])];
		}
		dict.set(first, this.#value());
		while (this.#take(',')) {
			if (this.#peek() === '}') break;
			const key = this.#keyOrItem();
			if (!this.#take(':')) throw notLiteral;
			dict.set(key, this.#value());
		}
		if (!this.#take('}')) throw notLiteral;
		return dict;
	}

	/** Keys are never templates. */
	#keyOrItem(): Value {
		if (/['"]/.test(this.#peek())) return this.#rawStrings();
		const value = this.#value();
		if (Array.isArray(value) || value instanceof Dict) throw notLiteral;
		return value;
	}

	#strings(): Value {
		return this.#ofText(this.#rawStrings());
	}

	/** Strings that stand side by side are one. */
	#rawStrings(): string {
		let text = '';
		do text += this.#string();
		while (/^[rRbBuU]{0,2}['"]/.test(this.#text.slice(this.#skipped(), this.#at + 3)));
		return text;
	}

	#string(): string {
		this.#blank();
		const prefix = /[rRbBuU]*/y;
		prefix.lastIndex = this.#at;
		const raw = /[rR]/.test(prefix.exec(this.#text)![0]);
		this.#at = prefix.lastIndex;
		const sign = this.#text[this.#at]!;
		if (sign !== "'" && sign !== '"') throw notLiteral;
		const triple = this.#text.startsWith(sign.repeat(3), this.#at);
		const close = triple ? sign.repeat(3) : sign;
		this.#at += close.length;
		let text = '';
		while (!this.#text.startsWith(close, this.#at)) {
			if (this.#at >= this.#text.length) throw notLiteral;
			if (this.#text[this.#at] !== '\\') text += this.#text[this.#at++];
			else if (raw) {
				text += this.#text.slice(this.#at, this.#at + 2);
				this.#at += 2;
			} else text += this.#escape();
		}
		this.#at += close.length;
		return text;
	}

	#escape(): string {
		const match = /\\(?:([0-7]{1,3})|x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|(.))/sy;
		match.lastIndex = this.#at;
		const found = match.exec(this.#text);
		if (!found) throw notLiteral;
		this.#at = match.lastIndex;
		const [, octal, ...rest] = found;
		const hex = rest[0] ?? rest[1] ?? rest[2];
		if (octal !== undefined) return String.fromCodePoint(Number.parseInt(octal, 8));
		if (hex !== undefined) {
			const code = Number.parseInt(hex, 16);
			if (code > 0x10ffff) throw notLiteral;
			return String.fromCodePoint(code);
		}
		const character = rest[3]!;
		if (/[xuUN]/.test(character)) throw notLiteral;
		return character === '\n' ? '' : (escapes[character] ?? `\\${character}`);
	}

	/** A number with its signs; with an imaginary part its text. */
	#number(): Value {
		if (this.#text.startsWith('...', this.#at)) {
			this.#at += 3;
			return '...';
		}
		const start = this.#at;
		let negative = false;
		while (/[-+]/.test(this.#peek())) {
			if (this.#peek() === '-') negative = !negative;
			this.#at++;
		}
		this.#blank();
		number.lastIndex = this.#at;
		const written = number.exec(this.#text)?.[0];
		if (!written) throw notLiteral;
		this.#at += written.length;
		if (/^[jJ]/.test(this.#text.slice(this.#at))) {
			this.#at++;
			return this.#text.slice(start, this.#at);
		}
		if (/^[\p{L}\p{N}_]/u.test(this.#text.slice(this.#at))) throw notLiteral;
		// `0022` is no number in Python, `00` is.
		if (/^0[0-9_]*$/.test(written) && /[1-9]/.test(written)) throw notLiteral;
		const digits = written.replaceAll('_', '');
		if (/^0[xXbBoO]/.test(digits) || /^[0-9]+$/.test(digits)) {
			const value = BigInt(digits) * (negative ? -1n : 1n);
			return Number.isSafeInteger(Number(value)) ? Number(value) : value;
		}
		const value = Number(digits) * (negative ? -1 : 1);
		return Number.isInteger(value) ? new Float(value) : value;
	}

	#word(): Value {
		const match = /[A-Za-z]+/y;
		match.lastIndex = this.#at;
		const word = match.exec(this.#text)?.[0] ?? '';
		this.#at += word.length;
		if (word === 'set' && this.#take('(') && this.#take(')')) return [];
		const value = words.get(word);
		if (value === undefined || /^[\p{L}\p{N}_]/u.test(this.#text.slice(this.#at))) throw notLiteral;
		return value;
	}

	#peek(): string {
		this.#blank();
		return this.#text[this.#at] ?? '';
	}

	#take(character: string): boolean {
		if (this.#peek() !== character) return false;
		this.#at++;
		return true;
	}

	#skipped(): number {
		this.#blank();
		return this.#at;
	}

	#blank(): void {
		const blank = /(?:[ \t\f]|#.*$)*/y;
		blank.lastIndex = this.#at;
		blank.exec(this.#text);
		this.#at = blank.lastIndex;
	}
}
