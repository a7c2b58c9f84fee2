import {UnreachableError} from './contract.js';

/** The configuration, a key or the host asks for something that the ssh library cannot do and OpenSSH can. */
export class NeedsOpenssh extends UnreachableError {
	/** What it is, with its place, as it stands in a sentence: `~/.ssh/config:3 asks for …`. */
	readonly need: string;
	constructor(need: string) {
		super(`${need}, which only OpenSSH's own client can do`);
		this.need = need;
	}
}
