/** Lookups whose results rest on names alone. */
const pure: ReadonlySet<string> = new Set([
	'vars',
	'varnames',
	'env',
	'config',
	'items',
	'list',
	'dict',
	'indexed_items',
	'nested',
	'cartesian',
	'together',
	'subelements',
	'sequence',
	'flattened',
]);

/** Lookups that read files of this side and do nothing else. */
const reading: ReadonlySet<string> = new Set([
	'file',
	'template',
	'first_found',
	'fileglob',
	'filetree',
	'ini',
	'csvfile',
	'unvault',
]);

/** Names whose values change with what other hosts do. */
const ofOthers: ReadonlySet<string> = new Set([
	'hostvars',
	'groups',
	'group_names',
	'vars',
	'play_hosts',
	'ansible_play_hosts',
	'ansible_play_batch',
]);

/** Functions that give another value each time. */
const fleeting: ReadonlySet<string> = new Set(['now']);

/**
 * Looks on while the parts of a task are evaluated ahead of its turn: what the values rest on, so that it is known later whether they still
 * hold, and whether something was asked for that belongs to the task's turn alone (a password, a process, a warning).
 */
export class Watch {
	readonly names = new Set<string>();
	/** What other hosts do may change the values. */
	seesOthers = false;
	/** Files of this side were read. */
	readsFiles = false;
	/** The values belong to the task's turn. */
	isTooEarly = false;
	#isOver = false;

	/** From here on the names are asked for in the task's turn. */
	end(): void {
		this.#isOver = true;
	}

	name(name: string): void {
		if (this.#isOver) return;
		this.names.add(name);
		if (ofOthers.has(name)) this.seesOthers = true;
		if (fleeting.has(name)) this.isTooEarly = true;
	}

	/** Whether a lookup may run now. */
	allows(lookup: string): boolean {
		const name = lookup.replace(/^ansible\.(builtin|legacy)\./, '');
		if (this.#isOver || pure.has(name)) {
			if (name === 'vars' || name === 'varnames') this.seesOthers = true;
			return true;
		}
		if (reading.has(name)) this.readsFiles = true;
		else this.isTooEarly = true;
		return !this.isTooEarly;
	}

	/** A file of this side is read or looked for. */
	file(): void {
		this.readsFiles = true;
	}

	/** Whether a warning is for now; one that comes too early comes again in the task's turn. */
	takesWarning(): boolean {
		if (!this.#isOver) this.isTooEarly = true;
		return !this.#isOver;
	}
}
