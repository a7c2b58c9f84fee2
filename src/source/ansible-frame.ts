import {resolve} from 'node:path';
import type {Cause, Diagnostic} from './diagnostic.js';
import type {Span} from './file.js';

/** How wide Ansible lets an annotated line be. */
const widest = 120;

/**
 * A diagnostic in Ansible's form, as its `_internal/_errors/_error_utils.py` and `_event_formatting.py` write it: `[ERROR]: message`, `Origin:
 * path:line:column`, the line and the two before it, `^ column N`, help. Ends with the line breaks that Ansible prints behind it.
 */
export function renderAnsible(diagnostic: Diagnostic): string {
	const head = diagnostic.severity === 'error' ? '[ERROR]' : '[WARNING]';
	if (diagnostic.ansibleCauses?.length === 0) return '';
	const text = chainText(diagnostic.ansibleCauses ?? [onlyCause(diagnostic)]).trim();
	return `${head}: ${text}${text.includes('\n') ? '\n\n' : '\n'}`;
}

function onlyCause({ansible, ansibleHelp, message, help: ours, labels}: Diagnostic): Cause {
	const help = ansibleHelp ?? (ansible === undefined ? ours : undefined);
	const [label] = labels;
	return {
		message: ansible ?? sentence(message),
		...(label ? {span: label.span} : {}),
		...(help === undefined ? {} : {help}),
	};
}

/** Errors one behind the other: what has no place of its own stands with the one before it; above several stands the sum of all. */
function chainText(causes: readonly Cause[]): string {
	const groups: Cause[] = [];
	for (const cause of causes) {
		const last = groups.at(-1);
		if (!last || (cause.span && !sameSpan(cause.span, last.span)) || (cause.help !== undefined && cause.help !== last.help))
			groups.push(cause);
		else groups[groups.length - 1] = {...last, message: joinMessages([last, cause])};
	}
	const texts = groups.map(causeText);
	return texts.length === 1 ? texts[0]! : `${joinMessages(causes)}\n\n${texts.join('\n\n<<< caused by >>>\n\n')}`;
}

/** Several messages as one sentence: each loses its full stop before the next, and what one ends with already is not said again. */
export function joinMessages(causes: readonly Pick<Cause, 'message'>[]): string {
	return causes
		.map(({message}) => message)
		.reduceRight((behind, message) => (message.endsWith(behind) ? message : `${message.replace(/\.$/, '')}: ${behind}`));
}

function causeText({message, span, help}: Cause): string {
	if (!span && help !== undefined && !help.includes('\n') && !message.includes('\n')) return `${message} ${help}`;
	return [message, ...(span ? originLines(span) : []), ...(help === undefined ? [] : ['', help])].join('\n');
}

function sameSpan(a: Span, b: Span | undefined): boolean {
	return a.file === b?.file && a.start === b.start;
}

/** `Origin:` and the annotated source lines of a place; columns count code points, as Python does. */
function originLines(span: Span): string[] {
	const {file} = span;
	const {line, column: unit} = file.position(span.start);
	const column = [...file.line(line).slice(0, unit - 1)].length + 1;
	const head = `Origin: ${resolve(file.path)}:${line}:${column}`;
	if (file.isSealed || file.text.startsWith('$ANSIBLE_VAULT')) return [head, '', '(source not shown: content encrypted)'];
	const gutter = String(line).length;
	const longest = widest - gutter - 1;
	let usable = longest;
	const lines: string[] = [];
	for (let number = Math.max(1, line - 2); number <= line; number++) {
		let text = [...file.line(number).replaceAll('\t', ' ')];
		if (text.length > longest) {
			usable = longest - 3;
			text = [...text.slice(0, usable), '...'];
		}
		lines.push(`${String(number).padStart(gutter)}${text.length ? ' ' : ''}${text.join('')}`);
	}
	if (column <= usable) {
		const marker = `column ${column}`;
		const before = column - 1;
		const tight = before + 2 + marker.length > longest;
		lines.push(
			`${' '.repeat(gutter)} ${tight ? `${' '.repeat(before - marker.length - 1)}${marker} ^` : `${' '.repeat(before)}^ ${marker}`}`,
		);
	}
	return [head, '', ...lines];
}

/** Our messages are lower-case without a full stop; Ansible's are sentences. */
function sentence(message: string): string {
	const text = `${message[0]?.toUpperCase() ?? ''}${message.slice(1)}`;
	return /[.?!]$/.test(text) ? text : `${text}.`;
}
