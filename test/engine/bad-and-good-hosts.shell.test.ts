import {existsSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync} from 'node:fs';
import {type AddressInfo, createServer, type Server, type Socket} from 'node:net';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import test from 'ava';
import {sshdMissing, startSshd} from '../connection/sshd.js';
import {runPlay, statuses} from './run-play.js';

/* Hosts that answer and hosts that do not, in one play: the former do their work, the latter end as unreachable, each with its reason. */

const folder = realpathSync(mkdtempSync(join(tmpdir(), 'playbill-hosts-')));
test.after.always(() => rmSync(folder, {recursive: true, force: true}));

/** What a server does with who connects. */
const servers: Readonly<Record<string, (socket: Socket) => void>> = {
	silent: () => {},
	closing: (socket) => socket.end(),
	greeting: (socket) => socket.end('SSH-2.0-OpenSSH_9.2\r\n'),
	other: (socket) => socket.write('220 mail.example ESMTP\r\n'),
	slow: (socket) => {
		const text = 'SSH-2.0-OpenSSH_9.2\r\n';
		let at = 0;
		const timer = setInterval(() => (at < text.length ? socket.write(text[at++]!) : clearInterval(timer)), 200);
		socket.on('close', () => clearInterval(timer));
	},
};

(sshdMissing() ? test.skip : test)('each host ends in its own way', async (t) => {
	t.timeout(120_000);
	const sshd = await startSshd();
	const open: Server[] = [];
	const sockets: Socket[] = [];
	try {
		const {user, privateKeyFile} = sshd.target();
		const lines = [`good1 ansible_port=${sshd.port}`, `good2 ansible_port=${sshd.port}`];
		for (const [name, greet] of Object.entries(servers)) {
			const server = createServer((socket) => {
				sockets.push(socket.on('error', () => {}));
				greet(socket);
			});
			open.push(server);
			await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
			lines.push(`${name} ansible_port=${(server.address() as AddressInfo).port}`);
		}
		const own = `ansible_host=127.0.0.1 ansible_user=${user} ansible_ssh_private_key_file=${privateKeyFile} ansible_timeout=3`;
		const known = "ansible_ssh_common_args='-F none -o UserKnownHostsFile=/dev/null -o StrictHostKeyChecking=no'";
		const play = `- hosts: all
  gather_facts: false
  tasks:
    - shell: echo {{ inventory_hostname }} >>${folder}/came
      retries: 3
      delay: 0
      until: true
    - copy: {content: x, dest: "${folder}/{{ inventory_hostname }}"}
`;
		const {events, status} = await runPlay(folder, play, {
			inventory: lines.map((line) => `${line} ${own} ${known}\n`).join(''),
			forks: 10,
		});
		t.is(status, 4);
		const bad = Object.keys(servers);
		t.deepEqual(
			[...statuses(events)].sort(),
			[...['good1 changed', 'good2 changed'].flatMap((one) => [one, one]), ...bad.map((one) => `${one} unreachable`)].sort(),
		);
		for (const event of events)
			if (event.type === 'result' && event.outcome.status === 'unreachable')
				t.regex(String(event.outcome.result['msg']), /Failed to connect to the host via ssh: .{8,}/, event.outcome.host);
		t.deepEqual(readFileSync(join(folder, 'came'), 'utf8').split('\n').filter(Boolean).sort(), ['good1', 'good2']);
	} finally {
		for (const socket of sockets) socket.destroy();
		for (const server of open) server.close();
		await sshd.stop();
	}
});

(sshdMissing() ? test.skip : test)('a step whose end nobody knows is told so, and not done again', async (t) => {
	t.timeout(120_000);
	const sshd = await startSshd();
	try {
		const {user, privateKeyFile} = sshd.target();
		const known = "ansible_ssh_common_args='-F none -o UserKnownHostsFile=/dev/null -o StrictHostKeyChecking=no'";
		const inventory = `far ansible_host=127.0.0.1 ansible_port=${sshd.port} ansible_user=${user} ansible_ssh_private_key_file=${privateKeyFile} ${known}\n`;
		// It ends the shell that runs it, and with it all that was to be kept of its outcome.
		writeFileSync(join(folder, 'ending'), `echo begun >>${folder}/times; kill -9 $(ps -o ppid= -p $PPID) $PPID\n`);
		const play = `- hosts: all
  gather_facts: false
  tasks:
    - block:
        - command: sh ${folder}/ending
          retries: 3
          delay: 0
          register: r
          until: r is succeeded
      rescue:
        - copy: {content: x, dest: ${folder}/rescued}
`;
		const {events, status} = await runPlay(folder, play, {inventory});
		t.is(status, 4);
		t.deepEqual(statuses(events), ['far unreachable']);
		const told = events.find((event) => event.type === 'result');
		t.regex(String(told?.type === 'result' && told.outcome.result['msg']), /unknown, connection lost/);
		t.is(readFileSync(join(folder, 'times'), 'utf8'), 'begun\n');
		t.false(existsSync(join(folder, 'rescued')));
	} finally {
		await sshd.stop();
	}
});
