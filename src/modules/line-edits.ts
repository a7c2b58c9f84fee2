import {ModuleFailure} from './contract.js';
import {expandMatch, pythonRegex} from './python-regex.js';

/** How a line is found and what it shall be. */
export interface LineSearch {
	readonly regexp?: string;
	readonly search_string?: string;
	readonly line?: string;
	readonly insertafter?: string;
	readonly insertbefore?: string;
	readonly backrefs?: boolean;
	readonly firstmatch?: boolean;
}

export interface LineEdit {
	/** Each with what ends it. */
	readonly lines: readonly string[];
	readonly message: string;
	/** How many lines were taken out. */
	readonly found?: number;
}

/** The text of UTF-8 bytes; other bytes are refused, since they could not be written back as they were. */
export function decodeText(bytes: Buffer, path: string): string {
	try {
		return new TextDecoder('utf-8', {fatal: true, ignoreBOM: true}).decode(bytes);
	} catch {
		throw new ModuleFailure(`${path} is not a text in UTF-8`);
	}
}

/** Lines with their ends, as Python's universal newlines read them. */
export function linesOf(text: string): readonly string[] {
	return text.replace(/\r\n?/g, '\n').match(/[^\n]*\n|[^\n]+/g) ?? [];
}

/** Takes out every line that matches; undefined when there is none. */
export function removeLines(lines: readonly string[], {regexp, search_string, line}: LineSearch): LineEdit | undefined {
	const pattern = isGiven(regexp) ? pythonRegex(regexp) : undefined;
	const matches = (text: string) =>
		pattern ? pattern.isIn(text) : isGiven(search_string) ? text.includes(search_string) : text.replace(/[\r\n]+$/, '') === line;
	const left = lines.filter((text) => !matches(text));
	const found = lines.length - left.length;
	return found === 0 ? undefined : {lines: left, message: `${found} line(s) removed`, found};
}

/**
 * Puts the line in its place, by `lineinfile`'s rules: where `regexp` or `search_string` matches it replaces; else, when it is nowhere yet,
 * it goes after or before what `insertafter` or `insertbefore` matches, or to the end. Undefined when nothing changes.
 */
export function setLine(lines: readonly string[], search: LineSearch): LineEdit | undefined {
	const {line = '', backrefs, firstmatch} = search;
	const {insertbefore} = search;
	const insertafter = isGiven(search.insertafter) || isGiven(insertbefore) ? search.insertafter : 'EOF';
	const replaced = lastMatch(lines, search);
	let at = replaced?.index ?? -1;
	let inserted = -1;
	if (!replaced) {
		const anchor =
			isGiven(insertafter) && insertafter !== 'BOF' && insertafter !== 'EOF'
				? insertafter
				: isGiven(insertbefore) && insertbefore !== 'BOF'
					? insertbefore
					: undefined;
		const pattern = anchor === undefined ? undefined : pythonRegex(anchor);
		for (const [index, text] of lines.entries()) {
			if (text.replace(/[\r\n]+$/, '') === line) at = index;
			else if (pattern?.isIn(text)) {
				inserted = isGiven(insertafter) ? index + 1 : index;
				if (firstmatch) break;
			}
		}
	}
	if (at >= 0) {
		const text = backrefs && replaced?.match ? expandMatch(replaced.match, line) : line;
		const whole = text.endsWith('\n') ? text : `${text}\n`;
		return lines[at] === whole ? undefined : {lines: lines.with(at, whole), message: 'line replaced'};
	}
	if (backrefs) return undefined;
	return insert(lines, line, {insertafter, insertbefore, inserted});
}

function insert(
	lines: readonly string[],
	line: string,
	{insertafter, insertbefore, inserted}: {insertafter: string | undefined; insertbefore: string | undefined; inserted: number},
): LineEdit | undefined {
	const message = 'line added';
	const whole = `${line}\n`;
	if (insertbefore === 'BOF' || insertafter === 'BOF') return {lines: [whole, ...lines], message};
	if (insertafter === 'EOF' || inserted === -1) {
		const last = lines.at(-1);
		return {lines: [...lines, ...(last && !/[\r\n]$/.test(last) ? ['\n'] : []), whole], message};
	}
	if (isGiven(insertafter)) {
		const neighbour = inserted === lines.length ? lines[inserted - 1]! : lines[inserted]!;
		if (neighbour.replace(/[\r\n]+$/, '') === line) return undefined;
	}
	// Ansible glues the new line to a last line that has no end, and does so again on every run.
	const open = inserted === lines.length && !lines[inserted - 1]!.endsWith('\n');
	return {lines: lines.toSpliced(inserted, 0, ...(open ? ['\n'] : []), whole), message};
}

/** The last line that matches, or the first with `firstmatch`. */
function lastMatch(
	lines: readonly string[],
	{regexp, search_string, firstmatch}: LineSearch,
): {index: number; match?: RegExpExecArray} | undefined {
	let found: {index: number; match?: RegExpExecArray} | undefined;
	const pattern = isGiven(regexp) ? pythonRegex(regexp) : undefined;
	for (const [index, text] of lines.entries()) {
		const match = pattern?.search(text);
		if (match || (isGiven(search_string) && text.includes(search_string))) {
			found = {index, ...(match ? {match} : {})};
			if (firstmatch) break;
		}
	}
	return found;
}

function isGiven(text: string | undefined): text is string {
	return text !== undefined && text !== null;
}
