import {spawnSync} from 'node:child_process';
import {existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import test from 'ava';
import {root} from '../project.js';

function run(folder: string, command: string, ...args: string[]) {
	const environment = {
		PATH: process.env['PATH'],
		HOME: tmpdir(),
		npm_config_cache: join(tmpdir(), 'playbill-npm'),
		npm_config_update_notifier: 'false',
	};
	return spawnSync(command, args, {cwd: folder, encoding: 'utf8', env: environment, timeout: 100_000});
}

test('packed by npm and unpacked elsewhere, it runs a stranger’s playbook', (t) => {
	const folder = mkdtempSync(join(tmpdir(), 'playbill-pack-'));
	try {
		// The build that `prepack` makes stands already: scripts are left out, so that other tests' program is not rewritten under them.
		const packed = run(root, 'npm', 'pack', '--ignore-scripts', '--silent', '--pack-destination', folder);
		t.is(packed.status, 0, packed.stderr);
		const installed = join(folder, 'project/node_modules/playbill');
		mkdirSync(installed, {recursive: true});
		const archive = readdirSync(folder).find((name) => name.endsWith('.tgz'))!;
		t.is(run(folder, 'tar', '-xzf', archive, '-C', installed, '--strip-components=1').status, 0);
		t.deepEqual(readdirSync(installed).sort(), ['LICENSE', 'README.md', 'bin', 'dist', 'package.json']);
		// Its dependencies, as npm would lay them, without asking a registry.
		for (const name of readdirSync(join(root, 'node_modules')).filter((one) => !one.startsWith('.') && one !== 'playbill'))
			symlinkSync(join(root, 'node_modules', name), join(folder, 'project/node_modules', name));
		writeFileSync(
			join(folder, 'project/site.yml'),
			`- hosts: all
  connection: local
  gather_facts: false
  tasks:
    - name: Write a note
      copy:
        content: "hello from {{ inventory_hostname }}\\n"
        dest: "{{ playbook_dir }}/note"
        mode: "0600"
`,
		);
		const program = join(installed, 'bin/playbill.js');
		const first = run(join(folder, 'project'), process.execPath, program, 'run', '-i', 'stranger,', 'site.yml');
		t.is(first.status, 0, first.stderr);
		t.regex(first.stdout, /stranger +: ok=1 +changed=1 /);
		t.true(existsSync(join(folder, 'project/note')));
		t.regex(run(join(folder, 'project'), process.execPath, program, 'run', '-i', 'stranger,', 'site.yml').stdout, /changed=0 /);
	} finally {
		rmSync(folder, {recursive: true, force: true});
	}
});
