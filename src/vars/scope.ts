import {finalize, type Scope, type Value} from '../jinja/jinja.js';
import type {SourceFile} from '../source/source.js';
import type {Layer} from './layer.js';
import {vaultFunctions} from './vault-functions.js';
import type {Watch} from './watch.js';

/** The names that one task sees on one host. A scope is one operation: templates behind its names are evaluated once. */
export interface TaskScope extends Scope {
	/** The same names with further layers on top, the first of them the strongest. */
	over(...layers: Layer[]): TaskScope;
	/** The evaluated value of a name, undefined when it has none. Throws `TemplateError` when it cannot be evaluated. */
	value(name: string): Value | undefined;
	/** The value that something gives to a name, templates as they are: not what the connection has by itself. */
	given(name: string): Value | undefined;
	/** The value of a name that one of the layers of `over` gives. */
	local(name: string): Value | undefined;
	readonly layers: readonly Layer[];
	readonly host: string | undefined;
	/** Who looks on while it is used ahead of its time. */
	readonly watch: Watch | undefined;
}

/** What a scope is made of. */
export interface ScopeParts {
	readonly host: string | undefined;
	/** The layers that nothing overrides, strongest first. Asked for when a name is first resolved: many scopes are never asked for one. */
	magic(): readonly Layer[];
	/** The other layers, strongest first. */
	below(): readonly Layer[];
	/** What a name stands for that no layer gives a value to, seen from `scope`. */
	fallback?(name: string, scope: TaskScope): Value | undefined;
	lookup(
		name: string,
		terms: readonly Value[],
		options: ReadonlyMap<string, Value>,
		scope: TaskScope,
	): readonly Value[] | undefined;
	load(name: string, from: SourceFile | undefined): SourceFile | undefined;
	warn(message: string): void;
	readonly watch?: Watch | undefined;
}

/** Makes a scope. Magic variables cannot be overridden, so `over` puts its layers below them. */
export function makeScope(parts: ScopeParts): TaskScope {
	return new LayeredScope(parts, []);
}

class LayeredScope implements TaskScope {
	readonly #parts: ScopeParts;
	readonly #top: readonly Layer[];
	#layers: readonly Layer[] | undefined;
	readonly #found = new Map<string, Value | undefined>();

	constructor(parts: ScopeParts, top: readonly Layer[]) {
		this.#parts = parts;
		this.#top = top;
	}

	get host(): string | undefined {
		return this.#parts.host;
	}
	get watch(): Watch | undefined {
		return this.#parts.watch;
	}
	get vault() {
		return vaultFunctions;
	}
	get layers(): readonly Layer[] {
		this.#layers ??= [...this.#parts.magic(), ...this.#top, ...this.#parts.below()];
		return this.#layers;
	}

	resolve(name: string): Value | undefined {
		this.watch?.name(name);
		const known = this.#found.get(name);
		if (known !== undefined || this.#found.has(name)) return known;
		// None is a value too.
		const given = this.#inLayers(name);
		const value = given === undefined ? this.#parts.fallback?.(name, this) : given;
		this.#found.set(name, value);
		return value;
	}

	given(name: string): Value | undefined {
		this.watch?.name(name);
		return this.#inLayers(name);
	}

	#inLayers(name: string): Value | undefined {
		for (const layer of this.layers) {
			const value = layer.get(name, this);
			if (value !== undefined) return value;
		}
		return undefined;
	}

	*names(): Iterable<string> {
		for (const layer of this.layers) yield* layer.names();
	}

	isWritten(name: string): boolean {
		const layer = this.layers.find((one) => one.get(name, this) !== undefined);
		return layer?.where?.(name) !== undefined;
	}

	value(name: string): Value | undefined {
		const value = this.resolve(name);
		return value === undefined ? undefined : finalize(value, this);
	}

	local(name: string): Value | undefined {
		for (const layer of this.#top) {
			const value = layer.get(name, this);
			if (value !== undefined) return value;
		}
		return undefined;
	}

	over(...more: Layer[]): TaskScope {
		return new LayeredScope(this.#parts, [...more, ...this.#top]);
	}

	lookup(name: string, terms: readonly Value[], options: ReadonlyMap<string, Value>): readonly Value[] | undefined {
		return this.#parts.lookup(name, terms, options, this);
	}
	lookAtFiles(): void {
		this.watch?.file();
	}
	load(name: string, from: SourceFile | undefined): SourceFile | undefined {
		return this.#parts.load(name, from);
	}
	warn(message: string): void {
		this.#parts.warn(message);
	}
}
