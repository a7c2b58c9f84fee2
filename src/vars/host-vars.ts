import type {Inventory} from '../inventory/inventory.js';
import {Dict, hashKey, type Value} from '../jinja/jinja.js';
import type {TaskScope} from './scope.js';

/** `hostvars`: a host's variables are looked at when they are asked for, so a thousand hosts cost only what is touched. */
export class HostVars extends Dict {
	readonly #inventory: Inventory;
	readonly #scope: (host: string) => TaskScope;
	readonly #known = new Map<string, Dict>();

	constructor(inventory: Inventory, scope: (host: string) => TaskScope) {
		super();
		this.#inventory = inventory;
		this.#scope = scope;
	}
	override get size(): number {
		return this.#inventory.hosts.size;
	}
	override has(key: Value): boolean {
		return this.#inventory.host(nameOf(key)) !== undefined;
	}
	override *keys(): IterableIterator<Value> {
		yield* this.#inventory.hosts.keys();
	}
	override get(key: Value): Value | undefined {
		if (!this.has(key)) return undefined;
		const name = nameOf(key);
		const known = this.#known.get(name);
		if (known) return known;
		const dict = new ScopeDict(this.#scope(name));
		this.#known.set(name, dict);
		return dict;
	}
}

/** The variables of one host as a dict, evaluated one by one in that host's own scope. */
class ScopeDict extends Dict {
	readonly #scope: TaskScope;
	#names: Set<string> | undefined;

	constructor(scope: TaskScope) {
		super();
		this.#scope = scope;
	}
	#all(): Set<string> {
		this.#names ??= new Set(
			this.#scope.layers.flatMap((layer) => [...layer.names()]).filter((name) => name !== 'hostvars' && name !== 'vars'),
		);
		return this.#names;
	}
	override get size(): number {
		return this.#all().size;
	}
	override has(key: Value): boolean {
		return this.#scope.resolve(nameOf(key)) !== undefined;
	}
	override *keys(): IterableIterator<Value> {
		yield* this.#all();
	}
	override get(key: Value): Value | undefined {
		return this.#scope.value(nameOf(key));
	}
}

/** The name that a key stands for, secret or not; no host and no variable has the one of any other key. */
function nameOf(key: Value): string {
	const name = hashKey(key);
	return typeof name === 'string' ? name : '\u0000';
}
