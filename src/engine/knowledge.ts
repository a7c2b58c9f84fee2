import type {Target} from '../connection/connection.js';
import type {ChangeUnderWay} from './known-readings.js';
import {Readings} from './readings.js';
import {SentContent} from './sent-content.js';

/** What a run knows of machines without asking them again: readings that nothing has made doubtful since. */
export class Knowledge {
	readonly #machines = new Map<string, Readings>();
	readonly #sent = new Map<string, SentContent>();
	/** Counts what may have changed files of this side. */
	localChanges = 0;

	/** What is known of the machine behind an address, whoever looks at it. */
	of(target: Target): Readings {
		const machine = machineOf(target);
		const readings = this.#machines.get(machine) ?? new Readings();
		this.#machines.set(machine, readings);
		return readings;
	}

	/** What was sent to the machine behind an address. */
	sentTo(target: Target): SentContent {
		const machine = machineOf(target);
		const sent = this.#sent.get(machine) ?? new SentContent();
		this.#sent.set(machine, sent);
		return sent;
	}

	/**
	 * Something is changed on a machine, in these places or nobody knows where: `Readings.forget`, also under other names that the machine
	 * may have. Gives the viewpoints of which something was forgotten that the change does not answer.
	 */
	changed(target: Target, places: readonly string[] | undefined, change: ChangeUnderWay): ReadonlySet<string> {
		const own = machineOf(target);
		if (isHere(own)) this.localChanges++;
		for (const [machine, readings] of this.#machines) {
			const mayBeTheSame = machine !== own && isHere(machine) && isHere(own) && (machine === here || own === here);
			if (mayBeTheSame) readings.forget(places);
		}
		return this.of(target).forget(places, change);
	}

	/** Some host is this machine. */
	actsHere = false;

	/** A host is reached at this address. Gives whether that is this machine. */
	meet(target: Target): boolean {
		const isThis = isHere(machineOf(target));
		this.actsHere ||= isThis;
		return isThis;
	}

	/** Something was done, or time has passed, of which nobody knows what it changed, on whichever host. */
	forgetAll(): void {
		this.localChanges++;
		for (const readings of this.#machines.values()) readings.forget(undefined);
	}
}

const here = 'local';

function machineOf({transport, address}: Target): string {
	return transport === 'local' ? here : address.toLowerCase();
}

/** This machine, by connection `local` or by an address of its own. */
function isHere(machine: string): boolean {
	return machine === here || machine === 'localhost' || machine === '::1' || machine.startsWith('127.');
}
