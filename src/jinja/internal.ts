import {PythonError} from './fault.js';
import {Internal, Tuple, type Value} from './value.js';

/** Python's `range`: computed, not stored. */
export class Range extends Internal {
	readonly pythonType = 'range';
	readonly start: number;
	readonly stop: number;
	readonly step: number;
	constructor(start: number, stop: number, step: number) {
		super();
		this.start = start;
		this.stop = stop;
		this.step = step;
	}
	get length(): number {
		return Math.max(0, Math.ceil((this.stop - this.start) / this.step));
	}
	at(index: number): number {
		return this.start + index * this.step;
	}
	override attribute(name: string): Value | undefined {
		return name === 'start' ? this.start : name === 'stop' ? this.stop : name === 'step' ? this.step : undefined;
	}
}

/** Text that needs no escaping any more (only where `autoescape` is on). */
export class Markup extends Internal {
	readonly pythonType = 'Markup';
	readonly text: string;
	constructor(text: string) {
		super();
		this.text = text;
	}
}

/** A tuple whose items also have names (the groups of `groupby`). */
export class NamedTuple extends Tuple {
	readonly names: readonly string[];
	readonly typeName: string;
	constructor(items: readonly Value[], names: readonly string[], typeName: string) {
		super(items);
		this.names = names;
		this.typeName = typeName;
	}
}

/** A type of Python as a value: prints as `<class 'dict'>`. */
export class TypeObject extends Internal {
	/** Its own name: what `type_debug` shows for a type. */
	readonly pythonType: string;
	readonly #fullName: string;
	constructor(name: string, fullName = name) {
		super();
		this.pythonType = name;
		this.#fullName = fullName;
	}
	override attribute(name: string): Value | undefined {
		return name === '__name__' ? this.pythonType : undefined;
	}
	override toString(): string {
		return `<class '${this.#fullName}'>`;
	}
}

/** `namespace()`: the one object whose attributes `set` may change. */
export class Namespace extends Internal {
	readonly pythonType = 'Namespace';
	readonly values: Map<string, Value>;
	constructor(values: Map<string, Value>) {
		super();
		this.values = values;
	}
	override attribute(name: string): Value | undefined {
		return this.values.get(name);
	}
}

export type UndefinedPolicy = 'lenient' | 'strict' | 'chainable' | 'debug';

/** Jinja's own undefined value: of an inline `if` without `else`, and of every missing name where markers are off. */
export class Undefined extends Internal {
	readonly pythonType = 'Undefined';
	readonly policy: UndefinedPolicy;
	/** What a debug undefined prints. */
	readonly shown: string;
	readonly #message: () => string;
	constructor(policy: UndefinedPolicy, message: () => string, shown = '') {
		super();
		this.policy = policy;
		this.#message = message;
		this.shown = shown;
	}
	get message(): string {
		return this.#message();
	}
	fail(): never {
		throw new PythonError('UndefinedError', this.message);
	}
	/** Fails when even printing, testing or iterating it is forbidden. */
	use(): void {
		if (this.policy === 'strict') this.fail();
	}
}

/** Escapes a text for HTML the way MarkupSafe does. */
export function escapeHtml(text: string): string {
	return text.replace(/[&<>"']/g, (character) => escapes[character]!);
}
const escapes: Record<string, string> = {'&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&#34;', "'": '&#39;'};
