import {readFileSync} from 'node:fs';
import type {Target} from '../connection/connection.js';
import {Claim} from './claim.js';
import type {ChangeUnderWay} from './known-readings.js';
import {Readings} from './readings.js';
import {SentContent} from './sent-content.js';

/** What a run has of one machine. */
interface Machine {
	readonly readings: Readings;
	/** Those of tasks that look for themselves. */
	readonly apart: Set<Readings>;
	readonly sent: SentContent;
	readonly claims: Set<Claim>;
}

/** What a run knows of machines without asking them again: readings that nothing has made doubtful since. */
export class Knowledge {
	readonly #machines = new Map<string, Machine>();
	/** The addresses that lead to one machine, by what the machine said of itself. */
	readonly #aliases = new Map<string, Set<string>>();
	readonly #aliasesOf = new Map<string, Set<string>>();
	/** The addresses of this machine. */
	readonly #here = new Set<string>();
	/** Counts what may have changed files of this side. */
	localChanges = 0;

	/** What is known of the machine behind an address, whoever looks at it. */
	of(target: Target): Readings {
		return this.#machine(machineOf(target)).readings;
	}

	/** Readings of the machine for one task alone, which nobody else uses, until it `leaves`. */
	apart(target: Target): {readonly readings: Readings; leave(): void} {
		const {apart} = this.#machine(machineOf(target));
		const readings = new Readings();
		apart.add(readings);
		return {readings, leave: () => apart.delete(readings)};
	}

	/** What was sent to the machine behind an address. */
	sentTo(target: Target): SentContent {
		return this.#machine(machineOf(target)).sent;
	}

	/** A task is about to change these places: its claim, or the end of another task's change there. */
	claim(target: Target, places: readonly string[]): Claim | Promise<void> {
		const own = machineOf(target);
		return Claim.take(
			places,
			[own, ...this.#othersOf(own)].map((name) => this.#machine(name).claims),
		);
	}

	/** A host is reached at this address. Gives whether that is this machine, as far as is known. */
	meet(target: Target): boolean {
		const machine = machineOf(target);
		if (isHere(machine) && !this.#aliasesOf.has(machine)) this.#here.add(machine);
		return this.#here.has(machine);
	}

	/** The machine behind an address has told what it is: two addresses may lead to one. */
	identify(target: Target, name: string): void {
		const machine = machineOf(target);
		const aliases = this.#aliases.get(name) ?? new Set();
		this.#aliases.set(name, aliases.add(machine));
		this.#aliasesOf.set(machine, aliases);
		if (name === ownName()) this.#here.add(machine);
		else this.#here.delete(machine);
	}

	/** Whether some host is this machine. */
	get actsHere(): boolean {
		return this.#here.size > 0;
	}

	/**
	 * Something is changed on a machine, in these places or nobody knows where: `Readings.forget`, also under other names that the machine
	 * may have. Gives the viewpoints of which something was forgotten that the change does not answer.
	 */
	changed(target: Target, places: readonly string[] | undefined, change: ChangeUnderWay): ReadonlySet<string> {
		const own = machineOf(target);
		if (this.#here.has(own)) this.localChanges++;
		const others = [...this.#othersOf(own)].map((name) => this.#machine(name));
		for (const {readings} of others) readings.forget(places);
		for (const {apart} of [this.#machine(own), ...others]) for (const one of apart) one.forget(places, change);
		return this.of(target).forget(places, change);
	}

	/** Other names that a machine has, or may have: a loopback address that has said nothing of itself may lead to this machine. */
	#othersOf(own: string): ReadonlySet<string> {
		const others = new Set(this.#aliasesOf.get(own));
		if (this.#here.has(own)) for (const machine of own === here ? this.#here : [here]) others.add(machine);
		others.delete(own);
		return others;
	}

	#machine(name: string): Machine {
		const machine = this.#machines.get(name) ?? {
			readings: new Readings(),
			apart: new Set(),
			sent: new SentContent(),
			claims: new Set(),
		};
		this.#machines.set(name, machine);
		return machine;
	}

	/** Something was done, or time has passed, of which nobody knows what it changed, on whichever host. */
	forgetAll(): void {
		this.localChanges++;
		for (const {readings, apart} of this.#machines.values()) for (const one of [readings, ...apart]) one.forget(undefined);
	}
}

const here = 'local';

function machineOf({transport, address, port}: Target): string {
	return transport === 'local' ? here : `${address.toLowerCase()} ${port ?? ''}`;
}

/** This machine, by connection `local` or by an address of its own. */
function isHere(machine: string): boolean {
	return machine === here || /^(localhost|::1|127\.\S*) /.test(machine);
}

let own: string | undefined;

/** What this machine says of itself, as `ConnectionSettings.met` tells it; empty where it says nothing. */
function ownName(): string {
	own ??= readOwnName();
	return own;
}

function readOwnName(): string {
	try {
		const [mount] = readFileSync('/proc/self/mountinfo', 'utf8').split(' ', 1);
		return `${readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()}/${mount}`;
	} catch {
		return '';
	}
}
