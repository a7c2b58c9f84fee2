import {readdirSync, statSync} from 'node:fs';
import {basename, dirname, join} from 'node:path';
import {Dict, type FileOptions, Marker, MarkerUsed, pythonStr, type Value} from '../jinja/jinja.js';
import {flagOption, type Lookup, type LookupContext, type LookupOptions, lookupFault, textOption, textTerm} from './context.js';
import {findFile, readText, valueIn} from './find-file.js';

/** The texts of files. */
export const file: Lookup = (terms, options, context) =>
	terms.map((term) => {
		const name = textTerm(term);
		const path = findFile(name, 'files', context);
		if (path === undefined)
			throw lookupFault(`Unable to access the file '${name}': File not found. Use -vvvvv to see paths searched.`);
		const read = readText(path, context.vault);
		let {text} = read;
		if (flagOption(options, 'lstrip', false)) text = text.trimStart();
		if (flagOption(options, 'rstrip', true)) text = text.trimEnd();
		return valueIn(read, text);
	});

/** The texts of vault files (or plain ones) as they are. */
export const unvault: Lookup = (terms, _options, context) =>
	terms.map((term) => {
		const name = textTerm(term);
		const path = findFile(name, 'files', context);
		if (path === undefined) throw lookupFault(`Unable to find file matching "${name}" `);
		const read = readText(path, context.vault);
		return valueIn(read, read.text);
	});

/** The options of the lookup `template` that change how the file is read, under the names of Jinja. */
export function delimitersOf(options: LookupOptions): FileOptions {
	const changes: Record<string, string | boolean> = {};
	for (const name of ['variable_start_string', 'variable_end_string', 'comment_start_string', 'comment_end_string'])
		if (options.has(name)) changes[name] = textOption(options, name, '');
	if (options.has('trim_blocks')) changes['trim_blocks'] = flagOption(options, 'trim_blocks', true);
	return changes;
}

/** What template files give, of whatever type. */
export const template: Lookup = (terms, options, context) =>
	terms.map((term) => {
		const name = textTerm(term);
		const path = findFile(name, 'templates', context);
		if (path === undefined) throw lookupFault(`the template file ${name} could not be found for the lookup`);
		const read = readText(path, context.vault);
		return valueIn(read, context.render(read, options));
	});

/** The files that shell patterns match, of the first folder where any does; sorted, where Ansible leaves the order to the file system. */
export const fileglob: Lookup = (terms, _options, context) =>
	terms.flatMap((term) => {
		const pattern = textTerm(term);
		const name = basename(pattern);
		let folders: string[];
		if (name !== pattern) {
			const folder = findFile(dirname(pattern), 'files', context);
			folders = folder === undefined ? [] : [folder];
		} else folders = [...context.folders, context.basedir].flatMap((folder) => [join(folder, 'files'), folder]);
		for (const folder of folders) {
			const found = matchIn(folder, name);
			if (found.length) return found;
		}
		return [];
	});

function matchIn(folder: string, pattern: string): string[] {
	const expression = globToRegExp(pattern);
	const isFolder = statSync(folder, {throwIfNoEntry: false})?.isDirectory();
	if (!isFolder) return [];
	return readdirSync(folder)
		.filter((name) => expression.test(name) && (pattern.startsWith('.') || !name.startsWith('.')))
		.sort()
		.map((name) => join(folder, name))
		.filter((path) => statSync(path, {throwIfNoEntry: false})?.isFile());
}

function globToRegExp(pattern: string): RegExp {
	const source = pattern.replace(/\[(!?)(\]?[^\]]*)\]|[\s\S]/g, (piece, not: string | undefined, set: string | undefined) => {
		if (set !== undefined && set !== '') return `[${not ? '^' : ''}${set.replace(/[\\\]^]/g, '\\$&')}]`;
		if (piece === '*') return '.*';
		return piece === '?' ? '.' : piece.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
	});
	return new RegExp(`^${source}$`, 's');
}

/** The first file that exists: terms are names, or dicts of `files`, `paths` and `skip`. */
export const firstFound: Lookup = (terms, options, context) => {
	const settings = {options};
	const wanted = terms.length ? terms : textsOf(options.get('files') ?? []);
	for (const name of candidates(wanted, settings, 'files')) {
		const path = findFile(name, context.kind ?? 'files', context);
		if (path !== undefined) return [path];
	}
	if (flagOption(settings.options, 'skip', false)) return [];
	throw lookupFault('No file was found when using first_found.');
};

/** The names to try. A dict replaces the options for what follows, which is Ansible's way. */
function candidates(terms: readonly Value[], settings: {options: LookupOptions}, what: string): string[] {
	return terms.flatMap((term): string[] => {
		if (term instanceof Marker) throw new MarkerUsed(term);
		if (Array.isArray(term)) return candidates(term, settings, what);
		if (term instanceof Dict) {
			settings.options = new Map([
				...settings.options,
				...[...term.entries()].map(([key, value]) => [pythonStr(key), value] as const),
			]);
		} else if (typeof term !== 'string') {
			throw lookupFault(`Invalid term supplied. A string, dict or list is required, not '${pythonStr(term)}').`);
		}
		const files = term instanceof Dict ? textsOf(settings.options.get('files') ?? []) : [pythonStr(term)];
		const names = files.flatMap((name) => name.split(/[,;]/));
		const paths = textsOf(settings.options.get('paths') ?? []).flatMap((path) => path.split(/[,:;]/));
		return paths.length
			? paths.flatMap((path) => names.map((name) => (name.startsWith('/') ? name : `${path.replace(/\/$/, '')}/${name}`)))
			: names;
	});
}

function textsOf(value: Value): string[] {
	if (Array.isArray(value)) return value.map((one) => pythonStr(one));
	return value === null || value === '' ? [] : [pythonStr(value)];
}

/** Where a lookup's file named by an option is. */
export function optionFile(name: string, context: LookupContext): string {
	const path = findFile(name, 'files', context);
	if (path === undefined) throw lookupFault(`Unable to find '${name}' in expected paths.`);
	return path;
}
