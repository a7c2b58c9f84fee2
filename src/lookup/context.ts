import {Dict, isTruthy, pythonStr, TemplateError, type Value} from '../jinja/jinja.js';
import type {SourceFile} from '../source/source.js';
import type {VaultSecrets} from '../vault/vault.js';

/** What a lookup may know of the run and the task that asks. */
export interface LookupContext {
	/** Where files are searched, as `ansible_search_path`: the task's roles from the innermost outwards, its file's folder. */
	readonly folders: readonly string[];
	/** The playbook's folder: searched last, and where commands run. */
	readonly basedir: string;
	/** The user's home folder, for `~`. */
	readonly home: string;
	readonly environment: Readonly<Record<string, string | undefined>>;
	readonly vault: VaultSecrets;
	/** The folder kind that `first_found` searches: by the task's module. */
	readonly kind?: 'files' | 'templates' | 'vars';
	/** The value of a variable, evaluated; undefined when there is none. */
	resolve(name: string): Value | undefined;
	variableNames(): Iterable<string>;
	/** The names of the hosts that patterns mean. */
	matchHosts(patterns: readonly string[]): readonly string[];
	/** The text or value that a template file gives. */
	render(file: SourceFile, options: ReadonlyMap<string, Value>): Value;
	/** Tells the user of what a lookup cannot use. */
	warn?(message: string): void;
	/** A setting of ansible.cfg by its name (`DEFAULT_ROLES_PATH`); undefined when there is no such setting. */
	setting(name: string): Value | undefined;
}

export type LookupOptions = ReadonlyMap<string, Value>;

/** One lookup: its results for terms. Throws `TemplateError` of category `plugin`. */
export type Lookup = (terms: readonly Value[], options: LookupOptions, context: LookupContext) => readonly Value[];

/** The error of a lookup that fails, in Ansible's words; who runs the lookup says which one it was. */
export function lookupFault(message: string): TemplateError {
	return new TemplateError('plugin', message);
}

/** An option as text; the fallback when it is absent or null. */
export function textOption(options: LookupOptions, name: string, fallback: string): string {
	const value = options.get(name);
	return value === undefined || value === null ? fallback : pythonStr(value);
}

/** An option as a boolean, with the words that Ansible takes for one. */
export function flagOption(options: LookupOptions, name: string, fallback: boolean): boolean {
	const value = options.get(name);
	if (value === undefined || value === null) return fallback;
	if (typeof value === 'string') return /^(?:yes|true|on|y|t|1)$/i.test(value);
	return isTruthy(value);
}

/** An option as a whole number. */
export function integerOption(options: LookupOptions, name: string, fallback: number): number {
	const value = options.get(name);
	if (value === undefined || value === null) return fallback;
	const number = Number(pythonStr(value));
	if (!Number.isInteger(number)) throw lookupFault(`The value '${pythonStr(value)}' of '${name}' is not an integer.`);
	return number;
}

/** A term that must be text. */
export function textTerm(term: Value): string {
	if (Array.isArray(term) || term instanceof Dict) throw lookupFault(`A string is required, not ${pythonStr(term)}.`);
	return pythonStr(term);
}
