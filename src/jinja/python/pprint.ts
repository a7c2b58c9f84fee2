import {splitLines} from './string-functions.js';
import {stringRepr} from './text.js';

/** How wide Python's `pprint` writes. */
const width = 80;

/** A long text as Python's `pprint.pformat` shows it: in pieces that break behind white space, in brackets. */
export function prettyText(text: string): string {
	if (stringRepr(text).length <= width) return stringRepr(text);
	// The opening bracket takes one column of each line, the closing one another of the last.
	const most = width - 1;
	const chunks: string[] = [];
	const lines = splitLines(text, true);
	for (const [index, line] of lines.entries()) {
		const isLast = index === lines.length - 1;
		const whole = stringRepr(line);
		if (whole.length <= most - (isLast ? 1 : 0)) {
			chunks.push(whole);
			continue;
		}
		const parts = line.match(/\S+\s*|\s+/g) ?? [];
		let current = '';
		for (const [place, part] of parts.entries()) {
			const room = most - (isLast && place === parts.length - 1 ? 1 : 0);
			if (stringRepr(current + part).length <= room) current += part;
			else {
				if (current) chunks.push(stringRepr(current));
				current = part;
			}
		}
		if (current) chunks.push(stringRepr(current));
	}
	return chunks.length === 1 ? stringRepr(lines.at(-1)!) : `(${chunks.join('\n ')})`;
}
