/** A shell pattern (`*`, `?`, `[a-c]`, `[!a]`) as a regular expression for the whole of a text, as Python's `fnmatch.translate` makes it. */
export function globToRegExp(pattern: string): RegExp {
	let source = '';
	for (let at = 0; at < pattern.length; at++) {
		const character = pattern[at]!;
		if (character === '*') source += '.*';
		else if (character === '?') source += '.';
		else if (character === '[') {
			const end = classEnd(pattern, at + 1);
			if (end < 0) source += '\\[';
			else {
				source += characterClass(pattern.slice(at + 1, end));
				at = end;
			}
		} else source += character.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
	}
	return new RegExp(`^(?:${source})$`, 's');
}

function classEnd(pattern: string, from: number): number {
	let at = from;
	if (pattern[at] === '!') at++;
	if (pattern[at] === ']') at++;
	return pattern.indexOf(']', at);
}

function characterClass(text: string): string {
	const negated = text.startsWith('!');
	const inner = (negated ? text.slice(1) : text)
		.replace(/[\\\]^[]/g, '\\$&')
		.replace(/(.)-(.)/g, (range, from: string, to: string) => (from > to ? '' : range));
	if (inner === '') return negated ? '.' : '(?!)';
	return `[${negated ? '^' : ''}${inner}]`;
}
