/** A word of a line with where it stands: `end` is exclusive, quotes included. */
export interface ShellWord {
	readonly text: string;
	readonly start: number;
	readonly end: number;
}

/** Splits a line into words as Python's `shlex.split(line, comments=True)` does; a text says what is wrong with it. */
export function splitShellWords(line: string): ShellWord[] | string {
	const words: ShellWord[] = [];
	let at = 0;
	while (at < line.length) {
		const character = line[at]!;
		if (/\s/.test(character)) {
			at++;
			continue;
		}
		if (character === '#') break;
		const start = at;
		let text = '';
		while (at < line.length && !/\s/.test(line[at]!) && line[at] !== '#') {
			const sign = line[at]!;
			if (sign === '\\') {
				if (at + 1 >= line.length) return 'No escaped character';
				text += line[at + 1];
				at += 2;
			} else if (sign === '"' || sign === "'") {
				at++;
				while (line[at] !== sign) {
					if (at >= line.length) return 'No closing quotation';
					if (sign === '"' && line[at] === '\\' && (line[at + 1] === '"' || line[at + 1] === '\\')) at++;
					text += line[at++];
				}
				at++;
			} else {
				text += sign;
				at++;
			}
		}
		words.push({text, start, end: at});
	}
	return words;
}
