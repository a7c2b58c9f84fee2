import {type Event, parseEvents, YAMLException} from 'js-yaml';

/** The parser's events, the text they point into, and how its offsets lead back to the text that was given. */
export interface ParsedEvents {
	readonly events: readonly Event[];
	readonly text: string;
	toOriginal(offset: number): number;
}

/** What the parser stopped at, as an offset of the text that was given. */
export class YamlFault extends Error {
	readonly reason: string;
	readonly offset: number;
	constructor(reason: string, offset: number) {
		super(reason);
		this.name = 'YamlFault';
		this.reason = reason;
		this.offset = offset;
	}
}

const deficient = 'deficient indentation';
const padding = ' '.repeat(200);

/**
 * Parses a text into events. js-yaml follows YAML 1.2, where the lines of a flow collection or of a quoted text must be indented further
 * than what they belong to; PyYAML does not ask for that, and roles in the wild rely on it. Such lines get more indentation, which means
 * nothing inside brackets and quotes, and the offsets are led back. Throws `YamlFault`.
 */
export function parseLenient(original: string): ParsedEvents {
	let text = original;
	/** Where blanks were put in, as offsets of `original`, ascending. */
	let padded: number[] = [];
	const toOriginal = (offset: number): number => {
		let low = 0;
		let high = padded.length;
		while (low < high) {
			const middle = (low + high) >> 1;
			if (padded[middle]! + middle * padding.length <= offset) low = middle + 1;
			else high = middle;
		}
		if (low === 0) return offset;
		return Math.max(padded[low - 1]!, offset - low * padding.length);
	};
	for (;;) {
		try {
			return {events: parseEvents(text, {maxDepth: 300}), text, toOriginal};
		} catch (error) {
			if (!(error instanceof YAMLException)) throw error;
			const offset = error.mark?.position ?? 0;
			if (error.reason !== deficient) throw new YamlFault(error.reason, toOriginal(offset));
			const lines = linesToPad(text, offset).map(toOriginal);
			const more = lines.filter((line) => !padded.includes(line));
			if (more.length === 0) throw new YamlFault(error.reason, toOriginal(offset));
			padded = [...padded, ...more].sort((a, b) => a - b);
			text = pad(original, padded);
		}
	}
}

/** The reason why a text cannot be parsed, or undefined when it can. */
export function faultOf(text: string): string | undefined {
	try {
		parseLenient(text.trimEnd());
		return undefined;
	} catch (error) {
		if (error instanceof YamlFault) return error.reason;
		throw error;
	}
}

/** The starts of all lines from the one at `offset` to the end of the quoted text or flow collection that this line continues. */
function linesToPad(text: string, offset: number): number[] {
	const lineStart = text.lastIndexOf('\n', offset - 1) + 1;
	let within = '';
	try {
		// Without the line break: at the end of the text the parser looks at indentation before it misses the end.
		parseEvents(text.slice(0, lineStart).trimEnd(), {maxDepth: 300});
	} catch (error) {
		if (error instanceof YAMLException) within = error.reason;
	}
	let end: number | undefined;
	if (within.endsWith('single quoted scalar')) end = closingQuote(text, offset, "'");
	else if (within.endsWith('double quoted scalar')) end = closingQuote(text, offset, '"');
	else end = closingBracket(text, offset);
	if (end === undefined) throw new YamlFault(within || deficient, offset);
	const starts = [lineStart];
	for (let at = text.indexOf('\n', lineStart); at >= 0 && at < end; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
	return starts;
}

function closingQuote(text: string, from: number, quote: string): number | undefined {
	for (let at = from; at < text.length; at++) {
		if (quote === '"' && text[at] === '\\') at++;
		else if (text[at] === quote) {
			if (quote === "'" && text[at + 1] === quote) at++;
			else return at;
		}
	}
	return undefined;
}

function closingBracket(text: string, from: number): number | undefined {
	let depth = 0;
	for (let at = from; at < text.length; at++) {
		const character = text[at]!;
		const atWordStart = at === from || /[\s,[{:]/.test(text[at - 1]!);
		if ((character === '"' || character === "'") && atWordStart) {
			const end = closingQuote(text, at + 1, character);
			if (end === undefined) return undefined;
			at = end;
		} else if (character === '#' && atWordStart) {
			const end = text.indexOf('\n', at);
			if (end < 0) return undefined;
			at = end;
		} else if (character === '[' || character === '{') depth++;
		else if ((character === ']' || character === '}') && --depth < 0) return at;
	}
	return undefined;
}

function pad(original: string, lines: readonly number[]): string {
	const parts: string[] = [];
	let from = 0;
	for (const line of lines) {
		parts.push(original.slice(from, line), padding);
		from = line;
	}
	parts.push(original.slice(from));
	return parts.join('');
}
