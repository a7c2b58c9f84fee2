import {existsSync} from 'node:fs';
import {resolve} from 'node:path';
import {Dict, type Value} from '../jinja/jinja.js';
import {splitArguments} from '../modules/modules.js';
import {type Node, parseYaml, type Report, SourceFile} from '../source/source.js';
import {CannotStart} from './cannot-start.js';
import {UsageError} from './usage-error.js';

/** How what `-e` gives is read. */
interface ExtraReading {
	readonly open: (path: string) => SourceFile;
	readonly read: (node: Node) => Value;
	readonly report: Report;
}

/** What `-e` gives: `name=value` pairs (texts), JSON or YAML mappings, files named by `@`; the later wins. */
export function readExtraVars(given: readonly string[], reading: ExtraReading): Dict {
	const all = new Dict();
	for (const [index, text] of given.entries()) {
		const entries = text.startsWith('@')
			? fromFile(text.slice(1), reading)
			: fromText(text, `--extra-vars ${index + 1}`, reading);
		for (const [name, value] of entries.entries()) all.set(name, value);
	}
	return all;
}

function fromFile(path: string, {open, read, report}: ExtraReading): Dict {
	if (!existsSync(path))
		throw new CannotStart('file/not-found', `there is no file \`${path}\` of extra variables`, {
			ansible: `Unable to retrieve file contents. Could not find or access '${resolve(path)}' on the Ansible Controller: [Errno 2] No such file or directory: '${resolve(path)}'`,
		});
	const file = open(path);
	file.isSecret = file.isSealed;
	const node = parseYaml(file, report);
	const value = node ? read(node) : new Dict();
	if (!(value instanceof Dict)) throw new UsageError(`the file of --extra-vars ${path} must hold a mapping`);
	return value;
}

function fromText(text: string, name: string, {read, report}: ExtraReading): Dict {
	if (/^\s*[[{]/.test(text)) {
		const node = parseYaml(new SourceFile(name, text), report);
		const value = node ? read(node) : undefined;
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
		dict.set(word.slice(0, equals).trim(), asTemplate(value, name, read));
	}
	return dict;
}

/** The text of the command line is the user's own, so it may be a template. */
function asTemplate(text: string, name: string, read: (node: Node) => Value): Value {
	const file = new SourceFile(name, text);
	const span = {file, start: 0, end: text.length};
	return read({kind: 'scalar', span, value: text, text, style: 'double', contentStart: 0});
}
