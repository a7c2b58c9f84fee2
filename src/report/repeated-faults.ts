/** Which faults were told already, and which hosts have had the same since. */
export class RepeatedFaults {
	readonly #namesHosts: boolean;
	readonly #told = new Map<string, {readonly hosts: Set<string>; more: string[]}>();

	constructor(namesHosts: boolean) {
		this.#namesHosts = namesHosts;
	}

	/** Whether a fault, as it is shown, is the first of its kind; if not, its host is named in the notes. */
	isNew(text: string, host: string): boolean {
		const told = this.#told.get(text);
		if (!told) this.#told.set(text, {hosts: new Set([host]), more: []});
		else if (!told.hosts.has(host)) {
			told.hosts.add(host);
			told.more.push(host);
		}
		return told === undefined;
	}

	/** What is to be said of the hosts that came since the notes were last asked for: a line for each fault. */
	notes(): string[] {
		const notes: string[] = [];
		for (const [text, fault] of this.#told) {
			if (fault.more.length > 0 && this.#namesHosts)
				notes.push(` = note: the same on ${fault.more.join(', ')}: ${text.split('\n')[0]}`);
			fault.more = [];
		}
		return notes;
	}
}
