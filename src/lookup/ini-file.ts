import {pythonStr, searchRegex, type Value} from '../jinja/jinja.js';
import {flagOption, type Lookup, type LookupOptions, lookupFault, textOption, textTerm} from './context.js';
import {optionFile} from './file-lookups.js';
import {readText, valueIn} from './find-file.js';

const known = [
	'type',
	'file',
	'section',
	're',
	'encoding',
	'default',
	'case_sensitive',
	'allow_no_value',
	'allow_none',
	'interpolation',
];

/** Values of an INI or Java properties file by key, or by a regular expression for keys. */
export const ini: Lookup = (terms, options, context) => {
	let merged: LookupOptions = options;
	return terms.flatMap((term): readonly Value[] => {
		const parsed = splitTerm(textTerm(term));
		if (parsed.values.size) merged = new Map([...merged, ...parsed.values]);
		const name = textOption(merged, 'file', 'ansible.ini');
		const read = readText(optionFile(name, context), context.vault, textOption(merged, 'encoding', 'utf-8'));
		const properties = textOption(merged, 'type', 'ini') === 'properties';
		const section = properties ? 'java_properties' : textOption(merged, 'section', 'global');
		const keyOf = flagOption(merged, 'case_sensitive', false) ? (key: string) => key : (key: string) => key.toLowerCase();
		const noValue = flagOption(merged, 'allow_no_value', flagOption(merged, 'allow_none', false));
		const sections = parseIni(properties ? `[java_properties]\n${read.text}` : read.text, {keyOf, noValue, name});
		const values = new Map([...(sections.get('DEFAULT') ?? []), ...(sections.get(section) ?? [])]);
		if (!sections.has(section)) throw lookupFault(`No section '${section}' in '${name}'.`);
		const interpolate = flagOption(merged, 'interpolation', true)
			? (value: string | null) => interpolated(value, values, 0)
			: (value: string | null) => value;
		if (flagOption(merged, 're', false)) {
			return [...values]
				.filter(([key]) => searchRegex(parsed.key, key)?.index === 0)
				.map(([, value]) => valueIn(read, interpolate(value)));
		}
		const value = values.get(keyOf(parsed.key));
		if (value === null) return [];
		if (value !== undefined) return [valueIn(read, interpolate(value))];
		const fallback = merged.get('default') ?? '';
		return fallback === null ? [] : [fallback];
	});
};

/** `key section=x file=y`: the older form, with options in the term. */
function splitTerm(term: string): {key: string; values: Map<string, string>} {
	const values = new Map<string, string>();
	if (!term.includes('=') && !term.trim().includes(' ')) return {key: term, values};
	let key = '';
	let current: string | undefined;
	for (const word of term.trim().split(/\s+/)) {
		const sign = word.indexOf('=');
		if (sign > 0) {
			current = word.slice(0, sign);
			if (!known.includes(current)) throw lookupFault(`'${current}' is not a valid option.`);
			values.set(current, word.slice(sign + 1));
		} else if (current === undefined) key = key === '' ? word : `${key} ${word}`;
		else values.set(current, `${values.get(current)} ${word}`);
	}
	if (key === '') throw lookupFault(`No key to look up was provided as first term within string inline options: ${term}`);
	return {key, values};
}

type Sections = Map<string, Map<string, string | null>>;

/** Sections and their keys, by the rules of Python's configparser: `=` or `:`, comments on lines of their own, indented lines go on. */
export function parseIni(
	text: string,
	{keyOf, noValue, name}: {keyOf: (key: string) => string; noValue: boolean; name: string},
): Sections {
	const sections: Sections = new Map();
	let values: Map<string, string | null> | undefined;
	let last: {key: string; indent: number} | undefined;
	for (const [index, raw] of text.split(/\r?\n/).entries()) {
		const line = raw.trim();
		if (line === '' || line.startsWith('#') || line.startsWith(';')) {
			const before = last && values?.get(last.key);
			if (line === '' && last && typeof before === 'string') values!.set(last.key, `${before}\n`);
			continue;
		}
		const indent = raw.length - raw.trimStart().length;
		if (values && last && indent > last.indent) {
			values.set(last.key, `${values.get(last.key) ?? ''}\n${line}`);
			continue;
		}
		const header = /^\[(.+)\]/.exec(line)?.[1];
		if (header !== undefined) {
			if (sections.has(header) && header !== 'DEFAULT') throw lookupFault(`Section '${header}' stands twice in '${name}'.`);
			values = sections.get(header) ?? new Map();
			sections.set(header, values);
			last = undefined;
			continue;
		}
		if (!values) throw lookupFault(`File contains no section headers: '${name}', line ${index + 1}`);
		const sign = line.search(/[=:]/);
		if (sign <= 0 && !noValue) throw lookupFault(`Source contains parsing errors: '${name}', line ${index + 1}`);
		const key = keyOf((sign < 0 ? line : line.slice(0, sign)).trim());
		if (values.has(key)) throw lookupFault(`Duplicate option in '${name}'.`);
		values.set(key, sign < 0 ? null : line.slice(sign + 1).trim());
		last = {key, indent};
	}
	for (const section of sections.values())
		for (const [key, value] of section) if (value !== null) section.set(key, value.trimEnd());
	return sections;
}

/** `%(name)s` replaced by the value of another key, `%%` by `%`. */
function interpolated(value: string | null, values: ReadonlyMap<string, string | null>, depth: number): string | null {
	if (value === null || !value.includes('%')) return value;
	if (depth > 10) throw lookupFault('Recursion limit exceeded in value substitution');
	return value.replace(/%(?:%|\(([^)]+)\)s|)/g, (piece, name: string | undefined) => {
		if (piece === '%%') return '%';
		if (name === undefined) throw lookupFault(`'%' must be followed by '%' or '(', found: ${pythonStr(value)}`);
		const other = values.get(name.toLowerCase()) ?? values.get(name);
		if (other === undefined) throw lookupFault(`Bad value substitution: option '${name}' is not there`);
		return interpolated(other, values, depth + 1) ?? '';
	});
}
