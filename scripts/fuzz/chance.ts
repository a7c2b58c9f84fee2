/** Choices that a seed decides: the same seed gives the same expressions on every machine. */
export class Chance {
	#state: number;

	constructor(seed: number) {
		this.#state = seed >>> 0;
	}

	/** A number in [0, 1) (mulberry32). */
	next(): number {
		this.#state = (this.#state + 0x6d2b79f5) >>> 0;
		let mixed = this.#state;
		mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
		mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
		return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
	}

	below(limit: number): number {
		return Math.floor(this.next() * limit);
	}

	/** True in so many of a hundred cases. */
	percent(share: number): boolean {
		return this.next() * 100 < share;
	}

	pick<T>(from: readonly T[]): T {
		return from[this.below(from.length)]!;
	}

	/** Between `least` and `most` results of a call. */
	some<T>(least: number, most: number, make: () => T): T[] {
		return Array.from({length: least + this.below(most - least + 1)}, make);
	}
}
