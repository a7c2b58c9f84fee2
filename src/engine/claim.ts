import {touch} from './known-readings.js';

/**
 * The places of a machine that a task is about to change, which no other task changes meanwhile: hosts that are one machine, and tasks that are delegated to one,
 * would else write over what the others have written since they looked.
 */
export class Claim {
	readonly #places: string[];
	/** The claims on the machine, under each of its names; under the first is this one. */
	readonly #held: readonly Set<Claim>[];
	readonly #ended: Promise<void>;
	#end!: () => void;

	private constructor(places: readonly string[], held: readonly Set<Claim>[]) {
		this.#places = [...places];
		this.#held = held;
		this.#ended = new Promise((resolve) => {
			this.#end = resolve;
		});
		held[0]!.add(this);
	}

	/** Claims places, or gives the end of another task's change there. */
	static take(places: readonly string[], held: readonly Set<Claim>[]): Claim | Promise<void> {
		const other = claimIn(places, held);
		return other ? other.#ended : new Claim(places, held);
	}

	/** Claims further places too, unless another task has claimed one of them. */
	extend(places: readonly string[]): boolean {
		if (claimIn(places, this.#held, this)) return false;
		this.#places.push(...places);
		return true;
	}

	release(): void {
		this.#held[0]!.delete(this);
		this.#end();
	}

	touches(places: readonly string[]): boolean {
		return touch(this.#places, places);
	}
}

function claimIn(places: readonly string[], held: readonly Set<Claim>[], but?: Claim): Claim | undefined {
	for (const claims of held) for (const claim of claims) if (claim !== but && claim.touches(places)) return claim;
	return undefined;
}
