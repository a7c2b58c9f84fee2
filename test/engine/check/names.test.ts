import {mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {dirname, join} from 'node:path';
import test from 'ava';
import {checkTasks, Loader, nameKnowledge} from '../../../src/engine/engine.js';
import {loadInventory} from '../../../src/inventory/inventory.js';
import {Dict, nodeToValue} from '../../../src/jinja/jinja.js';
import {readPlaybook} from '../../../src/playbook/playbook.js';
import {formatSpan, inSourceOrder, type Node, SourceFile} from '../../../src/source/source.js';
import {VaultSecrets} from '../../../src/vault/vault.js';

const noSecrets = new VaultSecrets();

/** The names that the check at load calls undefined, each with the file and line where it says so. */
async function undefinedIn(
	files: Readonly<Record<string, string>>,
	extra: Readonly<Record<string, string>> = {},
): Promise<string[]> {
	const folder = mkdtempSync(join(tmpdir(), 'playbill-names-'));
	try {
		for (const [name, text] of Object.entries(files)) {
			mkdirSync(dirname(join(folder, name)), {recursive: true});
			writeFileSync(join(folder, name), text);
		}
		const report = () => {};
		const read = (node: Node) => nodeToValue(node, {trusted: true});
		const loader = new Loader({
			rolesPath: [],
			report,
			open: (path) => new SourceFile(path, readFileSync(path, 'utf8')),
			evaluateName: textOf,
		});
		loader.beginPlaybook(join(folder, 'site.yml'));
		const plays = readPlaybook(loader, join(folder, 'site.yml'));
		await loader.loadDefinitions();
		const inventory = loadInventory('hosts.ini' in files ? [join(folder, 'hosts.ini')] : ['localhost,'], {
			report,
			vault: noSecrets,
		});
		const names = nameKnowledge(plays, loader, inventory, Dict.from(Object.entries(extra)), read);
		const {definitions, playbookFolder} = loader;
		const found = checkTasks(plays, {definitions, read, playbookFolder, names, severity: 'warning'});
		return inSourceOrder(found)
			.filter(({code}) => code === 'template/undefined')
			.map(({message, labels}) => {
				const [, name] = /`(.*)`/.exec(message) ?? [];
				return `${name} ${formatSpan(labels[0]!.span).replace(`${folder}/`, '').replace(/:\d+$/, '')}`;
			});
	} finally {
		rmSync(folder, {recursive: true});
	}
}

function textOf(node: Node): string | undefined {
	return node.kind === 'scalar' ? node.text : undefined;
}

/** A play with these tasks, and with whatever is put before them. */
function play(tasks: string, head = ''): string {
	return `- hosts: all\n${head}  tasks:\n${tasks.replace(/^/gm, '    ')}\n`;
}

const rows: [title: string, files: Record<string, string>, expected: string[]][] = [
	['a name that nothing gives', {'site.yml': play('- debug: {msg: "{{ nope }}"}')}, ['nope site.yml:3']],
	['a condition', {'site.yml': play('- {debug: {}, when: [nope, other == 1]}')}, ['nope site.yml:3', 'other site.yml:3']],
	['an assertion', {'site.yml': play('- assert: {that: [nope > 1, inventory_hostname is defined]}')}, ['nope site.yml:3']],
	[
		'a loop, its item',
		{'site.yml': play('- {debug: {msg: "{{ item }} {{ other_item }}"}, loop: "{{ nope }}"}')},
		['other_item site.yml:3', 'nope site.yml:3'],
	],
	['an item without a loop', {'site.yml': play('- debug: {msg: "{{ item }}"}')}, ['item site.yml:3']],
	[
		'what may be undefined',
		{'site.yml': play('- {debug: {msg: "{{ a | default(1) }} {{ b.c | d }}"}, when: c is defined}\n- debug: {msg: "{{ c }}"}')},
		[],
	],
	[
		'facts and magic variables',
		{
			'site.yml': play(
				'- debug: {msg: "{{ ansible_os_family }} {{ groups }} {{ hostvars }} {{ omit }} {{ range(1) }} {{ now() }}"}',
			),
		},
		[],
	],
	[
		'registered, set, asked, looped',
		{
			'site.yml': play(
				`- {command: a, register: r1}
- {command: a, register: {r2: _task.result.rc}}
- set_fact: {f1: 1}
- set_fact: f2=1 f3="{{ r1 }}"
- action: set_fact f4=1
- {debug: {msg: "{{ x }} {{ i }}"}, loop: [1], loop_control: {loop_var: x, index_var: i}}
- {include_vars: {file: extra.yml, name: v1}}
- {add_host: {name: h, h1: 1}}
- debug: {msg: "{{ [r1, r2, f1, f2, f3, f4, v1, h1, p1] }}"}`,
				'  vars_prompt: [{name: p1}]\n',
			),
		},
		[],
	],
	[
		'vars of every level, group_vars, inventory, vars_files',
		{
			'site.yml': play(
				'- block:\n    - {debug: {msg: "{{ [a, b, c, d, e, f, g, h, nope] }}"}, vars: {a: 1}}\n  vars: {b: 1}',
				'  vars: {c: 1}\n  vars_files: [more.yml]\n',
			),
			'more.yml': 'd: 1\n',
			'group_vars/all.yml': 'e: 1\n',
			'host_vars/h1/x.yml': 'f: 1\n',
			'hosts.ini': '[web]\nh1 g=1\n[web:vars]\nh=1\n',
		},
		['nope site.yml:6'],
	],
	[
		'values that are templates themselves',
		{
			'site.yml': play(
				'- debug: {msg: "{{ outer }}"}\n- debug: {msg: "{{ fine }}"}',
				'  vars: {outer: "{{ inner }}", inner: "{{ nope }}", fine: "{{ f | default(1) }}", unused: "{{ lost }}"}\n',
			),
		},
		['nope site.yml:2'],
	],
	[
		'one of two values is enough',
		{'site.yml': play('- debug: {msg: "{{ a }}"}', '  vars: {a: "{{ nope }}"}\n'), 'group_vars/all.yml': 'a: 1\n'},
		[],
	],
	[
		'a template file, with what it includes',
		{
			'site.yml': play('- template: {src: a.j2, dest: /x}'),
			'templates/a.j2':
				"{% set own = 1 %}{% include 'b.j2' %}{{ own }} {{ template_host }} {{ ansible_managed }}\n{% for x in nope %}{{ x }}{{ loop.index }}{% endfor %}\n",
			'templates/b.j2': '{{ own }} {{ lost }}\n',
		},
		['nope templates/a.j2:2', 'lost templates/b.j2:1'],
	],
	[
		'a role: defaults, vars, files that facts choose',
		{
			'site.yml': '- hosts: all\n  roles: [{role: r, param: 1}]\n',
			'roles/r/tasks/main.yml':
				'- include_vars: "{{ ansible_os_family }}.yml"\n- include_tasks: "{{ ansible_os_family }}.yml"\n- debug: {msg: "{{ [a, b, c, d, e, param, nope] }}"}\n',
			'roles/r/defaults/main.yml': 'a: 1\n',
			'roles/r/vars/main/x.yml': 'b: 1\n',
			'roles/r/vars/Debian.yml': 'c: 1\n',
			'roles/r/tasks/Debian.yml': '- {command: x, register: d}\n',
			'roles/r/meta/main.yml': 'dependencies: [{role: s, e: 1}]\n',
			'roles/s/tasks/main.yml': '[]\n',
		},
		['nope roles/r/tasks/main.yml:3'],
	],
	[
		'included roles',
		{
			'site.yml': play('- include_role: {name: r}\n- debug: {msg: "{{ a }} {{ nope }}"}'),
			'roles/r/tasks/other.yml': '- set_fact: {a: 1}\n',
		},
		['nope site.yml:4'],
	],
	[
		'a file of variables that may be anywhere',
		{'site.yml': play('- include_vars: "{{ where }}/x.yml"\n- debug: {msg: "{{ nope }}"}')},
		[],
	],
	['names made at run time', {'site.yml': play('- set_fact: {"{{ name }}": 1}\n- debug: {msg: "{{ nope }}"}')}, []],
	[
		'what only a name or an unused value asks for',
		{'site.yml': play('- {name: "{{ nope }}", debug: {}, vars: {a: "{{ nope }}"}}')},
		[],
	],
];

for (const [title, files, expected] of rows) test(title, async (t) => t.deepEqual(await undefinedIn(files), expected));

test('extra vars', async (t) => {
	t.deepEqual(await undefinedIn({'site.yml': play('- debug: {msg: "{{ a }} {{ b }}"}')}, {a: '1'}), ['b site.yml:3']);
});
