import type {Trace} from './kept-steps.js';

/** The shell's stream ended. */
export class ShellGone extends Error {
	/** Whether the request had gone out, so that it may have run. One that changes never goes out before the shell has answered once. */
	readonly sent: boolean;
	/** Whether another shell would do no better: this one never answered though the connection stood. */
	readonly final: boolean;
	/** Where the outcome of the request may be found. */
	readonly trace: Trace | undefined;
	constructor(reason: string, sent: boolean, final: boolean, trace?: Trace) {
		super(reason);
		this.trace = trace;
		this.sent = sent;
		this.final = final;
	}
}
