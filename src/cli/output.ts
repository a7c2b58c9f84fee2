/**
 * What is written to stdout, gathered for one turn of the event loop: a task on many hosts is one write. What goes to stderr comes behind what was
 * written before it.
 */
export class Output {
	#pending = '';
	#isDue = false;

	constructor() {
		process.once('exit', () => this.flush());
	}

	readonly out = (text: string): void => {
		this.#pending += text;
		if (this.#pending.length > 65_536) this.flush();
		if (this.#isDue) return;
		this.#isDue = true;
		setImmediate(() => {
			this.#isDue = false;
			this.flush();
		});
	};

	readonly err = (text: string): void => {
		this.flush();
		process.stderr.write(text);
	};

	flush(): void {
		if (this.#pending === '') return;
		const text = this.#pending;
		this.#pending = '';
		process.stdout.write(text);
	}
}
