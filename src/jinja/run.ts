import type {SourceFile, Span} from '../source/source.js';
import {type Environment, Printable} from './environment.js';
import {MarkerUsed, PythonError, UnknownUsed} from './fault.js';
import {Markup, Undefined} from './internal.js';
import {type Owner, own} from './lazy.js';
import {checkLength, maximumDepth, maximumIterations, spend} from './limits.js';
import type {Program} from './program.js';
import {holdsSecret} from './python/secret.js';
import {pythonStr} from './python/text.js';
import type {Scope} from './scope.js';
import {literalValue} from './signature.js';
import {SyntaxFault} from './syntax-error.js';
import {Dict, Marker, Omit, Secret, type Template, TemplateError, Tuple, Unknown, type Value} from './value.js';

/** The text that is being evaluated, and where it stands in the user's files. */
export class Unit {
	readonly source: string;
	readonly origin: Span | undefined;
	readonly contentStart: number | undefined;
	readonly isExpression: boolean;
	/** The name of an included or imported template. */
	readonly name: string | undefined;
	constructor(source: string, origin?: Span, contentStart?: number, isExpression = false, name?: string) {
		this.source = source;
		this.origin = origin;
		this.contentStart = contentStart;
		this.isExpression = isExpression;
		this.name = name;
	}
	/** A stretch of the source as a place in the user's file: exact where the text stands there as it is, else the whole text. */
	span(at: {start: number; end: number}): Span | undefined {
		if (!this.origin || this.contentStart === undefined) return this.origin;
		return {file: this.origin.file, start: this.contentStart + at.start, end: this.contentStart + at.end};
	}
	get kind(): 'expression' | 'template' {
		return this.isExpression ? 'expression' : 'template';
	}
}

/** All that happens with one scope: values of templates are computed once. */
export class Operation {
	readonly scope: Scope;
	readonly environment: Environment;
	readonly #results = new Map<Template, Value>();
	readonly #active = new Set<Template>();
	readonly #warned = new Set<string>();
	/** How templates are executed; set by evaluate.ts, which knows the compiler. */
	readonly #execute: (template: Template, operation: Operation) => Value;
	/** Compiles a template that is included; given by evaluate.ts for the same reason. */
	readonly compile: (text: string) => Program;
	/** Whether any value so far was secret: as long as not, nothing is spent on them. */
	secrets = false;
	depth = 0;
	iterations = 0;

	constructor(
		scope: Scope,
		environment: Environment,
		execute: (template: Template, operation: Operation) => Value,
		compile: (text: string) => Program,
	) {
		this.scope = scope;
		this.environment = environment;
		this.#execute = execute;
		this.compile = compile;
	}

