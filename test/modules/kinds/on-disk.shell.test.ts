import {execFileSync, spawnSync} from 'node:child_process';
import {mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import test from 'ava';
import {contentOfBytes, openConnection} from '../../../src/connection/connection.js';
import {perform} from '../../../src/engine/perform.js';
import type {Args, ModuleDefinition, States} from '../../../src/modules/contract.js';
import copy from '../../../src/modules/copy.js';
import lineinfile from '../../../src/modules/lineinfile.js';
import template from '../../../src/modules/template.js';
import {localTarget, performHost} from '../perform-host.js';

/*
 * The bytes of a file are on the disk before it has its name: the system calls of the host's shell, as strace sees them.
 */

const entry = (path: string, text: string) => ({path, type: 'file', mode: 0o644, content: contentOfBytes(text)}) as const;
const tree = {
	...{path: '/here/tree/', name: 'tree/', type: 'directory', mode: 0o755, content: undefined},
	entries: [entry('one', '1'), entry('two', '22'), entry('three', '333')],
};

// biome-ignore lint/suspicious/noExplicitAny: modules of any arguments and states
const rows: readonly [name: string, before: string, module: ModuleDefinition<any, any>, args: Args, files: readonly string[]][] =
	[
		['a new file', '', copy, {dest: 'DIR/a', content: 'new', mode: '0644'}, ['a']],
		['a file in the place of another', 'echo old >a', copy, {dest: 'DIR/a', content: 'new'}, ['a']],
		['a template', '', template, {dest: 'DIR/a', src: contentOfBytes('text'), mode: '0600'}, ['a']],
		['a large file', '', copy, {dest: 'DIR/a', content: 'x'.repeat(300_000)}, ['a']],
		['an edited file', 'echo a >a', lineinfile, {path: 'DIR/a', line: 'b'}, ['a']],
		['a tree', 'mkdir tree', copy, {dest: 'DIR/tree', src: tree}, ['tree/one', 'tree/two', 'tree/three']],
	];

if (spawnSync('strace', ['-o', '/dev/null', 'true']).status !== 0)
	test.skip('what strace shows: it cannot be used here', () => {});
else {
	for (const [name, before, module, args, files] of rows) {
		test(`${name} is on the disk before it is put in place`, async (t) => {
			const dir = mkdtempSync(join(tmpdir(), 'playbill-disk-'));
			const log = `${dir}.calls`;
			t.teardown(() => {
				rmSync(dir, {recursive: true, force: true});
				rmSync(log, {force: true});
			});
			execFileSync('sh', ['-ec', before || ':'], {cwd: dir});
			const shell = join(dir, '.shell');
			const calls = 'trace=fsync,fdatasync,rename,renameat,renameat2';
			writeFileSync(shell, `#!/bin/sh\nexec strace -f -qq -y -s 4096 -e signal=none -e ${calls} -o '${log}' /bin/sh\n`, {
				mode: 0o755,
			});
			const connection = await openConnection({...localTarget, shellExecutable: shell}, {home: dir, user: 'root'});
			const defaults = Object.entries(module.args).flatMap(([arg, spec]) =>
				spec.default === undefined ? [] : [[arg, spec.default]],
			);
			const given = Object.entries(args).map(([arg, value]) => [
				arg,
				typeof value === 'string' ? value.replace('DIR', dir) : value,
			]);
			const {failed, changed} = await perform(
				module as ModuleDefinition<Args, States>,
				Object.fromEntries([...defaults, ...given]),
				performHost(() => connection.shell()),
				{check: false, diff: false, scope: undefined as never},
			);
			await connection.close();
			t.is(failed, undefined);
			t.true(changed);
			const lines = readFileSync(log, 'utf8').split('\n');
			for (const file of files) {
				const placed = lines.findIndex(
					(line) => line.includes('rename') && line.includes(`${file.split('/').at(-1)}"`) && line.endsWith('= 0'),
				);
				t.true(placed >= 0, `${file} is put in place by a rename: ${lines.join('\n')}`);
				const [from] = /"[^"]*"/.exec(lines[placed]!)!;
				const flushed = lines.findIndex((line) => /f(data)?sync\(/.test(line) && line.includes(`${from.slice(1, -1)}>`));
				t.true(flushed >= 0 && flushed < placed, `${from} is flushed before: ${lines.join('\n')}`);
			}
		});
	}
}
