/** Waits for so many milliseconds, or until one of the signals ends it. */
export function pause(milliseconds: number, ...signals: (AbortSignal | undefined)[]): Promise<void> {
	return new Promise((resolve) => {
		const timer = setTimeout(done, milliseconds);
		function done(): void {
			clearTimeout(timer);
			for (const signal of signals) signal?.removeEventListener('abort', done);
			resolve();
		}
		for (const signal of signals) signal?.addEventListener('abort', done);
	});
}
