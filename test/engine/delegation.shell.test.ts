import {mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import test from 'ava';
import {sshdMissing, startSshd} from '../connection/sshd.js';
import {runPlay, statuses} from './run-play.js';

/* Tasks that act on another host than their own. */

const top = realpathSync(mkdtempSync(join(tmpdir(), 'playbill-delegation-')));
test.after.always(() => rmSync(top, {recursive: true, force: true}));
const withSshd = sshdMissing() ? test.skip : test;

const begin = '- hosts: all\n  gather_facts: false\n  tasks:\n';

/** Each says that it has come and waits, at the most a minute, until all have. */
const meeting = (folder: string, count: number) =>
	`${begin}    - shell: |
        touch ${folder}/{{ inventory_hostname }}; n=0
        while [ $(ls ${folder} | wc -l) -lt ${count} ]; do sleep 0.05; n=$((n + 1)); [ $n -lt 1200 ] || exit 1; done
      delegate_to: "{{ meet }}"
`;

for (const [name, count, meet] of [
	['this machine', 12, 'localhost'],
	['a host of the play', 4, 'h1'],
] as const)
	test(`tasks that are delegated to ${name} run side by side`, async (t) => {
		const folder = join(top, meet);
		mkdirSync(folder);
		const inventory = Array.from({length: count}, (_, index) => `h${index + 1} ansible_connection=local meet=${meet}\n`).join('');
		const {events} = await runPlay(folder, meeting(folder, count + 2), {inventory, forks: count});
		t.is(statuses(events).filter((one) => one.endsWith('changed')).length, count);
	});

withSshd('tasks that are delegated to a host that is reached by ssh run side by side', async (t) => {
	const folder = join(top, 'ssh');
	mkdirSync(folder);
	const sshd = await startSshd();
	try {
		const hosts = ['h1', 'h2', 'h3', 'h4'].map((host) => `${host} ansible_connection=local meet=far\n`).join('');
		const inventory = `[near]\n${hosts}[away]\nfar ${sshVariables(sshd, '127.0.0.1')}\n`;
		const play = meeting(folder, 6).replace('hosts: all', 'hosts: near');
		const {events} = await runPlay(folder, play, {inventory});
		t.is(statuses(events).filter((one) => one.endsWith('changed')).length, 4);
	} finally {
		await sshd.stop();
	}
});

for (const [name, delegate] of [
	['another address', 'other'],
	['this machine itself', 'localhost'],
] as const)
	withSshd(`what is changed under ${name} of the same machine is seen`, async (t) => {
		const folder = join(top, `alias-${delegate}`);
		mkdirSync(folder);
		const sshd = await startSshd([], ['127.0.0.1', '127.0.0.2']);
		try {
			const inventory = `[play]\nweb ${sshVariables(sshd, '127.0.0.1')}\n[more]\nother ${sshVariables(sshd, '127.0.0.2')}\n`;
			const copy = (text: string, more = '') => `    - copy: {dest: ${folder}/x, content: ${text}}\n${more}`;
			const tasks = `${copy('first')}    - stat: {path: ${folder}}\n${copy('second', `      delegate_to: ${delegate}\n`)}${copy('first')}`;
			const {events} = await runPlay(folder, begin.replace('all', 'play') + tasks, {inventory});
			t.deepEqual(statuses(events), ['web changed', 'web ok', 'web changed', 'web changed']);
			t.is(readFileSync(join(folder, 'x'), 'utf8'), 'first');
		} finally {
			await sshd.stop();
		}
	});

/** The variables of a host of the inventory that the sshd is. */
function sshVariables(sshd: Awaited<ReturnType<typeof startSshd>>, address: string): string {
	const {user, privateKeyFile} = sshd.target();
	const known = "ansible_ssh_common_args='-F none -o UserKnownHostsFile=/dev/null -o StrictHostKeyChecking=no'";
	return `ansible_host=${address} ansible_port=${sshd.port} ansible_user=${user} ansible_ssh_private_key_file=${privateKeyFile} ${known}`;
}
