import type {Task} from '../playbook/playbook.js';
import type {HostRun} from './host-run.js';

/** A place in the order of a play: indices from the outermost list inwards, compared like version numbers. */
export type Position = readonly number[];

/** What a host did ahead of its turn and is not told yet. */
export interface Untold {
	readonly position: Position;
	/** The host's place in the batch. */
	readonly index: number;
	readonly tell: () => void;
}

/** Runs a task on the hosts whose turn it is and gives each its outcome. It tells, each in its place, of those that did the task before. */
export type Round<Outcome> = (
	task: Task,
	hosts: readonly HostRun[],
	position: Position,
	before: readonly Untold[],
) => Promise<ReadonlyMap<HostRun, Outcome>>;

/** What a host did before its turn: what it means for its own way, and what others see of it when all have come so far. */
export interface Done<Outcome> {
	readonly outcome: Outcome;
	tell(): void;
}

/** Does a task on a host before its turn, where nobody can tell the difference; undefined when it has to wait for it. */
export type RunAhead<Outcome> = (task: Task, host: HostRun, position: Position) => Promise<Done<Outcome> | undefined>;

interface Waiting<Outcome> {
	readonly task: Task;
	readonly position: Position;
	readonly resolve: (outcome: Outcome) => void;
	readonly reject: (error: unknown) => void;
}

function compareUntold(a: Untold, b: Untold): number {
	return comparePositions(a.position, b.position) || a.index - b.index;
}

/** Where a host is: at a task, or behind it. */
interface Place {
	readonly position: Position;
	readonly isDone: boolean;
}

/** A search through the hosts for those that are not as far as a place; who is so far once stays so. */
interface Search {
	readonly position: Position;
	readonly hosts: Iterator<HostRun>;
	host: HostRun | undefined;
}

/**
 * Who may run which task when. Every host walks the play on its own and takes a turn for each task. With strategy `linear` a round begins
 * when all hosts have come as far: the earliest task runs on all hosts that wait for it. What a host may do ahead of the others it
 * does at once, and what is seen of it waits until all have come as far. With `free` a turn is a round of one.
 */
export class Turns<Outcome> {
	/** The hosts with their places in the batch. */
	readonly #indices: ReadonlyMap<HostRun, number>;
	readonly #active: Set<HostRun>;
	readonly #waiting = new Map<HostRun, Waiting<Outcome>>();
	readonly #places = new Map<HostRun, Place>();
	/** What was done and not told yet, in the order of telling. */
	readonly #untold: Untold[] = [];
	/** How far the hosts were looked through for one that holds back the others. */
	readonly #searches: {telling?: Search; round?: Search} = {};
	/** The earliest place that a host waits at. */
	#earliest: Waiting<Outcome> | undefined;
	readonly #round: Round<Outcome>;
	readonly #runAhead: RunAhead<Outcome> | undefined;
	readonly #lockstep: boolean;
	#running = false;

	constructor(hosts: readonly HostRun[], lockstep: boolean, round: Round<Outcome>, runAhead?: RunAhead<Outcome>) {
		this.#indices = new Map(hosts.map((host, index) => [host, index]));
		this.#active = new Set(hosts);
		this.#lockstep = lockstep;
		this.#round = round;
		this.#runAhead = runAhead;
	}

