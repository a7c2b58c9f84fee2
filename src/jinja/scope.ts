import type {SourceFile, Span} from '../source/source.js';
import type {Value} from './value.js';

/** Opens and closes vault texts; what a `Scope` brings because this room knows no ciphers. Both throw `PythonError` when they fail. */
export interface VaultFunctions {
	encrypt(text: string, password: string, id: string, salt: string | undefined): string;
	/** A text that is no vault is given back as it is. */
	decrypt(text: string, password: string): string;
}

/**
 * What one operation (a task's evaluation, a file's rendering) offers to its templates. Names are resolved lazily; a resolved value may be a
 * `Template` or hold some: they are evaluated when they are read, once for each scope object.
 */
export interface Scope {
	/** The value of a variable, undefined when there is none. */
	resolve(name: string): Value | undefined;
	/** The names of the variables, for what a misspelt one may have meant. */
	names?(): Iterable<string>;
	/**
	 * Whether the value of a variable was written in the user's files as it is, rather than computed or told by a host. Texts of such values
	 * may be conditions; without this function no variable's may.
	 */
	isWritten?(name: string): boolean;
	/**
	 * Runs a lookup plugin: its results, or undefined when there is no such lookup. Throws `TemplateError` or `PythonError` when it fails.
	 * `wantlist` and `errors` are already taken out of `options`.
	 */
	lookup?(name: string, terms: readonly Value[], options: ReadonlyMap<string, Value>): readonly Value[] | undefined;
	/** The text of a file that `include`, `import` or `extends` names, or undefined when it is not found. */
	load?(name: string, from: SourceFile | undefined): SourceFile | undefined;
	/** Told once of what the user should know. */
	warn?(message: string, span: Span | undefined): void;
	/** Told of the use of what a release of ansible-core drops. */
	deprecate?(message: string, version: string, span: Span | undefined): void;
	/** Told when a filter or test looks at files of this side. */
	lookAtFiles?(): void;
	/** The directory that relative paths of this side start from (`/` when absent). */
	readonly workingDirectory?: string;
	/** For the filters `vault` and `unvault`; without them these fail. */
	readonly vault?: VaultFunctions;
	/** The time that `now()` gives. */
	now?(): Date;
}
