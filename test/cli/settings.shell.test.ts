import {spawnSync} from 'node:child_process';
import {mkdirSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir, userInfo} from 'node:os';
import {dirname, join} from 'node:path';
import test from 'ava';
import {program} from '../project.js';

const root = mkdtempSync(join(tmpdir(), 'playbill-set-'));
test.after.always(() => rmSync(root, {recursive: true, force: true}));

const files: Readonly<Record<string, string>> = {
	hosts: 'h1 ansible_connection=local n=1\nh2 ansible_connection=local n=2\n',
	'folder/a.skip': 'h1 ansible_connection=local\n',
	'folder/b': 'h2 ansible_connection=local\n',
	'roles_here/r/tasks/main.yml': '- debug: {msg: role was found}\n',
	secret: 'pass\n',
	'say.yml': '- hosts: all\n  gather_facts: false\n  tasks: [{name: say, command: echo said}]\n',
	'wait.yml': '- hosts: h1\n  gather_facts: false\n  tasks: [{command: sleep 20}]\n',
	'fail.yml':
		'- hosts: all\n  gather_facts: false\n  handlers: [{name: told, debug: {msg: handled}}]\n  tasks: [{command: echo x, notify: told}, {fail: {}, when: n == 1}, {name: goes on, debug: {}}]\n',
	'role.yml': '- hosts: h1\n  gather_facts: false\n  roles: [r]\n',
	'more.yml': '- hosts: h1\n  gather_facts: false\n  tasks: [{include_tasks: one.yml}]\n',
	'one.yml': '- debug: {msg: inner}\n',
	'tags.yml':
		'- hosts: h1\n  gather_facts: false\n  tasks: [{debug: {msg: is a}, tags: a}, {debug: {msg: is b}, tags: b}, {debug: {msg: skips}, when: false}]\n',
	'facts.yml': '- hosts: h1\n  gather_subset: "!all"\n  tasks: [{debug: {msg: "{{ ansible_system is defined }}"}}]\n',
	'unreachable.yml': '- hosts: h1\n  gather_facts: false\n  connection: ssh\n  tasks: [{ping: {}}]\n',
	'shell.yml': '- hosts: h1\n  gather_facts: false\n  tasks: [{raw: "echo $OF_SHELL"}]\n',
	sh: '#!/bin/sh\nOF_SHELL=mine\nexport OF_SHELL\nexec /bin/sh "$@"\n',
	'copy.yml':
		'- hosts: h1\n  gather_facts: false\n  tasks: [{copy: {content: "new\\n", dest: "{{ playbook_dir }}/copied"}, check_mode: true}]\n',
};
for (const [name, text] of Object.entries(files)) {
	mkdirSync(dirname(join(root, name)), {recursive: true});
	writeFileSync(join(root, name), text, {mode: name === 'sh' ? 0o755 : 0o644});
}

interface Row {
	/** `section.key` and its value. */
	readonly set: Readonly<Record<string, string>>;
	readonly run: string;
	readonly args?: readonly string[];
	/** What is seen with the setting and not without it, or (`lacks`) the other way round. */
	readonly shows?: RegExp;
	readonly lacks?: RegExp;
	readonly status?: number;
}

