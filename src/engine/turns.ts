import type {Task} from '../playbook/playbook.js';
import type {HostRun} from './host-run.js';

/** A place in the order of a play: indices from the outermost list inwards, compared like version numbers. */
export type Position = readonly number[];

/** Runs a task on the hosts whose turn it is and gives each its outcome. */
export type Round<Outcome> = (task: Task, hosts: readonly HostRun[]) => Promise<ReadonlyMap<HostRun, Outcome>>;

interface Waiting<Outcome> {
	readonly task: Task;
	readonly position: Position;
	readonly resolve: (outcome: Outcome) => void;
	readonly reject: (error: unknown) => void;
}

/**
 * Who may run which task when. Every host walks the play on its own and takes a turn for each task. With strategy `linear` a round
 * begins when all hosts wait: the earliest task of them runs on all hosts that wait for it. With `free` a turn is a round of one.
 */
export class Turns<Outcome> {
	readonly #active: Set<HostRun>;
	readonly #waiting = new Map<HostRun, Waiting<Outcome>>();
	readonly #round: Round<Outcome>;
	readonly #lockstep: boolean;
	#running = false;

	constructor(hosts: readonly HostRun[], lockstep: boolean, round: Round<Outcome>) {
		this.#active = new Set(hosts);
		this.#lockstep = lockstep;
		this.#round = round;
	}

	/** Waits for the host's turn and gives the outcome of the task on it. */
	async take(host: HostRun, task: Task, position: Position): Promise<Outcome> {
		if (!this.#lockstep) return (await this.#round(task, [host])).get(host)!;
		return new Promise((resolve, reject) => {
			this.#waiting.set(host, {task, position, resolve, reject});
			this.#proceed();
		});
	}

	/** The host takes no more turns. */
	leave(host: HostRun): void {
		this.#active.delete(host);
		this.#proceed();
	}

	#proceed(): void {
		if (this.#running || this.#waiting.size === 0 || this.#waiting.size < this.#active.size) return;
		const all = [...this.#waiting].sort(([, a], [, b]) => comparePositions(a.position, b.position));
		const {task, position} = all[0]![1];
		const group = all.filter(([, one]) => one.task === task && comparePositions(one.position, position) === 0);
		const order = [...this.#active];
		const hosts = group.map(([host]) => host).sort((a, b) => order.indexOf(a) - order.indexOf(b));
		for (const host of hosts) this.#waiting.delete(host);
		this.#running = true;
		this.#round(task, hosts).then(
			(outcomes) => {
				this.#running = false;
				for (const [host, {resolve}] of group) resolve(outcomes.get(host)!);
			},
			(error) => {
				this.#running = false;
				for (const [, {reject}] of group) reject(error);
			},
		);
	}
}

/** Earlier first; a place inside comes after the place itself. */
export function comparePositions(a: Position, b: Position): number {
	for (let i = 0; i < a.length && i < b.length; i++) {
		const difference = a[i]! - b[i]!;
		if (difference !== 0) return difference;
	}
	return a.length - b.length;
}
