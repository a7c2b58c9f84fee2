import {PythonError} from '../fault.js';
import {maximumDepth} from '../limits.js';
import {implicitTag} from './implicit-tag.js';
import type {ScalarStyle, YamlNode} from './node.js';
import {analyzeScalar, type ScalarAnalysis} from './scalar-analysis.js';
import type {TextWriter} from './text-writer.js';

/** Where a node stands. */
interface Place {
	/** The indentation of what the node belongs to, -1 at the root. */
	readonly indent: number;
	/** Inside brackets or braces. */
	readonly inFlow: boolean;
	/** A key or value of a mapping. */
	readonly inMapping: boolean;
	/** A key that is written without `?`. */
	readonly simpleKey: boolean;
}

type Scalar = Extract<YamlNode, {kind: 'scalar'}>;

/** Writes nodes the way libyaml's emitter does, which is what PyYAML's C dumper is. */
export class Emitter {
	readonly #out: TextWriter;
	readonly #step: number;
	readonly #allowUnicode: boolean;
	readonly #canonical: boolean;
	/** The anchors of the nodes that stand at several places. */
	readonly #anchors: ReadonlyMap<YamlNode, string>;
	readonly #written = new Set<YamlNode>();
	#depth = 0;

	constructor(root: YamlNode, out: TextWriter, options: {indent: number; allowUnicode: boolean; canonical: boolean}) {
		this.#out = out;
		this.#step = options.indent;
		this.#allowUnicode = options.allowUnicode;
		this.#canonical = options.canonical;
		this.#anchors = findAnchors(root);
		this.#node(root, {indent: -1, inFlow: false, inMapping: false, simpleKey: false});
	}

	#node(node: YamlNode, place: Place): void {
		const anchor = this.#anchors.get(node);
		if (anchor !== undefined) {
			const alias = this.#written.has(node);
			this.#out.indicator(`${alias ? '*' : '&'}${anchor}`);
			if (alias) {
				if (place.simpleKey) this.#out.space();
				return;
			}
		}
		this.#written.add(node);
		if (node.kind === 'scalar') {
			this.#scalar(node, place);
			return;
		}
		if (++this.#depth > 8 * maximumDepth) throw new PythonError('LimitError', 'too deeply nested for YAML');
		if (this.#canonical) this.#out.indicator(node.kind === 'sequence' ? '!!seq' : '!!map');
		const flow = place.inFlow || this.#canonical || node.flow || isEmpty(node);
		if (node.kind === 'sequence') {
			if (flow) this.#flow('[', ']', node.items, place, (item, indent) => this.#node(item, inside(indent, true, false)));
			else this.#blockSequence(node.items, place);
		} else if (flow) this.#flow('{', '}', node.entries, place, (entry, indent) => this.#flowEntry(entry, indent));
		else this.#blockMapping(node.entries, place);
		this.#depth--;
	}

	#flow<T>(open: string, close: string, items: readonly T[], place: Place, write: (item: T, indent: number) => void): void {
		const indent = this.#deeper(place.indent, true);
		this.#out.indicator(open, {opens: true});
		for (const [index, item] of items.entries()) {
			if (index) this.#out.indicator(',', {spaced: false});
			if (this.#canonical || this.#out.isFull) this.#out.indent(indent);
			write(item, indent);
		}
		if (this.#canonical && items.length) {
			this.#out.indicator(',', {spaced: false});
			this.#out.indent(place.indent);
		}
		this.#out.indicator(close, {spaced: false});
	}

	#flowEntry([key, value]: readonly [YamlNode, YamlNode], indent: number): void {
		if (!this.#canonical && this.#isSimpleKey(key)) {
			this.#node(key, {...inside(indent, true, true), simpleKey: true});
			this.#out.indicator(':', {spaced: false});
		} else {
			this.#out.indicator('?');
			this.#node(key, inside(indent, true, true));
			if (this.#canonical || this.#out.isFull) this.#out.indent(indent);
			this.#out.indicator(':');
		}
		this.#node(value, inside(indent, true, true));
	}

	#blockSequence(items: readonly YamlNode[], place: Place): void {
		// A list that is the value of a key is not indented.
		const level = place.inMapping && !this.#out.afterIndent;
		const indent = level ? place.indent : this.#deeper(place.indent, false);
		for (const item of items) {
			this.#out.indent(indent);
			this.#out.indicator('-', {indents: true});
			this.#node(item, inside(indent, false, false));
		}
	}