const rows: readonly Row[] = [
	{set: {'defaults.no_log': 'yes'}, run: 'say.yml', args: ['-v'], shows: /"censored"/, lacks: /said/},
	{set: {'defaults.task_timeout': '1'}, run: 'wait.yml', shows: /Timed out after 1 second/, status: 2},
	{set: {'defaults.any_errors_fatal': 'true'}, run: 'fail.yml', lacks: /TASK \[goes on\]/, status: 2},
	{set: {'defaults.force_handlers': 'true'}, run: 'fail.yml', args: ['-l', 'h1'], shows: /RUNNING HANDLER \[told\]/, status: 2},
	{set: {'defaults.roles_path': 'roles_here'}, run: 'role.yml', shows: /role was found/},
	{set: {'defaults.display_included_hosts': 'no'}, run: 'more.yml', lacks: /included: /},
	{set: {'defaults.display_skipped_hosts': 'no'}, run: 'tags.yml', lacks: /skipping: /},
	{set: {'defaults.display_ok_hosts': 'no'}, run: 'tags.yml', lacks: /ok: \[/},
	{set: {'defaults.verbosity': '1'}, run: 'say.yml', shows: /"stdout": "said"/},
	{set: {'defaults.callback_result_format': 'yaml', 'defaults.verbosity': '1'}, run: 'say.yml', shows: /^ {4}stdout: said$/m},
	{set: {'defaults.callbacks_enabled': 'timer'}, run: 'say.yml', shows: /Playbook run took/},
	{set: {'defaults.force_color': 'yes'}, run: 'say.yml', shows: /\x1b\[0;33mchanged/},
	{set: {'defaults.gathering': 'explicit'}, run: 'facts.yml', shows: /"msg": false/, lacks: /Gathering Facts/},
	{set: {'defaults.inject_facts_as_vars': 'no'}, run: 'facts.yml', shows: /"msg": false/},
	{set: {'defaults.inventory': 'folder', 'inventory.ignore_extensions': '.skip'}, run: 'say.yml', lacks: /\[h1\]/},
	{set: {'defaults.inventory': 'folder', 'inventory.ignore_patterns': '^b'}, run: 'say.yml', lacks: /\[h2\]/},
	{set: {'defaults.inventory': 'nowhere', 'inventory.unparsed_is_failed': 'yes'}, run: 'say.yml', status: 4},
	{
		set: {'defaults.inventory': 'nowhere', 'inventory.inventory_unparsed_warning': 'no'},
		run: 'say.yml',
		lacks: /only the implicit/,
	},
	{set: {'tags.run': 'a'}, run: 'tags.yml', lacks: /is b/},
	{set: {'tags.skip': 'a'}, run: 'tags.yml', lacks: /is a/},
	{set: {'diff.always': 'yes'}, run: 'copy.yml', shows: /^\+new$/m},
	{set: {'defaults.check_mode_markers': 'yes'}, run: 'say.yml', args: ['--check'], shows: /DRY RUN/},
	{
		set: {'defaults.remote_port': '2', 'ssh_connection.timeout': '9'},
		run: 'unreachable.yml',
		args: ['-e', 'ansible_connection=ssh ansible_host=127.0.0.1'],
		shows: /127\.0\.0\.1:2|port 2\b/,
		status: 4,
	},
	{set: {'defaults.executable': 'sh'}, run: 'shell.yml', args: ['-v'], shows: /"stdout": "mine\\n"/},
	{set: {'defaults.retry_files_enabled': 'yes'}, run: 'fail.yml', shows: /to retry, use: --limit @/, status: 2},
	{
		set: {'privilege_escalation.become': 'yes', 'sudo_become_plugin.executable': '/nowhere/sudo'},
		run: 'say.yml',
		args: ['--become-user', 'nobody'],
		shows: /\/nowhere\/sudo/,
		status: 2,
	},
	{
		set: {'privilege_escalation.become': 'yes', 'privilege_escalation.become_exe': '/nowhere/any'},
		run: 'say.yml',
		args: ['--become-user', 'nobody'],
		shows: /\/nowhere\/any/,
		status: 2,
	},
	{
		set: {'privilege_escalation.become_allow_same_user': 'yes'},
		run: 'say.yml',
		args: ['--become', '--become-user', userInfo().username, '-e', 'ansible_become_exe=/nowhere/same'],
		shows: /\/nowhere\/same/,
		status: 2,
	},
];

for (const {set, run, args = [], shows, lacks, status = 0} of rows) {
	const name = Object.entries(set).map(([key, value]) => `${key} = ${value}`);
	test(`${name.join(', ')}`, (t) => {
		const go = (settings: Readonly<Record<string, string>>) => {
			const folder = mkdtempSync(join(root, 'cfg-'));
			const all = {'defaults.inventory': 'hosts', ...settings};
			const text = Object.entries(all).map(([place, value]) => {
				const [section, key] = place.split('.');
				const path = /^(inventory|roles_path|executable)$/.test(key!) ? join(root, value) : value;
				return `[${section}]\n${key} = ${path}\n`;
			});
			writeFileSync(join(folder, 'ansible.cfg'), text.join(''));
			const environment = Object.entries(process.env).filter(([key]) => !key.startsWith('ANSIBLE_') && key !== 'NO_COLOR');
			const env = {...Object.fromEntries(environment), ANSIBLE_CONFIG: join(folder, 'ansible.cfg')};
			const result = spawnSync(process.execPath, [program, 'run', join(root, run), ...args], {env, cwd: root, encoding: 'utf8'});
			return {text: result.stdout + result.stderr, status: result.status};
		};
		const given = go(set);
		t.is(given.status, status, given.text);
		const {'defaults.inventory': inventory} = set;
		// Without its limit the waiting one would only wait.
		const unset = run === 'wait.yml' ? undefined : go(inventory ? {'defaults.inventory': inventory} : {});
		if (shows) t.regex(given.text, shows);
		if (lacks) t.notRegex(given.text, lacks);
		if (unset && shows) t.notRegex(unset.text, shows, 'not without it');
		if (unset && lacks) t.regex(unset.text, lacks, 'only with it');
	});
}
