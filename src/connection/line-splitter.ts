import {StringDecoder} from 'node:string_decoder';

/** Passes on whole lines of a byte stream, without their newline; the last one also without. */
export class LineSplitter {
	readonly #decoder = new StringDecoder('utf8');
	readonly #onLine: (line: string) => void;
	#rest = '';

	constructor(onLine: (line: string) => void) {
		this.#onLine = onLine;
	}

	push(bytes: Buffer): void {
		const lines = (this.#rest + this.#decoder.write(bytes)).split('\n');
		this.#rest = lines.pop()!;
		for (const line of lines) this.#onLine(line);
	}

	end(): void {
		const last = this.#rest + this.#decoder.end();
		this.#rest = '';
		if (last !== '') this.#onLine(last);
	}
}
