/** What the command line and ansible.cfg decide about a run, as plain data. */
export interface RunOptions {
	readonly check: boolean;
	readonly diff: boolean;
	readonly forks: number;
	readonly verbosity: number;
	readonly tags: readonly string[];
	readonly skipTags: readonly string[];
	readonly limit: string | undefined;
	readonly forceHandlers: boolean;
	readonly anyErrorsFatal: boolean;
	readonly gathering: 'implicit' | 'explicit' | 'smart';
	readonly strategy: string;
	readonly startAtTask: string | undefined;
	readonly connection: ConnectionDefaults;
}

/** What a connection falls back to where neither variables nor keywords say it. */
export interface ConnectionDefaults {
	readonly transport: string;
	readonly remoteUser: string | undefined;
	/** Who runs the program. */
	readonly localUser: string;
	readonly password: string | undefined;
	readonly privateKeyFile: string | undefined;
	readonly port: number | undefined;
	/** How often a connection that could not be made is tried again. */
	readonly sshRetries: number;
	/** The shell of the hosts. */
	readonly shellExecutable: string | undefined;
	/** Options for ssh, in one line each, as Ansible takes them. */
	readonly sshArgs: string | undefined;
	readonly sshCommonArgs: string | undefined;
	readonly sshExtraArgs: string | undefined;
	/** Seconds. */
	readonly timeout: number;
	readonly hostKeyChecking: boolean;
	readonly become: boolean;
	readonly becomeMethod: string;
	readonly becomeUser: string;
	readonly becomePassword: string | undefined;
	/** The program is called also to become the user who has logged in. */
	readonly becomeSameUser: boolean;
	/** What ansible.cfg says of each program by which a user becomes another. */
	readonly becomePrograms: Readonly<Record<string, BecomeProgram>>;
}

export interface BecomeProgram {
	readonly user?: string | undefined;
	readonly exe?: string | undefined;
	readonly flags?: string | undefined;
	readonly password?: string | undefined;
}
