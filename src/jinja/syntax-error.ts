/** What the lexer and the parser throw: offsets are of the template's source. */
export class SyntaxFault extends Error {
	readonly start: number;
	readonly end: number;
	constructor(message: string, start: number, end = start) {
		super(message);
		this.name = 'SyntaxFault';
		this.start = start;
		this.end = end;
	}
}