	/** Waits for the host's turn, if it has to, and gives the outcome of the task on it. */
	async take(host: HostRun, task: Task, position: Position): Promise<Outcome> {
		if (!this.#lockstep) return (await this.#round(task, [host], position, [])).get(host)!;
		this.#places.set(host, {position, isDone: false});
		this.#proceed();
		const done = await this.#runAhead?.(task, host, position);
		if (done) {
			this.#keep({position, index: this.#indices.get(host)!, tell: done.tell});
			this.#places.set(host, {position, isDone: true});
			this.#proceed();
			return done.outcome;
		}
		return new Promise((resolve, reject) => {
			const waiting = {task, position, resolve, reject};
			this.#waiting.set(host, waiting);
			if (!this.#earliest || comparePositions(position, this.#earliest.position) < 0) this.#earliest = waiting;
			this.#proceed();
		});
	}

	/** The host takes no more turns. */
	leave(host: HostRun): void {
		this.#active.delete(host);
		this.#proceed();
	}

	/** No further turn begins: who waits for one is told `reason`. */
	stop(reason: unknown): void {
		for (const {reject} of this.#waiting.values()) reject(reason);
		this.#waiting.clear();
		this.#earliest = undefined;
	}

	/** Tells what is left when the play is over, however it ended: nothing that was done goes untold. */
	end(): void {
		for (const {tell} of this.#untold.splice(0)) tell();
	}

	#proceed(): void {
		this.#tell();
		if (this.#running || !this.#earliest) return;
		const {task, position} = this.#earliest;
		if (this.#isHeldBack('round', position, (host) => this.#waiting.has(host) || this.#hasPassed(host, position))) return;
		const group = [...this.#waiting]
			.filter(([, one]) => one.task === task && comparePositions(one.position, position) === 0)
			.sort(([a], [b]) => this.#indices.get(a)! - this.#indices.get(b)!);
		for (const [host] of group) this.#waiting.delete(host);
		this.#earliest = [...this.#waiting.values()].reduce<Waiting<Outcome> | undefined>(
			(first, one) => (first && comparePositions(first.position, one.position) <= 0 ? first : one),
			undefined,
		);
		this.#running = true;
		this.#tell(position);
		const hosts = group.map(([host]) => host);
		const later = this.#untold.findIndex((one) => comparePositions(one.position, position) > 0);
		const before = this.#untold.splice(0, later < 0 ? this.#untold.length : later);
		this.#round(task, hosts, position, before).then(
			(outcomes) => {
				this.#running = false;
				for (const host of hosts) this.#places.set(host, {position, isDone: true});
				for (const [host, {resolve}] of group) resolve(outcomes.get(host)!);
			},
			(error) => {
				this.#running = false;
				for (const [, {reject}] of group) reject(error);
			},
		);
	}

	/** Keeps what was done until it may be told, in order. */
	#keep(one: Untold): void {
		let [from, to] = [0, this.#untold.length];
		while (from < to) {
			const middle = (from + to) >> 1;
			if (compareUntold(this.#untold[middle]!, one) > 0) to = middle;
			else from = middle + 1;
		}
		this.#untold.splice(from, 0, one);
	}

	/** Tells what was done at places that every host has left behind, or before the place of a round that begins. */
	#tell(before?: Position): void {
		for (let first = this.#untold[0]; first; first = this.#untold[0]) {
			const {position} = first;
			const isTime = before
				? comparePositions(position, before) < 0
				: !this.#isHeldBack('telling', position, (host) => this.#hasPassed(host, position));
			if (!isTime) return;
			for (
				let next: Untold | undefined = first;
				next && comparePositions(next.position, position) === 0;
				next = this.#untold[0]
			) {
				this.#untold.shift();
				next.tell();
			}
		}
	}

	/** Whether a host is not as far as it must be. */
	#isHeldBack(of: 'telling' | 'round', position: Position, isFar: (host: HostRun) => boolean): boolean {
		let search = this.#searches[of];
		if (!search || comparePositions(search.position, position) !== 0) {
			const hosts = this.#indices.keys();
			search = {position, hosts, host: hosts.next().value};
			this.#searches[of] = search;
		}
		while (search.host && (isFar(search.host) || !this.#active.has(search.host))) search.host = search.hosts.next().value;
		return search.host !== undefined;
	}

	/** Whether a host has left a place behind it. */
	#hasPassed(host: HostRun, position: Position): boolean {
		const place = this.#places.get(host);
		if (!place) return false;
		const order = comparePositions(place.position, position);
		return order > 0 || (order === 0 && place.isDone);
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
