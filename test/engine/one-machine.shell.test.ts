import {mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {type Sshd, sshdMissing, startSshd} from '../connection/sshd.js';
import {runPlay, statuses} from './run-play.js';

/* Hosts that are one machine, and tasks that are delegated to one, add to one file: what each adds is there in the end. */

const top = mkdtempSync(join(tmpdir(), 'playbill-one-'));
test.after.always(() => rmSync(top, {recursive: true, force: true}));

const line = '{lineinfile: {path: "{{ d }}/lines", line: "{{ inventory_hostname }}", create: true}}';
const block =
	'{blockinfile: {path: "{{ d }}/blocks", block: "{{ inventory_hostname }}", marker: "# {mark} {{ inventory_hostname }}", create: true}}';
const own = '{copy: {content: "", dest: "{{ d }}/{{ inventory_hostname }}"}}';
const loop = `{loop: [1, 2, 3], lineinfile: {path: "{{ d }}/lines", line: "{{ inventory_hostname }} {{ item }}", create: true}}`;
const names = Array.from({length: 6}, (_, index) => `h${index + 1}`);

const plays: Readonly<Record<string, {readonly tasks: readonly string[]; readonly lines: readonly string[]}>> = {
	'a line each': {tasks: [line], lines: names},
	'a line and a block each, beside files of their own': {tasks: [own, line, block], lines: names},
	'a line each, within a limit of time': {tasks: [`{timeout: 60, ${line.slice(1)}`], lines: names},
	'a line each, in a folder that is reached by a link for some': {
		tasks: [line.replace('{{ d }}/lines', `{{ d }}/{{ 'link' if inventory_hostname is match('h[135]') else '.' }}/lines`)],
		lines: names,
	},
	'a loop of lines each': {tasks: [loop], lines: names.flatMap((name) => [1, 2, 3].map((item) => `${name} ${item}`))},
};

async function adds(
	t: ExecutionContext,
	inventory: string,
	{tasks, lines}: (typeof plays)[string],
	variables = {},
): Promise<void> {
	const folder = mkdtempSync(join(top, 'row-'));
	mkdirSync(join(folder, 'd'));
	symlinkSync('.', join(folder, 'd/link'));
	const play = `- hosts: all\n  gather_facts: false\n  tasks:\n${tasks.map((task) => `    - ${task}\n`).join('')}`;
	const {events} = await runPlay(folder, play, {inventory, forks: 6, variables: {d: join(folder, 'd'), ...variables}});
	t.true(statuses(events).every((status) => status.endsWith(' changed')));
	const read = (name: string) =>
		readFileSync(join(folder, 'd', name), 'utf8')
			.trim()
			.split('\n')
			.sort();
	t.deepEqual(read('lines'), lines.toSorted());
	if (tasks.includes(block))
		t.deepEqual(
			read('blocks').filter((text) => !text.startsWith('#')),
			names,
		);
}

const local = names.map((name) => `${name} ansible_connection=local\n`).join('');
for (const [name, play] of Object.entries(plays)) {
	test(`${name}, by names of this machine`, (t) => adds(t, local, play));
	test(`${name}, each task looking for itself`, (t) => adds(t, local, play, {playbill_batch: false}));
	test(`${name}, delegated to this machine`, (t) => {
		const tasks = play.tasks.map((task) => `{delegate_to: localhost, ${task.slice(1)}`);
		return adds(t, local, {...play, tasks});
	});
	(sshdMissing() ? test.skip : test)(`${name}, by addresses of one machine`, async (t) => {
		const sshd: Sshd = await startSshd([], ['0.0.0.0']);
		t.teardown(() => sshd.stop());
		const common = '-F none -o UserKnownHostsFile=/dev/null -o StrictHostKeyChecking=no';
		const reached = `ansible_port=${sshd.port} ansible_private_key_file=${sshd.folder}/client ansible_ssh_common_args='${common}'`;
		await adds(t, names.map((one, index) => `${one} ansible_host=127.0.1.${index + 1} ${reached}\n`).join(''), play);
	});
}

test('each fetches a file of its own, of one name, into one folder', async (t) => {
	const folder = mkdtempSync(join(top, 'fetch-'));
	for (const name of names) {
		mkdirSync(join(folder, 'from', name), {recursive: true});
		writeFileSync(join(folder, 'from', name, 'x'), name.repeat(500_000));
	}
	const task = '{get_url: {url: "file://{{ d }}/from/{{ inventory_hostname }}/x", dest: "{{ d }}/{{ inventory_hostname }}"}}';
	const play = `- hosts: all\n  gather_facts: false\n  tasks:\n    - ${task}\n`;
	const {events} = await runPlay(folder, play, {inventory: local, forks: 6, variables: {d: folder}});
	t.deepEqual(
		statuses(events).toSorted(),
		names.map((name) => `${name} changed`),
	);
	for (const name of names) t.true(readFileSync(join(folder, name), 'utf8') === name.repeat(500_000), name);
	t.deepEqual(
		readdirSync(folder).filter((name) => name.startsWith('.')),
		[],
	);
});
