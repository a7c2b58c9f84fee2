import {connect, createServer, type Server, type Socket} from 'node:net';

/** What went through. */
export interface Counts {
	/** Bytes to the hosts and back. */
	readonly bytes: number;
	/** How often a client sent something after it had received something: what it could not have sent earlier. */
	readonly roundTrips: number;
}

export interface Address {
	readonly host: string;
	readonly port: number;
}

/** Passes connections on; every byte takes half of the round trip (milliseconds) each way, and all is counted. */
export class Delaying {
	readonly #roundTrip: number;
	#bytes = 0;
	#roundTrips = 0;

	constructor(roundTrip: number) {
		this.#roundTrip = roundTrip;
	}

	/** Resolves when connections to one address lead to the other. */
	lead(from: Address, to: Address): Promise<Server> {
		const server = createServer((client) => this.#join(client, connect(to)));
		return new Promise((resolve) => server.listen(from.port, from.host, () => resolve(server)));
	}

	/** What went through since the last time. */
	counts(): Counts {
		const counts = {bytes: this.#bytes, roundTrips: this.#roundTrips};
		this.#bytes = this.#roundTrips = 0;
		return counts;
	}

	#join(client: Socket, host: Socket): void {
		// Opening the connection is the first round trip.
		this.#roundTrips++;
		let answered = true;
		this.#pass(client, host, {
			arrived: () => {
				if (answered) this.#roundTrips++;
				answered = false;
			},
		});
		this.#pass(host, client, {
			delivered: () => {
				answered = true;
			},
		});
	}

	#pass(from: Socket, to: Socket, on: {arrived?: () => void; delivered?: () => void}): void {
		from.setNoDelay();
		const later = (act: () => void) => void setTimeout(act, this.#roundTrip / 2);
		from.on('data', (chunk) => {
			this.#bytes += chunk.length;
			on.arrived?.();
			later(() => {
				on.delivered?.();
				if (!to.destroyed) to.write(chunk);
			});
		});
		from.on('end', () => later(() => to.end()));
		from.on('close', () => later(() => to.destroy()));
		from.on('error', () => {});
	}
}
