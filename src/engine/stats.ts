import type {HostCounts, Status} from './events.js';

/** The counts of the recap, and which hosts are lost to the rest of the run. */
export class Stats {
	readonly #hosts = new Map<string, HostCounts>();
	readonly #failed = new Set<string>();
	readonly #unreachable = new Set<string>();
	readonly #interrupted = new Map<string, string>();

	count(host: string, column: keyof HostCounts): void {
		const counts = this.#hosts.get(host) ?? {
			ok: 0,
			changed: 0,
			unreachable: 0,
			failed: 0,
			skipped: 0,
			rescued: 0,
			ignored: 0,
			unknown: 0,
		};
		counts[column]++;
		this.#hosts.set(host, counts);
	}

	/** Counts a result the way Ansible does: a changed task is ok too, an ignored failure is ok and ignored (and changed, if it changed anything). */
	countResult(
		host: string,
		status: Status,
		rules: {ignored: boolean; rescued: boolean; unknown: boolean; changed?: boolean},
	): void {
		if (rules.unknown) this.count(host, 'unknown');
		if (status === 'changed' || (rules.ignored && status === 'failed' && rules.changed)) this.count(host, 'changed');
		if (status === 'ok' || status === 'changed') this.count(host, 'ok');
		else if (status === 'skipped') this.count(host, 'skipped');
		else if (status === 'unreachable') {
			this.count(host, rules.ignored ? 'ok' : 'unreachable');
			if (rules.ignored) this.count(host, 'ignored');
		} else if (rules.ignored) {
			this.count(host, 'ok');
			this.count(host, 'ignored');
		} else this.count(host, rules.rescued ? 'rescued' : 'failed');
	}

	/** The host failed and nothing rescued it. */
	markFailed(host: string): void {
		this.#failed.add(host);
	}
	markUnreachable(host: string): void {
		this.#unreachable.add(host);
	}
	/** The run was interrupted while the host did this task. */
	markInterrupted(host: string, task: string): void {
		this.#interrupted.set(host, task);
	}
	/** The tasks that were under way on hosts when the run was interrupted. */
	get interrupted(): ReadonlyMap<string, string> {
		return this.#interrupted;
	}
	/** `meta: clear_host_errors`. */
	clearErrors(): void {
		this.#failed.clear();
		this.#unreachable.clear();
	}
	isLost(host: string): boolean {
		return this.#failed.has(host) || this.#unreachable.has(host);
	}
	/** How many hosts failed and how many could not be reached, together. */
	get lostCount(): number {
		return this.#failed.size + this.#unreachable.size;
	}
	lost(): ReadonlySet<string> {
		return new Set([...this.#failed, ...this.#unreachable]);
	}
	get failed(): ReadonlySet<string> {
		return this.#failed;
	}
	get unreachable(): ReadonlySet<string> {
		return this.#unreachable;
	}
	summary(): Record<string, HostCounts> {
		return Object.fromEntries(this.#hosts);
	}
}
