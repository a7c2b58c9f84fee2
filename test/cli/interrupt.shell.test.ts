import {spawn} from 'node:child_process';
import {existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {program} from '../project.js';

interface Running {
	readonly folder: string;
	readonly pid: number;
	/** Resolves with the status and both streams. */
	readonly ended: Promise<{status: number | null; text: string}>;
	/** Resolves when the file is there. */
	there(name: string): Promise<void>;
	has(name: string): boolean;
}

/** Runs a playbook in a folder of its own, where its tasks leave files as marks. */
function run(t: ExecutionContext, playbook: string): Running {
	const folder = mkdtempSync(join(tmpdir(), 'playbill-interrupt-'));
	t.teardown(() => rmSync(folder, {recursive: true, force: true}));
	writeFileSync(join(folder, 'playbook.yml'), playbook);
	writeFileSync(join(folder, 'hosts.ini'), '[all]\na\nb\n[all:vars]\nansible_connection=local\n');
	const child = spawn(process.execPath, [program, 'run', '-i', 'hosts.ini', 'playbook.yml'], {
		cwd: folder,
		stdio: ['ignore', 'pipe', 'pipe'],
	});
	let text = '';
	for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (text += chunk));
	const has = (name: string) => existsSync(join(folder, name));
	return {
		folder,
		pid: child.pid!,
		ended: new Promise((resolve) => child.once('close', (status) => resolve({status, text}))),
		has,
		async there(name) {
			for (let attempt = 0; !has(name); attempt++) {
				if (attempt > 600) throw new Error(`${name} is not there after 60 s: ${text}`);
				await new Promise((resolve) => setTimeout(resolve, 100));
			}
		},
	};
}

/** The processes whose command line has this word. */
function processesWith(word: string): string[] {
	return readdirSync('/proc').filter((pid) => {
		try {
			return /^\d+$/.test(pid) && readFileSync(`/proc/${pid}/cmdline`, 'latin1').split('\0').includes(word);
		} catch {
			return false;
		}
	});
}

const playbook = (seconds: string) => `
- hosts: all
  gather_facts: false
  tasks:
    - block:
        - name: Take long
          shell: touch {{ playbook_dir }}/started-{{ inventory_hostname }}; sleep ${seconds}; touch {{ playbook_dir }}/ended
      rescue:
        - shell: touch {{ playbook_dir }}/rescued
      always:
        - shell: touch {{ playbook_dir }}/always
    - file: {path: "{{ playbook_dir }}/next", state: touch}
- hosts: all
  gather_facts: false
  tasks:
    - file: {path: "{{ playbook_dir }}/next-play", state: touch}
`;

for (const [signal, seconds] of [
	['SIGINT', '91.25'],
	['SIGTERM', '92.25'],
] as const) {
	test(`${signal} ends what runs, begins nothing, and says where each host stands`, async (t) => {
		const one = run(t, playbook(seconds));
		await one.there('started-a');
		await one.there('started-b');
		process.kill(one.pid, signal);
		const {status, text} = await one.ended;
		t.is(status, 99);
		t.deepEqual(processesWith(seconds), []);
		t.deepEqual(
			['ended', 'rescued', 'always', 'next', 'next-play'].filter((name) => one.has(name)),
			[],
		);
		t.regex(text, /\[ERROR\]: User interrupted execution\. Running steps end; once more aborts\.\n/);
		t.regex(text, /\na: interrupted in `Take long`\nb: interrupted in `Take long`\n$/);
		t.notRegex(text, /fatal|UNREACHABLE|FAILED/);
	});
}

test('a second signal aborts at once', async (t) => {
	const one = run(t, playbook('93.25').replace('sleep', 'trap "" TERM; sleep'));
	await one.there('started-a');
	process.kill(one.pid, 'SIGINT');
	await new Promise((resolve) => setTimeout(resolve, 300));
	process.kill(one.pid, 'SIGINT');
	const {status, text} = await one.ended;
	t.is(status, 99);
	t.regex(text, /\naborted: what was running on the hosts may not have ended\n$/);
	for (const pid of processesWith('93.25')) process.kill(Number(pid), 'SIGKILL');
});

test('a pause between two attempts ends with the run', async (t) => {
	const one = run(
		t,
		`
- hosts: a
  gather_facts: false
  tasks:
    - name: Try again and again
      shell: touch {{ playbook_dir }}/tried; exit 1
      register: tried
      until: tried.rc == 0
      retries: 100
      delay: 60
    - file: {path: "{{ playbook_dir }}/next", state: touch}
`,
	);
	await one.there('tried');
	await new Promise((resolve) => setTimeout(resolve, 500));
	process.kill(one.pid, 'SIGINT');
	const {status, text} = await one.ended;
	t.is(status, 99);
	t.false(one.has('next'));
	t.regex(text, /\na: interrupted in `Try again and again`\n$/);
});
