import {writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {readConfig} from '../../src/cli/config.js';
import {readOptions} from '../../src/cli/options.js';
import {runOptionsOf} from '../../src/cli/run-options.js';
import {type SetUp, setUp} from '../../src/cli/set-up.js';
import type {Event} from '../../src/engine/engine.js';

/** Runs a play, written to a folder, on the hosts of an inventory's text. Gives what it told, and its status. */
export async function runPlay(
	folder: string,
	play: string,
	{
		inventory,
		variables = {},
		forks = 5,
		onEvent = () => {},
	}: {
		inventory: string;
		variables?: Readonly<Record<string, unknown>>;
		forks?: number;
		/** Told what happens, when it happens; `stop` is the person who interrupts. */
		onEvent?: (event: Event, stop: () => void) => void;
	},
): Promise<{events: readonly Event[]; status: number}> {
	writeFileSync(join(folder, 'hosts.ini'), inventory);
	const path = join(folder, 'play.yml');
	writeFileSync(path, play);
	const options = readOptions(['-i', join(folder, 'hosts.ini'), '-f', String(forks), '-e', JSON.stringify(variables), path]);
	const config = readConfig({}, folder, () => {});
	const events: Event[] = [];
	const up: SetUp = await setUp({
		options,
		config,
		runOptions: await runOptionsOf(options, config, true),
		diagnose: () => {},
		emit: (event) => {
			events.push(event);
			onEvent(event, () => up.stop());
		},
		ask: undefined,
	});
	try {
		const status = await up.run(await up.readPlaybooks([path], 'ansible-playbook'), 'run');
		return {events, status};
	} finally {
		await up.close();
	}
}

/** What became of each task on each host: `HOST STATUS`, in the order told. */
export function statuses(events: readonly Event[]): readonly string[] {
	return events.flatMap((event) => (event.type === 'result' ? [`${event.outcome.host} ${event.outcome.status}`] : []));
}

/** How often hosts were asked. */
export function roundTrips(events: readonly Event[]): number {
	return events.reduce((sum, event) => sum + (event.type === 'run-end' ? event.roundTrips : 0), 0);
}
