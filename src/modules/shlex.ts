/** A command line that ends inside quotes or behind a backslash; `message` is Python's. */
export class CommandLineError extends Error {}

/** Splits a command line as Python's `shlex.split` does: POSIX quotes and backslashes, no comments, no expansion. */
export function splitCommandLine(text: string): string[] {
	return readWords(text).words;
}

/** The first word of a command line, and the text after it as it was written. */
export function firstWord(text: string): {readonly word: string; readonly rest: string} | undefined {
	const {words, ends} = readWords(text);
	return words.length === 0 ? undefined : {word: words[0]!, rest: text.slice(ends[0])};
}

function readWords(text: string): {words: string[]; ends: number[]} {
	const words: string[] = [];
	const ends: number[] = [];
	let word: string | undefined;
	let quote = '';
	for (let index = 0; index < text.length; index++) {
		const character = text[index]!;
		if (quote) {
			if (character === quote) quote = '';
			else if (character === '\\' && quote === '"') {
				const next = text[++index];
				if (next === undefined) throw new CommandLineError('No escaped character');
				word += next === '"' || next === '\\' ? next : `\\${next}`;
			} else word += character;
		} else if (/[ \t\r\n]/.test(character)) {
			if (word !== undefined) ends.push(words.push(word) && index);
			word = undefined;
		} else if (character === '"' || character === "'") {
			quote = character;
			word ??= '';
		} else if (character === '\\') {
			const next = text[++index];
			if (next === undefined) throw new CommandLineError('No escaped character');
			word = (word ?? '') + next;
		} else word = (word ?? '') + character;
	}
	if (quote) throw new CommandLineError('No closing quotation');
	if (word !== undefined) ends.push(words.push(word) && text.length);
	return {words, ends};
}

/** Words as one line for people to read, as Python's `shlex.join` shows them; nothing ever runs this text. */
export function showCommandLine(words: readonly string[]): string {
	return words.map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'"'"'`)}'`)).join(' ');
}
