import {randomBytes} from 'node:crypto';
import {existsSync, mkdirSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';

/** What is done before each measured run: the hosts are put back to how they were, or left as the last run made them. */
export type State = 'changed' | 'unchanged' | 'read';

/** The same work in Ansible's language (`site.yml`) and for pyinfra (`deploy.py`), in one folder. */
export interface Scenario {
	readonly name: string;
	readonly title: string;
	/** How many tasks each host has, loops' items counted. */
	readonly tasks: number;
	readonly states: readonly State[];
	/** How many hosts, and the round trip to them in milliseconds; what needs `--full` is marked. */
	readonly settings: readonly Setting[];
	/** What the reader must know of it. */
	readonly note?: string;
	/** Makes what is too large or too dull to be kept in the repository. */
	readonly prepare?: (paths: Paths) => void;
	/** Its folder is made by `prepare`. */
	readonly isMade?: boolean;
}

export interface Setting {
	readonly hosts: number;
	readonly roundTrip: number;
	readonly full?: true;
	/** Seconds after which a run is ended, where the slowest would take most of the time that everything may take. */
	readonly limit?: number;
}

export interface Paths {
	/** The project's. */
	readonly root: string;
	/** What is kept between runs: environments, large input. */
	readonly cache: string;
	/** This run's. */
	readonly state: string;
}

export function folderOf({name, isMade}: Scenario, {root, cache}: Paths): string {
	return isMade ? join(cache, 'scenarios', name) : join(root, 'bench/scenarios', name);
}

const near: Setting = {hosts: 3, roundTrip: 0};
const far: Setting = {hosts: 3, roundTrip: 50};

export const scenarios: readonly Scenario[] = [
	{
		name: 'mixed',
		title: '30 mixed tasks',
		tasks: 30,
		states: ['changed', 'unchanged'],
		settings: [near, {hosts: 20, roundTrip: 0}, far, {hosts: 100, roundTrip: 0, full: true}],
		note: 'An account and its group, folders, a link, templates, copies, lines in files, packages, services: 24 of the tasks change something on a fresh host.',
	},
	{
		name: 'loop',
		title: 'A loop of 100 items',
		tasks: 101,
		states: ['changed', 'unchanged'],
		settings: [
			{...near, limit: 40},
			{...far, full: true},
		],
		note: 'Each item is a small file with its own content.',
	},
	{
		name: 'tree',
		title: 'A tree of 1,000 files',
		tasks: 2,
		states: ['changed', 'unchanged'],
		settings: [{hosts: 1, roundTrip: 0, limit: 40}],
		note: 'A folder of 50 folders with 20 files each, copied whole by `copy` (pyinfra: `files.sync`).',
		prepare: ({cache}) => makeTree(join(cache, 'input/tree')),
	},
	{
		name: 'big',
		title: 'A file of 100 MB',
		tasks: 2,
		states: ['changed', 'unchanged'],
		settings: [{hosts: 1, roundTrip: 0}],
		note: 'Random bytes, which do not compress.',
		prepare: ({cache}) => makeBigFile(join(cache, 'input/big')),
	},
	{
		name: 'skipped',
		title: 'A role of 200 skipped tasks',
		tasks: 200,
		states: ['read'],
		settings: [near, far],
		note: 'A role whose feature is switched off: each task has a `when` that is false (pyinfra: a Python `if` around the operations).',
		isMade: true,
		prepare: (paths) => makeSkipped(join(paths.cache, 'scenarios/skipped')),
	},
	{
		name: 'facts',
		title: 'Facts only',
		tasks: 1,
		states: ['read'],
		settings: [near, far],
		note: 'Of pyinfra, 20 facts that `setup` gathers too.',
	},
];

function makeTree(folder: string): void {
	if (existsSync(folder)) return;
	for (let dir = 0; dir < 50; dir++) {
		const path = join(folder, `dir${dir}`);
		mkdirSync(path, {recursive: true});
		for (let file = 0; file < 20; file++) writeFileSync(join(path, `file${file}.txt`), `${dir} ${file}\n`.repeat(100));
	}
}

function makeBigFile(path: string): void {
	if (existsSync(path)) return;
	mkdirSync(join(path, '..'), {recursive: true});
	writeFileSync(path, randomBytes(100e6));
}

function makeSkipped(folder: string): void {
	const numbers = Array.from({length: 200}, (_, index) => index);
	const tasks = join(folder, 'roles/feature/tasks');
	mkdirSync(tasks, {recursive: true});
	writeFileSync(
		join(folder, 'site.yml'),
		'- hosts: all\n  gather_facts: false\n  vars: {feature_wanted: false}\n  roles: [feature]\n',
	);
	const task = (n: number) =>
		`- name: Write part ${n} of the feature\n  copy: {content: "part ${n}\\n", dest: /srv/feature/${n}.conf, mode: "0644"}\n  when: feature_wanted\n`;
	writeFileSync(join(tasks, 'main.yml'), numbers.map(task).join(''));
	writeFileSync(
		join(folder, 'deploy.py'),
		[
			'from io import StringIO',
			'from pyinfra import host',
			'from pyinfra.operations import files',
			'if host.data.get("feature_wanted"):',
			'    for n in range(200):',
			'        files.put(src=StringIO(f"part {n}\\n"), dest=f"/srv/feature/{n}.conf", mode="644")',
			'',
		].join('\n'),
	);
}
