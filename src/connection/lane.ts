import {LostConnectionError, type Request, type Response, type Shell, UnreachableError} from './contract.js';
import type {FramedShell} from './framed-shell.js';
import {ShellGone} from './shell-gone.js';

/** How often a reading request is sent again on a new shell before the host counts as unreachable. */
const RESENDS = 2;

/** A shell that survives its framed shell: opened at first use, opened again when it was lost or forgotten. */
export class Lane implements Shell {
	readonly #open: () => Promise<FramedShell>;
	#shell: Promise<FramedShell> | undefined;

	constructor(open: () => Promise<FramedShell>) {
		this.#open = open;
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
			if (shell.alive) return shell;
			this.#drop(opening);
		}
	}

	async run(request: Request): Promise<Response> {
		for (let attempt = 0; ; attempt++) {
			const shell = await this.ready();
			try {
				return await shell.run(request);
			} catch (error) {
				if (!(error instanceof ShellGone)) throw error;
				if (error.sent && request.changes) {
					throw new LostConnectionError(
						`the connection was lost while a step ran, whether it ended is not known (${error.message})`,
						error,
					);
				}
				if (attempt === RESENDS || error.final) throw new UnreachableError(error.message, error);
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
		await (await this.#take())?.close();
	}

	#take(): Promise<FramedShell | undefined> {
		const opening = this.#shell;
		this.#shell = undefined;
		return opening?.catch(() => undefined) ?? Promise.resolve(undefined);
	}

	#drop(opening: Promise<FramedShell>): void {
		if (this.#shell === opening) this.#shell = undefined;
	}
}
