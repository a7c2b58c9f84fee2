import type {Row} from './results.js';
import type {State} from './scenario.js';
import {groups, shown} from './table.js';

type Figure = 'wall' | 'cpu' | 'roundTrips';

/** What Playbill promises of the 30 mixed tasks: at most so much itself (round trips: of each task), and at least so many times faster than each rival in the same run. */
interface Promised {
	readonly state: State;
	readonly hosts: number;
	readonly roundTrip: number;
	readonly figure: Figure;
	readonly most: number;
	readonly times?: Readonly<Record<string, number>>;
}

const changed = {state: 'changed', roundTrip: 0, figure: 'wall'} as const;
const unchanged = {state: 'unchanged', roundTrip: 0, figure: 'wall'} as const;

const promised: readonly Promised[] = [
	{...unchanged, hosts: 3, most: 1, times: {ansible: 20, mitogen: 7, rs: 3.3, pyinfra: 4}},
	{...unchanged, hosts: 3, figure: 'cpu', most: 0.5},
	{...changed, hosts: 3, most: 1.5, times: {ansible: 14, mitogen: 4.5, rs: 3.2, pyinfra: 3.5}},
	{...unchanged, hosts: 20, most: 2, times: {ansible: 60, mitogen: 20, rs: 10, pyinfra: 4}},
	{...unchanged, hosts: 20, figure: 'cpu', most: 1.5},
	{...changed, hosts: 20, most: 4, times: {ansible: 30, mitogen: 10, rs: 8, pyinfra: 2.5}},
	{...unchanged, hosts: 3, roundTrip: 50, most: 1.5, times: {ansible: 18, mitogen: 7, rs: 8, pyinfra: 6}},
	{...changed, hosts: 3, roundTrip: 50, most: 3, times: {ansible: 12, mitogen: 3.5, pyinfra: 5.5}},
	{...unchanged, hosts: 3, roundTrip: 50, figure: 'roundTrips', most: 1},
];

/** One promise beside what was measured, in words: of Playbill the figure itself, of a rival how many times faster Playbill was. */
export interface Kept {
	readonly tool: string;
	readonly promised: string;
	readonly reached: string;
	readonly isKept: boolean;
}

/** What rows say of what is promised, by the work and the figure; what was not measured is left out. */
export function promisesIn(
	rows: readonly Row[],
): readonly {readonly own: Row; readonly figure: Figure; readonly all: readonly Kept[]}[] {
	return groups(rows).flatMap((group) => {
		const own = group.find(({tool}) => tool === 'playbill');
		if (!own || own.failed || own.scenario !== 'mixed') return [];
		return promised
			.filter(({state, hosts, roundTrip}) => own.state === state && own.hosts === hosts && own.roundTrip === roundTrip)
			.map((one) => ({own, figure: one.figure, all: [ofOwn(one, own), ...ofRivals(one, own, group)]}));
	});
}

function ofOwn({figure, most}: Promised, own: Row): Kept {
	const say = (value: number) => (figure === 'roundTrips' ? (value / own.tasks).toFixed(2) : shown.seconds(value));
	const limit = figure === 'roundTrips' ? most * own.tasks : most;
	return {tool: own.tool, promised: `≤ ${say(limit)}`, reached: say(own[figure]!), isKept: own[figure]! <= limit};
}

function ofRivals({times = {}}: Promised, own: Row, group: readonly Row[]): Kept[] {
	return Object.entries(times).flatMap(([tool, least]) => {
		const row = group.find((one) => one.tool === tool && !one.failed);
		if (!row) return [];
		const ratio = row.wall / own.wall;
		return [{tool, promised: `≥ ${shown.ratio(least)}`, reached: shown.ratio(ratio), isKept: ratio >= least}];
	});
}
