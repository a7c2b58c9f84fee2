/** What can be told to stop. */
export interface Interruptible {
	/** No further task begins; running steps end. */
	stop(): void;
	/** What is known per host, as text, when the run was cut short. */
	describeHosts(): string;
}

/**
 * Runs a command under Ctrl-C and SIGTERM: the first ends what runs and tells where each host stands, with status 99; a second one
 * aborts at once.
 */
export async function interruptible(run: Interruptible, command: () => Promise<number>): Promise<number> {
	let interrupted = false;
	const onSignal = (): void => {
		if (interrupted) {
			process.stderr.write('\naborted: what was running on the hosts may not have ended\n');
			process.exit(99);
		}
		interrupted = true;
		process.stderr.write('\n[ERROR]: User interrupted execution. Running steps end; once more aborts.\n');
		run.stop();
	};
	process.on('SIGINT', onSignal);
	process.on('SIGTERM', onSignal);
	try {
		const status = await command();
		if (!interrupted) return status;
		process.stderr.write(run.describeHosts());
		return 99;
	} finally {
		process.off('SIGINT', onSignal);
		process.off('SIGTERM', onSignal);
	}
}
