import type {Shell} from '../../src/connection/connection.js';
import {Claim} from '../../src/engine/claim.js';
import {Forecast, type PerformHost} from '../../src/engine/engine.js';
import {Readings} from '../../src/engine/readings.js';
import {SentContent} from '../../src/engine/sent-content.js';

/** A host that is reached by one shell, of which nothing is known from one task to the next. */
export function performHost(shell: () => Promise<Shell>, forecast = new Forecast(), readings = new Readings()): PerformHost {
	const claims = new Set<Claim>();
	return {
		shell,
		forecast,
		get readings() {
			readings.forget(undefined);
			return readings;
		},
		ownReadings: new Readings(),
		sent: new SentContent(),
		viewpoint: '',
		claim: (places) => Claim.take(places, [claims]),
		changed: (places, change) => readings.forget(places, change),
		changedAnything: () => void readings.forget(undefined),
	};
}

/** This machine, reached as itself. */
export const localTarget = {
	name: 'here',
	transport: 'local',
	address: 'localhost',
	hostKeyChecking: false,
	connectTimeout: 30_000,
} as const;
