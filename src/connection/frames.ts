/** What follows a marker on its line (`7 0`: request 7 ended with status 0). */
export type Frame = readonly string[];

/**
 * Splits one output stream of a framed shell at its markers. Everything between two markers is output, byte for byte;
 * a marker may follow output without a newline before it. Memory held is a marker's length, the rest is passed on at once.
 */
export class FrameReader {
	readonly #marker: Buffer;
	readonly #output: (bytes: Buffer) => void;
	readonly #frame: (frame: Frame) => void;
	#pending: Buffer = Buffer.alloc(0);

	constructor(marker: string, output: (bytes: Buffer) => void, frame: (frame: Frame) => void) {
		this.#marker = Buffer.from(marker);
		this.#output = output;
		this.#frame = frame;
	}

	push(chunk: Buffer): void {
		let rest = this.#pending.length > 0 ? Buffer.concat([this.#pending, chunk]) : chunk;
		for (;;) {
			const at = rest.indexOf(this.#marker);
			if (at === -1) {
				const keep = this.#partial(rest);
				if (keep < rest.length) this.#output(rest.subarray(0, rest.length - keep));
				this.#pending = rest.subarray(rest.length - keep);
				return;
			}
			const end = rest.indexOf(0x0a, at);
			if (at > 0) this.#output(rest.subarray(0, at));
			if (end === -1) {
				this.#pending = rest.subarray(at);
				return;
			}
			const words = rest.toString('latin1', at + this.#marker.length, end).trim();
			rest = rest.subarray(end + 1);
			this.#frame(words.split(' '));
		}
	}

	/** How many bytes at the end could be the beginning of a marker. */
	#partial(bytes: Buffer): number {
		const longest = Math.min(bytes.length, this.#marker.length - 1);
		for (let length = longest; length > 0; length--) {
			if (bytes[bytes.length - length] !== this.#marker[0]) continue;
			if (bytes.subarray(bytes.length - length).equals(this.#marker.subarray(0, length))) return length;
		}
		return 0;
	}
}
