import {UnreachableError} from './contract.js';
import type {Lane} from './lane.js';

/** sshd lets one connection have ten sessions (MaxSessions); two are left for looking aside, at what runs or to end it. */
const MOST = 8;

/** The host opens no further session over this connection. */
export class SessionRefused extends UnreachableError {}

/** Milliseconds to wait before asking again when the host refuses: it may still be ending what was closed. */
const PAUSES = [50, 200, 500, 1000, 2000, 4000];
/** So many milliseconds are left to one who opened a lane before it must be in use. */
const COURTESY = 50;

/** Which lanes of one connection hold a session. When there are too many, those that nobody has used for the longest time lose theirs. */
export class Sessions {
	readonly #holders = new Set<Lane>();
	/** Holders that are losing theirs, each with its end. */
	readonly #leaving = new Map<Lane, Promise<void>>();
	#most: number;

	/** `isLimited`: an sshd stands between. */
	constructor(isLimited: boolean) {
		this.#most = isLimited ? MOST : Number.POSITIVE_INFINITY;
	}

	/** Opens something for a lane as soon as there is room. Throws what opening throws. */
	async open<T>(lane: Lane, open: () => Promise<T>): Promise<T> {
		const pauses = [...PAUSES];
		let isSecond = false;
		for (;;) {
			await this.#makeRoom(lane);
			try {
				return await open();
			} catch (error) {
				this.#holders.delete(lane);
				if (!(error instanceof SessionRefused)) throw error;
				const others = this.#holders.size;
				// It has set a lower limit.
				if (isSecond && others > 0) this.#most = Math.min(this.#most, others);
				isSecond = true;
				const pause = others > 0 ? PAUSES[0] : pauses.shift();
				if (pause === undefined) throw error;
				await new Promise((resolve) => setTimeout(resolve, pause));
			}
		}
	}

	async #makeRoom(lane: Lane): Promise<void> {
		await this.#leaving.get(lane);
		while (!this.#holders.has(lane) && this.#holders.size >= this.#most) {
			const idle = [...this.#holders].filter((one) => !one.busy && !this.#leaving.has(one));
			const [longest] = idle.sort((one, other) => one.lastUsed - other.lastUsed);
			if (longest && performance.now() - longest.lastUsed > COURTESY) await this.#dismiss(longest);
			else {
				const running = [...this.#holders].filter((one) => one.busy).map((one) => one.idle());
				await Promise.race([...this.#leaving.values(), ...running, new Promise((resolve) => setTimeout(resolve, COURTESY))]);
			}
		}
		this.#holders.add(lane);
		lane.lastUsed = performance.now();
	}

	#dismiss(lane: Lane): Promise<void> {
		const gone = lane.forget().finally(() => {
			this.#leaving.delete(lane);
			this.#holders.delete(lane);
		});
		this.#leaving.set(lane, gone);
		return gone;
	}
}
