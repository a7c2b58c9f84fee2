import type {Span} from '../source/source.js';
import {MarkerUsed, typeError, UnknownUsed} from './fault.js';

/**
 * Python's values, as the template language sees them.
 *
 * | Python | here |
 * | --- | --- |
 * | None, bool, str | null, boolean, string |
 * | int | number while it is a safe integer, bigint beyond |
 * | float | number when it has a fraction or is infinite or NaN, `Float` when its value is an integer (1.0 is not 1) |
 * | list, tuple, dict | array, `Tuple`, `Dict` |
 * | bytes, datetime | Uint8Array, `DateTime` |
 *
 * A string is data and never a template. Text of the user's files that holds `{{` or `{%` is a `Template`: trust is a type.
 */
export type Value =
	| null
	| boolean
	| number
	| bigint
	| string
	| Float
	| Secret
	| Uint8Array
	| DateTime
	| readonly Value[]
	| Tuple
	| Dict
	| Template
	| Omit
	| Unknown
	| Marker
	| Internal
	| Callable;

/** A float whose value is an integer. */
export class Float {
	readonly value: number;
	constructor(value: number) {
		this.value = value;
	}
}

/** A text that no output may show (vault, `no_log`, private prompts): printed as `«hidden»`, kept through filters. */
export class Secret {
	readonly text: string;
	/** What of the text is secret, where it was joined of secret and plain pieces: else all of it. */
	readonly pieces: readonly string[];
	constructor(text: string, pieces: readonly string[] = [text]) {
		this.text = text;
		// A piece of a character or two would be found everywhere.
		this.pieces = pieces.every(({length}) => length > 2) ? pieces : [text];
	}
}

export class Tuple {
	readonly items: readonly Value[];
	constructor(items: readonly Value[]) {
		this.items = items;
	}
}

/** A `date` (no time), or a `datetime`, naive or with an offset from UTC in minutes. */
export class DateTime {
	/** Microseconds since 1970-01-01 of the wall-clock reading. */
	readonly microseconds: bigint;
	readonly hasTime: boolean;
	readonly offset: number | undefined;
	constructor(microseconds: bigint, hasTime: boolean, offset?: number) {
		this.microseconds = microseconds;
		this.hasTime = hasTime;
		this.offset = offset;
	}
}

/** Text of the user's own files that is evaluated when it is read; `origin` is where it stands. */
export class Template {
	readonly source: string;
	readonly origin: Span | undefined;
	/** The text came out of a vault: whatever it gives is secret. */
	readonly secret: boolean;
	/** Where `source` begins in the file when its characters stand there as they are (`ScalarNode.contentStart`). */
	readonly contentStart: number | undefined;
	constructor(source: string, origin?: Span, contentStart?: number, secret = false) {
		this.source = source;
		this.origin = origin;
		this.contentStart = contentStart;
		this.secret = secret;
	}
}

/** The value of `omit`: vanishes from lists and dicts when a result is finalized. */
export class Omit {
	static readonly omit = new Omit();
}

/** What cannot be foretold in check mode; `cause` says why, for people (``because `Read version` is a command not run in check mode``). */
export class Unknown {
	readonly cause: string;
	constructor(cause: string) {
		this.cause = cause;
	}
}

/**
 * An error that travels as a value until it is used: an undefined name, or what a filter, test, call or nested variable failed with.
 * Most markers are cured (`default`, `is defined`) and never shown, so the error may be made when it is first asked for.
 */
export class Marker {
	readonly isUndefined: boolean;
	#error: TemplateError | (() => TemplateError);

