import {Dict, Secret, Template, Tuple, type Value} from './value.js';

/** Who evaluates what a container holds, once for each template it is read in. */
export interface Owner {
	/** The value of a template, a marker when it failed. */
	evaluate(template: Template): Value;
	/** A secret was met. */
	noteSecret(): void;
	/** The copies made so far, by what they are copies of. */
	readonly copies: Map<object, Value>;
}

/**
 * A value as a template may have it: what the variables hold is shared and never changed, so containers become copies of their own (dicts
 * copy when they are first changed), and the templates inside are evaluated when they are read.
 */
export function own(value: Value, owner: Owner): Value {
	if (typeof value !== 'object' || value === null) return value;
	if (value instanceof Template) return owner.evaluate(value);
	if (Array.isArray(value)) {
		const known = owner.copies.get(value);
		if (known !== undefined) return known;
		const copy = ownList(value, owner);
		owner.copies.set(value, copy);
		return copy;
	}
	if (value instanceof Dict) {
		const known = owner.copies.get(value);
		if (known !== undefined) return known;
		const copy = new LazyDict(value, owner);
		owner.copies.set(value, copy);
		return copy;
	}
	if (value instanceof Secret) owner.noteSecret();
	if (value instanceof Tuple)
		return value.items.some((item) => typeof item === 'object' && item !== null) ? new Tuple(ownList(value.items, owner)) : value;
	return value;
}

function ownList(list: readonly Value[], owner: Owner): Value[] {
	const copy: Value[] = [];
	// A list that is itself lazy computes its elements when they are read: look at the descriptor, not at the element.
	const lazy = lazyLists.has(list);
	for (let index = 0; index < list.length; index++) {
		const getter = lazy ? Object.getOwnPropertyDescriptor(list, index)?.get : undefined;
		const item = getter ? undefined : list[index]!;
		if (getter) defer(copy, index, () => own(getter(), owner));
		else if (item instanceof Template) defer(copy, index, () => owner.evaluate(item));
		else copy[index] = own(item!, owner);
	}
	return copy;
}

/** The lists that may have elements which are computed when they are read. */
const lazyLists = new WeakSet<object>();

/** Puts an element into a list that is computed when it is first read. */
function defer(list: Value[], index: number, compute: () => Value): void {
	lazyLists.add(list);
	Object.defineProperty(list, index, {
		configurable: true,
		enumerable: true,
		get() {
			const value = compute();
			Object.defineProperty(list, index, {configurable: true, enumerable: true, writable: true, value});
			return value;
		},
		set(value: Value) {
			Object.defineProperty(list, index, {configurable: true, enumerable: true, writable: true, value});
		},
	});
}

/** A dict of the variables as one template sees it. */
export class LazyDict extends Dict {
	readonly #base: Dict;
	readonly #owner: Owner;
	/** Values already read; undefined once the dict has been changed and stands by itself. */
	#read: Map<Value, Value> | undefined = new Map();

	constructor(base: Dict, owner: Owner) {
		super();
		this.#base = base;
		this.#owner = owner;
	}
	override get size(): number {
		return this.#read ? this.#base.size : super.size;
	}
	override get(key: Value): Value | undefined {
		if (!this.#read) return super.get(key);
		const known = this.#read.get(key);
		if (known !== undefined) return known;
		const raw = this.#base.get(key);
		if (raw === undefined || typeof raw !== 'object' || raw === null) return raw;
		const value = own(raw, this.#owner);
		this.#read?.set(key, value);
		return value;
	}
	override has(key: Value): boolean {
		return this.#read ? this.#base.has(key) : super.has(key);
	}
	override set(key: Value, value: Value): void {
		this.#detach();
		super.set(key, value);
	}
	override delete(key: Value): boolean {
		this.#detach();
		return super.delete(key);
	}
	override keys(): IterableIterator<Value> {
		return this.#read ? this.#base.keys() : super.keys();
	}
	#detach(): void {
		if (!this.#read) return;
		const entries = [...this.entries()];
		this.#read = undefined;
		for (const [key, value] of entries) super.set(key, value);
	}
}
