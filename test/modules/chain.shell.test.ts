import {execFileSync} from 'node:child_process';
import {existsSync, mkdtempSync, readdirSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import test from 'ava';
import {contentOfBytes, openConnection} from '../../src/connection/connection.js';
import {Forecast} from '../../src/engine/forecast.js';
import {perform} from '../../src/engine/perform.js';
import type {Args, ModuleDefinition, States} from '../../src/modules/contract.js';
import copy from '../../src/modules/copy.js';
import file from '../../src/modules/file.js';
import getUrl from '../../src/modules/get-url.js';
import lineinfile from '../../src/modules/lineinfile.js';
import stat from '../../src/modules/stat.js';
import template from '../../src/modules/template.js';
import unarchive from '../../src/modules/unarchive.js';
import {performHost} from './perform-host.js';

// biome-ignore lint/suspicious/noExplicitAny: the tasks of a chain are of many modules
type Task = readonly [module: ModuleDefinition<any, any>, args: Readonly<Record<string, unknown>>];

/** Each chain is checked on an empty folder and then run: both must say the same of every task. */
const chains: Readonly<Record<string, (dir: string) => readonly Task[]>> = {
	'a template into folders that are made first': (dir) => [
		[file, {path: `${dir}/a/b`, state: 'directory', mode: '0750'}],
		[template, {src: contentOfBytes('port=1\n'), dest: `${dir}/a/b/conf`}],
		[lineinfile, {path: `${dir}/a/b/conf`, line: 'port=1'}],
		[lineinfile, {path: `${dir}/a/b/conf`, regexp: '^port', line: 'port=2'}],
		[file, {path: `${dir}/a/b/conf`, mode: '0600'}],
		[file, {path: `${dir}/a/b/conf`, mode: 'u=rw,go='}],
		[copy, {content: 'port=2\n', dest: `${dir}/a/b/conf`}],
		[file, {path: `${dir}/l`, src: 'a/b', state: 'link'}],
		[file, {path: `${dir}/a`, state: 'absent'}],
		[file, {path: `${dir}/a/b`, state: 'absent'}],
		[file, {path: `${dir}/a`, state: 'directory'}],
		[copy, {content: 'x', dest: `${dir}/a/conf`}],
	],
	'files of an archive of this side': (dir) => [
		[file, {path: `${dir}/app`, state: 'directory'}],
		[unarchive, {src: archive(dir), dest: `${dir}/app`, extra_opts: ['--strip-components=1']}],
		[lineinfile, {path: `${dir}/app/conf/settings`, line: 'there'}],
		[lineinfile, {path: `${dir}/app/conf/settings`, line: 'more'}],
		[template, {src: contentOfBytes('x'), dest: `${dir}/app/conf/new`}],
		[
			unarchive,
			{src: archive(dir), dest: `${dir}/app`, extra_opts: ['--strip-components=1'], creates: `${dir}/app/conf/settings`},
		],
	],
	'an archive that is downloaded first': (dir) => [
		[file, {path: `${dir}/app`, state: 'directory'}],
		[getUrl, {url: `file://${dir}.tgz`, dest: `${dir}/x.tgz`}],
		[unarchive, {src: `${dir}/x.tgz`, dest: `${dir}/app`, remote_src: true}],
		[template, {src: contentOfBytes('x'), dest: `${dir}/app/top/conf/new`}],
		[file, {path: `${dir}/x.tgz`, state: 'absent'}],
	],
};

for (const [name, tasks] of Object.entries(chains)) {
	test(`check mode foretells ${name}`, async (t) => {
		const dir = mkdtempSync(join(tmpdir(), 'playbill-chain-'));
		const connection = await openConnection(
			{name: 'here', transport: 'local', address: 'localhost', hostKeyChecking: false, connectTimeout: 30_000},
			{home: '/', user: 'root'},
		);
		try {
			makeArchive(dir);
			const checked = await run(tasks(dir), true);
			t.deepEqual(readdirSync(dir), [], 'nothing was done');
			t.deepEqual(checked, await run(tasks(dir), false));
		} finally {
			await connection.close();
			for (const path of [dir, `${dir}.tgz`]) rmSync(path, {recursive: true, force: true});
		}

		async function run(all: readonly Task[], check: boolean): Promise<readonly string[]> {
			const forecast = new Forecast();
			const said: string[] = [];
			for (const [module, given] of all) {
				const defaults = Object.entries(module.args).map(([key, spec]) => [key, (spec as {default?: unknown}).default]);
				const args = {...Object.fromEntries(defaults.filter(([, value]) => value !== undefined)), ...given} as Args;
				const host = performHost(() => connection.shell(), forecast);
				const done = await perform(module as ModuleDefinition<Args, States>, args, host, {
					check,
					diff: false,
					scope: undefined as never,
				});
				said.push(`${module.name}: ${done.failed ?? (done.changed ? 'changed' : 'ok')}`);
			}
			return said;
		}
	});
}

test('stat sees what is foretold', async (t) => {
	const connection = await openConnection(
		{name: 'here', transport: 'local', address: 'localhost', hostKeyChecking: false, connectTimeout: 30_000},
		{home: '/', user: 'root'},
	);
	const host = performHost(() => connection.shell());
	const options = {check: true, diff: false, scope: undefined as never};
	const path = join(tmpdir(), 'playbill-no-such-file');
	const writing = await perform(copy as never, {content: 'hello\n', dest: path, force: true}, host, options);
	const seen = await perform(stat as never, {path, get_checksum: true, checksum_algorithm: 'sha256'}, host, options);
	await connection.close();
	t.true(writing.changed);
	t.false(existsSync(path));
	t.is(
		JSON.stringify((seen.result['stat'] as unknown as Map<string, unknown>).get('checksum')),
		'"5891b5b522d5df086d0ff0b110fbd9d21bb4fc7163af34d08286a2e846f6be03"',
	);
});

function makeArchive(dir: string): void {
	const from = mkdtempSync(join(tmpdir(), 'playbill-packed-'));
	execFileSync('sh', ['-ec', 'mkdir -p top/conf; echo there >top/conf/settings; tar -czf "$1" top', 'sh', `${dir}.tgz`], {
		cwd: from,
	});
	rmSync(from, {recursive: true});
}

function archive(dir: string): unknown {
	return {
		path: `${dir}.tgz`,
		name: 'x.tgz',
		type: 'file',
		mode: 0o644,
		content: contentOfBytes(execFileSync('cat', [`${dir}.tgz`])),
		entries: [],
	};
}
