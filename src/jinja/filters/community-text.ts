import {typeError, valueError} from '../fault.js';
import {textArgument} from '../python/argument.js';
import {isTruthy, textOf} from '../python/compare.js';
import {toText} from '../python/encoding.js';
import {iterate} from '../python/iterate.js';
import {pythonRepr, pythonStr} from '../python/text.js';
import {typeName} from '../python/type-name.js';
import {Dict, type Value} from '../value.js';
import type {FilterTable} from './filter.js';

/** The rows of a CSV text, as Python's csv module reads it. */
function readCsv(text: string, delimiter: string, skipSpace: boolean, strict: boolean): string[][] {
	const rows: string[][] = [];
	let row: string[] = [];
	let field = '';
	let at = 0;
	let started = false;
	const endRow = (): void => {
		if (started || row.length) rows.push([...row, field]);
		row = [];
		field = '';
		started = false;
	};
	while (at < text.length) {
		const character = text[at++]!;
		if (character === '\n' || character === '\r') endRow();
		else if (character === delimiter) {
			row.push(field);
			field = '';
			started = true;
			while (skipSpace && text[at] === ' ') at++;
		} else if (character === '"' && field === '') {
			started = true;
			for (; at < text.length; at++) {
				if (text[at] !== '"') field += text[at];
				else if (text[at + 1] === '"') field += text[++at];
				else break;
			}
			const fault = (message: string) => valueError(`Unable to process file: ${message}`);
			if (strict && at === text.length) throw fault('unexpected end of data');
			at++;
			if (strict && at < text.length && !`${delimiter}\r\n`.includes(text[at]!)) throw fault(`'${delimiter}' expected after '"'`);
		} else {
			field += character;
			started = true;
		}
	}
	endRow();
	return rows;
}

const delimiters: Readonly<Record<string, string>> = {excel: ',', 'excel-tab': '\t', unix: ','};

