/** A promise with its ends in hand (Node 20 has no `Promise.withResolvers`). */
export function resolvers<T>(): {promise: Promise<T>; resolve: (value: T) => void; reject: (error: Error) => void} {
	let resolve!: (value: T) => void;
	let reject!: (error: Error) => void;
	const promise = new Promise<T>((yes, no) => {
		resolve = yes;
		reject = no;
	});
	return {promise, resolve, reject};
}

/** Waits for something, but not longer than some milliseconds, and not for its success. */
export async function within(milliseconds: number, what: Promise<unknown>): Promise<void> {
	await deadline(milliseconds, what, () => new Error('late')).catch(() => {});
}

/** The outcome of something, or the error `late` makes when it takes longer than some milliseconds. */
export async function deadline<T>(milliseconds: number, what: Promise<T>, late: () => Error): Promise<T> {
	let timer: NodeJS.Timeout | undefined;
	const clock = new Promise<never>((_, reject) => {
		timer = setTimeout(() => reject(late()), milliseconds);
	});
	try {
		return await Promise.race([what, clock]);
	} finally {
		clearTimeout(timer);
	}
}
