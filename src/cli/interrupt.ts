import {writeSync} from 'node:fs';

/** What can be told to stop. */
export interface Interruptible {
	/** No further task begins; running steps end. */
	stop(): void;
	/** What was cut short on which host, as text. */
	describeHosts(): string;
}

/** The person at the terminal interrupted the program where nothing has been begun yet. */
export class Interrupted extends Error {
	constructor() {
		super('interrupted');
		this.name = 'Interrupted';
	}
}

/**
 * Runs a command under Ctrl-C and SIGTERM, with status 99: the first ends what runs and tells where each host stands, as soon as the command
 * has named a run; a second one aborts at once. `say` writes a text for the person.
 */
export async function interruptible(
	say: (text: string) => void,
	command: (begins: (run: Interruptible) => void) => Promise<number>,
): Promise<number> {
	let interrupted = false;
	let run: Interruptible | undefined;
	const onSignal = (): void => {
		if (interrupted) {
			// Not by the stream, which a view may hold back.
			writeSync(2, '\naborted: what was running on the hosts may not have ended\n');
			process.exit(99);
		}
		interrupted = true;
		say(`\n[ERROR]: User interrupted execution${run ? '. Running steps end; once more aborts' : ''}.\n`);
		run?.stop();
	};
	process.on('SIGINT', onSignal);
	process.on('SIGTERM', onSignal);
	try {
		const status = await command((begun) => {
			run = begun;
		});
		if (!interrupted) return status;
	} catch (error) {
		if (!(error instanceof Interrupted)) throw error;
	} finally {
		process.off('SIGINT', onSignal);
		process.off('SIGTERM', onSignal);
	}
	if (run) process.stderr.write(run.describeHosts());
	return 99;
}
