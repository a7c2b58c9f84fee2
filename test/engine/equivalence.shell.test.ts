import {execFileSync} from 'node:child_process';
import {mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import test from 'ava';
import {KnownReadings} from '../../src/engine/known-readings.js';
import {Readings} from '../../src/engine/readings.js';
import {Dict, pythonRepr, type Value} from '../../src/jinja/jinja.js';
import {Variables} from '../../src/vars/variables.js';
import {Watch} from '../../src/vars/watch.js';
import {randomPlay} from './random-plays.js';
import {runPlay} from './run-play.js';

/** More plays, or others, for a longer search: `PLAYBILL_PLAYS=200 PLAYBILL_SEED=5000 npx ava test/engine/equivalence.shell.test.ts`. */
const count = Number(process.env['PLAYBILL_PLAYS'] ?? 24);
const firstSeed = Number(process.env['PLAYBILL_SEED'] ?? 1);

/** How reading and order are loosened; all must come to the same. */
const ways: Readonly<Record<string, Readonly<Record<string, boolean>>>> = {
	'in lockstep, each task reading for itself': {playbill_lockstep: true},
	'hosts ahead of each other, each task reading for itself': {playbill_batch: false},
	'hosts ahead of each other, many tasks read for in one trip': {},
};

const folder = realpathSync(mkdtempSync(join(tmpdir(), 'playbill-equivalence-')));
test.after.always(() => rmSync(folder, {recursive: true, force: true}));

/** What a play came to: each result, as far as it does not tell of times and numbers of files, and what is left of the hosts. */
async function run(play: string, way: Readonly<Record<string, boolean>>): Promise<string> {
	const hosts = ['h1', 'h2', 'h3'];
	for (const host of hosts) {
		rmSync(join(folder, host), {recursive: true, force: true});
		mkdirSync(join(folder, host, 'a'), {recursive: true});
		mkdirSync(join(folder, host, 'b'));
		writeFileSync(join(folder, host, 'a/x'), 'one\n');
	}
	const inventory = hosts
		.map((host) => `${host} ansible_connection=local dir=${join(folder, host)} groups_dir=${folder}\n`)
		.join('');
	const {events, status} = await runPlay(folder, play, {inventory, variables: way});
	const said: string[] = [];
	// Handlers are looked up when a host comes to its flush.
	const notified: string[] = [];
	for (const event of events) {
		if (event.type === 'task-start') said.push(`TASK ${event.task.name}`);
		else if (event.type === 'result') said.push(`${event.outcome.host} ${event.outcome.status} ${lasting(event.outcome.result)}`);
		else if (event.type === 'notified') notified.push(`notified ${event.handler} ${event.host}`);
	}
	said.push(`status ${status}`);
	const left = `cd '${folder}' && find h1 h2 h3 -printf '%p %y %m %l\\n' | sort && find h1 h2 h3 -type f | sort | xargs -r sha1sum`;
	return `${[...said, ...notified.sort()].join('\n')}\n${execFileSync('sh', ['-c', left]).toString()}`;
}

/** Keys that differ from run to run. */
const passing =
	/^(start|end|delta|[acm]time|inode|dev|birth|.*time|version|invocation|examined|uuid|attributes|blocks|backup.*)$/;

function lasting(value: unknown): string {
	if (value instanceof Dict) return lasting(Object.fromEntries([...value.entries()].map(([key, item]) => [String(key), item])));
	if (Array.isArray(value)) return `[${value.map(lasting).join(', ')}]`;
	if (value !== null && typeof value === 'object' && Object.getPrototypeOf(value) === Object.prototype) {
		const kept = Object.entries(value).filter(([key]) => !passing.test(key));
		return `{${kept.map(([key, item]) => `${key}: ${lasting(item)}`).join(', ')}}`;
	}
	// Temporary neighbours of a file are named by the number of a process.
	return pythonRepr(value as Value).replace(/\.playbill-\d+/g, '.playbill-N');
}

for (let seed = firstSeed; seed < firstSeed + count; seed++) {
	test.serial(
		`random play ${seed} comes to the same whether or not hosts go ahead and tasks are read for together`,
		async (t) => {
			t.timeout(10 * 60_000);
			const play = randomPlay(seed);
			const [first, ...others] = Object.entries(ways);
			const expected = await run(play, first![1]);
			t.regex(expected, /^TASK /m, 'it runs');
			for (const [name, way] of others) {
				const got = await run(play, way);
				if (got !== expected) t.log(play);
				t.is(got, expected, name);
			}
		},
	);
}

const begin = '- hosts: all\n  gather_facts: false\n  tasks:\n    - stat: {path: "{{ dir }}/q"}\n';

/** Plays in which a fault is seen for certain; the others are searched for. */
const tellingPlays: Readonly<Record<string, string>> = {
	'values that are believed though files of this side were changed': `${begin}    - command: touch {{ dir }}/q
    - copy: {dest: "{{ dir }}/p", content: x}
      when: (dir ~ '/q') is exists
`,
	'changes that share a script though one sees the other': `${begin}    - copy: {dest: "{{ dir }}/p", content: x}
    - copy: {dest: "{{ dir }}/q", content: x}
    - copy: {dest: "{{ dir }}/q", content: x}
`,
};

/** What would be wrong without anybody noticing, if the plays did not show it: each puts a fault into the program and gives what takes it out again. */
const faults: Readonly<Record<string, () => () => void>> = {
	'readings that are believed too long': () => replaced(Readings.prototype, 'forget', () => new Set()),
	'changes of links that are not seen': () =>
		replaced(KnownReadings.prototype, 'near', function (this: KnownReadings, places) {
			return near.call(this, places).filter(([, reading]) => reading.places || !places);
		}),
	'values that are believed though a name was set since': () => replaced(Variables.prototype, 'hold', () => true),
	'values that are believed though files of this side were changed': () => replaced(Watch.prototype, 'file', () => {}),
	'changes that share a script though one sees the other': () =>
		replaced(Readings.prototype, 'settled', function (this: Readings, view, asked) {
			return settled.call(this, view, asked, []);
		}),
};
const {near} = KnownReadings.prototype;
const {settled} = Readings.prototype;

/** Puts another method in the place of one; gives what puts the old one back. */
function replaced<T, K extends keyof T>(of: T, name: K, method: T[K]): () => void {
	const old = of[name];
	of[name] = method;
	return () => {
		of[name] = old;
	};
}

for (const [name, inject] of Object.entries(faults))
	test.serial(`the search finds ${name}`, async (t) => {
		t.timeout(10 * 60_000);
		for (let seed = 1; seed <= 60; seed++) {
			const play = tellingPlays[name] ?? randomPlay(seed);
			const right = await run(play, {playbill_lockstep: true});
			const restore = inject();
			try {
				if ((await run(play, {})) !== right) {
					if (!tellingPlays[name]) t.log(`by play ${seed}`);
					return t.pass();
				}
			} finally {
				restore();
			}
		}
		t.fail('it finds nothing');
	});
