/** A text that the user wrote, with the name under which they know it. Offsets into `text` are UTF-16 code units. */
export class SourceFile {
	readonly path: string;
	readonly text: string;
	/** It lay in a vault as a whole: no line of it is shown. */
	readonly isSealed: boolean;
	/** The texts of its values are secret: said of a sealed file that holds variables, not plays or tasks. */
	isSecret = false;
	#lineStarts: number[] | undefined;

	constructor(path: string, text: string, {isSealed = false}: {isSealed?: boolean} = {}) {
		this.path = path;
		this.text = text;
		this.isSealed = isSealed;
	}

	/** The line and column (both from 1; the column counts UTF-16 code units) of an offset. */
	position(offset: number): Position {
		const starts = this.#starts();
		let low = 0;
		let high = starts.length - 1;
		while (low < high) {
			const middle = (low + high + 1) >> 1;
			if (starts[middle]! <= offset) low = middle;
			else high = middle - 1;
		}
		return {line: low + 1, column: offset - starts[low]! + 1};
	}

	/** The text of a line (from 1), without its line break; empty past the end. */
	line(number: number): string {
		const starts = this.#starts();
		const start = starts[number - 1];
		if (start === undefined) return '';
		return this.text.slice(start, starts[number] ?? this.text.length).replace(/\r?\n$/, '');
	}

	/** How many lines the text has. */
	get lineCount(): number {
		return this.#starts().length;
	}

	#starts(): number[] {
		if (this.#lineStarts) return this.#lineStarts;
		const starts = [0];
		for (let at = this.text.indexOf('\n'); at !== -1; at = this.text.indexOf('\n', at + 1)) starts.push(at + 1);
		this.#lineStarts = starts;
		return starts;
	}
}

/** A place in a text as people count it. */
export interface Position {
	/** From 1. */
	line: number;
	/** From 1, in UTF-16 code units. */
	column: number;
}

/** A stretch of a source file: `end` is exclusive, equal to `start` for a point. Line and column are computed when printed. */
export interface Span {
	readonly file: SourceFile;
	readonly start: number;
	readonly end: number;
}

/** `path:line:column` of a span's start. */
export function formatSpan(span: Span): string {
	const {line, column} = span.file.position(span.start);
	return `${span.file.path}:${line}:${column}`;
}
