import type {Expression, Position} from './ast.js';
import type {Environment} from './environment.js';
import {PythonError} from './fault.js';
import {Undefined} from './internal.js';
import {spend, undefinedWork} from './limits.js';
import type {Store} from './operation.js';
import {errorOf, type Unit} from './unit.js';
import {type Circumstances, Marker, TemplateError, type Value} from './value.js';
import {walk} from './walk.js';

/** Where a name is looked for that no frame has. */
export interface Names {
	resolve(name: string): Value | undefined;
}

/** A template's execution within a store: where its text stands, its blocks, what its top level set. */
export class Context {
	readonly unit: Unit;
	readonly store: Store;
	/** Names of the surroundings (the variables; for an include, the including template's). */
	readonly outer: Names;
	readonly environment: Environment;
	/** The template that `extends` named. */
	parent: {render(context: Context, out: Value[]): void} | undefined = undefined;
	/** What the top level set. Most templates set nothing: made when it is first needed, as all below. */
	#variables: Map<string, Value> | undefined;
	#exports: Set<string> | undefined;
	#blocks: Map<string, Block[]> | undefined;

	constructor(unit: Unit, store: Store, outer: Names) {
		this.unit = unit;
		this.store = store;
		this.outer = outer;
		this.environment = store.operation.environment;
	}
	get exports(): Set<string> {
		this.#exports ??= new Set();
		return this.#exports;
	}
	/** The blocks by name, the most derived first. */
	get blocks(): Map<string, Block[]> {
		this.#blocks ??= new Map();
		return this.#blocks;
	}
	/** What the top level set a name to. */
	own(name: string): Value | undefined {
		return this.#variables?.get(name);
	}
	define(name: string, value: Value): void {
		this.#variables ??= new Map();
		this.#variables.set(name, value);
	}
	resolve(name: string): Value | undefined {
		const value = this.#variables?.get(name);
		return value === undefined ? this.outer.resolve(name) : value;
	}
}

/** A compiled template, as those that include or extend it use it. */
export interface CompiledTemplate {
	/** Adds its blocks behind those of templates that extend it. */
	defineBlocks(context: Context, unit: Unit): void;
	/** Appends the whole output, of the template it extends if it does. */
	render(context: Context, out: Value[]): void;
	/** Renders the main text in a context whose blocks are defined. */
	renderIn(context: Context, unit: Unit, out: Value[]): void;
}

export interface Block {
	readonly required: boolean;
	render(frame: Frame, out: Value[]): void;
}

/** The names of one nesting level; those of the outermost are the context's. */
export class Frame implements Names {
	readonly context: Context;
	readonly parent: Frame | undefined;
	autoescape: boolean;
	/** A part of a template's main text, which prints nothing once the template extends another. */
	readonly printsNothing: boolean;
	/** The text whose offsets errors name: differs from the context's in inherited blocks and called macros. */
	readonly unit: Unit;
	#variables: Map<string, Value> | undefined;

	constructor(
		context: Context,
		parent: Frame | undefined,
		unit: Unit = parent?.unit ?? context.unit,
		printsNothing = parent?.printsNothing ?? false,
	) {
		this.context = context;
		this.parent = parent;
		this.autoescape = parent ? parent.autoescape : context.environment.autoescape;
		this.unit = unit;
		this.printsNothing = printsNothing;
	}
	child(): Frame {
		return new Frame(this.context, this, this.unit, this.printsNothing);
	}
	/** A child whose output is collected apart. */
	captured(): Frame {
		return new Frame(this.context, this, this.unit, false);
	}
	resolve(name: string): Value | undefined {
		let frame: Frame = this;
		while (frame.parent) {
			const value = frame.#variables?.get(name);
			if (value !== undefined) return value;
			frame = frame.parent;
		}
		return this.context.resolve(name);
	}
	define(name: string, value: Value): void {
		if (!this.parent) {
			this.context.define(name, value);
			return;
		}
		this.#variables ??= new Map();
		this.#variables.set(name, value);
	}
	/** Forgets names that this level set. */
	forget(names: readonly string[]): void {
		for (const name of names) this.#variables?.delete(name);
	}
	get isTop(): boolean {
		return this.parent === undefined;
	}
}

/** Gives what an operator threw the place of its source. */
export function located(fault: unknown, frame: Frame, at: Position | Expression): unknown {
	if (fault instanceof PythonError && frame.context.environment.markers)
		return errorOf(fault, frame.unit, at, {values: () => valuesIn(frame, at)})!;
	return fault;
}

/** The variables that a part of the source computes with, and their values, a few of them. */
export function valuesIn(frame: Frame, at: Position | Expression): [source: string, value: Value][] {
	const found = new Map<string, Value>();
	if (!('kind' in at)) return [];
	walk(at, (node) => {
		const value = node.kind === 'name' ? frame.resolve(node.name) : undefined;
		if (value !== undefined && found.size < mostValues) found.set((node as {name: string}).name, value);
	});
	return [...found];
}

/** How many values an error tells of. */
const mostValues = 3;

/** An undefined value by the environment's rule; `message` is made when somebody asks for it. */
export function undefinedValue(
	frame: Frame,
	message: string | (() => string),
	at: Position,
	subject: string,
	circumstances?: Circumstances,
): Value {
	spend(undefinedWork);
	const {unit} = frame;
	const say = (): string => (typeof message === 'string' ? message : message());
	if (frame.context.environment.markers)
		return new Marker(() => new TemplateError('undefined', say(), {span: unit.span(at), subject, circumstances}));
	const policy = frame.context.environment.undefined;
	return new Undefined(policy, say, policy === 'debug' ? `{{ ${subject || say()} }}` : '');
}
