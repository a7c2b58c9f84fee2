import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {sshdMissing, startSshd} from '../connection/sshd.js';
import {costs, loadedBy} from './program.js';

/*
 * What a start costs, counted and not timed: files and bytes of JavaScript that are loaded (test/cost/costs.json). The program grows, so the limit in bytes leaves room
 * for a few features; it is raised by whoever needs more, and knows then that every run pays for it.
 */

/** How far a limit may lie above what is loaded. */
const room = {files: 5, kilobytes: 50};

const folder = mkdtempSync(join(tmpdir(), 'playbill-loaded-'));
writeFileSync(join(folder, 'one.yml'), '- hosts: all\n  gather_facts: false\n  tasks:\n    - command: "true"\n');
test.after.always(() => rmSync(folder, {recursive: true, force: true}));

for (const [name, args] of [
	['--version', ['--version']],
	['one local task', ['run', '-i', 'here,', '-c', 'local', 'one.yml']],
] as const)
	test(`${name} loads what it uses`, (t) => holds(t, name, args));

(sshdMissing() ? test.skip : test)('one task over ssh loads what it uses', async (t) => {
	const sshd = await startSshd();
	try {
		const {privateKeyFile, user, sshArgs = []} = sshd.target();
		const inventory = join(sshd.folder, 'hosts.ini');
		const own = `here ansible_host=127.0.0.1 ansible_port=${sshd.port} ansible_user=${user} ansible_ssh_private_key_file=${privateKeyFile}`;
		writeFileSync(
			inventory,
			`${own} ansible_ssh_common_args='${sshArgs.join(' ')} -o UserKnownHostsFile=${sshd.home}/.ssh/known_hosts'\n`,
		);
		holds(t, 'one task over ssh', ['run', '-i', inventory, 'one.yml']);
	} finally {
		await sshd.stop();
	}
});

test('no library is loaded that the run does not use', (t) => {
	const libraries = (args: readonly string[]) => [
		...new Set(loadedBy(folder, args).flatMap(({path}) => /\/node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1] ?? [])),
	];
	t.deepEqual(libraries(['--version']), []);
	t.deepEqual(libraries(['run', '-i', 'here,', '-c', 'local', 'one.yml']).sort(), ['js-yaml', 'p-limit', 'yocto-queue']);
});

function holds(t: ExecutionContext, name: string, args: readonly string[]): void {
	const loaded = loadedBy(folder, args);
	const found = {files: loaded.length, kilobytes: Math.ceil(loaded.reduce((sum, {bytes}) => sum + bytes, 0) / 1000)};
	for (const unit of ['files', 'kilobytes'] as const) {
		const [is, limit] = [found[unit], costs.loaded[name]![unit]];
		t.true(is <= limit, `${name} loads ${is} ${unit}, more than the ${limit} of costs.json`);
		t.true(is >= limit - room[unit], `${name} loads ${is} ${unit}: lower the ${limit} of costs.json`);
	}
}
