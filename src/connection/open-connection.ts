import type {Duplex} from 'node:stream';
import type {Transport} from './channel.js';
import {type Become, type Connection, type ConnectionSettings, type Request, type Target, UnreachableError} from './contract.js';
import {endBelow} from './end-below.js';
import {FramedShell} from './framed-shell.js';
import {followOutput} from './kept-outcome.js';
import {Lane} from './lane.js';
import {deadline} from './promises.js';
import {Sessions} from './sessions.js';
import {ShellGone} from './shell-gone.js';

/**
 * Connects to a host and keeps the connection for the run. Libraries of a transport are loaded when a run first uses it.
 * Throws `UnreachableError`, with the reason in words.
 */
export async function openConnection(target: Target, settings: ConnectionSettings): Promise<Connection> {
	const connection = new HostConnection(target, settings);
	await connection.connect();
	return connection;
}

/** Milliseconds to wait before each new attempt to connect again. */
const BACK_OFF = [0, 500, 2000];

class HostConnection implements Connection {
	readonly #target: Target;
	readonly #settings: ConnectionSettings;
	readonly #lanes = new Map<string, Lane>();
	readonly #sessions: Sessions;
	#following = false;
	#transport: Promise<Transport> | undefined;
	#closing = false;
	#closed = false;
	roundTrips = 0;

	constructor(target: Target, settings: ConnectionSettings) {
		this.#target = target;
		this.#settings = settings;
		this.#sessions = new Sessions(target.transport === 'ssh');
	}

	/** The first connecting: one attempt, so that a wrong key or address is told at once. */
	async connect(): Promise<void> {
		this.#transport = this.#makeTransport();
		await this.#transport;
	}

	async shell(become?: Become, number = 0): Promise<Lane> {
		const who = become && [become.method, become.user, become.flags, become.exe, become.password];
		const key = JSON.stringify([number, who]);
		const lane = this.#lanes.get(key) ?? this.#makeLane(become);
		this.#lanes.set(key, lane);
		await lane.ready();
		return lane;
	}

	#makeLane(become: Become | undefined): Lane {
		const lane: Lane = new Lane(
			async () => {
				if (this.#closing) throw new UnreachableError('the connection was closed');
				return this.#sessions.open(lane, () => this.#openShell(become));
			},
			(line) => this.#settings.log?.(`<${this.#target.name}> ${line}`, 1),
		);
		return lane;
	}

	async dial(host: string, port: number): Promise<Duplex> {
		return (await this.#alive()).dial(host, port);
	}

	async reset(): Promise<void> {
		await Promise.all([...this.#lanes.values()].map((lane) => lane.forget()));
	}

	async close(): Promise<void> {
		if (this.#closing) return;
		this.#closing = true;
		await Promise.all([...this.#lanes.values()].map((lane) => lane.end()));
		this.#closed = true;
		await (await this.#transport?.catch(() => undefined))?.close();
	}

	async #openShell(
		become: Become | undefined,
		terminal = become?.method === 'doas' && become.password !== undefined,
		losses = 0,
	): Promise<FramedShell> {
		const transport = await this.#alive();
		const {connectTimeout, name} = this.#target;
		const late = () => new UnreachableError(`${name} did not open a shell within ${connectTimeout / 1000} seconds`);
		const opening = transport.open();
		const channel = await deadline(connectTimeout, opening, late).catch((error) => {
			// It may open later, when nobody waits for it.
			opening.then((one) => one.destroy()).catch(() => {});
			throw error;
		});
		try {
			if (become) {
				const {becomeOther, NeedsTerminal} = await import('./become.js');
				try {
					await becomeOther(channel, become, this.#shellPath, connectTimeout, terminal);
				} catch (error) {
					if (error instanceof NeedsTerminal) return await this.#openShell(become, true, losses);
					// Lost meanwhile; or it had been lost before, which the transport has not yet heard.
					if (!(error instanceof UnreachableError) || losses === BACK_OFF.length) throw error;
					await new Promise((resolve) => setTimeout(resolve, BACK_OFF[losses]));
					return await this.#openShell(become, terminal, losses + 1);
				}
			}
			const shell = new FramedShell(channel, {
				interrupt: (pid) => this.#aside(become, {script: endBelow, args: [pid]}),
				...(transport.losable
					? {
							follow: ({folder, step}, onLine) =>
								this.#follow(become, {script: followOutput, args: [folder, String(step)], onLine}),
						}
					: {}),
				met: (machine) => this.#settings.met?.(this.#target, machine),
				countTrip: () => {
					this.roundTrips++;
				},
			});
			// A shell that never greets is found out here; its first request need not wait for the greeting.
			deadline(connectTimeout, shell.greeted(), late).catch((error) => {
				if (!(error instanceof ShellGone)) shell.abandon(error.message);
			});
			return shell;
		} catch (error) {
			channel.destroy();
			throw error;
		}
	}

	/** Shows what one step writes; a second one that runs at the same time is told at its end, so that a session is left to end it with. */
	async #follow(become: Become | undefined, request: Request): Promise<void> {
		if (this.#following) return;
		this.#following = true;
		try {
			await this.#aside(become, request);
		} finally {
			this.#following = false;
		}
	}

	/** Runs a script beside what is running, in a second shell as the same user. */
	async #aside(become: Become | undefined, request: Request): Promise<void> {
		const aside = await this.#openShell(become);
		try {
			await aside.run(request);
		} finally {
			await aside.close();
		}
	}

	/** The transport, made again when the former was lost. */
	async #alive(): Promise<Transport> {
		if (this.#closed) throw new UnreachableError('the connection was closed');
		for (;;) {
			this.#transport ??= this.#reconnect();
			const making = this.#transport;
			const transport = await making.catch((error) => {
				this.#drop(making);
				throw error;
			});
			if (!transport.dead) return transport;
			this.#drop(making);
		}
	}

	#drop(making: Promise<Transport>): void {
		if (this.#transport === making) this.#transport = undefined;
	}

	async #reconnect(): Promise<Transport> {
		let last: unknown;
		for (const pause of BACK_OFF) {
			await new Promise((resolve) => setTimeout(resolve, pause));
			try {
				return await this.#makeTransport();
			} catch (error) {
				last = error;
			}
		}
		throw last;
	}

	async #makeTransport(): Promise<Transport> {
		switch (this.#target.transport) {
			case 'local':
				return (await import('./local.js')).localTransport(this.#shellPath);
			case 'ssh':
				return (await import('./ssh.js')).sshTransport(this.#target, this.#settings, this.#shellPath);
			default:
				return (await import('./container.js')).containerTransport(this.#target, this.#shellPath);
		}
	}

	get #shellPath(): string {
		return this.#target.shellExecutable ?? '/bin/sh';
	}
}
