import {spawn, spawnSync} from 'node:child_process';
import {mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {dirname, join} from 'node:path';
import test from 'ava';
import {program} from '../project.js';

const folder = mkdtempSync(join(tmpdir(), 'playbill-start-'));
test.after.always(() => rmSync(folder, {recursive: true, force: true}));
const link = join(folder, 'ansible-playbook');
symlinkSync(program, link);

const files: Readonly<Record<string, string>> = {
	'hosts.ini': '[web]\nw[1:2] ansible_connection=local\n[db]\nd1 ansible_connection=local\n',
	limit: 'w1\n',
	'vars.yml': 'y: from a file\n',
	'tasks.yml': '- {name: imported, debug: {msg: imported}}\n',
	'roles/r/tasks/main.yml': '- {name: in role, debug: {msg: r}}\n- debug: {msg: unnamed}\n',
	'a/group_vars/all.yml': 'v: of a\n',
	'b/group_vars/all.yml': 'v: of b\n',
	'a/p.yml': '- hosts: localhost\n  gather_facts: false\n  tasks: [{debug: {msg: "{{ v }} {{ playbook_dir | basename }}"}}]\n',
	'b/p.yml': '- hosts: localhost\n  gather_facts: false\n  tasks: [{debug: {msg: "{{ v }} {{ playbook_dir | basename }}"}}]\n',
	'fails.yml': '- hosts: w1\n  gather_facts: false\n  tasks: [{fail: {}}]\n',
	'site.yml': `- name: First play
  hosts: web
  gather_facts: false
  tags: playtag
  roles: [{role: r, tags: rt}]
  pre_tasks: [{name: pre, debug: {msg: pre}, tags: [a, b]}]
  tasks:
    - name: one
      debug: {msg: "{{ y | default('no') }}"}
      tags: one
    - block: [{name: in block, debug: {msg: x}, tags: [inb]}]
      tags: blk
      rescue: [{name: rescue, debug: {msg: x}}]
    - import_tasks: tasks.yml
      tags: imp
    - include_tasks: tasks.yml
    - {name: seldom, debug: {msg: never}, tags: never}
    - {meta: flush_handlers}
- hosts: db
  gather_facts: false
  tasks: [{command: echo hi}]
`,
};
for (const [name, text] of Object.entries(files)) {
	mkdirSync(dirname(join(folder, name)), {recursive: true});
	writeFileSync(join(folder, name), text);
}

const environment = {PATH: process.env['PATH'], HOME: folder, LC_ALL: 'C.UTF-8', ANSIBLE_INVENTORY: join(folder, 'hosts.ini')};
function run(args: readonly string[], as = link) {
	return spawnSync(process.execPath, [as, ...args], {cwd: folder, encoding: 'utf8', env: environment, timeout: 60_000});
}

/** As real Ansible prints it. */
const listed: readonly [args: string, text: string][] = [
	[
		'site.yml --list-tasks',
		`
playbook: site.yml

  play #1 (web): First play	TAGS: [playtag]
    tasks:
      pre	TAGS: [a, b, playtag]
      r : in role	TAGS: [playtag, rt]
      debug	TAGS: [playtag, rt]
      one	TAGS: [one, playtag]
      in block	TAGS: [blk, inb, playtag]
      imported	TAGS: [imp, playtag]
      include_tasks	TAGS: [playtag]
      meta	TAGS: [playtag]

  play #2 (db): db	TAGS: []
    tasks:
      command	TAGS: []
`,
	],
	[
		'site.yml --list-tags --skip-tags imp',
		`
playbook: site.yml

  play #1 (web): First play	TAGS: [playtag]
      TASK TAGS: [a, b, blk, inb, never, one, playtag, rt]

  play #2 (db): db	TAGS: []
      TASK TAGS: []
`,
	],
	[
		'site.yml --list-hosts -l @limit',
		`
playbook: site.yml

  play #1 (web): First play	TAGS: [playtag]
    pattern: ['web']
    hosts (1):
      w1

  play #2 (db): db	TAGS: []
    pattern: ['db']
    hosts (0):
`,
	],
];
for (const [args, text] of listed) {
	test(`lists: ${args}`, (t) => {
		const {status, stdout} = run(args.split(' '));
		t.is(stdout.trimEnd(), text.trimEnd());
		t.is(status, 0);
	});
}

/** Exit status and a line that is printed. */
const starts: readonly [args: string, status: number, says: string][] = [
	['site.yml -t one -l w1 -e @vars.yml', 0, '"msg": "from a file"'],
	['site.yml -t one -l w1 -e @none.yml', 1, 'Unable to retrieve file contents. Could not find or access'],
	['site.yml -t one -l @none', 1, 'none'],
	['site.yml -l nowhere', 1, 'leaves us with no hosts to target.'],
	['none.yml', 1, '[ERROR]: the playbook: none.yml could not be found'],
	['a', 1, '[ERROR]: the playbook: a does not appear to be a file'],
	['site.yml --vault-password-file none', 1, `[ERROR]: The vault password file ${folder}/none was not found`],
	['site.yml --connection-password-file none', 1, `[ERROR]: The password file ${folder}/none was not found`],
	['site.yml --become-password-file none', 1, `[ERROR]: The password file ${folder}/none was not found`],
	['site.yml --become-password-file none --list-hosts', 0, 'hosts (2):'],
	['site.yml --start-at-task nowhere -l w1', 0, '[ERROR]: No matching task "nowhere" found.'],
	['site.yml --start-at-task imp* -l w1', 0, 'TASK [imported] ***'],
	['site.yml -t one -l w1 -v', 0, 'No config file found; using defaults'],
	['site.yml -t one -l w1 -vv', 0, '2 plays in site.yml'],
	['site.yml --step', 1, 'there is no terminal to ask at'],
	['site.yml --flush-cache -t one -l w1', 0, 'w1                         : ok=1 '],
	['a/p.yml b/p.yml', 0, '"msg": "of b b"'],
	['fails.yml a/p.yml', 2, 'w1                         : ok=0    changed=0    unreachable=0    failed=1'],
];
for (const [args, status, says] of starts) {
	test(`starts: ${args}`, (t) => {
		const ran = run(args.split(' '));
		t.true(`${ran.stdout}${ran.stderr}`.includes(says), `${ran.stdout}${ran.stderr}`);
		t.is(ran.status, status);
	});
}

test('each playbook ends with the counts so far, and one with lost hosts is the last', (t) => {
	t.is(run(['a/p.yml', 'b/p.yml']).stdout.split('PLAY RECAP').length, 3);
	t.is(run(['fails.yml', 'a/p.yml']).stdout.split('PLAY RECAP').length, 2);
});

const hasTerminal = spawnSync('script', ['--version']).status === 0;
(hasTerminal ? test : test.skip)('--step asks before each task', async (t) => {
	const command = `${process.execPath} ${program} run site.yml -l w1 -t one,inb,imp --step`;
	const child = spawn('script', ['-qec', command, '/dev/null'], {
		cwd: folder,
		env: {...environment, NO_COLOR: '1', TERM: 'xterm'},
	});
	const answers = ['y', 'n', 'c'];
	let text = '';
	child.stdout.on('data', (chunk) => {
		text += chunk;
		const asked = text.split('(c)ontinue: ').length - 1;
		if (asked > 3 - answers.length && answers.length > 0) child.stdin.write(`${answers.shift()}\n`);
	});
	await new Promise((resolve) => child.on('close', resolve));
	child.stdin.end();
	t.true(text.includes('Perform task: TASK: in block (N)o/(y)es/(c)ontinue: '), text);
	t.true(text.includes('w1                         : ok=2 '), text);
});
