import {type ConnectionSettings, type Target, UnreachableError} from './contract.js';
import {memoryOf} from './run-memory.js';

/** The host closed the connection during the handshake; `early` when it did so before its banner, as an sshd does that is asked by too many. */
export class DroppedError extends UnreachableError {
	readonly early: boolean;
	constructor(reason: string, early: boolean, cause?: unknown) {
		super(reason, cause);
		this.early = early;
	}
}

/** How often a connection that broke in the middle of a handshake is tried again. */
const RETRIES = 2;

/** Connects, and does so again after a `DroppedError`: after an early one as long as the host may take to connect. Throws what `connect` throws at last. */
export async function retryDropped<T>(target: Target, settings: ConnectionSettings, connect: () => Promise<T>): Promise<T> {
	let spent = 0;
	for (let attempt = 0; ; attempt++) {
		const started = performance.now();
		try {
			return await connect();
		} catch (error) {
			if (!(error instanceof DroppedError)) throw error;
			if (error.early) memoryOf(settings).handshakes.refused();
			const pause = backOff(attempt);
			spent += performance.now() - started + pause;
			if (spent > target.connectTimeout || (!error.early && attempt === RETRIES)) throw error;
			settings.log?.(`<${target.name}> ${error.message}: trying again`, 2);
			await new Promise((resolve) => setTimeout(resolve, pause));
		}
	}
}

/** Milliseconds to wait after so many failures, different for each host so that they do not come back together. */
function backOff(failures: number): number {
	return Math.min(2000, 100 * 2 ** failures) * (0.5 + Math.random());
}
