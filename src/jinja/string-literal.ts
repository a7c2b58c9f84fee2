const escapes = /\\(\n|[\\'"abfnrtv]|[0-7]{1,3}|x([0-9a-fA-F]{0,2})|u([0-9a-fA-F]{0,4})|U([0-9a-fA-F]{0,8})|N(?:\{[^}]*\})?|$)/g;
const simple: Record<string, string> = {
	'\n': '',
	'\\': '\\',
	"'": "'",
	'"': '"',
	a: '\x07',
	b: '\b',
	f: '\f',
	n: '\n',
	r: '\r',
	t: '\t',
	v: '\v',
};

/** Python's escapes in a string literal; unknown ones stay as they are. `fail` is called for a broken one and must throw. */
export function unescapeString(text: string, fail: (message: string) => never): string {
	if (!text.includes('\\')) return text;
	return text.replace(escapes, (_, code: string, two?: string, four?: string, eight?: string) => {
		const known = simple[code];
		if (known !== undefined) return known;
		if (two !== undefined)
			return two.length === 2 ? String.fromCharCode(Number.parseInt(two, 16)) : fail('truncated \\xXX escape');
		if (four !== undefined)
			return four.length === 4 ? String.fromCharCode(Number.parseInt(four, 16)) : fail('truncated \\uXXXX escape');
		if (eight !== undefined) {
			if (eight.length !== 8) return fail('truncated \\UXXXXXXXX escape');
			const point = Number.parseInt(eight, 16);
			return point <= 0x10ffff ? String.fromCodePoint(point) : fail('illegal Unicode character');
		}
		if (code.startsWith('N')) return fail('character names (\\N{...}) are not supported; write \\uXXXX');
		return String.fromCharCode(Number.parseInt(code, 8));
	});
}
