/** The shell's stream ended. */
export class ShellGone extends Error {
	/** Whether the request had gone out, so that it may have run. One that changes never goes out before the shell has answered once. */
	readonly sent: boolean;
	/** Whether another shell would do no better: this one never answered though the connection stood. */
	readonly final: boolean;
	constructor(reason: string, sent: boolean, final: boolean) {
		super(reason);
		this.sent = sent;
		this.final = final;
	}
}
