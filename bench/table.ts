import type {Figures, Row} from './results.js';
import type {Tool} from './tool.js';

/** How figures are read by people. */
export const shown = {
	seconds: (value: number) => `${value < 10 ? value.toFixed(2) : value.toFixed(1)} s`,
	megabytes: (value: number) => `${(value / 1e6).toFixed(value < 10e6 ? 1 : 0)} MB`,
	kilobytes: (value: number) => `${(value / 1e3).toFixed(value < 10e3 ? 1 : 0)} kB`,
	ratio: (value: number) => `${value < 10 ? value.toFixed(1) : value.toFixed(0)}×`,
};

/** Rows that were measured beside each other: the same work in the same setting. */
export function groups(rows: readonly Row[]): Row[][] {
	const found = new Map<string, Row[]>();
	for (const row of rows) {
		const key = `${row.scenario} ${row.state} ${row.hosts} ${row.tasks} ${row.roundTrip}`;
		found.set(key, [...(found.get(key) ?? []), row]);
	}
	return [...found.values()];
}

/** A table for the terminal, with each figure as a multiple of Playbill's. */
export function showRows(rows: readonly Row[], tools: readonly Tool[]): string {
	const lines = groups(rows).flatMap((group) => {
		const [{scenario, state, hosts, tasks, roundTrip}] = group as [Row];
		const own = group.find(({tool}) => tool === 'playbill');
		const title = `${scenario}, ${state}: ${tasks} tasks, ${hosts} hosts, ${roundTrip} ms`;
		return ['', title, ...group.map((row) => showRow(row, own, tools.find(({name}) => name === row.tool)?.title ?? row.tool))];
	});
	return lines.join('\n');
}

function showRow(row: Row, own: Row | undefined, title: string): string {
	if (row.ended) return `  ${title.padEnd(24)} more than ${shown.seconds(row.wall)}`;
	if (row.failed) return `  ${title.padEnd(24)} ${row.failed}`;
	const cell = (of: keyof Figures, show: (value: number) => string) => {
		const [value, base] = [row[of], own?.[of]];
		if (typeof value !== 'number') return '';
		const times = typeof base === 'number' && base > 0 && row !== own ? ` (${shown.ratio(value / base)})` : '';
		return `${show(value)}${times}`.padStart(18);
	};
	return [
		`  ${title.padEnd(24)}`,
		cell('wall', shown.seconds),
		cell('cpu', (value) => `CPU ${shown.seconds(value)}`),
		cell('memory', shown.megabytes),
		cell('bytes', shown.kilobytes),
		cell('roundTrips', (value) => `${(value / row.tasks).toFixed(2)} trips/task`),
		row.differs === undefined ? '' : ` leaves otherwise: ${row.differs}`,
	].join('');
}