	constructor(error: TemplateError | (() => TemplateError), isUndefined?: boolean);
	constructor(
		error: TemplateError | (() => TemplateError),
		isUndefined = typeof error === 'function' || error.category === 'undefined',
	) {
		this.#error = error;
		this.isUndefined = isUndefined;
	}
	get error(): TemplateError {
		if (typeof this.#error === 'function') this.#error = this.#error();
		return this.#error;
	}
	/** The same failure as it is met at a place that it came to: its error tells the way. */
	via(how: Waypoint['how'], span: Span | undefined): Marker {
		return span ? new ForwardedMarker(this, {how, span}) : this;
	}
}

/** A marker that came from one place of a template to another. */
class ForwardedMarker extends Marker {
	constructor(marker: Marker, waypoint: Waypoint) {
		super(() => marker.error.via(waypoint), marker.isUndefined);
	}
}

/** A place where a failed value was read, or what failed was called or included. */
export interface Waypoint {
	readonly how: 'read' | 'called' | 'included';
	readonly span: Span;
}

/** What people like to know of a failure beside its message: found out when somebody asks. */
export interface Circumstances {
	/** Names that a misspelt one may have meant. */
	candidates?(): Iterable<string>;
	/** What may be done about it. */
	help?(): string | undefined;
	/** What was computed with: the texts of the source, empty for what came through a pipe, and their values. */
	values?(): readonly (readonly [source: string, value: Value])[];
}

/** What exists only while an expression is evaluated (ranges, loops, namespaces, markup): no result may be one. */
export abstract class Internal {
	/** Python's name of the type. */
	abstract readonly pythonType: string;
	/** What `value.name` gives, undefined when there is no such attribute. */
	attribute(_name: string): Value | undefined {
		return undefined;
	}
}

/** Macros, bound methods, globals, joiners: what may be called inside a template and never leaves it. */
export interface Callable {
	readonly callableName: string;
	/** Python's name of the type when it is no built-in method. */
	readonly callableType?: string;
	call(positional: readonly Value[], named: ReadonlyMap<string, Value>): Value;
}

export type TemplateErrorCategory =
	| 'undefined'
	| 'syntax'
	| 'no_plugin'
	| 'plugin'
	| 'runtime'
	| 'type'
	| 'conditional'
	| 'untrusted'
	| 'omit'
	| 'recursion';

/** What a template failed with: Ansible's wording in `message` (causes appended after `: `), the place in the user's text in `span`. */
export class TemplateError extends Error {
	readonly category: TemplateErrorCategory;
	readonly span: Span | undefined;
	/** For `undefined` the name, for `no_plugin` the filter, test or lookup. */
	readonly subject: string | undefined;
	readonly help: string | undefined;
	readonly circumstances: Circumstances | undefined;
	/** The way that it came, the innermost place first. */
	readonly way: readonly Waypoint[];
	constructor(
		category: TemplateErrorCategory,
		message: string,
		more: {
			span?: Span | undefined;
			subject?: string | undefined;
			help?: string | undefined;
			cause?: unknown;
			circumstances?: Circumstances | undefined;
			way?: readonly Waypoint[];
		} = {},
	) {
		super(message, {cause: more.cause});
		this.name = 'TemplateError';
		this.category = category;
		this.span = more.span;
		this.subject = more.subject;
		this.help = more.help;
		this.circumstances = more.circumstances;
		this.way = more.way ?? [];
	}
	/** The same error after a further place on its way. */
	via(waypoint: Waypoint): TemplateError {
		return new TemplateError(this.category, this.message, {...this, cause: this.cause, way: [...this.way, waypoint]});
	}
}

/**
 * A Python dict: insertion order, keys of any hashable kind, 1 and 1.0 and True one key. `hostvars` and dicts with templates inside
 * are subclasses that compute a value when it is asked for.
 */
export class Dict {
	/** Made when the first entry comes: dicts that compute their values never need it. */
	#map: Map<unknown, [key: Value, value: Value]> | undefined;

	static from(entries: Iterable<readonly [Value, Value]>): Dict {
		const dict = new Dict();
		for (const [key, value] of entries) dict.set(key, value);
		return dict;
	}

	get size(): number {
		return this.#map ? this.#map.size : 0;
	}
	get(key: Value): Value | undefined {
		const hash = typeof key === 'string' ? key : hashKey(key);
		return this.#map?.get(hash)?.[1];
	}
	has(key: Value): boolean {
		const hash = hashKey(key);
		return this.#map?.has(hash) ?? false;
	}
	set(key: Value, value: Value): void {
		const hash = hashKey(key);
		this.#map ??= new Map();
		const present = this.#map.get(hash);
		if (present) present[1] = value;
		else this.#map.set(hash, [key, value]);
	}
	delete(key: Value): boolean {
		const hash = hashKey(key);
		return this.#map?.delete(hash) ?? false;
	}
	*keys(): IterableIterator<Value> {
		if (this.#map) for (const [key] of this.#map.values()) yield key;
	}
	*entries(): IterableIterator<[Value, Value]> {
		for (const key of this.keys()) yield [key, this.get(key)!];
	}
	*values(): IterableIterator<Value> {
		for (const key of this.keys()) yield this.get(key)!;
	}
}

/** What a key is equal by: a plain string is itself, numbers that are equal in Python share one. Throws on what has no hash. */
export function hashKey(key: Value): unknown {
	if (typeof key === 'string') return key;
	if (typeof key === 'boolean') return key ? 1 : 0;
	if (typeof key === 'number' || typeof key === 'bigint' || key === null) return key;
	if (key instanceof Float) return key.value;
	if (key instanceof Secret || isMarkup(key)) return key.text;
	if (key instanceof Tuple) return `\u0000tuple:${key.items.map(hashText).join('\u0000')}`;
	if (key instanceof DateTime) return `\u0000date:${key.microseconds}:${key.hasTime}:${key.offset}`;
	if (key instanceof Uint8Array) return `\u0000bytes:${key.join()}`;
	if (key instanceof Marker) throw new MarkerUsed(key);
	if (key instanceof Unknown) throw new UnknownUsed(key);
	if (Array.isArray(key)) throw typeError("unhashable type: 'list'");
	if (key instanceof Dict) throw typeError("unhashable type: 'dict'");
	return key instanceof Template ? key.source : key;
}

/** Escaped text (internal.ts), which equals a plain one. */
function isMarkup(key: Value): key is Internal & {text: string} {
	return key instanceof Internal && key.pythonType === 'Markup';
}

function hashText(item: Value): string {
	const hash = hashKey(item);
	return `${typeof hash}:${String(hash)}`;
}
