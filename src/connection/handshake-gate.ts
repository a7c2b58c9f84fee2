import pLimit from 'p-limit';
import {resolvers} from './promises.js';

/** Handshakes at once: more gain nothing for one thread that does 150 to 200 a second, also not with 300 ms of waiting in each. */
const MOST = 64;
/** So many are always let through, whatever is refused. */
const LEAST = 4;
/** Milliseconds without a word of the host after which its handshake holds up no other. */
const PATIENCE = 2000;
/** One shortage is told by many hosts at once, and counts once in so many milliseconds. */
const SAME_SHORTAGE = 250;

/**
 * Lets hosts' handshakes begin, so many at a time. A server that closes connections before its banner has too many that are not logged in yet
 * (sshd's MaxStartups, often of a jump host that all go over): fewer are let through then, and slowly more again as they succeed.
 */
export class HandshakeGate {
	readonly #limit = pLimit(MOST);
	#width = MOST;
	#narrowedAt = Number.NEGATIVE_INFINITY;

	/** Begins a handshake when its turn has come. It says when it has heard something of the host: one that answers, however slowly, keeps its place. */
	async pass<T>(handshake: (heard: () => void) => Promise<T>): Promise<T> {
		const begun = await this.#limit(async () => {
			const silence = resolvers<void>();
			let timer: NodeJS.Timeout | undefined;
			const heard = () => {
				clearTimeout(timer);
				timer = setTimeout(silence.resolve, PATIENCE);
			};
			heard();
			const running = handshake(heard);
			const ended = running.then(
				() => this.#widen(),
				() => {},
			);
			void ended.then(() => clearTimeout(timer));
			await Promise.race([ended, silence.promise]);
			return {running};
		});
		return begun.running;
	}

	/** A server has closed a connection before its banner. */
	refused(): void {
		const now = performance.now();
		if (now - this.#narrowedAt < SAME_SHORTAGE) return;
		this.#narrowedAt = now;
		this.#set(Math.max(LEAST, this.#width / 2));
	}

	#widen(): void {
		this.#set(Math.min(MOST, this.#width + 1 / this.#width));
	}

	#set(width: number): void {
		this.#width = width;
		const whole = Math.floor(width);
		if (whole !== this.#limit.concurrency) this.#limit.concurrency = whole;
	}
}
