import type {Diagnostic} from './diagnostic.js';
import type {SourceFile, Span} from './file.js';
import {faultOf} from './yaml-events.js';

/**
 * A diagnostic for what the YAML parser stopped at (`reason`, at `offset`): the usual mistakes (a tab, a template without quotes, a colon in a
 * value, text behind a closing quote) are recognised by the line, as in Ansible's `_yaml/_errors.py`, whose sentences `ansible` carries.
 */
export function explainSyntaxError(file: SourceFile, reason: string, offset: number): Diagnostic {
	const at = Math.min(offset, file.text.length);
	const number = file.position(at).line;
	const lineStart = at - file.position(at).column + 1;
	const line = file.line(number);
	return (
		explainTab(file, lineStart, line) ??
		explainUnclosed(file, reason) ??
		explainTemplate(file, lineStart, line) ??
		explainColon(file, lineStart, line) ??
		explainQuotes(file, lineStart, line) ?? {
			severity: 'error',
			code: 'yaml/syntax',
			message: reasons[reason] ?? reason,
			labels: [{span: {file, start: at, end: at}}],
			ansible: `YAML parsing failed: ${reason[0]!.toUpperCase()}${reason.slice(1)}.`,
		}
	);
}

/** `key: {{ name }}` without quotes, which YAML reads as a mapping with a mapping as its key. */
export function unquotedTemplate(span: Span): Diagnostic {
	const {file} = span;
	const lineEnd = file.text.indexOf('\n', span.start);
	const written = file.text.slice(span.start, lineEnd < 0 ? undefined : lineEnd).replace(/\s+(?:#.*)?$/, '');
	const end = Math.max(span.end, span.start + written.length);
	return {
		severity: 'error',
		code: 'yaml/syntax',
		message: 'a value that begins with `{{` needs quotes',
		labels: [{span: {file, start: span.start, end}, text: 'YAML reads this as a mapping'}],
		notes: ['we could be wrong, but this one looks like it might be an issue with missing quotes'],
		help: `write ${written.includes('"') ? `'${written.replaceAll("'", "''")}'` : `"${written}"`}`,
		ansible: 'YAML parsing failed: This may be an issue with missing quotes around a template block.',
		ansibleHelp: example('{{ some_var }}', '"{{ some_var }}"'),
	};
}

/** The parser's words for faults that the line does not explain, made plainer. */
const reasons: Record<string, string> = {
	'bad indentation of a mapping entry': 'this line is indented differently from the mapping it belongs to',
	'bad indentation of a sequence entry': 'this line is indented differently from the list it belongs to',
	"expected ':' after a mapping key": 'a key must be followed by `:`',
	'can not read a block mapping entry; a multiline key may not be an implicit key':
		'a key must be followed by `:` on its own line',
	'end of the stream or a document separator is expected': 'this does not belong to what stands above it',
	'missed comma between flow collection entries': 'a comma is missing between two entries',
	'deficient indentation': 'the continuation of a value must be indented further than its key',
	'unknown escape sequence': 'this escape sequence does not exist in a double-quoted text',
};

function explainTab(file: SourceFile, lineStart: number, line: string): Diagnostic | undefined {
	const column = /^[ ]*(?:- +)*\t/.exec(line)?.[0].indexOf('\t') ?? -1;
	if (column < 0) return undefined;
	const length = /^\t+/.exec(line.slice(column))![0].length;
	return {
		severity: 'error',
		code: 'yaml/tab',
		message: 'a tab is used for indentation',
		labels: [{span: {file, start: lineStart + column, end: lineStart + column + length}, text: 'YAML allows spaces only'}],
		help: 'replace the tab by spaces',
		ansible: 'YAML parsing failed: Tabs are usually invalid in YAML.',
	};
}

function explainTemplate(file: SourceFile, lineStart: number, line: string): Diagnostic | undefined {
	const match = /^\s*(?:-\s+)*(?:[\w\s]+:\s+)?(?<value>\{\{.*\}\})/d.exec(line);
	if (!match) return undefined;
	const [start, end] = match.indices!.groups!['value']!;
	return unquotedTemplate({file, start: lineStart + start, end: lineStart + end});
}

function explainColon(file: SourceFile, lineStart: number, line: string): Diagnostic | undefined {
	if (line.trimStart().startsWith(':')) return undefined;
	const match = /^\s*(?:-\s+)*(?:[\w\s[\]{}]+:\s+)?(?<value>.*)$/d.exec(line);
	const start = match?.indices?.groups?.['value']?.[0] ?? 0;
	const value = line.slice(start).replace(/^\s*('[^']*'|"[^"]*")\s*$/, (quoted) => '.'.repeat(quoted.length));
	const colon = /:($| )/.exec(value);
	// A value is needed before the colon that is too much: `key:` alone with a fault elsewhere is no such case.
	if (!colon || start === 0 || !/:\s+$/.test(line.slice(0, start))) return undefined;
	const at = lineStart + start + colon.index;
	const written = line.slice(start).trimEnd();
	return {
		severity: 'error',
		code: 'yaml/syntax',
		message: 'a value that contains `: ` needs quotes',
		labels: [{span: {file, start: at, end: at + 1}, text: 'YAML reads a second key before this colon'}],
		help: `write ${written.includes('"') ? `'${written.replaceAll("'", "''")}'` : `"${written}"`}`,
		ansible: 'YAML parsing failed: Colons in unquoted values must be followed by a non-space character.',
		ansibleHelp: example("echo 'name: ansible'", `"echo 'name: ansible'"`),
	};
}

function explainQuotes(file: SourceFile, lineStart: number, line: string): Diagnostic | undefined {
	const match = /^\s*(?:-\s+)*(?:[\w\s]+:\s+)?(?<value>["'].*?\s*)$/d.exec(line);
	if (!match) return undefined;
	const start = match.indices!.groups!['value']![0];
	const value = line.slice(start).trimEnd();
	const same = value[0] === value.at(-1);
	if (same && line.split(value[0]!).length - 1 <= 2) return undefined;
	return {
		severity: 'error',
		code: 'yaml/syntax',
		message: 'a value that begins with a quote must end with it',
		labels: [{span: {file, start: lineStart + start, end: lineStart + start + value.length}}],
		help: `put the whole value into the other quotes: ${value.includes("'") ? `"${value.replaceAll('"', '\\"')}"` : `'${value}'`}`,
		ansible: `YAML parsing failed: Values starting with a quote must end with the same quote${same ? ', and not contain that quote' : ''}.`,
		ansibleHelp: same ? example('"foo" in "bar"', `'"foo" in "bar"'`) : example('"foo" in bar', `'"foo" in bar'`),
	};
}

/** A quote or bracket that is never closed: the parser stops at the end of the text, but the place to mend is where it was opened. */
function explainUnclosed(file: SourceFile, reason: string): Diagnostic | undefined {
	const kind = /^unexpected end of the (?:stream|document) within a (.*)$/.exec(reason)?.[1];
	if (!kind) return undefined;
	const opening = kind === 'flow collection' ? /[[{]/g : kind.startsWith('single') ? /'/g : /"/g;
	const candidates = [...file.text.matchAll(opening)].map((match) => match.index).slice(-200);
	const start = candidates.findLast((candidate) => faultOf(file.text.slice(0, candidate)) !== reason);
	if (start === undefined) return undefined;
	const sign = file.text[start]!;
	return {
		severity: 'error',
		code: 'yaml/syntax',
		message: `this \`${sign}\` is never closed`,
		labels: [{span: {file, start, end: start + 1}}],
		help: `add \`${sign === '[' ? ']' : sign === '{' ? '}' : sign}\` where it ends`,
		ansible:
			kind === 'flow collection'
				? `YAML parsing failed: While parsing a flow ${sign === '[' ? "sequence did not find expected ',' or ']'" : "mapping did not find expected ',' or '}'"}.`
				: 'YAML parsing failed: While scanning a quoted scalar found unexpected end of stream.',
	};
}

function example(wrong: string, right: string): string {
	return `\nFor example:\n\n    raw: ${wrong}\n\nShould be:\n\n    raw: ${right}\n`;
}
