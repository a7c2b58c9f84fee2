import {Template, type Value} from '../jinja/jinja.js';
import {didYouMean, type SourceFile, type Span} from '../source/source.js';
import {expandHostPattern, RangeFault} from './address.js';
import type {Group} from './host.js';
import {GroupFault, type Inventory} from './hosts-and-groups.js';
import {parsePythonLiteral} from './python-literal.js';
import {splitShellWords} from './shell-words.js';
import {SourceFault} from './source-fault.js';

/** A group that is spoken of before it is declared: by `[group:vars]`, or as a child of others. */
interface Pending {
	readonly span: Span;
	readonly kind: 'vars' | 'children';
	readonly parents: string[];
}

const section = /^\[([^:\]\s]+)(?::(\w+))?\]\s*(?:#.*)?$/;
const groupName = /^([^:\]\s]+)\s*(?:#.*)?$/;

/** Reads an INI inventory into `inventory` by the rules of Ansible's plugins/inventory/ini.py. Throws `SourceFault` at the first fault. */
export function readIni(file: SourceFile, source: string, inventory: Inventory): void {
	const pending = new Map<string, Pending>();
	let group = inventory.addGroup('ungrouped');
	let state = 'hosts';
	for (const match of file.text.matchAll(/[^\n]+/g)) {
		const line = match[0].trim();
		if (line === '' || line.startsWith('#') || line.startsWith(';')) continue;
		const at = match.index + match[0].indexOf(line);
		const span = {file, start: at, end: at + line.length};
		const header = section.exec(line);
		if (header) {
			state = header[2] ?? 'hosts';
			if (state !== 'hosts' && state !== 'children' && state !== 'vars') {
				throw new SourceFault(
					`Section [${header[1]}:${state}] has unknown type: ${state}`,
					span,
					didYouMean(state, ['hosts', 'children', 'vars']),
				);
			}
			group = openSection(inventory, header[1]!, state, pending, span);
		} else if (line.startsWith('[') && line.endsWith(']')) {
			const why =
				'Please make sure that there are no spaces in the section entry, and that there are no other invalid characters';
			throw new SourceFault(`Invalid section entry: '${line}'. ${why}`, span);
		} else if (state === 'hosts') readHostLine(line, span, source, group, inventory);
		else if (state === 'vars') readVariableLine(line, span, group);
		else readChildLine(line, span, group, inventory, pending);
	}
	for (const [name, {kind, span, parents}] of pending) {
		const help = didYouMean(name, inventory.groups.keys());
		if (kind === 'vars') throw new SourceFault(`Section [${name}:vars] not valid for undefined group '${name}'.`, span, help);
		throw new SourceFault(`Section [${parents.at(-1)}:children] includes undefined group '${name}'.`, span, help);
	}
}

function openSection(inventory: Inventory, name: string, state: string, pending: Map<string, Pending>, span: Span): Group {
	const known = inventory.groups.get(name);
	if (!known && state === 'vars' && !pending.has(name)) pending.set(name, {span, kind: 'vars', parents: []});
	const group = known ?? inventory.addGroup(name);
	const waiting = pending.get(name);
	if (waiting && state !== 'vars') {
		pending.delete(name);
		for (const parent of waiting.parents) putBelow(inventory, parent, group, span);
	}
	return group;
}

function readChildLine(line: string, span: Span, group: Group, inventory: Inventory, pending: Map<string, Pending>): void {
	const name = groupName.exec(line)?.[1];
	if (name === undefined) throw new SourceFault(`Expected group name, got: ${line}`, span);
	const child = inventory.groups.get(name);
	const waiting = pending.get(name);
	if (child && waiting?.kind !== 'children') putBelow(inventory, group.name, child, span);
	else if (waiting) waiting.parents.push(group.name);
	else pending.set(name, {span: {...span, end: span.start + name.length}, kind: 'children', parents: [group.name]});
}

function putBelow(inventory: Inventory, parent: string, child: Group, span: Span): void {
	try {
		inventory.addChild(inventory.groups.get(parent)!, child);
	} catch (error) {
		if (error instanceof GroupFault) throw new SourceFault(error.message, span);
		throw error;
	}
}

function readVariableLine(line: string, span: Span, group: Group): void {
	const sign = line.indexOf('=');
	if (sign < 0) throw new SourceFault(`Expected key=value, got: ${line}`, span);
	const name = line.slice(0, sign).trim();
	const written = line.slice(sign + 1).trim();
	const start = written === '' ? span.end : span.start + line.indexOf(written, sign + 1);
	const place = {file: span.file, start, end: start + written.length};
	group.setVariable({name, value: iniValue(written, place), span: place});
}

function readHostLine(line: string, span: Span, source: string, group: Group, inventory: Inventory): void {
	const words = splitShellWords(line);
	if (typeof words === 'string') throw new SourceFault(`Error parsing host definition '${line}': ${words}`, span);
	const [first, ...assignments] = words;
	if (!first) return;
	const place = {file: span.file, start: span.start + first.start, end: span.start + first.end};
	const {hosts, port} = hostsOf(first.text, place);
	const variables = assignments.map((word) => {
		const at = {file: span.file, start: span.start + word.start, end: span.start + word.end};
		const sign = word.text.indexOf('=');
		if (sign < 0) throw new SourceFault(`Expected key=value host variable assignment, got: ${word.text}`, at);
		const written = word.text.slice(sign + 1);
		// Quotes make the written form longer than the text; then the place is that of the whole assignment.
		const exact = line.slice(word.start, word.end) === word.text ? {...at, start: at.start + sign + 1} : at;
		return {name: word.text.slice(0, sign), value: iniValue(written, exact), span: exact};
	});
	for (const name of hosts) {
		const host = inventory.addHost(name, {group, file: source, port, span: place});
		for (const variable of variables) host.setVariable(variable);
	}
}

function hostsOf(pattern: string, span: Span): {hosts: string[]; port: number | undefined} {
	let expanded: {hosts: string[]; port: number | undefined};
	try {
		expanded = expandHostPattern(pattern);
	} catch (error) {
		if (error instanceof RangeFault) throw new SourceFault(error.message, span);
		throw error;
	}
	if (pattern.trim().endsWith(':') && expanded.port === undefined) {
		const why = "ending in ':' is not allowed, this character is reserved to provide a port.";
		throw new SourceFault(`Invalid host pattern '${pattern}' supplied, ${why}`, span);
	}
	if (expanded.hosts.includes('---')) {
		throw new SourceFault(`Invalid host pattern '${pattern}' supplied, '---' is normally a sign this is a YAML file.`, span);
	}
	return expanded;
}

/** The value of an INI variable: a Python literal when it is one, else its text; texts with templates are templates. */
function iniValue(text: string, span: Span): Value {
	const ofText = (inner: string): Value => {
		if (!/\{[{%#]/.test(inner)) return inner;
		const offset = span.file.text.slice(span.start, span.end).indexOf(inner);
		return new Template(inner, span, offset < 0 ? undefined : span.start + offset);
	};
	const literal = parsePythonLiteral(text, ofText);
	return literal === undefined ? ofText(text) : literal;
}
