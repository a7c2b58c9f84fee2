/** A command line that ends inside quotes or behind a backslash; `message` is Python's. */
export class CommandLineError extends Error {}

/** Splits a command line as Python's `shlex.split` does: POSIX quotes and backslashes, no comments, no expansion. */
export function splitCommandLine(text: string): string[] {
	const words: string[] = [];
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
			if (word !== undefined) words.push(word);
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
	if (word !== undefined) words.push(word);
	return words;
}

/** Words as one line for people to read, as Python's `shlex.join` shows them; nothing ever runs this text. */
export function showCommandLine(words: readonly string[]): string {
	return words.map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'"'"'`)}'`)).join(' ');
}