/** An INI text as Python's ConfigParser reads it, without interpolation. Throws `ValueError`. */
function readIni(text: string): Dict {
	const fail = (message: string): never => {
		throw valueError(`from_ini failed to parse given string: ${message}`);
	};
	const sections = new Map<string, Map<string, string[]>>();
	let section: Map<string, string[]> | undefined;
	let last: string[] | undefined;
	let sectionName = '';
	let indent = 0;
	for (const [index, line] of text.split(/\r\n|\r|\n/).entries()) {
		const content = line.trim();
		if (content === '' || /^[#;]/.test(content)) {
			if (content === '' && last) last.push('');
			continue;
		}
		const depth = line.length - line.trimStart().length;
		if (last && depth > indent) {
			last.push(content);
			continue;
		}
		indent = depth;
		const header = /^\[(.+)\]/.exec(content);
		if (header) {
			sectionName = header[1]!;
			last = undefined;
			if (sections.has(sectionName) && sectionName !== 'DEFAULT') fail(`section ${pythonRepr(sectionName)} already exists`);
			section = sections.get(sectionName) ?? new Map();
			sections.set(sectionName, section);
			continue;
		}
		if (!section) return fail(`File contains no section headers.\nline: ${index + 1}\n${pythonRepr(line)}`);
		const option = /^(.*?)\s*[=:]\s*(.*)$/.exec(content);
		if (!option?.[1]) return fail(`Source contains parsing errors\n\t[line ${index + 1}]: ${pythonRepr(line)}`);
		if (section.has(option[1])) fail(`option ${pythonRepr(option[1])} in section ${pythonRepr(sectionName)} already exists`);
		last = [option[2]!];
		section.set(option[1], last);
	}
	const values = (entries: Map<string, string[]>): [Value, Value][] =>
		[...entries].map(([key, lines]) => [key, lines.join('\n').trimEnd()]);
	const defaults = sections.get('DEFAULT');
	const result = new Dict();
	for (const [name, entries] of sections)
		if (name !== 'DEFAULT') result.set(name, Dict.from([...(defaults ? values(defaults) : []), ...values(entries)]));
	if (defaults?.size) result.set('DEFAULT', Dict.from(values(defaults)));
	return result;
}

/** Filters of the collection community.general on texts. */
export const communityTextFilters: FilterTable = {
	'community.general.from_csv': {
		summary: 'The rows of a CSV text, as dicts.',
		signature: "data, dialect='excel', fieldnames=None, delimiter=None, skipinitialspace=None, strict=None",
		aliases: ['from_csv'],
		example: ["'a,b\n1,2' | from_csv", "[{'a': '1', 'b': '2'}]"],
		call(_context, data, dialect, fieldNames, delimiter, skipSpace, strict) {
			const name = textArgument(dialect!, 'dialect');
			if (!Object.hasOwn(delimiters, name)) throw valueError(`Dialect '${name}' is not supported by your version of python.`);
			const separator = delimiter === null ? delimiters[name]! : textArgument(delimiter!, 'delimiter');
			if (separator.length !== 1) throw typeError('"delimiter" must be a 1-character string');
			const rows = readCsv(toText(data!), separator, isTruthy(skipSpace!), isTruthy(strict!));
			const names = fieldNames === null ? (rows.shift() ?? []) : iterate(fieldNames!);
			return rows.map((row) => {
				const record = Dict.from(names.map((key, index): [Value, Value] => [key, row[index] ?? null]));
				if (row.length > names.length) record.set(null, row.slice(names.length));
				return record;
			});
		},
	},
	'community.general.from_ini': {
		summary: 'The sections of an INI text.',
		signature: 'obj',
		aliases: ['from_ini'],
		example: ["'[a]\nb = c' | from_ini", "{'a': {'b': 'c'}}"],
		call(_context, value) {
			const text = textOf(value!);
			if (text === undefined) throw typeError(`from_ini requires a str, got <class '${typeName(value!)}'>`);
			return readIni(text);
		},
	},
	'community.general.to_ini': {
		summary: 'A dict of dicts as an INI text.',
		signature: 'obj, *, no_extra_spaces=False',
		aliases: ['to_ini'],
		example: ["{'a': {'b': 1}} | to_ini", "'[a]\\nb = 1\\n'"],
		call(_context, value, tight) {
			if (!(value instanceof Dict)) throw typeError(`to_ini requires a dict, got <class '${typeName(value!)}'>`);
			if (!value.size) throw valueError('to_ini received an empty dict. An empty dict cannot be converted.');
			const equals = isTruthy(tight!) ? '=' : ' = ';
			const entries = [...value.entries()].sort(([a], [b]) => Number(b === 'DEFAULT') - Number(a === 'DEFAULT'));
			return entries
				.map(([name, options]) => {
					if (!(options instanceof Dict))
						throw typeError(`to_ini failed to parse given dict:'${typeName(options)}' object has no attribute 'items'`);
					const lines = [...options.entries()].map(([key, item]) => {
						if (item === null) throw typeError('to_ini failed to parse given dict:option values must be strings');
						return `${pythonStr(key)}${equals}${pythonStr(item).replaceAll('\n', '\n\t')}\n`;
					});
					return `[${pythonStr(name)}]\n${lines.join('')}`;
				})
				.join('\n');
		},
	},
	'community.general.unicode_normalize': {
		summary: 'A text in a normal form of Unicode: NFC, NFD, NFKC or NFKD.',
		signature: "data, form='NFC'",
		aliases: ['unicode_normalize'],
		example: ["'e\u0301' | unicode_normalize | length", '1'],
		call(_context, data, form) {
			const text = textOf(data!);
			if (text === undefined) throw typeError(`${pythonStr(data!)} is not a valid input type`);
			const name = pythonStr(form!);
			if (!['NFC', 'NFD', 'NFKC', 'NFKD'].includes(name)) throw valueError(`${name} is not a valid form`);
			return text.normalize(name);
		},
	},
};
