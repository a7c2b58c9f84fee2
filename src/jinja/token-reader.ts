import type {Token} from './lexer.js';
import {maximumNesting} from './limits.js';
import {SyntaxFault} from './syntax-error.js';

/** Goes through the tokens of a source: what every rule of the grammar reads by. */
export abstract class TokenReader {
	protected readonly tokens: readonly Token[];
	protected at = 0;
	#depth = 0;

	constructor(tokens: readonly Token[]) {
		this.tokens = tokens;
	}

	protected get current(): Token {
		return this.tokens[this.at]!;
	}
	protected get previousEnd(): number {
		return this.tokens[this.at - 1]?.end ?? 0;
	}
	protected look(): Token {
		return this.tokens[Math.min(this.at + 1, this.tokens.length - 1)]!;
	}
	protected next(): Token {
		const token = this.current;
		if (this.at < this.tokens.length - 1) this.at++;
		return token;
	}
	protected isName(name: string, token = this.current): boolean {
		return token.type === 'name' && token.value === name;
	}
	protected skipName(name: string): boolean {
		if (!this.isName(name)) return false;
		this.next();
		return true;
	}
	protected skip(type: string): boolean {
		if (this.current.type !== type) return false;
		this.next();
		return true;
	}
	protected expect(type: string): Token {
		if (this.current.type !== type) {
			if (this.current.type === 'eof') this.fail(`unexpected end of template, expected ${describeType(type)}.`);
			this.fail(`expected token ${describeType(type)}, got ${describe(this.current)}`);
		}
		return this.next();
	}
	protected expectName(name: string): Token {
		if (!this.isName(name)) this.fail(`expected token '${name}', got ${describe(this.current)}`);
		return this.next();
	}
	protected fail(message: string, at: {start: number; end: number} = this.current): never {
		throw new SyntaxFault(message, at.start, at.end);
	}
	/** Counts how deep the grammar is nested, so that no source can exhaust the stack. */
	protected nested<T>(read: () => T): T {
		if (++this.#depth > maximumNesting) this.fail(`nested deeper than ${maximumNesting} levels`);
		const result = read();
		this.#depth--;
		return result;
	}
}

const typeNames: Record<string, string> = {
	variable_end: 'end of print statement',
	block_end: 'end of statement block',
	variable_begin: 'begin of print statement',
	block_begin: 'begin of statement block',
	eof: 'end of template',
	data: 'template data / text',
};

/** A token as messages name it. */
export function describe(token: Token): string {
	return token.type === 'name' ? `'${token.value}'` : describeType(token.type);
}

function describeType(type: string): string {
	return `'${typeNames[type] ?? type}'`;
}
