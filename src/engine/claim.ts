import {touch} from './known-readings.js';

/** Where a change may be whose places are not known. */
const everywhere: readonly string[] = ['/'];

/** A machine of which places can be claimed. */
export interface Claimable {
	/** A task is about to change these places: its claim, or the end of another task's change there. */
	claim(places: readonly string[]): Claim | Promise<void>;
}

/** A task on its way to a change: it claims what it will change, and looks again where another task has changed what it saw. */
export class Turn {
	readonly #host: Claimable;
	claim: Claim | undefined;

	constructor(host: Claimable) {
		this.#host = host;
	}

	/** Whether it may change these places now, by what it has seen; if not, it is to look again. */
	async comes(look: {holds(): boolean}, places = everywhere): Promise<boolean> {
		if (this.claim?.covers(places)) return true;
		if (this.claim && !this.claim.extend(places)) this.end();
		if (!this.claim) {
			const claimed = this.#host.claim(places);
			if (!(claimed instanceof Claim)) {
				await claimed;
				return false;
			}
			this.claim = claimed;
		}
		// What has changed until now is looked at once more; then nobody else changes it.
		return look.holds();
	}

	end(): void {
		this.claim?.release();
		this.claim = undefined;
	}
}

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

	/** Whether whoever changes one of these places has to wait. */
	covers(places: readonly string[]): boolean {
		return places.every((place) => this.#places.some((own) => own === place || own === '/'));
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
