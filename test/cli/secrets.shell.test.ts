import {spawn} from 'node:child_process';
import {mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {dirname, join} from 'node:path';
import test from 'ava';
import {sealVault} from '../../src/vault/vault.js';
import {program} from '../project.js';

/*
 * Secrets from a vault file, an inline vault text, a `no_log` task and a private prompt go through concatenation, filters, loops, JSON, conditions,
 * diffs and failures; no output, log, journal or argument of a process may show one, in whatever form a filter gives it.
 */
const password = 'vault-password-9151';
const planted = {
	vaulted: 'Tr0ub4dor-file',
	inline: 'C0rrectHorse-inline',
	unlogged: 'Batt3ryStaple-nolog',
	prompted: 'Pr0mpted-private',
	grouped: 'Gr0up-vars-file',
	included: 'Includ3d-vars-file',
	given: 'G1ven-on-command-line',
	inRole: 'R0le-vars-file',
	sealedFile: 'Seal3d-file-line',
};

const folder = mkdtempSync(join(tmpdir(), 'playbill-secrets-'));
test.after.always(() => rmSync(folder, {recursive: true, force: true}));
const write = (name: string, text: string): void => {
	mkdirSync(dirname(join(folder, name)), {recursive: true});
	writeFileSync(join(folder, name), text);
};
const indent = (text: string): string => text.trimEnd().replace(/^/gm, '          ');

write('password', `${password}\n`);
write(
	'secrets.yml',
	sealVault(`vaulted: ${planted.vaulted}\nnested: {list: [a, ${planted.vaulted}], key: ${planted.vaulted}}\n`, password),
);
write('group_vars/all/vault.yml', sealVault(`grouped: ${planted.grouped}\n`, password));
write('more.yml', sealVault(`included: ${planted.included}\n`, password));
write('given.yml', sealVault(`given: ${planted.given}\n`, password));
write('roles/app/vars/main.yml', sealVault(`in_role: ${planted.inRole}\n`, password));
write('roles/app/tasks/main.yml', "- debug: {msg: 'role {{ in_role }} {{ in_role | b64encode }}'}\n");
write('files/sealed.conf', sealVault(`[global]\nkey=${planted.sealedFile}\n`, password));
write('templates/sealed.j2', sealVault(`key={{ 1 + 1 }} ${planted.sealedFile}\n`, password));
write('ansible.cfg', '[defaults]\nlog_path = run.log\n[persistent_connection]\n');
write(
	'templates/app.j2',
	'password = {{ vaulted }}\n{% for one in nested.list %}{{ loop.index }}={{ one }}\n{% endfor %}token={{ inline | b64encode }}\n',
);
write('old.conf', 'password = old\n');
write(
	'site.yml',
	`- hosts: localhost
  connection: local
  gather_facts: false
  vars_files: [secrets.yml]
  vars_prompt:
    - {name: prompted, prompt: Say it, private: true}
  vars:
    # Nothing but \`no_log\` makes this one a secret; no task stands near it.
    plain: ${planted.unlogged}
    inline: !vault |
${indent(sealVault(planted.inline, password))}
    joined: "{{ vaulted }}:{{ inline }}"
  tasks:
    - {name: 'Text {{ vaulted }}', debug: {msg: 'x={{ vaulted }} {{ inline }} {{ prompted }}'}}
    - {include_vars: more.yml}
    - {name: 'From files {{ grouped }}', debug: {msg: ['{{ grouped }}', '{{ included | upper }}', '{{ given ~ 1 }}', '{{ hostvars[inventory_hostname].grouped }}']}}
    - {include_role: {name: app}}
    - {name: Lookups, debug: {msg: ["{{ lookup('file', 'sealed.conf') }}", "{{ lookup('unvault', 'sealed.conf') | upper }}", "{{ lookup('ini', 'key file=sealed.conf') }}", "{{ lookup('template', 'sealed.j2') }}"]}}
    - {name: Sealed file, copy: {src: sealed.conf, dest: '{{ playbook_dir }}/sealed.copy'}}
    - {name: Sealed template, template: {src: sealed.j2, dest: '{{ playbook_dir }}/sealed.made'}}
    - {name: Value, debug: {var: nested}}
    - {name: Joined, debug: {var: joined}}
    - {name: Filters, debug: {msg: ['{{ vaulted | upper }}', '{{ vaulted | reverse }}', '{{ vaulted | b64encode }}', '{{ joined | to_json }}', '{{ nested | to_nice_yaml }}', '{{ vaulted | sha1 }}', "{{ [vaulted, 'b'] | join('-') }}", "{{ vaulted | regex_replace('Tr', 'xx') }}", "{{ '%s!' % vaulted }}", "{{ '{}!'.format(inline) }}", '{{ vaulted[:9] }}', '{{ vaulted | list }}']}}
    - {name: Fact, set_fact: {fact: '{{ joined }}', other: "{{ {'a': vaulted} }}"}}
    - {name: Fact again, debug: {msg: '{{ fact }} {{ other }} {{ hostvars[inventory_hostname].fact }}'}}
    - {name: Loop, debug: {msg: '{{ item }}'}, loop: "{{ nested.list + [inline] }}"}
    - {name: Loop with a label, debug: {msg: '{{ item.v }}'}, loop: [{v: '{{ vaulted }}', n: 1}], loop_control: {label: '{{ item }}'}}
    - {name: Copy, copy: {content: "pw={{ joined }}\\n", dest: '{{ playbook_dir }}/made.conf', mode: '0600'}, register: copied}
    - {name: Result, debug: {var: copied}}
    - {name: Template, template: {src: app.j2, dest: '{{ playbook_dir }}/app.conf'}}
    - {name: Line, lineinfile: {path: '{{ playbook_dir }}/old.conf', regexp: '^password', line: 'password = {{ vaulted }}'}}
    - {name: Command, command: 'echo {{ vaulted }}', register: said}
    - {name: What it said, debug: {msg: '{{ said.stdout }} {{ said }}'}}
    - {name: Shell by stdin, shell: cat, args: {stdin: '{{ inline }}'}, register: read}
    - {name: What it read, debug: {var: read.stdout_lines}}
    - {name: Condition, debug: {msg: yes}, when: "vaulted == 'nope' or inline in ['a']"}
    - {name: Assert, assert: {that: "vaulted == 'nope'", fail_msg: 'it is {{ vaulted }}'}, ignore_errors: true}
    - {name: Fail, fail: {msg: 'because {{ inline }}'}, ignore_errors: true}
    - {name: Filter that fails, debug: {msg: '{{ vaulted | from_json }}'}, ignore_errors: true}
    - {name: Another, debug: {msg: "{{ joined | regex_replace('(', 'x') }}"}, ignore_errors: true}
    - {name: Number, debug: {msg: '{{ vaulted | human_to_bytes }}'}, ignore_errors: true}
    - {name: Key, debug: {msg: "{{ {'a': 1}[vaulted] }}"}, ignore_errors: true}
    - {name: Not there, debug: {msg: '{{ nested[inline].x }}'}, ignore_errors: true}
    - {name: File, debug: {msg: "{{ lookup('file', '/nowhere/' ~ vaulted) }}"}, ignore_errors: true}
    - {name: Bad argument, file: {path: '{{ playbook_dir }}/x', state: '{{ vaulted }}'}, ignore_errors: true}
    - {name: Bad mode, file: {path: '{{ playbook_dir }}/made.conf', mode: '{{ inline }}'}, ignore_errors: true}
    - {name: Not logged, command: 'echo {{ plain }}', no_log: true, register: unlogged}
    - {name: What was not logged, debug: {msg: '{{ unlogged.stdout }}'}}
    - {name: Not logged and failing, command: 'sh -c "echo {{ plain }}; exit 3"', no_log: true, ignore_errors: true}
    - {name: Not logged in a loop, debug: {msg: '{{ item }}'}, loop: ['{{ plain }}'], no_log: true}
    - {name: Undefined at last, debug: {msg: '{{ vaulted ~ nowhere }}'}, ignore_errors: true}
`,
);

/** Every form in which a secret may not be seen. */
function formsOf(secret: string): string[] {
	return [
		secret,
		secret.toUpperCase(),
		Array.from(secret).reverse().join(''),
		Buffer.from(secret).toString('base64').replace(/=+$/, ''),
		secret.slice(0, 9),
		secret.replace('Tr', 'xx'),
		Array.from(secret.slice(0, 6), (character) => JSON.stringify(character)).join(', '),
	];
}

/** Runs the program, watching the arguments of every process it starts; gives all it said. */
async function run(command: string, args: readonly string[]): Promise<{said: string; argv: string; status: number | null}> {
	const child = spawn(command, args, {
		cwd: folder,
		env: {PATH: process.env['PATH'], HOME: folder, XDG_STATE_HOME: join(folder, 'state'), LC_ALL: 'C.UTF-8'},
		stdio: ['pipe', 'pipe', 'pipe'],
	});
	let said = '';
	const hear = (chunk: string) => {
		said += chunk;
		// Typed when it is asked for: earlier the terminal would still show it.
		if (/Say it: $/.test(said)) child.stdin.end(`${planted.prompted}\n`);
	};
	for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', hear);
	const seen = new Set<string>();
	const timer = setInterval(() => {
		for (const line of argumentsOfProcesses(folder)) seen.add(line);
	}, 5);
	const status = await new Promise<number | null>((resolve) => child.on('close', resolve));
	clearInterval(timer);
	return {said, argv: [...seen].join('\n'), status};
}

/** The arguments of all processes of this user but those that the playbook's own commands start. */
function argumentsOfProcesses(below: string): string[] {
	return readdirSync('/proc')
		.filter((name) => /^\d+$/.test(name))
		.flatMap((pid) => {
			try {
				const line = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
				return /^(?:echo|sh -c echo|\/bin\/echo)\b/.test(line) || line.includes(below) ? [] : [line];
			} catch {
				return [];
			}
		});
}

function filesBelow(path: string): string[] {
	return readdirSync(path, {withFileTypes: true}).flatMap((entry) =>
		entry.isDirectory() ? filesBelow(join(path, entry.name)) : [join(path, entry.name)],
	);
}

symlinkSync(program, join(folder, 'ansible-playbook'));
const vault = ['--vault-password-file', 'password', '-e', '@given.yml'];
const node = (...args: string[]) => [process.execPath, ...args, ...vault, 'site.yml'] as const;
const playbook = [join(folder, 'ansible-playbook'), '-vvv', '--diff'];
const ways: readonly (readonly [name: string, command: readonly [string, ...string[]]])[] = [
	['run -vvv --diff', node(program, 'run', '-vvv', '--diff')],
	['check', node(program, 'check')],
	['run --json', node(program, 'run', '--json', '--diff')],
	['ansible-playbook -vvv --diff', node(...playbook)],
	['ansible-playbook -vvv --diff at a terminal', ['script', '-qec', node(...playbook).join(' '), '/dev/null']],
];
for (const [name, [command, ...args]] of ways) {
	test.serial(`no secret in what \`${name}\` says, logs, keeps and starts`, async (t) => {
		const {said, argv, status} = await run(command, args);
		t.is(status, 0, said.slice(-3000));
		t.true(said.includes('«hidden»'), 'secrets are shown as hidden');
		if (command === 'script') t.true(said.includes('Say it: '), 'it asked');
		const places = [
			['output', said],
			['arguments', argv],
			...filesBelow(folder)
				.filter((path) => /\/state\/|run\.log$/.test(path))
				.map((path) => [path, readFileSync(path, 'utf8')] as const),
		] as const;
		const leaks = places.flatMap(([place, text]) =>
			Object.values(planted).flatMap((secret) =>
				formsOf(secret)
					.filter((form) => text.includes(form))
					.map((form) => `${place}: ${form}: ${text.slice(Math.max(0, text.indexOf(form) - 200), text.indexOf(form) + 60)}`),
			),
		);
		t.deepEqual(leaks, []);
	});
}

test.serial('the secrets are where they belong', (t) => {
	t.is(readFileSync(join(folder, 'made.conf'), 'utf8'), `pw=${planted.vaulted}:${planted.inline}\n`);
	t.true(readFileSync(join(folder, 'app.conf'), 'utf8').includes(`password = ${planted.vaulted}\n`));
	t.is(readFileSync(join(folder, 'sealed.made'), 'utf8'), `key=2 ${planted.sealedFile}\n`);
	t.is(readFileSync(join(folder, 'old.conf'), 'utf8'), `password = ${planted.vaulted}\n`);
});
