import type {Step} from '../modules/modules.js';

/** Bytes from which on content is not sent twice. Less is sent sooner than it is found again. */
const big = 1024 * 1024;

/** Where a run has left big content on a machine, by its SHA-1: what is wanted at a second place need not be sent again. */
export class SentContent {
	readonly #places = new Map<string, string>();

	/** The step that takes its content from where it was left; undefined when it was not sent yet. */
	instead({leaves}: Step): Step | undefined {
		const from = leaves && leaves.content.size >= big ? this.#places.get(leaves.content.sha1) : undefined;
		return from === undefined ? undefined : leaves!.instead(from);
	}

	/** The step was done. */
	note({leaves}: Step): void {
		if (leaves && leaves.content.size >= big) this.#places.set(leaves.content.sha1, leaves.at);
	}
}
