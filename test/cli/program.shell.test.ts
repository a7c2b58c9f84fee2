import {spawnSync} from 'node:child_process';
import {mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import test from 'ava';
import {program} from '../project.js';

const folder = mkdtempSync(join(tmpdir(), 'playbill-program-'));
test.after.always(() => rmSync(folder, {recursive: true, force: true}));

const playbook = join(folder, 'playbook.yml');
writeFileSync(
	playbook,
	`- hosts: localhost
  gather_facts: false
  tasks:
    - name: Say much
      debug:
        msg: "{{ 'many words ' * 20000 }}"
`,
);
const faulty = join(folder, 'faulty.yml');
writeFileSync(faulty, '- hosts: localhost\n  task: []\n');
const link = join(folder, 'ansible-playbook');
symlinkSync(program, link);

const clean = {PATH: process.env['PATH'], HOME: folder, LC_ALL: 'C.UTF-8'};
function run(args: readonly string[], environment: Readonly<Record<string, string>> = {}) {
	return spawnSync(process.execPath, args, {cwd: folder, encoding: 'utf8', env: {...clean, ...environment}, timeout: 60_000});
}

test('--help tells commands and options', (t) => {
	for (const argument of ['--help', '-h', 'help']) {
		const {status, stdout} = run([program, argument]);
		t.is(status, 0);
		for (const word of [
			'playbill run',
			'playbill check',
			'--inventory',
			'--limit',
			'--tags',
			'--check',
			'--diff',
			'--extra-vars',
		])
			t.true(stdout.includes(word), word);
	}
});

for (const [args, message] of [
	[['run'], 'the following arguments are required: playbook'],
	[['rnu', playbook], 'there is no command `rnu`; the commands are run, check'],
	[['run', '--inventroy', 'x', playbook], 'did you mean `--inventory`?'],
	[['run', '-f', 'many', playbook], "argument --forks: invalid int value: 'many'"],
	[['run', '-e', '[1', playbook], '--extra-vars'],
] as const) {
	test(`usage: playbill ${args[0]} ${args[1] ?? ''}`, (t) => {
		const {status, stderr, stdout} = run([program, ...args]);
		t.is(stdout, '');
		t.regex(stderr, /^error\[cli\/usage\]: /m);
		t.true(stderr.includes(message), stderr);
		t.is(status, 2);
	});
}

test('under the name ansible-playbook it speaks as Ansible does', (t) => {
	const fault = run([link, '-i', 'localhost,', '-c', 'local', faulty]);
	t.is(fault.stderr.split('\n')[0], "[ERROR]: 'task' is not a valid attribute for a Play");
	t.regex(fault.stderr, /^Origin: .*faulty\.yml:2:3$/m);
	t.is(fault.status, 4);
	t.regex(run([link, '--version']).stdout, /^ansible-playbook \[core 2\.\d+\.\d+\]/);
	const usage = run([link, '--limt', 'x', playbook]);
	t.regex(usage.stderr, /^usage: ansible-playbook[\s\S]*\nansible-playbook: error: unrecognized arguments: --limt\n$/);
	t.is(usage.status, 2);
	const good = run([link, '-i', 'localhost,', '-c', 'local', playbook]);
	t.is(good.status, 0);
	t.regex(good.stdout, /^PLAY RECAP \*+\nlocalhost +: ok=1 /m);
});

test('under the name ansible-playbook an unreachable host is told with the task that wanted it, but for the facts of a play', (t) => {
	writeFileSync(
		join(folder, 'lost.yml'),
		`- hosts: h1
  gather_facts: false
  tasks:
    - name: Say
      command: echo {{ item }}
      loop: [1, 2]
      ignore_unreachable: true
    - {command: echo, delegate_to: h2, ignore_unreachable: true}
- hosts: h2
  tasks: []
`,
	);
	const {stdout, status} = run([link, '-i', 'h1,h2,', '-e', 'ansible_host=127.77.1.7 ansible_port=9', join(folder, 'lost.yml')]);
	const reason = 'Task failed: Failed to connect to the host via ssh: ssh: connect to host 127.77.1.7 port 9: Connection refused';
	const result = `{"changed": false, "msg": "${reason}", "unreachable": true}`;
	const item = (number: number) =>
		`{"ansible_loop_var": "item", "changed": false, "exception": "(traceback unavailable)", "item": ${number}, "msg": "${reason}", "unreachable": true}`;
	const shown = (number: number) => item(number).replace(/"exception": "[^"]*", /, '');
	const stars = (text: string) => `${text} ${'*'.repeat(79 - text.length)}`;
	t.is(
		stdout.slice(0, stdout.indexOf('\nPLAY RECAP')),
		`
${stars('PLAY [h1]')}

${stars('TASK [Say]')}
[ERROR]: ${reason}
Origin: ${join(folder, 'lost.yml')}:4:7

2   gather_facts: false
3   tasks:
4     - name: Say
        ^ column 7

failed: [h1] (item=1) => ${shown(1)}
failed: [h1] (item=2) => ${shown(2)}
fatal: [h1]: UNREACHABLE! => {"changed": false, "msg": "All items completed", "results": [${item(1)}, ${item(2)}], "unreachable": true}
...ignoring

${stars('TASK [command]')}
[ERROR]: ${reason}
Origin: ${join(folder, 'lost.yml')}:8:7

6       loop: [1, 2]
7       ignore_unreachable: true
8     - {command: echo, delegate_to: h2, ignore_unreachable: true}
        ^ column 7

fatal: [h1 -> h2]: UNREACHABLE! => ${result}
...ignoring

${stars('PLAY [h2]')}

${stars('TASK [Gathering Facts]')}
[ERROR]: ${reason}
fatal: [h2]: UNREACHABLE! => ${result}
`,
	);
	t.is(status, 4);
});

test('under the name ansible-playbook a warning is told once, line by line as Ansible has it', (t) => {
	const path = join(folder, 'warns.yml');
	writeFileSync(
		path,
		`- hosts: all
  gather_facts: false
  vars_prompt: [{name: first}, {name: port}]
  tasks: [{find: {paths: /nonexistent}}]
- hosts: nosuch
`,
	);
	const {stderr, status} = run([link, '-i', 'h1,h2', '-c', 'local', path]);
	t.is(
		stderr,
		`[WARNING]: Not prompting as we are not in interactive mode
[WARNING]: Found variable using reserved name 'port'.
Origin: ${path}:3:39

1 - hosts: all
2   gather_facts: false
3   vars_prompt: [{name: first}, {name: port}]
                                        ^ column 39

[WARNING]: Skipped '/nonexistent' path due to this access issue: '/nonexistent' is not a directory
[WARNING]: Could not match supplied host pattern, ignoring: nosuch
`,
	);
	t.is(status, 0);
});

test('a reader that goes away is no crash', (t) => {
	const {stdout, stderr} = spawnSync(
		'sh',
		['-c', '"$@" | head -n 2', 'sh', process.execPath, program, 'run', '-i', 'localhost,', '-c', 'local', playbook],
		{
			encoding: 'utf8',
			env: clean,
			timeout: 60_000,
		},
	);
	t.is(stdout, `\nPLAY [localhost] ${'*'.repeat(63)}\n`);
	t.is(stderr, '');
});

test('colours are for terminals, NO_COLOR turns them off where they were forced on nothing', (t) => {
	const args = [program, 'run', '-i', 'localhost,', '-c', 'local', playbook];
	t.notRegex(run(args).stdout, /\u001b/);
	t.regex(run(args, {ANSIBLE_FORCE_COLOR: '1'}).stdout, /\u001b\[/);
	t.notRegex(run(args, {NO_COLOR: '1'}).stdout, /\u001b/);
	t.notRegex(run([program, 'run', faulty], {NO_COLOR: '1'}).stderr, /\u001b/);
});

test('an older Node gets one readable line', (t) => {
	const source = readFileSync(program, 'utf8').replace(/^#!.*\n/, '');
	for (const [version, isOld] of [
		['18.20.1', true],
		['20.18.3', true],
		['20.19.0', false],
		['22.1.0', false],
	] as const) {
		const fake = `Object.defineProperty(process.versions, 'node', {value: '${version}'});\n`;
		const {status, stderr} = run([
			'--input-type=module',
			'-e',
			fake + source.replace('../dist/cli/cli.js', 'data:text/javascript,export const main = () => {}'),
		]);
		t.is(stderr, isOld ? `playbill needs Node 20.19 or newer; this is ${version}\n` : '');
		t.is(status, isOld ? 1 : 0);
	}
});

test('--version is there soon after node itself', (t) => {
	const fastest = (args: readonly string[]) =>
		Math.min(
			...[1, 2, 3, 4, 5].map(() => {
				const started = performance.now();
				run(args);
				return performance.now() - started;
			}),
		);
	const lasted = fastest([program, '--version']) - fastest(['-e', '0']);
	// 150 ms on a quiet machine; this one may be busy.
	t.true(lasted < 450, `${lasted} ms over bare node`);
});
