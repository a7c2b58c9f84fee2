import type {Diagnostic, Label} from './diagnostic.js';
import {formatSpan, type SourceFile} from './file.js';
import {cleanText, displayWidth, expandTabs} from './width.js';

/** How many columns of a source line are shown; a longer one is cut around what is underlined. */
const widest = 120;

/**
 * A diagnostic as people read it: the message, the lines of the files it speaks of with what is wrong underlined, notes and help. Ends
 * without a line break. Control characters of the sources are left out; tabs and wide characters keep the underline in its place. Paths
 * below `folder` (where the program runs) are shown relative to it.
 */
export function renderDiagnostic(original: Diagnostic, {color, folder}: {color: boolean; folder?: string}): string {
	const diagnostic = folder === undefined ? original : relativeTo(folder, original);
	const paint = color ? paints : plain;
	const accent = diagnostic.severity === 'error' ? paint.error : paint.warning;
	const lines = [`${accent(`${diagnostic.severity}[${diagnostic.code}]`)}${paint.bold(`: ${continued(diagnostic.message, 0)}`)}`];
	const files = groupByFile(diagnostic.labels);
	const gutter = Math.max(0, ...diagnostic.labels.map((label) => String(firstLine(label)).length));
	for (const [index, labels] of files.entries()) {
		const arrow = index === 0 ? '-->' : ':::';
		lines.push(`${' '.repeat(gutter + 1)}${paint.gutter(arrow)} ${cleanText(shorten(folder, formatSpan(labels[0]!.span)))}`);
		lines.push(paint.gutter(`${' '.repeat(gutter + 1)}|`));
		lines.push(...frameOf(labels, diagnostic.labels[0]!, gutter, paint, accent));
	}
	for (const note of diagnostic.notes ?? []) lines.push(`${paint.gutter(' =')} ${paint.bold('note')}: ${continued(note, 9)}`);
	if (diagnostic.help !== undefined) lines.push(`${paint.gutter(' =')} ${paint.bold('help')}: ${continued(diagnostic.help, 9)}`);
	return lines.join('\n');
}

/** The paths in a diagnostic's texts made relative to a folder that they lie below. */
function relativeTo(folder: string, diagnostic: Diagnostic): Diagnostic {
	return {
		...diagnostic,
		message: shorten(folder, diagnostic.message),
		...(diagnostic.notes ? {notes: diagnostic.notes.map((note) => shorten(folder, note))} : {}),
	};
}

/** A text without the folder in front of the paths in it. */
function shorten(folder: string | undefined, text: string): string {
	if (folder === undefined || folder === '/') return text;
	return text
		.split(`${folder}/`)
		.reduce((before, after) => (/(^|[\s`'(])$/.test(before) ? before + after : `${before}${folder}/${after}`));
}

/** The lines of one file: each labelled line with its underlines, the line before the first for orientation, `...` for gaps. */
function frameOf(
	labels: readonly Label[],
	primary: Label,
	gutter: number,
	paint: Paint,
	accent: (text: string) => string,
): string[] {
	const {file} = labels[0]!.span;
	const byLine = new Map<number, Label[]>();
	for (const label of labels) byLine.set(firstLine(label), [...(byLine.get(firstLine(label)) ?? []), label]);
	const numbers = [...byLine.keys()].sort((a, b) => a - b);
	const lines: string[] = [];
	let previous: number | undefined;
	const side = (number: number | '') => paint.gutter(`${String(number).padStart(gutter)} |`);
	for (const number of numbers) {
		if (previous === undefined || number > previous + 2) {
			if (previous !== undefined) lines.push(paint.gutter('...'));
			if (number > 1 && file.line(number - 1).trim() !== '') lines.push(sourceLine(side(number - 1), file, number - 1, 0));
		} else if (number === previous + 2) lines.push(sourceLine(side(number - 1), file, number - 1, 0));
		const own = byLine.get(number)!.sort((a, b) => a.span.start - b.span.start);
		const marks = own.map((label) => markOf(label, number));
		const cut = cutBefore(
			file.line(number),
			Math.min(...marks.map((mark) => mark.column)),
			Math.max(...marks.map((mark) => mark.column + mark.length)),
		);
		lines.push(sourceLine(side(number), file, number, cut));
		for (const [index, mark] of marks.entries()) {
			const label = own[index]!;
			const indent = mark.column - cut + (cut > 0 ? 1 : 0);
			const sign = (label === primary ? '^' : '-').repeat(Math.max(1, Math.min(mark.length, widest - indent)));
			const text = label.text === undefined ? '' : ` ${continued(label.text, 0)}`;
			lines.push(`${side('')} ${' '.repeat(indent)}${(label === primary ? accent : paint.gutter)(`${sign}${text}`)}`);
		}
		previous = number;
	}
	return lines;
}

/** The column and width on the screen of what a label underlines on its first line. */
function markOf(label: Label, number: number): {column: number; length: number} {
	const {span} = label;
	const line = span.file.line(number);
	const from = span.file.position(span.start).column - 1;
	const to = Math.min(line.length, Math.max(from, from + span.end - span.start));
	const before = expandTabs(cleanText(line.slice(0, from), true));
	const through = expandTabs(cleanText(line.slice(0, to).replace(/\s+$/, ''), true));
	const column = displayWidth(before);
	return {column, length: Math.max(1, displayWidth(through) - column)};
}

function sourceLine(side: string, file: SourceFile, number: number, cut: number): string {
	if (file.isSealed) return `${side} (not shown: the file is encrypted)`;
	const text = window(expandTabs(cleanText(file.line(number), true)), cut);
	return text === '' ? side : `${side} ${text}`;
}

/** How many columns to leave out at the left so that an underline from `from` to `to` is seen. */
function cutBefore(line: string, from: number, to: number): number {
	const width = displayWidth(expandTabs(cleanText(line, true)));
	if (width <= widest || to <= widest - 1) return 0;
	return Math.max(0, Math.min(from - 20, width - widest + 1));
}

function window(text: string, cut: number): string {
	if (cut === 0 && displayWidth(text) <= widest) return text;
	let column = 0;
	let shown = cut > 0 ? '…' : '';
	for (const character of text) {
		const width = displayWidth(character);
		if (column >= cut) {
			if (column + width - cut > widest - 1) return `${shown}…`;
			shown += character;
		}
		column += width;
	}
	return shown;
}

function groupByFile(labels: readonly Label[]): Label[][] {
	const groups = new Map<SourceFile, Label[]>();
	for (const label of labels) {
		const group = groups.get(label.span.file);
		if (group) group.push(label);
		else groups.set(label.span.file, [label]);
	}
	return [...groups.values()];
}

function firstLine(label: Label): number {
	return label.span.file.position(label.span.start).line;
}

/** A text of several lines whose later ones are indented; without control characters. */
function continued(text: string, indent: number): string {
	return text
		.split('\n')
		.map((line) => cleanText(line))
		.join(`\n${' '.repeat(indent)}`);
}

type Paint = typeof plain;
const plain = {
	error: (text: string) => text,
	warning: (text: string) => text,
	gutter: (text: string) => text,
	bold: (text: string) => text,
};
const paints: Paint = {
	error: (text) => `\u001b[1;31m${text}\u001b[0m`,
	warning: (text) => `\u001b[1;33m${text}\u001b[0m`,
	gutter: (text) => `\u001b[1;34m${text}\u001b[0m`,
	bold: (text) => `\u001b[1m${text}\u001b[0m`,
};
