import {spawnSync} from 'node:child_process';
import {mkdirSync, readdirSync, readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import test from 'ava';
import {inFolder, runIn} from '../errors/cases.js';
import {root} from '../project.js';

const examples = join(root, 'test/docs/examples');

/** What the examples name of this side. */
function layFiles(folder: string): void {
	for (const name of ['host', 'files', 'templates', 'vars']) mkdirSync(join(folder, name));
	writeFileSync(join(folder, 'archive'), 'hello\n');
	writeFileSync(join(folder, 'vars/more.yml'), 'more: true\n');
	writeFileSync(join(folder, 'templates/server.conf.j2'), 'name = {{ inventory_hostname }}\n');
	writeFileSync(join(folder, 'files/hello.sh'), '#!/bin/sh\necho "hello $1"\n');
	mkdirSync(join(folder, 'release'));
	writeFileSync(join(folder, 'release/readme'), 'a release\n');
	spawnSync('tar', ['-czf', 'files/release.tar.gz', 'release'], {cwd: folder});
}

for (const file of readdirSync(examples).sort()) {
	const tasks = readFileSync(join(examples, file), 'utf8');
	if (tasks.startsWith('# not run: ')) continue;
	test(`the example of ${file.replace('.yml', '')} runs, and changes nothing the second time`, async (t) => {
		await inFolder(async (folder) => {
			layFiles(folder);
			const play = `- hosts: all\n  connection: local\n  gather_facts: false\n  vars:\n    folder: "{{ playbook_dir }}/host"\n  tasks:\n`;
			writeFileSync(join(folder, 'playbook.yml'), play + tasks.replace(/^(?=.)/gm, '    '));
			const args = ['run', '-i', 'kafka1,', 'playbook.yml'];
			const first = await runIn(folder, args);
			t.is(first.status, 0, first.text);
			t.notRegex(first.text, /^warning/m);
			const again = await runIn(folder, args);
			t.is(again.status, 0, again.text);
			if (!tasks.startsWith('# changes always')) t.notRegex(again.text, /changed=[1-9]/);
		});
	});
}
