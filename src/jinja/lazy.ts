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
	if (value instanceof Dict || Array.isArray(value)) {
		const known = owner.copies.get(value);
		if (known !== undefined) return known;
		const copy = value instanceof Dict ? new LazyDict(value, owner) : ownList(value, owner);
		owner.copies.set(value, copy);
		return copy;
	}
	if (value instanceof Template) return owner.evaluate(value);
	if (value instanceof Secret) owner.noteSecret();
	if (value instanceof Tuple)
		return value.items.some((item) => typeof item === 'object' && item !== null) ? new Tuple(ownList(value.items, owner)) : value;
	return value;
}

/** A copy of a list, which the caller keeps: the dicts inside need not be found again by what they are copies of. */
function ownList(list: readonly Value[], owner: Owner): Value[] {
	if (lazyLists.has(list)) return ownLazyList(list, owner);
	const copy = list.slice();
	for (let index = 0; index < copy.length; index++) {
		const item = copy[index]!;
		if (typeof item !== 'object' || item === null) continue;
		if (item instanceof Template) defer(copy, index, () => owner.evaluate(item));
		else copy[index] = item instanceof Dict ? new LazyDict(item, owner) : own(item, owner);
	}
	return copy;
}

/** A list that is itself lazy computes its elements when they are read: looks at the descriptors, not at the elements. */
function ownLazyList(list: readonly Value[], owner: Owner): Value[] {
	const copy: Value[] = [];
	for (let index = 0; index < list.length; index++) {
		const getter = Object.getOwnPropertyDescriptor(list, index)?.get;
		if (getter) defer(copy, index, () => own(getter(), owner));
		else copy[index] = own(list[index]!, owner);
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
	/** The dict has been changed and stands by itself. */
	#detached = false;
	/** The containers already read, when the dict below may make them anew each time. */
	#read: Map<Value, Value> | undefined;

	constructor(base: Dict, owner: Owner) {
		super();
		this.#base = base;
		this.#owner = owner;
	}
	/** What it shows, with nothing in it evaluated. */
	get underlying(): Dict {
		return this.#detached ? Dict.from(this.entries()) : this.#base;
	}
	override get size(): number {
		return this.#detached ? super.size : this.#base.size;
	}
	override get(key: Value): Value | undefined {
		if (this.#detached) return super.get(key);
		const known = this.#read?.get(key);
		if (known !== undefined) return known;
		const raw = this.#base.get(key);
		if (raw === undefined || typeof raw !== 'object' || raw === null) return raw;
		const value = own(raw, this.#owner);
		if (this.#base.constructor !== Dict) {
			this.#read ??= new Map();
			this.#read.set(key, value);
		}
		return value;
	}
	override has(key: Value): boolean {
		return this.#detached ? super.has(key) : this.#base.has(key);
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
		return this.#detached ? super.keys() : this.#base.keys();
	}
	#detach(): void {
		if (this.#detached) return;
		const entries = [...this.entries()];
		this.#detached = true;
		for (const [key, value] of entries) super.set(key, value);
	}
}
