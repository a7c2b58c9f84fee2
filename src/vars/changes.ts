/** How many are remembered at least. */
const kept = 256;

/** Which names were set, and when: asked often for a few of them, it looks at the latest alone. */
export class Changes {
	readonly #latest: {readonly name: string; readonly moment: number}[] = [];
	/** What was set up to this moment is forgotten. */
	#forgotten = 0;

	/** Moments never fall. */
	add(name: string, moment: number): void {
		this.#latest.push({name, moment});
		if (this.#latest.length < 2 * kept) return;
		this.#forgotten = this.#latest.splice(0, kept).at(-1)!.moment;
	}

	/** Whether one of the names was set after a moment; what is too long ago to be known may have been. */
	touch(names: ReadonlySet<string>, since: number): boolean {
		for (let index = this.#latest.length - 1; index >= 0; index--) {
			const {name, moment} = this.#latest[index]!;
			if (moment <= since) return false;
			if (names.has(name)) return true;
		}
		return this.#forgotten > since;
	}
}
