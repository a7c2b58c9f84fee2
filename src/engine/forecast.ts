import type {Planned, Read, States} from '../modules/modules.js';

/**
 * What a host would look like after the tasks so far, where check mode did not do them: planned states by resource. Later
 * inspections see the host overlaid with it, so a check on a fresh host foretells the whole run.
 */
export class Forecast implements Planned {
	readonly #kinds = new Map<string, Map<string, unknown>>();

	get(kind: string, key: string): unknown {
		return this.#kinds.get(kind)?.get(key);
	}

	entries(kind: string): Iterable<readonly [string, unknown]> {
		return this.#kinds.get(kind) ?? [];
	}

	/** Remembers what a task would leave. */
	record(reads: Readonly<Record<string, Read<unknown>>>, after: States): void {
		for (const [name, read] of Object.entries(reads)) {
			if (!(name in after)) continue;
			const states = this.#kinds.get(read.kind.name) ?? new Map<string, unknown>();
			this.#kinds.set(read.kind.name, states);
			states.delete(read.key);
			states.set(read.key, after[name]);
		}
	}

	/** Drops what is foretold of these resources: a real change has replaced it. */
	forget(reads: Readonly<Record<string, Read<unknown>>>): void {
		for (const read of Object.values(reads)) this.#kinds.get(read.kind.name)?.delete(read.key);
	}

	/** The state that a read sees: the host's own, overlaid. */
	overlay<S>(actual: S, read: Read<S>): S {
		if (read.kind.overlay) return read.kind.overlay(actual, read, this);
		const planned = this.get(read.kind.name, read.key);
		return planned === undefined ? actual : (planned as S);
	}
}
