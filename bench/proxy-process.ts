/*
 * A TCP proxy in front of the lab's sshds that delays and counts: 127.0.2.N:2222 leads to kafkaN, and every byte takes half of the round trip each way.
 * Started with HOSTS and MILLISECONDS as its arguments, it tells `ready`, and answers each message with the counts since the one before.
 */
import {connect, createServer, type Socket} from 'node:net';
import {direct, proxied, proxyPort} from './lab.js';

/** What went through the proxy. */
export interface Counts {
	/** Bytes to the hosts and back. */
	readonly bytes: number;
	/** How often a client sent something after it had received something: what it could not have sent earlier. */
	readonly roundTrips: number;
}

const [hosts = 0, roundTrip = 0] = process.argv.slice(2).map(Number);
let bytes = 0;
let roundTrips = 0;

const servers = Array.from({length: hosts}, (_, index) => {
	const server = createServer((client) => join(client, connect(22, direct(index + 1))));
	return new Promise<void>((resolve) => server.listen(proxyPort, proxied(index + 1), resolve));
});
await Promise.all(servers);
process.on('message', () => {
	process.send!({bytes, roundTrips} satisfies Counts);
	bytes = roundTrips = 0;
});
process.send!('ready');

function join(client: Socket, host: Socket): void {
	// Opening the connection is the first round trip.
	roundTrips++;
	let answered = true;
	pass(client, host, {
		arrived: () => {
			if (answered) roundTrips++;
			answered = false;
		},
	});
	pass(host, client, {
		delivered: () => {
			answered = true;
		},
	});
}

function pass(from: Socket, to: Socket, on: {arrived?: () => void; delivered?: () => void}): void {
	from.setNoDelay();
	const later = (act: () => void) => void setTimeout(act, roundTrip / 2);
	from.on('data', (chunk) => {
		bytes += chunk.length;
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
