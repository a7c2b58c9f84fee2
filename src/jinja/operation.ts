import type {Span} from '../source/source.js';
import type {Environment} from './environment.js';
import {PythonError} from './fault.js';
import {type Owner, own} from './lazy.js';
import {maximumDepth, maximumIterations, spend} from './limits.js';
import type {CompiledTemplate} from './run.js';
import type {Scope} from './scope.js';
import {Marker, Secret, type Template, TemplateError, type Value} from './value.js';

/** What evaluate.ts, which knows the compiler, does for an operation. */
export interface Evaluator {
	/** The value of a template, a marker when it fails. */
	execute(template: Template, operation: Operation): Value;
	/** Compiles a template that is included. */
	compile(text: string, environment: Environment): CompiledTemplate;
	/** A name of the language. */
	globalValue(name: string, store: Store): Value | undefined;
}

/** All that happens with one scope: values of templates are computed once. A task makes many, so that nothing is allocated early. */
export class Operation {
	readonly scope: Scope;
	readonly environment: Environment;
	readonly evaluator: Evaluator;
	#results: Map<Template, Value> | undefined;
	#warned: Set<string> | undefined;
	/** The templates that are being evaluated, each because the one before it reads it. */
	readonly #active: Template[] = [];
	/** Whether any value so far was secret: as long as not, nothing is spent on them. */
	secrets = false;
	depth = 0;
	iterations = 0;

	constructor(scope: Scope, environment: Environment, evaluator: Evaluator) {
		this.scope = scope;
		this.environment = environment;
		this.evaluator = evaluator;
	}

	/** The value of a template in this scope, computed once. */
	evaluate(template: Template): Value {
		const known = this.#results?.get(template);
		if (known !== undefined) return known;
		const active = this.#active;
		if (active.length && (active.includes(template) || this.depth > maximumDepth)) return new Marker(this.#recursion(template));
		active.push(template);
		this.depth++;
		try {
			let value = this.evaluator.execute(template, this);
			if (template.secret) {
				this.secrets = true;
				value = typeof value === 'string' ? new Secret(value) : value;
			}
			this.#results ??= new Map();
			this.#results.set(template, value);
			return value;
		} finally {
			this.depth--;
			active.pop();
		}
	}

	#recursion(template: Template): TemplateError {
		const chain = [...this.#active, template].slice(-6).map((one) => one.source.trim().slice(0, 60));
		return new TemplateError('recursion', `Recursive loop detected in template: ${chain.join(' -> ')}`, {span: template.origin});
	}

	/** Counts a turn of a loop; refuses to turn for ever. */
	countIteration(): void {
		spend(1);
		if (++this.iterations > maximumIterations) {
			throw new PythonError('LimitError', `the loops of a template may not turn more than ${maximumIterations} times`);
		}
	}

	warn(message: string, span: Span | undefined): void {
		if (this.#isNew(message)) this.scope.warn?.(message, span);
	}

	deprecate(message: string, version: string, span: Span | undefined): void {
		if (this.#isNew(message)) this.scope.deprecate?.(message, version, span);
	}

	#isNew(message: string): boolean {
		this.#warned ??= new Set();
		if (this.#warned.has(message)) return false;
		this.#warned.add(message);
		return true;
	}
}

/** One execution of one template: its view of the variables. What it includes or imports shares it. */
export class Store implements Owner {
	readonly operation: Operation;
	/** Strings with `{{ }}` in the source are themselves rendered (conditions only; deprecated). */
	readonly rendersConstants: boolean;
	#copies: Map<object, Value> | undefined;
	/** The containers that were already read: a scope may make them anew each time. */
	#names: Map<string, Value> | undefined;

	constructor(operation: Operation, rendersConstants = false) {
		this.operation = operation;
		this.rendersConstants = rendersConstants;
	}
	get copies(): Map<object, Value> {
		this.#copies ??= new Map();
		return this.#copies;
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
		const known = this.#names?.get(name);
		if (known !== undefined) return known;
		const raw = this.operation.scope.resolve(name);
		if (raw === undefined) return this.global(name);
		if (typeof raw !== 'object' || raw === null) return raw;
		const value = own(raw, this);
		this.#names ??= new Map();
		this.#names.set(name, value);
		return value;
	}
	/** A name of the language. */
	global(name: string): Value | undefined {
		return this.operation.evaluator.globalValue(name, this);
	}
}
