import {mkdirSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import type {Terms} from './compare.js';
import {type Measured, measure} from './measure.js';
import type {Row} from './results.js';

/** Works that reach no host: what one task costs on this side. The first of a kind has one task and is what the rest is compared with. */
const works = [
	{
		kind: 'skipped',
		task: 'copy: {content: x, dest: /nowhere, mode: "0644"}\n      when: wanted',
		settings: [
			[1, 1],
			[1000, 1],
			[1000, 10],
			[1000, 100],
			[100, 1],
			[100, 1000],
		],
	},
	{
		kind: 'set_fact',
		task: 'set_fact: {one: "{{ inventory_hostname }} and {{ wanted }}"}',
		settings: [
			[1, 1],
			[1000, 1],
			[1000, 10],
			[1000, 100],
		],
	},
] as const;

/** Skipped tasks and those that need only the controller, in growing numbers and on growing inventories; Playbill alone. */
export const perTask = {
	name: 'per-task',
	async measure(terms: Terms): Promise<Row[]> {
		const tool = terms.tools.find(({name}) => name === 'playbill')!;
		const folder = join(terms.paths.cache, 'scenarios/per-task');
		mkdirSync(folder, {recursive: true});
		const rows: Row[] = [];
		for (const {kind, task, settings} of works) {
			for (const [tasks, hosts] of settings) {
				const ini = join(folder, `${hosts}.ini`);
				const names = Array.from({length: hosts}, (_, index) => `host${index + 1} ansible_connection=local\n`);
				writeFileSync(ini, names.join(''));
				const header = '- hosts: all\n  gather_facts: false\n  vars: {wanted: false}\n  tasks:\n';
				writeFileSync(join(folder, 'site.yml'), header + `    - ${task}\n`.repeat(tasks));
				const command = tool.command({count: hosts, ini, py: ''});
				const runs: Measured[] = [];
				while (runs.length < terms.turns) {
					const run = await measure(command, {paths: terms.paths, folder, tool, limit: terms.limit});
					if (run.status !== 0) throw new Error(`${kind}: ended with ${run.status}: ${run.output.slice(-1000)}`);
					runs.push(run);
				}
				const least = (figure: 'wall' | 'cpu' | 'memory') => Math.min(...runs.map((run) => run[figure]));
				const [wall, cpu, memory] = [least('wall'), least('cpu'), least('memory')];
				rows.push({
					scenario: kind,
					state: 'read',
					hosts,
					tasks,
					roundTrip: 0,
					tool: tool.name,
					runs: runs.length,
					wall,
					cpu,
					memory,
				});
				terms.say(`  ${kind}, ${tasks} tasks on ${hosts} hosts: ${wall.toFixed(2)} s, CPU ${cpu.toFixed(2)} s`);
			}
		}
		return rows;
	},
};

/** Microseconds of processor time for one task on one host. */
export function microsecondsPerTask(row: Row, rows: readonly Row[]): number {
	const base = rows.find((one) => one.scenario === row.scenario && one.tasks === 1)!;
	return ((row.cpu - base.cpu) / (row.tasks * row.hosts)) * 1e6;
}

/** Microseconds of processor time that one task takes on each host after the first; undefined for the first. */
export function microsecondsPerFurtherHost(row: Row, rows: readonly Row[]): number | undefined {
	const first = rows.find((one) => one.scenario === row.scenario && one.tasks === row.tasks && one.hosts === 1);
	return first && row.hosts > 1 ? ((row.cpu - first.cpu) / (row.tasks * (row.hosts - 1))) * 1e6 : undefined;
}
