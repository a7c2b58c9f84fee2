import {integerArgument, numberArgument} from '../python/argument.js';
import type {Value} from '../value.js';

/** The parts of a line that Python's `textwrap` keeps together: words, dashes, white space. */
function chunks(line: string, onHyphens: boolean): string[] {
	if (!onHyphens) return line.split(/([\t\n\v\f\r ]+)/).filter(Boolean);
	const word = '[\\p{L}\\p{N}_!"\'&.,?]';
	const letter = '[\\p{L}_]';
	const space = '[\\t\\n\\v\\f\\r ]';
	const pattern = new RegExp(
		`(${space}+|(?<=${word})-{2,}(?=[\\p{L}\\p{N}_])|[^\\t\\n\\v\\f\\r ]+?(?:-(?:(?<=${letter}{2}-)|(?<=${letter}-${letter}-))(?=${letter}-?${letter})|(?=${space}|$)|(?<=${word})(?=-{2,}[\\p{L}\\p{N}_])))`,
		'u',
	);
	return line.split(pattern).filter(Boolean);
}

/** Python's `textwrap.wrap` of one line (a width that is no integer only where no word is cut), without expanding tabs or replacing white space. */
export function wrapText(line: string, wanted: Value, breakLong: boolean, onHyphens: boolean): string[] {
	const width = numberArgument(wanted, 'width');
	const rest = chunks(line, onHyphens).reverse();
	const lines: string[] = [];
	while (rest.length) {
		const current: string[] = [];
		let length = 0;
		if (lines.length && rest.at(-1)!.trim() === '') rest.pop();
		while (rest.length && length + rest.at(-1)!.length <= width) {
			const chunk = rest.pop()!;
			current.push(chunk);
			length += chunk.length;
		}
		if (rest.length && rest.at(-1)!.length > width) {
			const chunk = rest.at(-1)!;
			const space = Math.max(1, width - length);
			if (breakLong) {
				if (width >= 1) integerArgument(wanted, 'slice indices');
				let end = space;
				if (onHyphens && chunk.length > space) {
					const hyphen = chunk.lastIndexOf('-', space - 1);
					if (hyphen > 0 && /[^-]/.test(chunk.slice(0, hyphen))) end = hyphen + 1;
				}
				current.push(chunk.slice(0, end));
				rest[rest.length - 1] = chunk.slice(end);
			} else if (!current.length) current.push(rest.pop()!);
		}
		if (current.length && current.at(-1)!.trim() === '') current.pop();
		if (current.length) lines.push(current.join(''));
	}
	return lines;
}
