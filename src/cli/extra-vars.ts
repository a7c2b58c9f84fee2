import {Dict, nodeToValue, type Value} from '../jinja/jinja.js';
import {splitArguments} from '../modules/modules.js';
import {parseYaml, type Report, SourceFile} from '../source/source.js';
import {UsageError} from './usage-error.js';

/** What `-e` gives: `name=value` pairs (texts), JSON or YAML mappings, files named by `@`; the later wins. */
export function readExtraVars(given: readonly string[], open: (path: string) => string, report: Report): Dict {
	const all = new Dict();
	for (const [index, text] of given.entries()) {
		const entries = text.startsWith('@')
			? fromFile(text.slice(1), open, report)
			: fromText(text, `--extra-vars ${index + 1}`, report);
		for (const [name, value] of entries.entries()) all.set(name, value);
	}
	return all;
}

function fromFile(path: string, open: (path: string) => string, report: Report): Dict {
	const node = parseYaml(new SourceFile(path, open(path)), report);
	const value = node ? nodeToValue(node, {trusted: true}) : new Dict();
	if (!(value instanceof Dict)) throw new UsageError(`the file of --extra-vars ${path} must hold a mapping`);
	return value;
}

function fromText(text: string, name: string, report: Report): Dict {
	if (/^\s*[[{]/.test(text)) {
		const node = parseYaml(new SourceFile(name, text), report);
		const value = node ? nodeToValue(node, {trusted: true}) : undefined;
		if (value instanceof Dict) return value;
		throw new UsageError(`--extra-vars must be name=value, a JSON or YAML mapping, or @FILE: ${text}`);
	}
	const dict = new Dict();
	for (const word of splitArguments(text)) {
		const equals = word.indexOf('=');
		if (equals <= 0) continue;
		const value = word
			.slice(equals + 1)
			.trim()
			.replace(/^(["'])([\s\S]*)\1$/, '$2');
		dict.set(word.slice(0, equals).trim(), asTemplate(value, name));
	}
	return dict;
}

/** The text of the command line is the user's own, so it may be a template. */
function asTemplate(text: string, name: string): Value {
	const file = new SourceFile(name, text);
	const span = {file, start: 0, end: text.length};
	return nodeToValue({kind: 'scalar', span, value: text, text, style: 'double', contentStart: 0}, {trusted: true});
}
