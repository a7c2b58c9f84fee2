import {EVENT_ID, type Event, getScalarValue, SCALAR_STYLE, type ScalarEvent} from 'js-yaml';
import type {Report} from './diagnostic.js';
import type {SourceFile, Span} from './file.js';
import {type Node, type ScalarNode, type ScalarValue, YamlFloat} from './node.js';
import {resolveJson, resolvePlain} from './scalar.js';
import {explainSyntaxError, unquotedTemplate} from './yaml-error.js';
import {type ParsedEvents, parseLenient, YamlFault} from './yaml-events.js';
import {makeMapping} from './yaml-mapping.js';

/**
 * Reads a text that holds one YAML 1.1 document (or JSON, which is tried first, as Ansible does). Undefined when the text is empty or
 * when it cannot be read; what is wrong goes to `report`. Duplicate keys are a warning and the last one counts.
 */
export function parseYaml(file: SourceFile, report: Report): Node | undefined {
	const documents = parseYamlDocuments(file, report);
	if (documents.length > 1) {
		const {start} = documents[1]!.span;
		report({
			severity: 'error',
			code: 'yaml/syntax',
			message: 'a second YAML document begins here, but one is expected',
			labels: [{span: {file, start, end: start}}],
			help: 'remove the `---` above it, or move what follows to a file of its own',
			ansible: 'YAML parsing failed: Expected a single document in the stream but found another document.',
		});
	}
	return documents[0];
}

/** Reads a text of any number of YAML documents; what is wrong goes to `report`, and then the list is empty. */
export function parseYamlDocuments(file: SourceFile, report: Report): Node[] {
	let parsed: ParsedEvents;
	try {
		parsed = parseLenient(file.text);
	} catch (error) {
		if (!(error instanceof YamlFault)) throw error;
		report(explainSyntaxError(file, error.reason, error.offset));
		return [];
	}
	return new Builder(file, parsed, report).documents();
}

const styles = new Map<number, ScalarNode['style']>([
	[SCALAR_STYLE.PLAIN, 'plain'],
	[SCALAR_STYLE.SINGLE_QUOTED, 'single'],
	[SCALAR_STYLE.DOUBLE_QUOTED, 'double'],
	[SCALAR_STYLE.LITERAL_BLOCK, 'literal'],
	[SCALAR_STYLE.FOLDED_BLOCK, 'folded'],
]);
const keptTags = new Set(['!vault', '!vault-encrypted', '!unsafe', '!!binary', '!!set', '!!omap', '!!pairs']);
const coreTags = new Set([
	'!!str',
	'!!int',
	'!!float',
	'!!bool',
	'!!null',
	'!!timestamp',
	'!!map',
	'!!seq',
	'!',
	'!!merge',
	'!!value',
]);

/** Where an event's tag and anchor stand; -1 for none. */
interface Properties {
	tagStart: number;
	tagEnd: number;
	anchorStart: number;
	anchorEnd: number;
}

/** Makes nodes of the parser's events. The events say where things start; where they end is followed with a cursor. */
class Builder {
	readonly #file: SourceFile;
	readonly #text: string;
	readonly #events: readonly Event[];
	readonly #report: Report;
	readonly #toOriginal: (offset: number) => number;
	readonly #isJson: boolean;
	#at = 0;
	/** The offset behind what was read last. */
	#cursor = 0;
	#anchors = new Map<string, Node | undefined>();

	constructor(file: SourceFile, parsed: ParsedEvents, report: Report) {
		this.#file = file;
		this.#text = parsed.text;
		this.#events = parsed.events;
		this.#toOriginal = parsed.toOriginal;
		this.#report = report;
		this.#isJson = isJson(file.text);
	}

	documents(): Node[] {
		const documents: Node[] = [];
		while (this.#at < this.#events.length) {
			this.#at++;
			this.#anchors = new Map();
			documents.push(this.#node());
			this.#at++;
		}
		return documents;
	}

	#node(): Node {
		const event = this.#events[this.#at++]!;
		if (event.type === EVENT_ID.ALIAS) return this.#alias(event.anchorStart, event.anchorEnd);
		if (event.type === EVENT_ID.DOCUMENT || event.type === EVENT_ID.POP) throw new Error('unexpected YAML event');
		const anchor = event.anchorStart < 0 ? undefined : this.#text.slice(event.anchorStart, event.anchorEnd);
		if (anchor !== undefined) this.#anchors.set(anchor, undefined);
		const tag = this.#tag(event);
		let node: Node;
		if (event.type === EVENT_ID.SCALAR) node = this.#scalar(event, tag);
		else if (event.type === EVENT_ID.SEQUENCE) node = this.#sequence(startOf(event, event.start), event.start, tag);
		else node = this.#mapping(startOf(event, event.start), event.start, tag);
		if (anchor !== undefined) this.#anchors.set(anchor, node);
		return node;
	}

