import {mkdirSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import type {Terms} from './compare.js';
import {measure} from './measure.js';
import type {Row} from './results.js';
import type {Tool} from './tool.js';

/** How often each command is started: the best counts. */
const turns = 10;

/** What a run costs before it does anything: bare Node, `--version`, one task on this machine, a large playbook read and checked. */
export const startUp = {
	name: 'start-up',
	async measure(terms: Terms): Promise<Row[]> {
		const folder = join(terms.paths.cache, 'scenarios/start-up');
		makePlaybooks(folder);
		const rows: Row[] = [];
		for (const [work, commands] of worksOf(terms, folder)) {
			terms.say(work);
			rows.push(...(await takeTurns(terms, folder, work, commands)));
		}
		return rows;
	},
};

type Commands = readonly {readonly tool: Pick<Tool, 'name' | 'isInRoot' | 'environment'>; readonly command: readonly string[]}[];

function worksOf({tools}: Terms, folder: string): readonly (readonly [string, Commands])[] {
	const local = {count: 1, ini: join(folder, 'local.ini'), py: '@local'};
	const called = (name: string, make: (command: readonly string[]) => readonly string[]) =>
		tools.filter((tool) => tool.name === name).map((tool) => ({tool, command: make(tool.command(local))}));
	const every = (make: (command: readonly string[]) => readonly string[]) => tools.flatMap(({name}) => called(name, make));
	const node = {tool: {name: 'node', isInRoot: false}, command: [process.execPath, '-e', '0']};
	/** The program alone, without what it is to do. */
	const program = (command: readonly string[]) =>
		command.slice(
			0,
			command.findIndex((word) => /^(run|playbook|-i|-y)$/.test(word)),
		);
	const checks = (command: readonly string[]) => [...command.slice(0, -1), '--syntax-check', 'large.yml'];
	return [
		['version', [node, ...every((command) => [...program(command), '--version'])]],
		['one task', [node, ...every((command) => command)]],
		['5,000 tasks checked', [node, ...['playbill', 'ansible'].flatMap((name) => called(name, checks))]],
	];
}

async function takeTurns({paths, limit}: Terms, folder: string, work: string, commands: Commands): Promise<Row[]> {
	const best = new Map<string, Row>();
	for (let turn = 0; turn < turns; turn++) {
		for (const {tool, command} of commands) {
			if ((best.get(tool.name)?.wall ?? 0) > 10) continue;
			const {wall, cpu, memory, status, output} = await measure(command, {paths, folder, tool, limit});
			if (status !== 0) throw new Error(`${command.join(' ')} ended with ${status}: ${output}`);
			const before = best.get(tool.name);
			best.set(tool.name, {
				...{scenario: work, state: 'read', hosts: 1, tasks: 1, roundTrip: 0, tool: tool.name, runs: turn + 1},
				wall: Math.min(wall, before?.wall ?? wall),
				cpu: Math.min(cpu, before?.cpu ?? cpu),
				memory: Math.max(memory, before?.memory ?? memory),
			});
		}
	}
	return [...best.values()];
}

/** One task, and 50 roles with 100 tasks each. */
function makePlaybooks(folder: string): void {
	mkdirSync(folder, {recursive: true});
	writeFileSync(join(folder, 'local.ini'), 'localhost ansible_connection=local ansible_python_interpreter=/usr/bin/python3\n');
	writeFileSync(join(folder, 'site.yml'), '- hosts: all\n  gather_facts: false\n  tasks:\n    - command: "true"\n');
	writeFileSync(join(folder, 'deploy.py'), 'from pyinfra.operations import server\nserver.shell(commands=["true"])\n');
	const roles = Array.from({length: 50}, (_, index) => `part${index}`);
	writeFileSync(join(folder, 'large.yml'), `- hosts: all\n  gather_facts: false\n  roles: [${roles.join(', ')}]\n`);
	for (const role of roles) {
		mkdirSync(join(folder, 'roles', role, 'tasks'), {recursive: true});
		mkdirSync(join(folder, 'roles', role, 'defaults'), {recursive: true});
		writeFileSync(
			join(folder, 'roles', role, 'defaults/main.yml'),
			`${role}_port: 80\n${role}_home: /srv/${role}\n${role}_wanted: true\n`,
		);
		const tasks = Array.from({length: 25}, (_, index) => fourTasks(role, index));
		writeFileSync(join(folder, 'roles', role, 'tasks/main.yml'), tasks.join(''));
	}
}

function fourTasks(role: string, n: number): string {
	return `- name: Have the folder ${n}
  ansible.builtin.file:
    path: "{{ ${role}_home }}/${n}"
    state: directory
    mode: "0755"
- name: Write the settings ${n}
  ansible.builtin.copy:
    content: |
      port={{ ${role}_port + ${n} }}
      home={{ ${role}_home }}
    dest: "{{ ${role}_home }}/${n}/settings"
    owner: root
    mode: "0644"
  when: ${role}_wanted | bool and ${role}_port > 0
  notify: []
- name: Ask for the state ${n}
  ansible.builtin.command: test -e {{ ${role}_home }}/${n}/settings
  register: ${role}_asked
  changed_when: false
  failed_when: ${role}_asked.rc not in [0, 1]
- name: Have the line ${n}
  ansible.builtin.lineinfile:
    path: "{{ ${role}_home }}/${n}/settings"
    regexp: "^port="
    line: "port={{ item }}"
  loop: [80, 81, 82]
  tags: [${role}, lines]
`;
}
