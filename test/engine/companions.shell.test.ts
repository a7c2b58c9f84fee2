import {mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {roundTrips, runPlay, statuses} from './run-play.js';

/* Changes that share a script: how often the host is asked, and what is done when one of them fails. */

const top = realpathSync(mkdtempSync(join(tmpdir(), 'playbill-companions-')));
test.after.always(() => rmSync(top, {recursive: true, force: true}));

interface Row {
	readonly tasks: readonly string[];
	/** Of each task. */
	readonly says: readonly string[];
	/** Greatest number of round trips. */
	readonly trips: number;
	/** The files that are left and their texts. */
	readonly left: Readonly<Record<string, string>>;
}

const copy = (name: string, text = name, more = '') => `{copy: {content: "${text}", dest: "{{ d }}/${name}"${more}}}`;
const changed = (count: number) => Array.from({length: count}, () => 'changed');

const rows: Readonly<Record<string, Row>> = {
	'files side by side': {
		tasks: [copy('a'), copy('b', "it's \\\\ $x `y` %s é \\n"), copy('c', ''), '{file: {path: "{{ d }}/e", state: directory}}'],
		says: changed(4),
		trips: 3,
		left: {a: 'a', b: "it's \\ $x `y` %s é \n", c: ''},
	},
	'the items of a loop': {
		tasks: ['{copy: {content: "{{ item }}.", dest: "{{ d }}/{{ item }}"}, loop: [1, 2, 3, 4, 5, 6]}', copy('a')],
		says: changed(2),
		trips: 3,
		left: {1: '1.', 2: '2.', 3: '3.', 4: '4.', 5: '5.', 6: '6.', a: 'a'},
	},
	'a skipped one and one that changes nothing between': {
		tasks: [copy('a'), `{when: false, ${copy('x').slice(1)}`, '{file: {path: "{{ d }}", state: directory}}', copy('b')],
		says: ['changed', 'skipped', 'ok', 'changed'],
		trips: 4,
		left: {a: 'a', b: 'b'},
	},
	'one that fails: it stops exactly there': {
		tasks: [copy('a'), copy('b', 'b', ', owner: nobody-of-that-name'), copy('c')],
		says: ['changed', 'failed'],
		trips: 6,
		left: {a: 'a'},
	},
	'one that fails and is ignored': {
		tasks: [copy('a'), `{ignore_errors: true, ${copy('b', 'b', ', owner: nobody-of-that-name').slice(1)}`, copy('c')],
		says: ['changed', 'failed', 'changed'],
		trips: 8,
		left: {a: 'a', c: 'c'},
	},
	'one that fails in a loop: the others are done': {
		tasks: [
			'{copy: {content: "{{ item }}", dest: "{{ d }}/{{ item }}", owner: "{{ \'nobody-of-that-name\' if item == 2 else omit }}"}, loop: [1, 2, 3]}',
		],
		says: ['failed'],
		trips: 8,
		left: {1: '1', 3: '3'},
	},
	'one that asks for what was registered': {
		tasks: [`{register: r, ${copy('a').slice(1)}`, copy('b', '{{ r.size }}'), `{when: r is changed, ${copy('c').slice(1)}`],
		says: changed(3),
		trips: 6,
		left: {a: 'a', b: '1', c: 'c'},
	},
	'one that looks for files here': {
		tasks: [
			copy('a'),
			copy('b'),
			'{with_fileglob: "{{ d }}/*", copy: {src: "{{ item }}", dest: "{{ item }}.c"}}',
			'{with_first_found: {files: "{{ d }}/b.c", skip: true}, copy: {src: "{{ item }}", dest: "{{ d }}/x"}}',
		],
		says: changed(4),
		trips: 12,
		left: {a: 'a', b: 'b', 'a.c': 'a', 'b.c': 'b', x: 'b'},
	},
	'one that finds nothing to do by files here, before one that makes them': {
		tasks: [
			copy('a'),
			`{when: (d ~ "/c") is exists, ${copy('b').slice(1)}`,
			'{loop: "{{ query(\'fileglob\', d ~ \'/c\') }}", copy: {content: "x", dest: "{{ d }}/x"}}',
			copy('c'),
		],
		says: ['changed', 'skipped', 'skipped', 'changed'],
		trips: 6,
		left: {a: 'a', c: 'c'},
	},
	'one that is said to have failed': {
		tasks: [`{failed_when: true, ${copy('a').slice(1)}`, copy('b')],
		says: ['failed'],
		trips: 3,
		left: {a: 'a'},
	},
	'one that writes what another has written': {
		tasks: [copy('a'), copy('a', 'second'), '{lineinfile: {path: "{{ d }}/a", line: third}}'],
		says: changed(3),
		trips: 6,
		left: {a: 'second\nthird\n'},
	},
	'one in a folder that is made before it': {
		tasks: ['{file: {path: "{{ d }}/e", state: directory, mode: "0700"}}', copy('e/a'), copy('e/b')],
		says: changed(3),
		trips: 4,
		left: {'e/a': 'e/a', 'e/b': 'e/b'},
	},
};

async function obeys(t: ExecutionContext, name: string, {tasks, says, trips, left}: Row): Promise<void> {
	const folder = join(top, name.replaceAll(/\W/g, '-'));
	mkdirSync(join(folder, 'd'), {recursive: true});
	const play = `- hosts: all\n  gather_facts: false\n  tasks:\n${tasks.map((task) => `    - ${task}\n`).join('')}`;
	const {events} = await runPlay(folder, play, {inventory: `h1 ansible_connection=local d=${folder}/d\n`});
	t.deepEqual(
		statuses(events),
		says.map((status) => `h1 ${status}`),
	);
	for (const [path, text] of Object.entries(left)) t.is(readFileSync(join(folder, 'd', path), 'utf8'), text, path);
	const files = readdirSync(join(folder, 'd'), {recursive: true, withFileTypes: true}).filter((one) => one.isFile());
	t.is(files.length, Object.keys(left).length, 'nothing else is left');
	t.true(roundTrips(events) <= trips, `${roundTrips(events)} round trips`);
}

for (const [name, row] of Object.entries(rows)) test(name, (t) => obeys(t, name, row));

test('nothing is done behind a task that notifies no handler', async (t) => {
	const folder = join(top, 'unheard');
	mkdirSync(join(folder, 'd'), {recursive: true});
	const tasks = [`{notify: nobody, ${copy('a').slice(1)}`, copy('b')];
	const play = `- hosts: all\n  gather_facts: false\n  tasks:\n${tasks.map((task) => `    - ${task}\n`).join('')}`;
	const run = runPlay(folder, play, {inventory: `h1 ansible_connection=local d=${folder}/d\n`});
	await t.throwsAsync(run, {message: /'nobody' was not found/});
	t.deepEqual(readdirSync(join(folder, 'd')), ['a']);
});

test('what was done before its turn is told when the turn does not come', async (t) => {
	const folder = join(top, 'interrupted');
	mkdirSync(join(folder, 'd'), {recursive: true});
	const tasks = [copy('a'), copy('b'), copy('c'), '{command: "true"}'];
	const play = `- hosts: all\n  gather_facts: false\n  tasks:\n${tasks.map((task) => `    - ${task}\n`).join('')}`;
	const {events} = await runPlay(folder, play, {
		inventory: `h1 ansible_connection=local d=${folder}/d\n`,
		onEvent: (event, stop) => event.type === 'result' && stop(),
	});
	t.deepEqual(statuses(events), ['h1 changed']);
	t.deepEqual(readdirSync(join(folder, 'd')), ['a', 'b', 'c']);
	const warnings = events.flatMap((event) => (event.type === 'warning' ? [event.text] : []));
	t.deepEqual(warnings, Array(2).fill('h1: "copy" was done already, with a task before it'));
});
