import {execFileSync} from 'node:child_process';
import {chownSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import test from 'ava';
import {type Connection, openConnection, type Response, type Shell} from '../../../src/connection/connection.js';
import type {Step} from '../../../src/modules/contract.js';
import {changeStep, type PathChange, type PathChanged} from '../../../src/modules/kinds/path-change.js';
import {hosts} from '../laws.js';
import {localTarget} from '../perform-host.js';

/*
 * Several groups of changes in one script come to what they come to one by one: the same files, and the same words of the host but for times and
 * numbers of files.
 */

const write = (path: string, text: string | Buffer, more: Partial<PathChange> = {}): PathChange =>
	({verb: 'write', path, content: Buffer.from(text), ...more}) as PathChange;

const texts: readonly string[] = [
	'',
	'\n',
	'no newline',
	'it\'s %s \\n $x `y` "z"',
	'é ü 漢 \u{1f600}\n\n',
	'-n',
	'x'.repeat(9000),
];

/** Before, the groups, and how many of them can be done. */
const rows: Readonly<Record<string, {before?: string; groups: readonly (readonly PathChange[])[]; done?: number}>> = {
	'new files': {groups: texts.map((text, index) => [write(`new ${index}`, text, index % 2 ? {mode: 0o600} : {})])},
	'files that are replaced': {
		before: 'echo old >a; chmod 640 a; echo old >b; ln -s b l',
		groups: [[write('a', 'new')], [write('b', 'new', {mode: 0o4755})], [write('c.txt', 'new', {owner: '12', group: '34'})]],
	},
	'what is no file': {
		before: 'mkdir gone full; touch full/x; echo >f; echo >g',
		groups: [
			[{verb: 'directory', path: 'd', mode: 0o2750}],
			[{verb: 'directory', path: 'e'}],
			[{verb: 'link', path: 'l', target: 'd'}],
			[{verb: 'remove', path: 'gone'}],
			[{verb: 'remove', path: 'full'}],
			[{verb: 'hard', path: 'h', target: 'f'}],
			[{verb: 'touch', path: 't', modified: '202001020304.05', accessed: '202001020304.05'}],
			[{verb: 'attributes', path: 'g', mode: 0o600}],
		],
	},
	'folders with what lies in them': {
		groups: [
			[{verb: 'directory', path: 'd'}, write('d/a', 'one')],
			[write('b', 'two')],
			[{verb: 'directory', path: 'e', mode: 0o700}, write('e/a', 'three', {mode: 0o644})],
		],
	},
	'one that cannot be done': {
		before: 'mkdir full; touch full/x',
		groups: [[write('a', 'one')], [write('full', 'a folder')], [write('b', 'two')], [{verb: 'directory', path: 'd'}]],
		done: 1,
	},
	'one that cannot be done at the beginning': {groups: [[write('missing/a', 'x')], [write('b', 'two')]], done: 0},
	'one whose owner is not there': {groups: [[write('a', 'x')], [write('b', 'x', {owner: 'nobody-of-that-name'})]], done: 1},
};

const folder = mkdtempSync(join(tmpdir(), 'playbill-joint-'));
test.after.always(() => rmSync(folder, {recursive: true, force: true}));

for (const host of hosts()) {
	let opened: Promise<Connection> | undefined;
	test.after.always(`hang up (${host.name})`, async () => (await opened)?.close());
	for (const [name, {before, groups, done = groups.length}] of Object.entries(rows))
		test(`${name} (${host.name})`, async (t) => {
			const shell = await (await (opened ??= host.connect())).shell();
			const run = async (dir: string, together: boolean) => {
				rmSync(dir, {recursive: true, force: true});
				mkdirSync(dir);
				if (before) execFileSync('sh', ['-ec', before], {cwd: dir});
				const steps = groups.slice(0, together ? groups.length : done).map((group) => changeStep(group));
				const responses = together ? await joined(steps, dir) : await Promise.all(steps.map((step) => runIn(step, dir)));
				const said = responses.map((response, index) => told(steps[index]!.parse!(response) as PathChanged));
				return {said, left: listing(dir)};
			};
			const runIn = ({script, args, stdin}: Step, cwd: string): Promise<Response> =>
				(shell as Shell).run({script, args, stdin, cwd, changes: true, environment: host.environment});
			const joined = async (steps: readonly Step[], cwd: string) => {
				const whole = steps[0]!.joint!.join(steps);
				return whole.parse!(await runIn(whole, cwd)) as readonly Response[];
			};
			const dir = join(folder, `${host.name} ${name}`);
			t.deepEqual(await run(dir, true), await run(dir, false));
		});
}

for (const host of hosts()) {
	test(`two backups of one second are two (${host.name})`, async (t) => {
		const connection = await host.connect();
		t.teardown(() => connection.close());
		const cwd = join(folder, `backups ${host.name}`);
		mkdirSync(cwd);
		writeFileSync(join(cwd, 'a'), '1');
		const shell = await connection.shell();
		for (const text of ['2', '3']) {
			const {script, args, stdin} = changeStep([write('a', text, {backup: true} as Partial<PathChange>)]);
			const {status} = await shell.run({script, args, stdin, cwd, changes: true, environment: host.environment});
			t.is(status, 0);
		}
		const kept = readdirSync(cwd).filter((name) => name.endsWith('~'));
		t.deepEqual(kept.map((name) => readFileSync(join(cwd, name), 'utf8')).sort(), ['1', '2']);
	});
}

if (process.getuid?.() === 0)
	test('a user but root writes files that he may not write afterwards', async (t) => {
		const dir = mkdtempSync(join(tmpdir(), 'playbill-user-'));
		t.teardown(() => rmSync(dir, {recursive: true, force: true}));
		chownSync(dir, 1, 1);
		const program = join(folder, 'shell-of-user');
		writeFileSync(program, '#!/bin/sh\nexec setpriv --reuid=1 --regid=1 --clear-groups /bin/sh\n', {mode: 0o755});
		const connection = await openConnection({...localTarget, shellExecutable: program}, {home: dir, user: 'daemon'});
		t.teardown(() => connection.close());
		const shell = await connection.shell();
		for (const mode of [0o400, 0o000, 0o444]) {
			const {script, args, stdin} = changeStep([write(join(dir, mode.toString(8)), 'x', {mode})]);
			t.is((await shell.run({script, args, stdin, changes: true})).status, 0);
		}
		t.deepEqual(
			[0o400, 0o000, 0o444].map((mode) => statSync(join(dir, mode.toString(8))).mode & 0o7777),
			[0o400, 0o000, 0o444],
		);
	});

test('what the shell cannot hold in a word is sent by itself', (t) => {
	for (const bytes of [Buffer.from('a\0b'), Buffer.from([0xff, 0xfe]), Buffer.alloc(20_000, 'x')])
		t.is(changeStep([write('a', bytes)]).joint, undefined);
	t.is(changeStep([write('a', 'x', {backup: true} as Partial<PathChange>)]).joint, undefined);
	t.is(changeStep([write('a', 'x', {validate: ['true', '\u0001']} as Partial<PathChange>)]).joint, undefined);
});

/** What the host said, without times and numbers of files. */
function told({found}: PathChanged): unknown {
	if (!found) return undefined;
	const [line] = found.status;
	const fields = line!.split(':');
	const kept = [0, 1, 2, 3, 7, 14, 15, 16].map((index) => fields[index]);
	return {access: found.access, kept};
}

function listing(dir: string): string {
	const script = 'find . -printf "%p %y %m %U %G %n %l\\n" | sort; find . -type f -print0 | sort -z | xargs -0 -r sha1sum';
	return execFileSync('sh', ['-c', script], {cwd: dir}).toString();
}
