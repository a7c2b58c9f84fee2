/** What a host's script read, by record and by file. */
export class RawFacts {
	readonly #records = new Map<string, string>();
	readonly #files = new Map<string, string>();
	/** Local facts: a file, what it holds or printed, and for a program its status and what it wrote on stderr. */
	readonly local: {readonly path: string; readonly text: string; status?: number; errors?: string}[] = [];

	constructor(output: string) {
		for (const record of output.split('\0').slice(1)) {
			const end = record.indexOf('\n');
			const name = record.slice(0, end);
			const text = record.slice(end + 1);
			if (name.startsWith('local ')) this.local.push({path: name.slice('local '.length), text});
			else if (name.startsWith('status '))
				Object.assign(this.local.at(-1)!, {status: Number(name.slice('status '.length)), errors: text});
			else if (fileRecords.has(name)) this.#addFiles(text);
			else this.#records.set(name, (this.#records.get(name) ?? '') + text);
		}
	}

	/** Whether the script came to its end. */
	get isWhole(): boolean {
		return this.#records.has('end');
	}

	/** Whether there is such a record, be it empty. */
	holds(name: string): boolean {
		return this.#records.has(name);
	}

	/** A record's text without the white space round it, empty when nothing was read. */
	text(name: string): string {
		return this.#records.get(name)?.trim() ?? '';
	}

	lines(name: string): readonly string[] {
		return (this.#records.get(name) ?? '').split('\n').filter((line) => line !== '');
	}

	/** Names of records that begin so (`ethtool `), without that beginning. */
	named(start: string): readonly string[] {
		return [...this.#records.keys()].filter((name) => name.startsWith(start)).map((name) => name.slice(start.length));
	}

	/** A file's text without the white space round it; undefined when it is not there, may not be read or is empty. */
	file(path: string): string | undefined {
		return this.#files.get(path)?.trim() || undefined;
	}

	/** Paths of the files that were read and that fit. */
	paths(pattern: RegExp): readonly string[] {
		return [...this.#files.keys()].filter((path) => pattern.test(path));
	}

	/** Whether something was found at a path. */
	exists(path: string): boolean {
		return this.lines('exists').includes(path);
	}

	has(tool: string): boolean {
		return this.lines('tools').includes(tool);
	}

	#addFiles(text: string): void {
		for (const line of text.split('\n')) {
			const colon = line.indexOf(':');
			if (colon < 0) continue;
			const path = line.slice(0, colon);
			const before = this.#files.get(path);
			this.#files.set(path, before === undefined ? line.slice(colon + 1) : `${before}\n${line.slice(colon + 1)}`);
		}
	}
}

const fileRecords = new Set(['files', 'dmi', 'hardware', 'blocks', 'net', 'virtual']);

/** One fact: what JSON can say, in JavaScript's words; `toValue` makes Python's of it. */
export type Fact = null | boolean | number | string | readonly Fact[] | {readonly [name: string]: Fact | undefined};
export type Facts = Record<string, Fact | undefined>;
