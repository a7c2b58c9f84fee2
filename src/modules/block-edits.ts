import {pythonRegex} from './python-regex.js';

/** Where a block goes and how it is marked. */
export interface BlockArgs {
	readonly state: 'present' | 'absent';
	readonly marker: string;
	readonly marker_begin: string;
	readonly marker_end: string;
	readonly block: string;
	readonly insertafter?: string;
	readonly insertbefore?: string;
	readonly append_newline: boolean;
	readonly prepend_newline: boolean;
}

/** The text with the block in it, or without it, by `blockinfile`'s rules: the old block's place, else after or before what matches, else the end. */
export function editBlock(text: string, args: BlockArgs): string {
	const {state, marker, marker_begin, marker_end} = args;
	const begin = `${marker.replaceAll('{mark}', marker_begin)}\n`;
	const end = `${marker.replaceAll('{mark}', marker_end)}\n`;
	const present = state === 'present';
	const block =
		present && args.block ? [begin, ...splitLines(args.block.endsWith('\n') ? args.block : `${args.block}\n`), end] : [];
	const lines = splitLines(text);
	const [first, last] = [lines.lastIndexOf(begin), lines.lastIndexOf(end)];
	let at: number;
	if (first < 0 || last < 0) at = placeOf(lines, text, args);
	else {
		at = Math.min(first, last);
		lines.splice(at, Math.abs(last - first) + 1);
	}
	if (at > 0 && !lines[at - 1]!.endsWith('\n')) lines[at - 1] += '\n';
	if (args.prepend_newline && present && at !== 0 && lines[at - 1] !== '\n') lines.splice(at++, 0, '\n');
	lines.splice(at, 0, ...block);
	const behind = at + block.length;
	if (args.append_newline && present && behind < lines.length && lines[behind] !== '\n') lines.splice(behind, 0, '\n');
	return lines.join('');
}

function placeOf(lines: readonly string[], text: string, {insertafter, insertbefore}: BlockArgs): number {
	const after = given(insertafter) || given(insertbefore) ? insertafter : 'EOF';
	const pattern =
		given(after) && after !== 'EOF' ? after : given(insertbefore) && insertbefore !== 'BOF' ? insertbefore : undefined;
	if (pattern === undefined) return given(insertbefore) && !given(after) ? 0 : lines.length;
	const regex = pythonRegex(pattern);
	let found: number | undefined;
	if (/^\(\?[a-z]*m/.test(pattern)) {
		const match = regex.search(text);
		const end = match && (given(after) ? match.index + match[0].length : match.index);
		if (match) found = text.slice(0, end!).split('\n').length - 1;
	} else {
		const index = lines.findLastIndex((line) => regex.isIn(line));
		if (index >= 0) found = index;
	}
	return found === undefined ? lines.length : given(after) ? found + 1 : found;
}

function splitLines(text: string): string[] {
	return text.match(/[^\r\n]*(?:\r\n|\n|\r)|[^\r\n]+/g) ?? [];
}

function given(text: string | undefined): text is string {
	return text !== undefined && text !== null;
}