	/** The value of a template in this scope, computed once. */
	evaluate(template: Template): Value {
		const known = this.#results.get(template);
		if (known !== undefined) return known;
		if (this.#active.has(template) || this.depth > maximumDepth) return new Marker(this.#recursion(template));
		this.#active.add(template);
		this.depth++;
		try {
			let value = this.#execute(template, this);
			if (template.secret) {
				this.secrets = true;
				value = typeof value === 'string' ? new Secret(value) : value;
			}
			this.#results.set(template, value);
			return value;
		} finally {
			this.depth--;
			this.#active.delete(template);
		}
	}

	#recursion(template: Template): TemplateError {
		const chain = [...this.#active, template].slice(-6).map((one) => one.source.trim().slice(0, 60));
		return new TemplateError('recursion', `Recursive loop detected in template: ${chain.join(' -> ')}`, {span: template.origin});
	}

	/** Counts a turn of a loop; refuses to turn for ever. */
	countIteration(): void {
		if (++this.iterations > maximumIterations) {
			throw new PythonError('LimitError', `the loops of a template may not turn more than ${maximumIterations} times`);
		}
	}

	warn(message: string, span: Span | undefined): void {
		if (this.#warned.has(message)) return;
		this.#warned.add(message);
		this.scope.warn?.(message, span);
	}

	deprecate(message: string, version: string, span: Span | undefined): void {
		if (this.#warned.has(message)) return;
		this.#warned.add(message);
		this.scope.deprecate?.(message, version, span);
	}
}

/** One execution of one template: its view of the variables. What it includes or imports shares it. */
export class Store implements Owner {
	readonly operation: Operation;
	readonly copies = new Map<object, Value>();
	readonly #names = new Map<string, Value>();
	readonly globals: (name: string, store: Store) => Value | undefined;
	/** Strings with `{{ }}` in the source are themselves rendered (conditions only; deprecated). */
	readonly rendersConstants: boolean;

	constructor(operation: Operation, globals: (name: string, store: Store) => Value | undefined, rendersConstants = false) {
		this.operation = operation;
		this.globals = globals;
		this.rendersConstants = rendersConstants;
	}
	evaluate(template: Template): Value {
		const value = this.operation.evaluate(template);
		return typeof value === 'object' && value !== null ? own(value, this) : value;
	}
	noteSecret(): void {
		this.operation.secrets = true;
	}
	/** A variable, else a name of the language, else undefined. */
	resolve(name: string): Value | undefined {
		const known = this.#names.get(name);
		if (known !== undefined) return known;
		const raw = this.operation.scope.resolve(name);
		const value = raw === undefined ? this.globals(name, this) : own(raw, this);
		if (value !== undefined) this.#names.set(name, value);
		return value;
	}
}

/** A template's execution within a store: where its text stands, its blocks, what its top level set. */
export class Context {
	readonly unit: Unit;
	readonly store: Store;
	/** Names of the surroundings (the variables; for an include, the including template's). */
	readonly outer: (name: string) => Value | undefined;
	readonly variables = new Map<string, Value>();
	readonly exports = new Set<string>();
	/** The blocks by name, the most derived first. */
	readonly blocks = new Map<string, Block[]>();
	/** The template that `extends` named. */
	parent: {render(context: Context, out: Value[]): void} | undefined = undefined;

	constructor(unit: Unit, store: Store, outer: (name: string) => Value | undefined) {
		this.unit = unit;
		this.store = store;
		this.outer = outer;
	}
	get environment(): Environment {
		return this.store.operation.environment;
	}
}

export interface Block {
	readonly required: boolean;
	render(frame: Frame, out: Value[]): void;
}

/** The names of one nesting level. */
export class Frame {
	readonly context: Context;
	readonly parent: Frame | undefined;
	readonly variables: Map<string, Value>;
	autoescape: boolean;
	/** A part of a template's main text, which prints nothing once the template extends another. */
	readonly printsNothing: boolean;
	/** The text whose offsets errors name: differs from the context's in inherited blocks and called macros. */
	readonly unit: Unit;

	constructor(
		context: Context,
		parent: Frame | undefined,
		variables: Map<string, Value>,
		unit: Unit = parent?.unit ?? context.unit,
		printsNothing = parent?.printsNothing ?? false,
	) {
		this.context = context;
		this.parent = parent;
		this.variables = variables;
		this.autoescape = parent ? parent.autoescape : context.environment.autoescape;
		this.unit = unit;
		this.printsNothing = printsNothing;
	}
	child(): Frame {
		return new Frame(this.context, this, new Map());
	}
	/** A child whose output is collected apart. */
	captured(): Frame {
		return new Frame(this.context, this, new Map(), this.unit, false);
	}
	lookup(name: string): Value | undefined {
		let frame: Frame | undefined = this;
		do {
			const value = frame.variables.get(name);
			if (value !== undefined) return value;
			frame = frame.parent;
		} while (frame);
		return this.context.outer(name);
	}
	get isTop(): boolean {
		return this.parent === undefined;
	}
}

/** What a failed evaluation is as an error with a place: `undefined` for what is not an error of the template. */
export function errorOf(fault: unknown, unit: Unit, at?: {start: number; end: number}): TemplateError | undefined {
	if (fault instanceof TemplateError) return fault;
	const span = at ? unit.span(at) : unit.origin;
	if (fault instanceof PythonError)
		return new TemplateError('runtime', `Error rendering ${unit.kind}: ${fault.message}`, {span, cause: fault});
	if (fault instanceof SyntaxFault)
		return new TemplateError('syntax', `Syntax error in ${unit.kind}: ${fault.message}`, {span: unit.span(fault), cause: fault});
	if (fault instanceof RangeError)
		return new TemplateError('recursion', `Recursive loop detected in ${unit.kind}.`, {span, cause: fault});
	return undefined;
}

/** Runs an operator: its faults get the place of its source. */
export function located(fault: unknown, frame: Frame, at: {start: number; end: number}): unknown {
	if (fault instanceof PythonError && frame.context.environment.markers) return errorOf(fault, frame.unit, at)!;
	return fault;
}

/** Joins the pieces of a template's output into its result, by the environment's rule. May give a marker. */
export function joinPieces(pieces: readonly Value[], environment: Environment, escaping: boolean): Value {
	if (environment.join === 'text') {
		let text = '';
		for (const piece of pieces) {
			text += piece instanceof Printable ? pythonStr(joinPieces(piece.pieces(), environment, escaping)) : pythonStr(piece);
			checkLength(text.length);
		}
		return escaping ? new Markup(text) : text;
	}
	const flat = pieces.some((piece) => piece instanceof Printable) ? flatten(pieces) : pieces;
	const present = flat.includes(null) && environment.markers ? flat.filter((piece) => piece !== null) : flat;
	if (!present.length) return null;
	const [only] = present;
	if (present.length === 1) return environment.join === 'literal' && typeof only === 'string' ? literalOr(only) : only!;
	let unknown: Unknown | undefined;
	let secret = false;
	let text = '';
	for (const piece of present) {
		if (typeof piece === 'string') text += piece;
		else {
			const trouble = troubleIn(piece);
			if (trouble instanceof Marker) return trouble;
			unknown ??= trouble;
			if (unknown || piece instanceof Omit) continue;
			secret ||= holdsSecret(piece);
			text += pythonStr(environment.markers ? listed(piece) : piece);
		}
		checkLength(text.length);
	}
	if (environment.join === 'literal') return literalOr(text);
	return unknown ?? (secret ? new Secret(text) : text);
}

/** What a text means as a Python literal, else the text (Jinja's own native environment). */
function literalOr(text: string): Value {
	// Leading white space is an indentation error to Python.
	if (/^[ \t]/.test(text)) return text;
	try {
		return literalValue(text);
	} catch (fault) {
		if (fault instanceof PythonError || fault instanceof SyntaxFault) return text;
		throw fault;
	}
}

function flatten(pieces: readonly Value[]): Value[] {
	return pieces.flatMap((piece) => (piece instanceof Printable ? flatten(piece.pieces()) : [piece]));
}

/** The first marker inside a value, else something unknown in it. */
function troubleIn(value: Value): Marker | Unknown | undefined {
	if (typeof value !== 'object' || value === null) return undefined;
	if (value instanceof Marker || value instanceof Unknown) return value;
	const items = Array.isArray(value) ? value : value instanceof Tuple ? value.items : value instanceof Dict ? value.values() : [];
	if (Array.isArray(items)) spend(items.length);
	let unknown: Unknown | undefined;
	for (const item of items) {
		const trouble = troubleIn(item);
		if (trouble instanceof Marker) return trouble;
		unknown ??= trouble;
	}
	return unknown;
}

/** A value as it is printed beside others: tuples as lists, without what is omitted. */
function listed(value: Value): Value {
	if (typeof value !== 'object' || value === null) return value;
	if (Array.isArray(value) || value instanceof Tuple) {
		const items = value instanceof Tuple ? value.items : value;
		spend(items.length);
		return items.filter((item) => !(item instanceof Omit)).map(listed);
	}
	if (value instanceof Dict) {
		const copy = new Dict();
		for (const [key, item] of value.entries()) if (!(item instanceof Omit)) copy.set(listedKey(key), listed(item));
		return copy;
	}
	return value;
}

function listedKey(key: Value): Value {
	if (key instanceof Tuple) throw new PythonError('TypeError', "unhashable type: 'list'");
	return key;
}

/** An undefined value by the environment's rule. */
export function undefinedValue(frame: Frame, message: string, at: {start: number; end: number}, subject: string): Value {
	const {unit} = frame;
	if (frame.context.environment.markers)
		return new Marker(() => new TemplateError('undefined', message, {span: unit.span(at), subject}));
	return new Undefined(frame.context.environment.undefined, message, debugText(frame, subject, message));
}

function debugText(frame: Frame, subject: string, message: string): string {
	if (frame.context.environment.undefined !== 'debug') return '';
	return `{{ ${subject || message} }}`;
}

/** The value that a thrown marker or unknown stands for; anything else is thrown again. */
export function valueOfFault(fault: unknown): Value {
	if (fault instanceof MarkerUsed) return fault.marker;
	if (fault instanceof UnknownUsed) return fault.unknown;
	throw fault;
}

/** The file of a template, for what it includes. */
export function fileOf(unit: Unit): SourceFile | undefined {
	return unit.origin?.file;
}
