/** A limit of time that stands still while a person is asked. */
export class PausableClock {
	readonly expired: Promise<never>;
	#reject!: (error: Error) => void;
	#left: number;
	#since = 0;
	#timer: NodeJS.Timeout | undefined;

	constructor(milliseconds: number) {
		this.#left = milliseconds;
		this.expired = new Promise((_, reject) => {
			this.#reject = reject;
		});
		this.expired.catch(() => {});
		this.#start();
	}

	pausedFor = async <T>(wait: Promise<T>): Promise<T> => {
		this.stop();
		this.#left -= performance.now() - this.#since;
		try {
			return await wait;
		} finally {
			this.#start();
		}
	};

	stop(): void {
		clearTimeout(this.#timer);
	}

	#start(): void {
		this.#since = performance.now();
		const late = Object.assign(new Error('it did not answer in time'), {code: 'ETIMEDOUT'});
		this.#timer = setTimeout(() => this.#reject(late), this.#left);
	}
}
