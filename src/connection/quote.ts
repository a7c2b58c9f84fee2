/** The only place where text becomes shell source. */

/** One word of sh that stands for exactly this text. Throws when the text holds a NUL, which no shell word can. */
export function quote(text: string): string {
	if (text.includes('\0')) throw new TypeError('a script argument cannot hold a NUL character');
	return `'${text.replaceAll("'", "'\\''")}'`;
}

/**
 * A word for the format operand of the builtin `printf` that makes it print exactly these bytes, whatever they are.
 * Only plain ASCII stands for itself, so neither the shell's locale nor its handling of odd bytes matters.
 */
export function printfFormat(bytes: Uint8Array): string {
	let format = '';
	for (const byte of bytes) format += FORMAT[byte]!;
	return `'${format.startsWith('-') ? `\\055${format.slice(1)}` : format}'`;
}

const FORMAT = Array.from({length: 256}, (_, byte) => {
	const character = String.fromCharCode(byte);
	if (character === '%') return '%%';
	if (character === '\\') return '\\\\';
	const plain = (byte >= 0x20 && byte < 0x7f && character !== "'") || character === '\n' || character === '\t';
	return plain ? character : `\\${byte.toString(8).padStart(3, '0')}`;
});

/** Whether a name can be exported by sh. */
export function isVariableName(name: string): boolean {
	return /^[A-Za-z_][A-Za-z0-9_]*$/.test(name);
}

/** The words of a line as a shell would part them, quotes and backslashes taken off (`ansible_ssh_common_args`, `become_flags`). */
export function splitWords(line: string): string[] {
	const words: string[] = [];
	for (const [word] of line.matchAll(/(?:[^\s'"\\]|\\.|'[^']*'|"(?:[^"\\]|\\.)*")+/gs)) {
		words.push(
			word.replace(/\\(.)|'([^']*)'|"((?:[^"\\]|\\.)*)"/gs, (_, escaped, single, double) => {
				return escaped ?? single ?? double.replace(/\\(["\\$`])/g, '$1');
			}),
		);
	}
	return words;
}
