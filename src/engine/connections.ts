import {setTimeout as sleep} from 'node:timers/promises';
import {
	type Become,
	type Connection,
	type ConnectionSettings,
	openConnection,
	sh,
	type Target,
	UnreachableError,
} from '../connection/connection.js';
import {type Lease, Leases} from './leases.js';

/** The connections of a run: one for each way to a host, opened when first needed and kept to the end. */
export class Connections {
	readonly #settings: ConnectionSettings;
	readonly #open = new Map<string, Promise<Connection>>();
	readonly #leases = new WeakMap<Connection, Leases>();
	#stopped: Promise<void> | undefined;

	constructor(settings: ConnectionSettings) {
		this.#settings = settings;
	}

	/** A shell of a host as a user, for the time of a task. Throws `UnreachableError`, `BecomeError`. */
	async lease(target: Target, become: Become | undefined): Promise<Lease> {
		const connection = await this.connection(target);
		const leases = this.#leases.get(connection) ?? new Leases(connection, target);
		this.#leases.set(connection, leases);
		return leases.lease(become);
	}

	connection(target: Target): Promise<Connection> {
		if (this.#stopped) return Promise.reject(new UnreachableError('the run was interrupted'));
		const key = laneKey(target);
		const known = this.#open.get(key);
		if (known) return known;
		const opening = this.#opening(target);
		this.#open.set(key, opening);
		opening.catch(() => this.#open.delete(key));
		return opening;
	}

	/** Opens it, again after a growing pause if the host cannot be reached and it may be tried again. */
	async #opening(target: Target): Promise<Connection> {
		for (let attempt = 0; ; attempt++) {
			try {
				return await openConnection(target, this.#settings);
			} catch (error) {
				if (!(error instanceof UnreachableError) || attempt >= (target.retries ?? 0) || this.#stopped) throw error;
				await sleep(Math.min(2 ** attempt - 1, 30) * 1000);
			}
		}
	}

	/** `meta: reset_connection`. */
	async reset(target: Target): Promise<void> {
		await (await this.#open.get(laneKey(target)))?.reset();
	}

	/** Opens the way to a host anew, as `wait_for_connection` asks. Throws as `lease` does. */
	async reopen(target: Target, become: Become | undefined): Promise<void> {
		const old = this.#open.get(laneKey(target));
		this.#open.delete(laneKey(target));
		await old?.then((connection) => connection.close()).catch(() => undefined);
		const {shell, release} = await this.lease(target, become);
		await shell.run({script: nothing}).finally(release);
	}

	/** Ends what runs on the hosts; nothing further can be run. */
	stop(): Promise<void> {
		this.#stopped ??= this.#closeAll();
		return this.#stopped;
	}

	close(): Promise<void> {
		return this.#stopped ?? this.#closeAll();
	}

	async #closeAll(): Promise<void> {
		const connections = await Promise.allSettled(this.#open.values());
		this.#open.clear();
		await Promise.allSettled(connections.map((one) => (one.status === 'fulfilled' ? one.value.close() : undefined)));
	}

	/** Requests sent so far, over all connections. */
	async roundTrips(): Promise<number> {
		const connections = await Promise.allSettled(this.#open.values());
		return connections.reduce((sum, one) => sum + (one.status === 'fulfilled' ? one.value.roundTrips : 0), 0);
	}
}

/** What is run to see that a host answers. */
const nothing = sh`
	# prints nothing
	:
`;

/** Hosts that are this machine under several names work side by side, each with a shell of its own. */
function laneKey(target: Target): string {
	return target.transport === 'local' ? `local ${target.name}` : `${connectionKey(target)} ${target.shellExecutable ?? ''}`;
}

/**
 * What makes two targets the same machine reached the same way (DESIGN: who is meant is the machine, not the inventory's name). The same private
 * address behind two jump hosts is two machines: the way, as far as the arguments give it, belongs to it.
 */
export function connectionKey({transport, address, port, user, sshArgs, sshLateArgs, programArgs}: Target): string {
	if (transport === 'local') return 'local';
	return JSON.stringify([transport, address, port ?? 22, user ?? '', sshArgs ?? [], sshLateArgs ?? [], programArgs ?? []]);
}
