import {DeadlineError, LostConnectionError, type Request, type Response, type Shell, UnreachableError} from './contract.js';
import {endBelow} from './end-below.js';
import type {FramedShell} from './framed-shell.js';
import {findOutcome, forgetOutcomes} from './kept-outcome.js';
import type {HostProcess} from './kept-steps.js';
import {within} from './promises.js';
import {ShellGone} from './shell-gone.js';

/** How often a reading request is sent again on a new shell before the host counts as unreachable. */
const RESENDS = 3;
/** So many milliseconds the ending of lost shells may take when all ends. */
const GRACE = 5000;

/** A shell that survives its framed shell: opened at first use, opened again when it was lost or forgotten. */
export class Lane implements Shell {
	readonly #open: () => Promise<FramedShell>;
	readonly #log: (line: string) => void;
	#shell: Promise<FramedShell> | undefined;
	/** The search for the outcomes of steps whose connection was lost. What was asked behind them waits for it. */
	#search: Promise<unknown> | undefined;
	/** Framed shells that were lost, by their folders: on the host they may live, and run what was sent to them. */
	readonly #lost = new Map<string, HostProcess>();
	/** The ending of those. */
	#ending: Promise<void> | undefined;
	/** The requests that are not answered yet. */
	readonly #running = new Set<Promise<unknown>>();
	/** When it was last used, in milliseconds of this process. */
	lastUsed = performance.now();

	constructor(open: () => Promise<FramedShell>, log: (line: string) => void) {
		this.#open = open;
		this.#log = log;
	}

	/** The framed shell of now. Throws `UnreachableError`, `BecomeError`. */
	async ready(): Promise<FramedShell> {
		for (;;) {
			this.#shell ??= this.#open();
			const opening = this.#shell;
			const shell = await opening.catch((error) => {
				this.#drop(opening);
				throw error;
			});
			this.lastUsed = performance.now();
			if (shell.alive) return shell;
			if (this.#drop(opening)) this.#note(shell);
		}
	}

	/** Whether something runs in it. */
	get busy(): boolean {
		return this.#running.size > 0;
	}

	/** Resolves when one of the requests that run is answered. */
	async idle(): Promise<void> {
		await Promise.race([...this.#running]).catch(() => {});
	}

	run(request: Request): Promise<Response> {
		this.lastUsed = performance.now();
		const running = this.#run(request);
		this.#running.add(running);
		const ended = () => {
			this.#running.delete(running);
			this.lastUsed = performance.now();
		};
		running.then(ended, ended);
		return running;
	}

	async #run(request: Request): Promise<Response> {
		const started = performance.now();
		for (let attempt = 0; ; attempt++) {
			const shell = await this.#settled();
			try {
				return await shell.run(request);
			} catch (error) {
				if (!(error instanceof ShellGone)) throw error;
				this.#note(shell);
				if (error.sent && request.changes && !request.repeatable) {
					const outcome = await this.#outcomeOf(request, error, started);
					if (outcome !== 'never begun') return outcome;
				}
				if (attempt === RESENDS || error.final) throw new UnreachableError(error.message, error);
				if (error.sent && request.changes)
					this.#log('the connection was lost while a step ran that may run again; it is sent again');
			}
		}
	}

	/** Forgets the framed shell: what was given to it is answered yet, the next request opens another. */
	async forget(): Promise<void> {
		const shell = await this.#take();
		await shell?.idle();
		await shell?.close();
	}

	/** Ends the framed shell and what runs in it. */
	async end(): Promise<void> {
		const shell = await this.#take();
		if (shell?.alive && this.#lost.size > 0 && !this.#search)
			await within(
				GRACE,
				this.#endLost(async () => shell),
			);
		await shell?.close();
	}

	/** The framed shell of now, when it is known what became of what was lost, and none of it runs any more. Throws as `ready`. */
	async #settled(): Promise<FramedShell> {
		for (;;) {
			const shell = await this.ready();
			if (this.#search) await this.#search;
			else if (this.#lost.size > 0) await this.#endOnce();
			else return shell;
		}
	}

	#note({folder, process}: FramedShell): void {
		if (process) this.#lost.set(folder, process);
	}

	#endOnce(): Promise<void> {
		this.#ending ??= this.#endLost().finally(() => {
			this.#ending = undefined;
		});
		return this.#ending;
	}

