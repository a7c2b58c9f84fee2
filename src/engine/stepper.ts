import type {Run} from './run.js';

/** `--step`: asks before each task whether it shall be done, until the answer is to go on without asking. */
export class Stepper {
	readonly #ask: NonNullable<Run['ask']>;
	#isAsking = true;

	constructor(ask: NonNullable<Run['ask']>) {
		this.#ask = ask;
	}

	/** Whether a task is done, for these hosts; the question is Ansible's. */
	async allows(task: string, host: string | undefined): Promise<boolean> {
		if (!this.#isAsking) return true;
		const where = host === undefined ? '' : `on ${host} `;
		const answer = await this.#ask(`Perform task: TASK: ${task} ${where}(N)o/(y)es/(c)ontinue: `, {secret: false});
		const word = answer.trim().toLowerCase();
		this.#isAsking = word !== 'c' && word !== 'continue';
		return !this.#isAsking || word === 'y' || word === 'yes';
	}
}
