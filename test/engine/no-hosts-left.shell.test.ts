import {spawnSync} from 'node:child_process';
import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import test from 'ava';
import {program} from '../project.js';

/* How often ansible-core 2.21 says that no hosts are left, by what ends a play. */
const folder = mkdtempSync(join(tmpdir(), 'playbill-no-hosts-'));
test.after.always(() => rmSync(folder, {recursive: true, force: true}));

const all = '{fail: {}}';
const first = "{fail: {}, when: inventory_hostname == 'h1'}";
const last = "{fail: {}, when: inventory_hostname == 'h3'}";
const rows: Record<string, [play: string, task: string, times: number, goesOn: string[]]> = {
	'all hosts failed': ['', all, 0, []],
	'the first of batches failed as a whole': ['serial: 1', first, 0, []],
	'one of a batch failed': ['serial: 2', first, 0, ['h2', 'h3']],
	'more than max_fail_percentage': ['max_fail_percentage: 30', first, 2, []],
	'more than max_fail_percentage of a later batch': ['max_fail_percentage: 30, serial: [2, 1]', last, 2, ['h1', 'h2']],
	'all, with max_fail_percentage': ['max_fail_percentage: 30', all, 2, []],
	'less than max_fail_percentage': ['max_fail_percentage: 40', first, 0, ['h2', 'h3']],
	any_errors_fatal: ['any_errors_fatal: true', first, 0, []],
	run_once: ['', '{fail: {}, run_once: true}', 0, []],
};

for (const [index, [name, [keywords, task, times, goesOn]]] of Object.entries(rows).entries()) {
	test(name, (t) => {
		const path = join(folder, `${index}.yml`);
		const more = keywords ? `, ${keywords}` : '';
		writeFileSync(path, `- {hosts: all, gather_facts: false${more}, tasks: [${task}, {ping: {}}]}\n`);
		const {stdout, status} = spawnSync(process.execPath, [program, 'run', '-i', 'h1,h2,h3', '-c', 'local', path], {
			encoding: 'utf8',
			timeout: 60_000,
		});
		t.is(stdout.split('\nNO MORE HOSTS LEFT ').length - 1, times, stdout);
		t.deepEqual([...stdout.matchAll(/^ok: \[(h\d)\]$/gm)].map(([, host]) => host).sort(), goesOn, stdout);
		t.is(status, 2);
	});
}