	/** Ends the shells that were lost and what they run, and removes what they kept: what is sent again must not come upon the first one later. */
	async #endLost(ready = () => this.ready()): Promise<void> {
		for (const [folder, {pid, began}] of this.#lost) {
			const {stdout} = await ask(ready, {script: endBelow, args: [pid, began]});
			if (stdout.length > 0) throw new UnreachableError('what ran there when the connection was lost cannot be ended');
			await ask(ready, {script: forgetOutcomes, args: [folder]});
			this.#lost.delete(folder);
		}
	}

	/** What became of a step whose connection was lost. Throws `LostConnectionError` when that cannot be known, `DeadlineError`. */
	#outcomeOf(request: Request, gone: ShellGone, started: number): Promise<Response | 'never begun'> {
		const search = Promise.resolve(this.#search)
			.catch(() => {})
			.then(() => this.#findOutcome(request, gone, started));
		const mine = search.then(
			() => {},
			() => {},
		);
		this.#search = mine;
		void mine.then(() => {
			if (this.#search === mine) this.#search = undefined;
		});
		return search;
	}

	async #findOutcome({deadline}: Request, gone: ShellGone, started: number): Promise<Response | 'never begun'> {
		const {trace} = gone;
		const unknown = (why: string, cause: unknown = gone) =>
			new LostConnectionError(`unknown, connection lost: a step was running, and ${why} (${gone.message})`, cause);
		if (!trace || gone.final) throw unknown('whether it ended is not known');
		const ended = () =>
			this.#endLost().catch((error) => {
				throw unknown('it may run yet', error);
			});
		const left = deadline === undefined ? undefined : Math.max(1000, deadline - (performance.now() - started));
		const {folder, step, patience = ''} = trace;
		const search = {script: findOutcome, args: [folder, String(step), String(patience)]};
		const answer = await ask(() => this.ready(), left === undefined ? search : {...search, deadline: left}).catch(
			async (error) => {
				if (!(error instanceof DeadlineError)) throw unknown('the host was not reached again', error);
				await ended();
				throw new DeadlineError(`the script was ended after ${deadline! / 1000} seconds`);
			},
		);
		const end = answer.stdout.indexOf('\n');
		const [word, status] = answer.stdout.toString('latin1', 0, end).split(' ');
		if (word === 'done') {
			this.#log('the connection was lost while a step ran; its outcome was found on the host');
			return {stdout: answer.stdout.subarray(end + 1), stderr: answer.stderr, status: Number(status)};
		}
		if (word === 'never') {
			this.#log('the connection was lost before a step began; it is sent again');
			return 'never begun';
		}
		if (word === 'cut') await ended();
		if (word === 'nowhere') this.#lost.delete(folder);
		throw unknown(WHY[word ?? ''] ?? 'whether it ended is not known');
	}

	#take(): Promise<FramedShell | undefined> {
		const opening = this.#shell;
		this.#shell = undefined;
		return opening?.catch(() => undefined) ?? Promise.resolve(undefined);
	}

	#drop(opening: Promise<FramedShell>): boolean {
		if (this.#shell !== opening) return false;
		this.#shell = undefined;
		return true;
	}
}

/** Asks the host about what was lost, again when the connection is lost again. Throws `UnreachableError`, `BecomeError`, `DeadlineError`. */
async function ask(ready: () => Promise<FramedShell>, request: Request): Promise<Response> {
	for (let attempt = 0; ; attempt++) {
		try {
			return await (await ready()).run(request);
		} catch (error) {
			if (!(error instanceof ShellGone)) throw error;
			if (attempt === RESENDS) throw new UnreachableError(error.message, error);
		}
	}
}

const WHY: Readonly<Record<string, string>> = {
	cut: 'it was ended before it had all of its input',
	gone: 'it ended without a status',
	nowhere: 'the host has kept nothing of it',
};
