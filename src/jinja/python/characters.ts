/** Python's white space, for the inside of a `[…]`: JavaScript's `\s` has U+FEFF too, and not the separators 1c to 1f and 85. */
export const spaces = '\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000';

/** What has the value of one digit beside the decimal digits (Unicode's Numeric_Type=Digit). */
export const digits =
	'\\xb2\\xb3\\xb9\\u1369-\\u1371\\u19da\\u2070\\u2074-\\u2079\\u2080-\\u2089\\u2460-\\u2468\\u2474-\\u247c\\u2488-\\u2490\\u24ea\\u24f5-\\u24fd\\u24ff\\u2776-\\u277e\\u2780-\\u2788\\u278a-\\u2792\\u{10a40}-\\u{10a43}\\u{10e60}-\\u{10e68}\\u{11052}-\\u{1105a}\\u{1f100}-\\u{1f10a}';

/** The ideographs that are numbers. */
export const numerals =
	'㐅㒃㠪㭍一七万三九二五亖亿什仟仨伍佰億兆兩八六十千卄卅卌叁参參叄四壱壹幺廾廿弌弍弎弐拾捌柒漆玖百肆萬貮貳贰阡陆陌陸零\uf96b\uf973\uf978\uf9b2\uf9d1\uf9d3\uf9fd𠀁𠁤𠃢𠄡𠤪𠦃𠦌𠦜𠫪𠫽𠬙𢎐𢦘𣬛𦉭\u{2f890}';

/** Python's `text.casefold()`. */
export function foldCase(text: string): string {
	return Array.from(text, (character) => {
		const code = character.codePointAt(0)!;
		if (code === 0x131) return character; // dotless i
		if (code === 0x1e9e) return 'ss';
		// Cherokee folds to its capitals.
		if ((code >= 0x13a0 && code <= 0x13fd) || (code >= 0xab70 && code <= 0xabbf)) return character.toUpperCase();
		return Array.from(character.toUpperCase(), (one) => one.toLowerCase()).join('');
	}).join('');
}

/** Python's `text.swapcase()`. */
export function swapCase(text: string): string {
	const lower = text.toLowerCase();
	let at = 0;
	let result = '';
	for (const character of text) {
		// The lower case of a whole text knows where a final sigma stands.
		const length = character.toLowerCase().length;
		if (/\p{Uppercase}/u.test(character)) result += lower.slice(at, at + length);
		else result += /\p{Lowercase}/u.test(character) ? character.toUpperCase() : character;
		at += length;
	}
	return result;
}

/** Whether a text has letters of one case and none of another: Python's `islower` and `isupper`. */
export function isOnly(text: string, wanted: 'Lowercase' | 'Uppercase'): boolean {
	const other = wanted === 'Lowercase' ? /[\p{Uppercase}\p{Lt}]/u : /[\p{Lowercase}\p{Lt}]/u;
	return !other.test(text) && (wanted === 'Lowercase' ? /\p{Lowercase}/u : /\p{Uppercase}/u).test(text);
}

/** Python's `text.istitle()`: capitals stand behind what has no case, small letters behind what has. */
export function isTitle(text: string): boolean {
	return /\p{Cased}/u.test(text) && !/\p{Cased}[\p{Uppercase}\p{Lt}]|(?<!\p{Cased})\p{Lowercase}/u.test(text);
}
