/** Characters that would move the cursor, ring or reorder what is shown: C0, DEL, C1, and the bidirectional controls. */
const controls = /[\u0000-\u0008\u000a-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\t]/g;

/** A text without control characters; tabs stay when `keepTabs` is set. */
export function cleanText(text: string, keepTabs = false): string {
	return text.replace(controls, (character) => (keepTabs && character === '\t' ? character : ''));
}

/** A text whose tabs are blanks up to the next multiple of four columns. */
export function expandTabs(text: string): string {
	if (!text.includes('\t')) return text;
	let shown = '';
	let column = 0;
	for (const character of text) {
		const piece = character === '\t' ? ' '.repeat(4 - (column % 4)) : character;
		shown += piece;
		column += displayWidth(piece);
	}
	return shown;
}

/** How many columns of a terminal a text takes: two for East Asian wide characters and emoji, none for combining marks. */
export function displayWidth(text: string): number {
	let width = 0;
	for (const character of text) width += characterWidth(character);
	return width;
}

const zeroWidth = /^(?:\p{Mn}|\p{Me}|[\u200b-\u200d]|[\ufe00-\ufe0f])$/u;

function characterWidth(character: string): number {
	const code = character.codePointAt(0)!;
	if (code < 0x300) return 1;
	if (zeroWidth.test(character)) return 0;
	return wideRanges.some(([from, to]) => code >= from && code <= to) ? 2 : 1;
}

/** The blocks whose characters are wide or fullwidth in Unicode's East Asian Width table. */
const wideRanges: readonly (readonly [number, number])[] = [
	[0x1100, 0x115f],
	[0x2e80, 0x303e],
	[0x3041, 0xa4cf],
	[0xa960, 0xa97f],
	[0xac00, 0xd7a3],
	[0xf900, 0xfaff],
	[0xfe30, 0xfe6f],
	[0xff00, 0xff60],
	[0xffe0, 0xffe6],
	[0x1f300, 0x1f64f],
	[0x1f680, 0x1f6ff],
	[0x1f900, 0x1f9ff],
	[0x20000, 0x3fffd],
];
