import {resolve} from 'node:path';
import type {Diagnostic} from './diagnostic.js';
import type {Span} from './file.js';

/** How wide Ansible lets an annotated line be. */
const widest = 120;

/**
 * A diagnostic in Ansible's form, as its `_internal/_errors/_error_utils.py` and `_event_formatting.py` write it: `[ERROR]: message`, `Origin:
 * path:line:column`, the line and the two before it, `^ column N`, help. Ends with the line breaks that Ansible prints behind it.
 */
export function renderAnsible(diagnostic: Diagnostic): string {
	const message = diagnostic.ansible ?? sentence(diagnostic.message);
	const help = diagnostic.ansibleHelp ?? (diagnostic.ansible === undefined ? diagnostic.help : undefined);
	const context = diagnostic.labels[0] && originLines(diagnostic.labels[0].span);
	const head = diagnostic.severity === 'error' ? '[ERROR]' : '[WARNING]';
	if (!context && help !== undefined && !help.includes('\n') && !message.includes('\n')) return `${head}: ${message} ${help}\n`;
	const text = [message, ...(context ?? []), ...(help === undefined ? [] : ['', help])].join('\n').trim();
	return `${head}: ${text}${text.includes('\n') ? '\n\n' : '\n'}`;
}

/** `Origin:` and the annotated source lines of a place; columns count code points, as Python does. */
function originLines(span: Span): string[] {
	const {file} = span;
	const {line, column: unit} = file.position(span.start);
	const column = [...file.line(line).slice(0, unit - 1)].length + 1;
	const head = `Origin: ${resolve(file.path)}:${line}:${column}`;
	if (file.text.startsWith('$ANSIBLE_VAULT')) return [head, '', '(source not shown: content encrypted)'];
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
