import type {Request} from './contract.js';
import {LineSplitter} from './line-splitter.js';

type Stream = 'out' | 'err';

/** The lines of a request's output, each told once: by following it while it runs, or when it comes. */
export class Lines {
	readonly #onLine: NonNullable<Request['onLine']>;
	/** How many lines of each stream were told ahead, and how many have come. */
	readonly #ahead = {out: 0, err: 0};
	readonly #come = {out: 0, err: 0};
	readonly #splitters: Readonly<Record<Stream, LineSplitter>>;

	constructor(onLine: NonNullable<Request['onLine']>) {
		this.#onLine = onLine;
		this.#splitters = {
			out: new LineSplitter((line) => this.#arrived(line, 'out')),
			err: new LineSplitter((line) => this.#arrived(line, 'err')),
		};
	}

	/** A line that was seen before the output itself comes. */
	readonly ahead = (line: string, stream: Stream): void => {
		if (this.#ahead[stream]++ >= this.#come[stream]) this.#onLine(line, stream);
	};

	push(stream: Stream, bytes: Buffer): void {
		this.#splitters[stream].push(bytes);
	}

	end(): void {
		this.#splitters.out.end();
		this.#splitters.err.end();
	}

	#arrived(line: string, stream: Stream): void {
		if (this.#come[stream]++ >= this.#ahead[stream]) this.#onLine(line, stream);
	}
}