	#blockMapping(entries: readonly (readonly [YamlNode, YamlNode])[], place: Place): void {
		const indent = this.#deeper(place.indent, false);
		for (const [key, value] of entries) {
			this.#out.indent(indent);
			if (this.#isSimpleKey(key)) {
				this.#node(key, {...inside(indent, false, true), simpleKey: true});
				this.#out.indicator(':', {spaced: false});
			} else {
				this.#out.indicator('?', {indents: true});
				this.#node(key, inside(indent, false, true));
				this.#out.indent(indent);
				this.#out.indicator(':', {indents: true});
			}
			this.#node(value, inside(indent, false, true));
		}
	}

	#deeper(indent: number, flow: boolean): number {
		if (indent < 0) return flow ? this.#step : 0;
		return indent + this.#step;
	}

	/** Whether a key can stand before its colon on one line. */
	#isSimpleKey(key: YamlNode): boolean {
		const anchor = this.#anchors.get(key)?.length ?? 0;
		if (this.#written.has(key) && anchor) return true;
		if (key.kind !== 'scalar') return isEmpty(key) && anchor <= 128;
		const {multiline} = analyzeScalar(Array.from(key.text), this.#allowUnicode);
		return !multiline && anchor + Buffer.byteLength(key.text) <= 128;
	}

	#scalar(node: Scalar, place: Place): void {
		const text = Array.from(node.text);
		const style = this.#style(node, analyzeScalar(text, this.#allowUnicode), place);
		const plainTag = implicitTag(node.text);
		if (this.#canonical || (node.tag !== 'str' && node.tag !== plainTag)) this.#out.indicator(`!!${node.tag}`);
		else if (style !== '' && node.tag !== 'str') this.#out.indicator('!');
		const indent = this.#deeper(place.indent, true);
		if (style === '') this.#out.plain(text, indent, !place.simpleKey);
		else if (style === "'") this.#out.singleQuoted(text, indent, !place.simpleKey);
		else if (style === '"') this.#out.doubleQuoted(text, indent, !place.simpleKey);
		else if (style === '|') this.#out.literal(text, indent);
		else this.#out.folded(text, indent);
	}

	#style({tag, text, style: wanted}: Scalar, analysis: ScalarAnalysis, {inFlow, simpleKey}: Place): ScalarStyle | '' {
		if (this.#canonical || (simpleKey && analysis.multiline)) return '"';
		let style: ScalarStyle | '' = wanted ?? '';
		if (style === '') {
			const readBack = implicitTag(text);
			const allowed = inFlow ? analysis.flowPlain : analysis.blockPlain;
			if (!allowed || (text === '' && (inFlow || simpleKey)) || (tag === 'str' && readBack !== 'str')) style = "'";
		}
		if (style === "'" && !analysis.singleQuoted) return '"';
		if ((style === '|' || style === '>') && (!analysis.block || inFlow || simpleKey)) return '"';
		return style;
	}
}

function inside(indent: number, inFlow: boolean, inMapping: boolean): Place {
	return {indent, inFlow, inMapping, simpleKey: false};
}

function isEmpty(node: YamlNode): boolean {
	return node.kind === 'sequence' ? !node.items.length : node.kind === 'mapping' && !node.entries.length;
}

/** Names for the nodes that are met a second time, in that order. */
function findAnchors(root: YamlNode): Map<YamlNode, string> {
	const met = new Set<YamlNode>();
	const anchors = new Map<YamlNode, string>();
	const visit = (node: YamlNode): void => {
		if (met.has(node)) {
			if (!anchors.has(node)) anchors.set(node, `id${String(anchors.size + 1).padStart(3, '0')}`);
			return;
		}
		met.add(node);
		if (node.kind === 'sequence') node.items.forEach(visit);
		else if (node.kind === 'mapping') {
			for (const [key, value] of node.entries) {
				visit(key);
				visit(value);
			}
		}
	};
	visit(root);
	return anchors;
}
