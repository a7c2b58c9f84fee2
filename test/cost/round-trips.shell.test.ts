import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import test from 'ava';
import {costs, runProgram} from './program.js';

/*
 * How often a host is asked in a play, counted (test/cost/costs.json): on a fresh host, and again when nothing is to do. The connection is `local`, whose shell
 * speaks the same protocol as one over ssh.
 */

const file = (n: number) => `copy: {content: "number ${n}\\n", dest: "{{ here }}/${n}", mode: "0644"}`;
const tasks = (...lines: readonly string[]) => lines.map((line) => `    - ${line}\n`).join('');

const plays: Readonly<Record<string, string>> = {
	'one command': tasks('command: "true"'),
	'100 skipped tasks': tasks(...Array.from({length: 100}, (_, n) => `${file(n)}\n      when: false`)),
	'30 files': tasks('file: {path: "{{ here }}", state: directory, mode: "0755"}', ...Array.from({length: 30}, (_, n) => file(n))),
	'a loop of 30 files': tasks(
		'file: {path: "{{ here }}", state: directory, mode: "0755"}',
		'copy: {content: "number {{ item }}\\n", dest: "{{ here }}/{{ item }}", mode: "0644"}\n      loop: "{{ range(30) | list }}"',
	),
	'one file in several steps': tasks(
		'file: {path: "{{ here }}", state: directory, mode: "0755"}',
		'copy: {content: "a\\nb\\n", dest: "{{ here }}/lines", force: false, mode: "0644"}',
		'lineinfile: {path: "{{ here }}/lines", line: c}',
		'lineinfile: {path: "{{ here }}/lines", regexp: "^a", line: "a = 1"}',
		'blockinfile: {path: "{{ here }}/lines", block: "d\\ne"}',
		'file: {path: "{{ here }}/lines", mode: "0600"}',
	),
	'commands and what depends on them': tasks(
		'file: {path: "{{ here }}", state: directory, mode: "0755"}',
		'command: "true"\n      register: asked\n      changed_when: false',
		'copy: {content: "x", dest: "{{ here }}/x", mode: "0644"}\n      when: asked.rc == 0',
		'command: cat {{ here }}/x\n      register: asked\n      changed_when: false',
		'copy: {content: "{{ asked.stdout }}", dest: "{{ here }}/y", mode: "0644"}',
	),
	'stat, then files': tasks(
		'stat: {path: "{{ here }}"}\n      register: found',
		'file: {path: "{{ here }}", state: directory, mode: "0755"}\n      when: not found.stat.exists',
		...Array.from({length: 5}, (_, n) => file(n)),
	),
	'facts, then files': `    - setup:\n${tasks(
		'file: {path: "{{ here }}", state: directory, mode: "0755"}',
		...Array.from({length: 5}, (_, n) => file(n)),
	)}`,
	handlers: `${tasks(
		'file: {path: "{{ here }}", state: directory, mode: "0755"}',
		...Array.from({length: 5}, (_, n) => `${file(n)}\n      notify: tell`),
	)}  handlers:\n    - name: tell\n      command: "true"\n`,
};

for (const [name, text] of Object.entries(plays)) {
	test(`${name}: as many round trips as costs.json says`, (t) => {
		const folder = mkdtempSync(join(tmpdir(), 'playbill-trips-'));
		try {
			const header = '- hosts: all\n  gather_facts: false\n  vars: {here: "{{ playbook_dir }}/host"}\n  tasks:\n';
			writeFileSync(join(folder, 'play.yml'), header + text);
			const run = () => {
				const events = runProgram(folder, ['run', '-i', 'here,', '-c', 'local', '--json', 'play.yml']).trim().split('\n');
				return (JSON.parse(events.at(-1)!) as {roundTrips: number}).roundTrips;
			};
			t.deepEqual(
				{first: run(), again: run()},
				costs.roundTrips[name],
				'more is a fault, less is to be written into test/cost/costs.json',
			);
		} finally {
			rmSync(folder, {recursive: true, force: true});
		}
	});
}
