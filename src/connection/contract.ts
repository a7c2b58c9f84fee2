import type {Duplex, Readable} from 'node:stream';
import type {Script} from './script.js';

/** One thing to run in a host's framed shell. */
export interface Request {
	readonly script: Script;
	/** `"$1"`, `"$2"`, … of the script; any text without NUL. Never seen in a process's argv unless the script puts it there. */
	readonly args?: readonly string[];
	/** What the script reads on stdin; without it stdin is empty. Content is streamed and need not fit in memory. */
	readonly stdin?: string | Uint8Array | Content;
	readonly cwd?: string;
	/** Exported for the script alone. */
	readonly environment?: Readonly<Record<string, string>>;
	/** Milliseconds after which the script is ended and `DeadlineError` thrown; without it there is no limit but the connection's own keepalive. */
	readonly deadline?: number;
	/**
	 * Whether the script may change the host. When the connection is lost while it runs, one that only reads is sent again; the outcome of one that changes is
	 * looked for on the host, and when it is not found there `LostConnectionError` is thrown.
	 */
	readonly changes?: boolean;
	/** It changes, and running it again does no harm: when the connection was lost, what may yet run of it is ended and it is sent again, and the host keeps no outcome of it. */
	readonly repeatable?: boolean;
	/** Called with each line of output as it comes (for the live view), and with how much of big content is sent. */
	readonly onLine?: (line: string, stream: 'out' | 'err') => void;
}

export interface Response {
	readonly stdout: Buffer;
	readonly stderr: Buffer;
	/** The script's exit status; 128 + n when signal n ended it. */
	readonly status: number;
}

/** Bytes of this side that are sent when needed: a file, or a text made here. */
export interface Content {
	readonly size: number;
	/** SHA-1 in hex, as Ansible's `checksum`. */
	readonly sha1: string;
	open(): Readable;
	/** The whole of it, for what must be read to plan (diffs, small files). */
	read(): Buffer;
}

/** A shell on a host as one user. Requests run one after another, in the order given. */
export interface Shell {
	run(request: Request): Promise<Response>;
}

/** A host's connection. Opened once, kept for the run. */
export interface Connection {
	/**
	 * The framed shell as the connection's own user, or as another; opened at first use and kept. `lane` numbers further shells of the same user, for
	 * what shall run beside a long step. Eight are open at most: then the one that was not used for the longest time goes, or one is waited for.
	 */
	shell(become?: Become, lane?: number): Promise<Shell>;
	/** A TCP stream from the host's network position (ssh: direct-tcpip), for hosts without a client of their own. */
	dial(host: string, port: number): Promise<Duplex>;
	/** Forgets the shells (after changes of users, groups, limits); the next request opens new ones. */
	reset(): Promise<void>;
	close(): Promise<void>;
	/** How many requests went out, the measure of cost. */
	readonly roundTrips: number;
}

export interface Become {
	readonly method: 'sudo' | 'su' | 'doas';
	readonly user: string;
	readonly flags?: string;
	readonly exe?: string;
	readonly password?: string;
}

/** How a host is reached. Plain data. */
export interface Target {
	/** The name in the inventory, for messages. */
	readonly name: string;
	/** `docker`, `podman` and `nspawn` are containers of this machine (or of the one that the program speaks to). */
	readonly transport: 'local' | 'ssh' | 'docker' | 'podman' | 'nspawn';
	/** A host's name or address, a container's name. */
	readonly address: string;
	readonly port?: number;
	readonly user?: string;
	readonly password?: string;
	readonly privateKeyFile?: string;
	readonly passphrase?: string;
	/** OpenSSH's options that come before what is said here of port, user, key and time (`ansible_ssh_args`), as ssh takes the first it meets. */
	readonly sshArgs?: readonly string[];
	/** Those that come after it (`ansible_ssh_common_args`, `ansible_ssh_extra_args`). */
	readonly sshLateArgs?: readonly string[];
	/** Who speaks ssh: a library within this process, or the system's `ssh`. Without it the library, unless the configuration asks for what it lacks. */
	readonly sshClient?: 'library' | 'openssh';
	/** The program to run in place of `ssh`, `docker`, `podman`; for ssh it implies `openssh`. */
	readonly program?: string;
	/** Words that the container's program gets before its command (`ansible_docker_extra_args`). */
	readonly programArgs?: readonly string[];
	readonly hostKeyChecking: boolean;
	/** Milliseconds for connecting and authenticating. */
	readonly connectTimeout: number;
	/** How often it is tried again when it cannot be made. */
	readonly retries?: number;
	/** The POSIX shell to run, `/bin/sh` by default. */
	readonly shellExecutable?: string;
}

/** What the user's own machine gives to connections: nothing here reads the environment by itself. */
export interface ConnectionSettings {
	readonly home: string;
	readonly user: string;
	readonly agentSocket?: string;
	/** What `${VARIABLE}` in ssh's configuration may name. */
	readonly environment?: Readonly<Record<string, string | undefined>>;
	/** Asks the person (host key acceptance, passphrases); undefined when nobody can answer. */
	readonly ask?: (question: string, options: {secret: boolean}) => Promise<string>;
	/** Told what tells the machine apart that was reached, as often as a shell is opened on it: two addresses with the same lead to one machine. */
	readonly met?: (target: Target, machine: string) => void;
	/** Told what may interest someone; `verbosity` is how many `-v` they must have given to see it (2 when left out). */
	readonly log?: (line: string, verbosity?: 1 | 2 | 3) => void;
}

/** The host cannot be reached, or the connection was lost: never a task's failure. */
export class UnreachableError extends Error {
	constructor(reason: string, cause?: unknown) {
		super(reason, {cause});
		this.name = 'UnreachableError';
	}
}

/** The connection was lost while a changing script ran: whether it ended is not known. */
export class LostConnectionError extends UnreachableError {}

/** A script ran past its deadline and was ended. */
export class DeadlineError extends Error {}

/** Becoming the other user failed (wrong password, not allowed, no such program): a task's failure, as in Ansible. */
export class BecomeError extends Error {}
