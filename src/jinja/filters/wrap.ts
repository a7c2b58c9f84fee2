import {integerArgument, numberArgument} from '../python/argument.js';
import {codePointLength} from '../python/iterate.js';
import {strip} from '../python/string-functions.js';
import type {Value} from '../value.js';

/** The parts of a line that Python's `textwrap` keeps together: words, dashes, white space. */
function chunks(line: string, onHyphens: boolean): string[] {
	if (!onHyphens) return line.split(/([\t\n\v\f\r ]+)/).filter(Boolean);
	const word = '[\\p{L}\\p{N}_!"\'&.,?]';
	const letter = '[\\p{L}\\p{Nl}\\p{No}_]';
	const space = '[\\t\\n\\v\\f\\r ]';
	const pattern = new RegExp(
		`(${space}+|(?<=${word})-{2,}(?=[\\p{L}\\p{N}_])|[^\\t\\n\\v\\f\\r ]+?(?:-(?:(?<=${letter}{2}-)|(?<=${letter}-${letter}-))(?=${letter}-?${letter})|(?=${space}|$)|(?<=${word})(?=-{2,}[\\p{L}\\p{N}_])))`,
		'u',
	);
	return line.split(pattern).filter(Boolean);
}

const isBlank = (text: string): boolean => strip(text, null, true, false) === '';

/** Python's `textwrap.wrap` of one line (a width that is no integer only where no word is cut), without expanding tabs or replacing white space. */
export function wrapText(line: string, wanted: Value, breakLong: boolean, onHyphens: boolean): string[] {
	const width = numberArgument(wanted, 'width');
	const rest = chunks(line, onHyphens).reverse();
	const lines: string[] = [];
	while (rest.length) {
		const current: string[] = [];
		let length = 0;
		if (lines.length && isBlank(rest.at(-1)!)) rest.pop();
		while (rest.length && length + codePointLength(rest.at(-1)!) <= width) {
			const chunk = rest.pop()!;
			current.push(chunk);
			length += codePointLength(chunk);
		}
		if (rest.length && codePointLength(rest.at(-1)!) > width) {
			const chunk = Array.from(rest.at(-1)!);
			const space = width < 1 ? 1 : width - length;
			if (breakLong) {
				if (width >= 1) integerArgument(wanted, 'slice indices');
				let end = space;
				if (onHyphens && chunk.length > space && space > 0) {
					const hyphen = chunk.lastIndexOf('-', space - 1);
					if (hyphen > 0 && chunk.slice(0, hyphen).some((one) => one !== '-')) end = hyphen + 1;
				}
				current.push(chunk.slice(0, end).join(''));
				rest[rest.length - 1] = chunk.slice(end).join('');
			} else if (!current.length) current.push(rest.pop()!);
		}
		if (current.length && isBlank(current.at(-1)!)) current.pop();
		if (current.length) lines.push(current.join(''));
	}
	return lines;
}
