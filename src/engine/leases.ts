import type {Become, Connection, Shell, Target} from '../connection/connection.js';

/** How many shells as one user a host that is reached by ssh gives to tasks at once: sshd lets a connection have ten sessions, and others are wanted too. */
const mostOverSsh = 6;

/** A shell that no other task uses until it is released, unless too many want one. */
export interface Lease {
	readonly shell: Shell;
	release(): void;
}

/** The shells of one connection: tasks that act on one host at the same time (`delegate_to`) run side by side. */
export class Leases {
	readonly #connection: Connection;
	readonly #most: number;
	/** By user: how many tasks have the shell of each number. */
	readonly #holders = new Map<string, number[]>();

	constructor(connection: Connection, {transport}: Target) {
		this.#connection = connection;
		this.#most = transport === 'ssh' ? mostOverSsh : Number.POSITIVE_INFINITY;
	}

	/** Throws as `Connection.shell` does. */
	async lease(become: Become | undefined): Promise<Lease> {
		const user = JSON.stringify(become ?? null);
		const holders = this.#holders.get(user) ?? [];
		this.#holders.set(user, holders);
		const free = holders.indexOf(0);
		const number = free >= 0 ? free : holders.length < this.#most ? holders.length : holders.indexOf(Math.min(...holders));
		holders[number] = (holders[number] ?? 0) + 1;
		let isHeld = true;
		const release = () => {
			if (isHeld) holders[number]!--;
			isHeld = false;
		};
		try {
			return {shell: await this.#connection.shell(become, number), release};
		} catch (error) {
			release();
			throw error;
		}
	}
}
