import type {Value} from '../value.js';
import {Emitter} from './emitter.js';
import type {ScalarStyle} from './node.js';
import {represent} from './represent.js';
import {TextWriter} from './text-writer.js';

/** How PyYAML's `yaml.dump` writes. */
export interface YamlStyle {
	/** Spaces of one level, 2 to 9 (else 2). */
	readonly indent?: number;
	/** Lines are folded behind this column: 80 when absent or too small, never when negative. */
	readonly width?: number;
	/** True: everything in brackets, false: everything in lines, undefined: the innermost lists and dicts in brackets. */
	readonly flow?: boolean | undefined;
	readonly sortKeys?: boolean;
	/** The style of every scalar. */
	readonly style?: ScalarStyle | undefined;
	readonly allowUnicode?: boolean;
	readonly canonical?: boolean;
	/** `---` before the document. */
	readonly explicitStart?: boolean;
	/** `...` behind it. */
	readonly explicitEnd?: boolean;
	readonly version?: readonly [number, number] | undefined;
	readonly lineBreak?: string;
	/** The style of a text by what it is, and another text for it. */
	readonly textStyle?: (text: string) => {text: string; style: ScalarStyle | undefined};
}

/**
 * The text of PyYAML's `yaml.dump` (with libyaml) for a value, byte for byte: folding, quoting, indentation, anchors, sorted keys. Throws `PythonError` for
 * what YAML cannot say, `MarkerUsed` and `UnknownUsed` for what may not be looked at. Source: PyYAML 6.0.3, libyaml 0.2.5.
 */
export function toYaml(value: Value, style: YamlStyle = {}): string {
	const indent = style.indent !== undefined && style.indent >= 2 && style.indent <= 9 ? style.indent : 2;
	let width = style.width ?? 80;
	if (width >= 0 && width <= indent * 2) width = 80;
	if (width < 0) width = Number.POSITIVE_INFINITY;
	const allowUnicode = style.allowUnicode ?? true;
	const root = represent(value, {
		sortKeys: style.sortKeys ?? true,
		flow: style.flow,
		style: style.style,
		...(style.textStyle ? {textStyle: style.textStyle} : {}),
	});
	const out = new TextWriter({width, indent, allowUnicode, lineBreak: style.lineBreak ?? '\n'});
	const canonical = style.canonical ?? false;
	if (style.version) {
		out.indicator(`%YAML ${style.version[1] === 1 ? '1.1' : '1.2'}`);
		out.indent(0);
	}
	if (style.explicitStart || canonical || style.version) {
		out.indent(0);
		out.indicator('---');
		if (canonical) out.indent(0);
	}
	new Emitter(root, out, {indent, allowUnicode, canonical});
	out.indent(0);
	if (style.explicitEnd || out.openEnded) {
		out.indicator('...');
		out.indent(0);
	}
	return out.text;
}
