import {type Request, type Response, UnreachableError} from '../connection/connection.js';
import {type Answer, ModuleFailure, type Read} from '../modules/modules.js';
import {type ChangeUnderWay, isTouched, KnownReadings, type Reading} from './known-readings.js';

/** Who looks at a machine: what is read depends on the user and on the environment. */
export interface Viewpoint {
	/** Tells viewpoints of one machine apart. */
	readonly key: string;
	run(request: Request): Promise<Response>;
}

type AnyRead = Read<unknown>;

/** What is known of one machine without asking it again. Nothing is kept from run to run. */
export class Readings {
	readonly #views = new Map<string, KnownReadings>();

	/**
	 * The states of these reads, in one trip at the most: one probe for each kind. Where a trip is made, the reads that are `coming` ride along.
	 * Throws `UnreachableError`, and `ModuleFailure` when the host cannot answer.
	 */
	async states(view: Viewpoint, asked: readonly AnyRead[], coming: () => Promise<readonly AnyRead[]>): Promise<unknown[]> {
		const known = this.#known(view);
		const unsure = asked.flatMap((read) => known.get(keyOf(read)) ?? []).filter(({doubts, isTold}) => doubts || isTold);
		await Promise.allSettled(unsure.map(({state}) => state));
		if (asked.some((read) => !known.has(keyOf(read)))) {
			const more = await coming();
			this.#ask(view, asked, more, undefined);
		}
		const readings = asked.map((read) => known.get(keyOf(read))!);
		return Promise.all(readings.map(({state}) => state));
	}

	/** The states of these reads, if all are known for sure and no change in these places is seen in them. */
	settled(view: string, asked: readonly AnyRead[], changed: readonly string[]): unknown[] | undefined {
		const states: unknown[] = [];
		for (const read of asked) {
			const reading = this.#views.get(view)?.get(keyOf(read));
			if (!reading?.isAnswered || (changed.length > 0 && isTouched(reading, changed))) return undefined;
			states.push(reading.answer);
		}
		return states;
	}

	/** Whether these states of reads are what is still believed. */
	holds(view: string, asked: readonly AnyRead[], states: readonly unknown[]): boolean {
		return this.settled(view, asked, [])?.every((state, index) => state === states[index]) ?? false;
	}

	/**
	 * Forgets what a change in these places may have touched; without places, everything. What was read `behind` that very change is kept.
	 * Gives the viewpoints of which something was forgotten that the change does not answer.
	 */
	forget(places: readonly string[] | undefined, change?: ChangeUnderWay): ReadonlySet<string> {
		const forgotten = new Set<string>();
		const answered = new Set(change?.answers.map(({read}) => keyOf(read)));
		for (const [view, known] of this.#views) {
			for (const [key, reading] of known.near(places)) {
				if (change && reading.behind === change) continue;
				if (places && !reading.isAnswered) {
					reading.doubts = [...(reading.doubts ?? []), ...places];
				} else if (!places || isTouched(reading, places)) {
					known.delete(key);
					if (!answered.has(key)) forgotten.add(view);
				}
			}
		}
		return forgotten;
	}

	/** Reads what is not known, sent behind a change in its own shell: it sees what the change left, and the answers come with its own. */
	readBehind(view: Viewpoint, reads: readonly AnyRead[], change: ChangeUnderWay): void {
		this.#ask(view, [], reads, change);
	}

	/** Takes for readings what the output of a change, or of a part of it, will say. */
	tell(view: Viewpoint, output: Promise<unknown>, answers: readonly Answer[], change: ChangeUnderWay): void {
		for (const {read, stateIn} of answers) {
			const state = output.then((told) => stateIn(told) ?? Promise.reject(new Error('it is not as it was to be')));
			this.#keep(this.#known(view), keyOf(read), {read, state, behind: change, isTold: true});
		}
	}

	#known(view: Viewpoint): KnownReadings {
		const known = this.#views.get(view.key) ?? new KnownReadings();
		this.#views.set(view.key, known);
		return known;
	}

	#ask(view: Viewpoint, asked: readonly AnyRead[], more: readonly AnyRead[], behind: ChangeUnderWay | undefined): void {
		const known = this.#known(view);
		const kinds = new Map<AnyRead['kind'], {own: Map<string, AnyRead>; more: Map<string, AnyRead>}>();
		const sorted = [...asked.map((read) => ['own', read] as const), ...more.map((read) => ['more', read] as const)];
		for (const [sort, read] of sorted) {
			const key = keyOf(read);
			if (known.has(key)) continue;
			const group = kinds.get(read.kind) ?? {own: new Map(), more: new Map()};
			kinds.set(read.kind, group);
			if (!group.own.has(key)) group[sort].set(key, read);
		}
		for (const {own, more: further} of kinds.values()) {
			const all = new Map([...own, ...further]);
			const answers = probe(view, [...all.values()]);
			const isMixed = own.size > 0 && own.size < all.size;
			const alone = isMixed ? answers.catch((error: unknown) => probeAgain(error, view, [...own.values()])) : answers;
			for (const [index, [key, read]] of [...all].entries()) {
				const state = (own.has(key) ? alone : answers).then((states) => states[index]);
				this.#keep(known, key, {read, state, behind});
			}
		}
	}

	/** Keeps a reading as long as it does not fail. */
	#keep(known: KnownReadings, key: string, reading: Reading): void {
		known.set(key, reading);
		reading.state.then(
			(state) => {
				reading.places = reading.read.kind.places?.(reading.read, state);
				reading.isAnswered = true;
				reading.answer = state;
				known.answered(key, reading);
				const {doubts = []} = reading;
				delete reading.doubts;
				if (doubts.length > 0 && isTouched(reading, doubts) && known.get(key) === reading) known.delete(key);
			},
			() => {
				if (known.get(key) === reading) known.delete(key);
			},
		);
	}
}

/** One probe for reads of one kind. */
async function probe(view: Viewpoint, reads: readonly AnyRead[]): Promise<readonly unknown[]> {
	const {script, args, stdin, parse} = reads[0]!.kind.probe(reads);
	return parse(await view.run({script, args, stdin, changes: false}));
}

/** What was asked together with reads for later tasks is asked by itself when that failed, so that a task fails of its own reads only. */
function probeAgain(error: unknown, view: Viewpoint, own: readonly AnyRead[]): Promise<readonly unknown[]> {
	if (!(error instanceof ModuleFailure) || error instanceof UnreachableError) throw error;
	return probe(view, own);
}

/** Reads of coming tasks are asked for again and again. */
const keys = new WeakMap<AnyRead, string>();

function keyOf(read: AnyRead): string {
	const known = keys.get(read);
	if (known !== undefined) return known;
	const {kind, key, wants} = read;
	const made = `${kind.name}\0${key}\0${wants ? JSON.stringify(wants) : ''}`;
	keys.set(read, made);
	return made;
}
