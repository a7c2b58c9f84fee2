import {valueError} from './fault.js';
import {literalValue} from './signature.js';
import type {Syntax} from './syntax.js';

const prefix = '#jinja2:';
const flags = new Set(['trim_blocks', 'lstrip_blocks', 'keep_trailing_newline']);

/** A template with its first line `#jinja2: key: value, …` taken off and applied. Throws `PythonError` for what Ansible refuses. */
export function readHeader(source: string, syntax: Syntax): {text: string; syntax: Syntax; removed: number} {
	if (!source.startsWith(prefix)) return {text: source, syntax, removed: 0};
	const end = source.indexOf('\n');
	if (end === -1) throw valueError(`Missing newline after '${prefix}' override.`);
	const changed: Record<string, unknown> = {};
	for (const pair of source.slice(prefix.length, end).split(',')) {
		if (!pair.trim()) throw valueError(`Empty '${prefix}' override pair not allowed.`);
		const colon = pair.indexOf(':');
		if (colon === -1) throw valueError(`Missing key-value separator \`:\` in '${prefix}' override pair '${pair}'.`);
		const key = pair.slice(0, colon).trim();
		if (!Object.hasOwn(syntax, key)) throw valueError(`Invalid '${prefix}' override key '${key}'.`);
		const value = literalValue(pair.slice(colon + 1).trim());
		const right = flags.has(key)
			? typeof value === 'boolean'
			: typeof value === 'string' || (value === null && key.startsWith('line_'));
		if (!right) throw valueError(`'${key}' has a value of the wrong type.`);
		changed[key] = value;
	}
	return {text: source.slice(end + 1), syntax: withChanges(syntax, changed), removed: end + 1};
}

const variants = new Map<string, Syntax>();

/** The syntax with some options changed; equal ones are the same object, so that compiled templates are found again. */
export function withChanges(syntax: Syntax, changes: Readonly<Record<string, unknown>>): Syntax {
	if (Object.keys(changes).every((name) => changes[name] === syntax[name as keyof Syntax])) return syntax;
	const changed = {...syntax, ...changes} as Syntax;
	if (
		changed.block_start_string === changed.variable_start_string ||
		changed.variable_start_string === changed.comment_start_string ||
		changed.comment_start_string === changed.block_start_string
	) {
		throw valueError('Block, variable and comment start strings must be different.');
	}
	if (!['\n', '\r\n', '\r'].includes(changed.newline_sequence))
		throw valueError('`newline_sequence` must be one of \\n, \\r\\n, \\r.');
	const key = JSON.stringify(Object.entries(changed).sort());
	const known = variants.get(key);
	if (known) return known;
	if (variants.size > 100) variants.clear();
	variants.set(key, changed);
	return changed;
}
