import {mkdirSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import type {Terms} from './compare.js';
import {type Inventory, reset} from './lab.js';
import {measure} from './measure.js';
import type {Row} from './results.js';
import type {State} from './scenario.js';

/** Time and memory by the number of tasks, on three hosts; Playbill alone. */
export const growthInTasks = {
	name: 'growth-tasks',
	async measure(terms: Terms): Promise<Row[]> {
		terms.lab.up(3);
		const inventory = terms.lab.inventory(3, 'direct');
		await terms.lab.run(3, 'mkdir -p /srv/bench');
		const rows: Row[] = [];
		for (const tasks of [30, 300, 600, 1200, 2000, 3000]) {
			rows.push(...(await bothStates(terms, 'growth-tasks', inventory, tasks)));
			await terms.lab.run(3, 'rm -rf /srv/bench; mkdir /srv/bench');
		}
		await terms.lab.run(3, reset);
		return rows;
	},
};

/**
 * Time and memory by the number of hosts, 30 tasks each; Playbill alone. A few hosts of the lab stand for many: each answers on 250 addresses,
 * every one with a connection and a shell of its own.
 */
export function growthInHosts(full: boolean) {
	const real = 4;
	return {
		name: 'growth-hosts',
		async measure(terms: Terms): Promise<Row[]> {
			terms.lab.up(real);
			const rows: Row[] = [];
			for (const hosts of full ? [1, 50, 100, 200, 400, 700, 1000] : [1, 50, 100, 200]) {
				const inventory = await terms.lab.manyNames(hosts, real);
				rows.push(...(await bothStates(terms, 'growth-hosts', inventory, 30)));
				await terms.lab.run(real, reset);
			}
			return rows;
		},
	};
}

/** Runs a playbook of so many tasks on fresh hosts, and again. */
async function bothStates(terms: Terms, scenario: string, inventory: Inventory, tasks: number): Promise<Row[]> {
	const {paths, limit, say} = terms;
	const tool = terms.tools.find(({name}) => name === 'playbill')!;
	const folder = join(paths.cache, 'scenarios/growth');
	mkdirSync(folder, {recursive: true});
	writeFileSync(join(folder, 'site.yml'), playbook(tasks));
	writeFileSync(join(folder, 'settings.j2'), 'host={{ inventory_hostname }}\nlisten={{ listen }}\nnumber={{ number }}\n');
	const rows: Row[] = [];
	for (const state of ['changed', 'unchanged'] satisfies State[]) {
		const {wall, cpu, memory, status, output} = await measure(tool.command(inventory), {paths, folder, tool, limit});
		const changes = tool.changes(output);
		if (status !== 0 || changes === undefined || changes > 0 !== (state === 'changed'))
			throw new Error(`${scenario}, ${tasks} tasks on ${inventory.count} hosts: ${changes} changes: ${faultsIn(output)}`);
		rows.push({scenario, state, hosts: inventory.count, tasks, roundTrip: 0, tool: tool.name, runs: 1, wall, cpu, memory});
		say(
			`  ${tasks} tasks on ${inventory.count} hosts, ${state}: ${wall.toFixed(2)} s, CPU ${cpu.toFixed(2)} s, ${(memory / 1e6).toFixed(0)} MB`,
		);
	}
	return rows;
}

/** The first lines that tell of a failure; the end where none does. */
function faultsIn(output: string): string {
	const faults = output.split('\n').filter((line) => /^(fatal|failed|error)\b/.test(line));
	return faults.length > 0 ? faults.slice(0, 3).join('\n') : output.slice(-1000);
}

/** A folder for each name, in it a file by `copy`, `template` or `lineinfile` in turn. */
function playbook(tasks: number): string {
	const kinds = [
		(path: string) => `file: {path: "${path}", state: directory, mode: "0755"}`,
		(path: string, n: number) => `copy: {content: "number ${n}\\n", dest: "${path}.txt", mode: "0644"}`,
		(path: string, n: number) => `template: {src: settings.j2, dest: "${path}.conf", mode: "0644"}\n      vars: {number: ${n}}`,
		(path: string) => `lineinfile: {path: "${path}.lines", line: one, create: true, mode: "0644"}`,
	];
	const own = '/srv/bench/{{ inventory_hostname }}';
	const more = Array.from({length: tasks - 1}, (_, n) => kinds[n % kinds.length]!(`${own}/${n}`, n));
	const header = '- hosts: all\n  gather_facts: false\n  vars: {listen: 9092}\n  tasks:\n';
	return header + [`file: {path: "${own}", state: directory, mode: "0755"}`, ...more].map((task) => `    - ${task}\n`).join('');
}