	#scalar(event: ScalarEvent, tag: string | undefined): ScalarNode {
		const style = styles.get(event.style)!;
		const keptTag = tag !== undefined && keptTags.has(tag) ? {tag} : {};
		if (event.valueStart < 0) {
			this.#cursor = Math.max(this.#cursor, event.tagEnd, event.anchorEnd);
			const start = startOf(event, this.#cursor);
			const span = this.#span(start, this.#cursor);
			return {
				kind: 'scalar',
				span,
				value: tag === undefined ? null : this.#value('', style, tag, span),
				text: '',
				style,
				...keptTag,
			};
		}
		const text = getScalarValue(this.#text, event);
		const block = style === 'literal' || style === 'folded';
		const quote = style === 'single' || style === 'double' ? 1 : 0;
		const start = block ? this.#blockHeader(event.valueStart) : event.valueStart - quote;
		const end = block ? this.#trimEnd(event.valueStart, event.valueEnd) : event.valueEnd + quote;
		this.#cursor = end;
		const span = this.#span(startOf(event, start), end);
		const value = this.#value(text, style, tag, span);
		if (block || !event.fast) return {kind: 'scalar', span, value, text, style, ...keptTag};
		return {kind: 'scalar', span, value, text, style, contentStart: this.#toOriginal(event.valueStart), ...keptTag};
	}

	#value(text: string, style: ScalarNode['style'], tag: string | undefined, span: Span): ScalarValue {
		if (tag === undefined) return style === 'plain' ? (this.#isJson ? resolveJson(text) : resolvePlain(text)) : text;
		// Ansible resolves the text below `!unsafe` as if it were plain, quoted or not.
		if (tag === '!unsafe') return resolvePlain(text);
		if (tag === '!!null') return null;
		if (tag === '!!int' || tag === '!!float' || tag === '!!bool' || tag === '!!timestamp') {
			const value = resolvePlain(text);
			if (tag === '!!float' && Number.isInteger(value)) return new YamlFloat(value as number);
			if (typeof value !== 'string' && value !== null) return value;
			this.#error(span, `\`${text}\` is no value for the tag \`${tag}\``);
		}
		return text;
	}

	#sequence(start: number, contentStart: number, tag: string | undefined): Node {
		this.#cursor = contentStart;
		const flow = this.#text[contentStart] === '[';
		if (flow) this.#cursor++;
		const items: Node[] = [];
		for (let event = this.#events[this.#at]!; event.type !== EVENT_ID.POP; event = this.#events[this.#at]!) {
			if (!flow && isEmptyScalar(event)) this.#cursor = this.#behind('-');
			items.push(this.#node());
		}
		this.#at++;
		if (flow) this.#cursor = this.#behind(']');
		return {kind: 'seq', span: this.#span(start, this.#cursor), items, ...(tag !== undefined && keptTags.has(tag) ? {tag} : {})};
	}

	#mapping(start: number, contentStart: number, tag: string | undefined): Node {
		this.#cursor = contentStart;
		const flow = this.#text[contentStart] === '{';
		if (flow) this.#cursor++;
		const pairs: {key: Node; value: Node}[] = [];
		for (let event = this.#events[this.#at]!; event.type !== EVENT_ID.POP; event = this.#events[this.#at]!) {
			const key = this.#node();
			if (isEmptyScalar(this.#events[this.#at]!)) this.#cursor = this.#behind(':');
			pairs.push({key, value: this.#node()});
		}
		this.#at++;
		if (flow) this.#cursor = this.#behind('}');
		const span = this.#span(start, this.#cursor);
		if (flow && pairs.some(({key}) => key.kind !== 'scalar') && this.#text.startsWith('{{', contentStart)) {
			this.#report(unquotedTemplate(span));
			const text = this.#text.slice(contentStart, this.#cursor);
			return {kind: 'scalar', span, value: text, text, style: 'plain'};
		}
		return {...makeMapping(pairs, span, this.#report, this.#isJson), ...(tag !== undefined && keptTags.has(tag) ? {tag} : {})};
	}

	#alias(start: number, end: number): Node {
		this.#cursor = end;
		const name = this.#text.slice(start, end);
		const node = this.#anchors.get(name);
		if (node) return node;
		const span = this.#span(start - 1, end);
		if (this.#anchors.has(name)) this.#error(span, `the anchor \`&${name}\` contains itself`);
		else {
			const help = `if text is meant that begins with \`*\`, quote it: '*${name}'`;
			this.#error(span, `no anchor \`&${name}\` stands before this alias`, help, 'Found undefined alias.');
		}
		return {kind: 'scalar', span, value: null, text: '', style: 'plain'};
	}

	/** The tag in its short form; an unknown one is reported. */
	#tag(event: Properties): string | undefined {
		if (event.tagStart < 0) return undefined;
		const written = this.#text.slice(event.tagStart, event.tagEnd);
		const tag = written.replace(/^!<(.*)>$/, '$1').replace(/^tag:yaml\.org,2002:/, '!!');
		if (keptTags.has(tag) || coreTags.has(tag)) return tag;
		const span = this.#span(event.tagStart, event.tagEnd);
		const help = 'tags that have a meaning here are `!vault` and `!unsafe`; quote the value if text is meant';
		this.#error(
			span,
			`the tag \`${written}\` has no meaning`,
			help,
			`Could not determine a constructor for the tag '${written}'.`,
		);
		return undefined;
	}

	/** The offset behind the next such character, past blanks, line breaks, comments and commas; the cursor when something else comes. */
	#behind(character: string): number {
		for (let at = this.#cursor; at < this.#text.length; at++) {
			const found = this.#text[at]!;
			if (found === character) return at + 1;
			if (found === '#') {
				const end = this.#text.indexOf('\n', at);
				if (end < 0) break;
				at = end;
			} else if (!/[\s,]/.test(found)) break;
		}
		return this.#cursor;
	}

	/** Where the `|` or `>` of a block scalar stands whose text begins at `contentStart`. */
	#blockHeader(contentStart: number): number {
		const lineEnd = this.#text[contentStart - 1] === '\n' ? contentStart - 1 : contentStart;
		const lineStart = this.#text.lastIndexOf('\n', lineEnd - 1) + 1;
		const from = Math.max(lineStart, this.#cursor);
		const header = /(?:^|[\s:])([|>])[-+0-9]*[ \t]*(?:#.*)?\r?$/.exec(this.#text.slice(from, lineEnd));
		return header ? from + header.index + header[0].indexOf(header[1]!) : contentStart;
	}

	#trimEnd(start: number, end: number): number {
		let at = end;
		while (at > start && (this.#text[at - 1] === '\n' || this.#text[at - 1] === '\r')) at--;
		return at;
	}

	#span(start: number, end: number): Span {
		return {file: this.#file, start: this.#toOriginal(start), end: this.#toOriginal(end)};
	}

	#error(span: Span, message: string, help?: string, ansible?: string): void {
		this.#report({
			severity: 'error',
			code: 'yaml/syntax',
			message,
			labels: [{span}],
			...(help === undefined ? {} : {help}),
			...(ansible === undefined ? {} : {ansible: `YAML parsing failed: ${ansible}`}),
		});
	}
}

/** Where a node begins: at its first property, as PyYAML's marks do. */
function startOf(event: Properties, start: number): number {
	let first = start;
	if (event.tagStart >= 0) first = Math.min(first, event.tagStart);
	if (event.anchorStart >= 0) first = Math.min(first, event.anchorStart - 1);
	return first;
}

function isEmptyScalar(event: Event): boolean {
	return event.type === EVENT_ID.SCALAR && event.valueStart < 0 && event.tagStart < 0 && event.anchorStart < 0;
}

/** Ansible reads a text as JSON when it is JSON, and as YAML otherwise; only what begins like a collection can be either. */
function isJson(text: string): boolean {
	if (!/^\uFEFF?\s*[[{]/.test(text)) return false;
	try {
		JSON.parse(text);
		return true;
	} catch {
		return false;
	}
}
