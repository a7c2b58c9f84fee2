import {DeadlineError, LostConnectionError, type Request, type Response, type Shell, UnreachableError} from './contract.js';
import {endBelow} from './end-below.js';
import type {FramedShell} from './framed-shell.js';
import {findOutcome, forgetOutcomes} from './kept-outcome.js';
import type {Trace} from './kept-steps.js';
import {ShellGone} from './shell-gone.js';

/** How often a reading request is sent again on a new shell before the host counts as unreachable. */
const RESENDS = 3;

/** A shell that survives its framed shell: opened at first use, opened again when it was lost or forgotten. */
export class Lane implements Shell {
	readonly #open: () => Promise<FramedShell>;
	readonly #log: (line: string) => void;
	#shell: Promise<FramedShell> | undefined;
	/** The search for the outcomes of steps whose connection was lost. What was asked behind them waits for it. */
	#search: Promise<unknown> | undefined;
	/** Folders of outcomes that framed shells left when they were lost. */
	readonly #left: string[] = [];
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
			if (this.#drop(opening) && shell.keptFolder) this.#left.push(shell.keptFolder);
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
			while (this.#search) await this.#search;
			try {
				const shell = await this.ready();
				this.#tidy(shell);
				return await shell.run(request);
			} catch (error) {
				if (!(error instanceof ShellGone)) throw error;
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
		if (shell?.alive) this.#tidy(shell);
		await shell?.close();
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
		const left = deadline === undefined ? undefined : Math.max(1000, deadline - (performance.now() - started));
		const answer = await this.#ask(trace, left).catch((error) => {
			if (error instanceof DeadlineError) throw new DeadlineError(`the script was ended after ${deadline! / 1000} seconds`);
			throw unknown('the host was not reached again', error);
		});
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
		throw unknown(WHY[word ?? ''] ?? 'whether it ended is not known');
	}

	async #ask({folder, step, pid}: Trace, deadline: number | undefined): Promise<Response> {
		for (let attempt = 0; ; attempt++) {
			try {
				const shell = await this.ready();
				return await shell.run({
					script: findOutcome,
					args: [folder, String(step)],
					...(deadline === undefined ? {} : {deadline}),
				});
			} catch (error) {
				if (error instanceof DeadlineError && pid !== undefined)
					await (await this.ready()).run({script: endBelow, args: [String(pid)]});
				if (!(error instanceof ShellGone) || attempt === RESENDS) throw error;
			}
		}
	}

	/** Removes what lost shells left, once it was asked for. */
	#tidy(shell: FramedShell): void {
		if (this.#left.length === 0 || this.#search) return;
		shell.run({script: forgetOutcomes, args: this.#left.splice(0)}).catch(() => {});
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

const WHY: Readonly<Record<string, string>> = {
	cut: 'it was ended before it had all of its input',
	gone: 'it ended without a status',
	nowhere: 'the host has kept nothing of it',
};
