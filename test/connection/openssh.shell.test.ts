import {execFileSync, spawn, spawnSync} from 'node:child_process';
import {once} from 'node:events';
import {copyFileSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {connect, createServer, type Socket} from 'node:net';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import test from 'ava';
import {type ConnectionSettings, openConnection, sh, type Target, UnreachableError} from '../../src/connection/connection.js';
import {program} from '../project.js';
import {freePort, type Sshd, sshdMissing, startSshd} from './sshd.js';

const hello = sh`
	# prints hello
	echo hello
`;

// A folder of this process's own, so that what is left behind is told from what others have just made.
process.env['TMPDIR'] = mkdtempSync(join(tmpdir(), 'pb-'));
process.once('exit', () => rmSync(tmpdir(), {recursive: true, force: true}));

if (sshdMissing()) test.skip(`skipped: ${sshdMissing()}`, () => {});
else {
	let sshd: Sshd;
	/** One that wants a way to exchange keys that the library has not. */
	let modern: Sshd;
	test.before(async () => {
		[sshd, modern] = await Promise.all([
			startSshd(['TrustedUserCAKeys %f/ca.pub', 'HostCertificate %f/host-cert.pub']),
			startSshd(['KexAlgorithms sntrup761x25519-sha512@openssh.com']),
		]);
	});
	test.after.always(() => Promise.all([sshd?.stop(), modern?.stop()]));

	const greet = async (target: Target, settings: ConnectionSettings): Promise<string> => {
		const connection = await openConnection(target, settings);
		try {
			return (await (await connection.shell()).run({script: hello})).stdout.toString();
		} finally {
			await connection.close();
		}
	};
	const system = (more: Partial<Target> = {}) => sshd.target({sshClient: 'openssh', ...more});
	/** What the system's ssh was used for, or undefined when it was not. */
	const used = async (target: Target, settings: ConnectionSettings): Promise<string | undefined> => {
		const said: string[] = [];
		const answer = await greet(target, {...settings, log: (line, verbosity) => verbosity === 1 && said.push(line)});
		if (answer !== 'hello\n') throw new Error(answer);
		return said.join().replace("<h1> the system's ssh is used: ", '') || undefined;
	};
	const file = (name: string, text: string): string => {
		const path = join(sshd.home, name);
		writeFileSync(path, text);
		return path;
	};

	test.serial('it is used when it is asked for, and leaves nothing behind', async (t) => {
		const before = remains();
		const connection = await openConnection(system(), sshd.settings);
		const shell = await connection.shell();
		t.is((await shell.run({script: hello})).stdout.toString(), 'hello\n');
		t.is(remains().length, before.length + 1);
		await connection.close();
		t.deepEqual(remains(), before);
		t.deepEqual(await processesWith(join(tmpdir(), 'playbill-ssh-')), []);
	});

	test.serial('a connection that was lost leaves nothing behind either', async (t) => {
		const before = remains();
		const connection = await openConnection(system(), sshd.settings);
		t.teardown(() => connection.close());
		await connection.shell();
		const [lost] = remains().filter((name) => !before.includes(name));
		for (const pid of sshd.sessions()) process.kill(pid, 'SIGKILL');
		while (remains().includes(lost!)) await new Promise((resolve) => setTimeout(resolve, 20));
		t.is((await (await connection.shell()).run({script: hello})).stdout.toString(), 'hello\n');
		t.is(remains().length, before.length + 1);
	});

	test.serial('it ends with the program, however that ends', async (t) => {
		const {port, folder, home} = sshd;
		const [play, hosts] = [join(folder, 'wait.yml'), join(folder, 'wait.ini')];
		const sign = join(folder, 'began');
		writeFileSync(play, `- hosts: all\n  gather_facts: false\n  tasks:\n    - command: sh -c "touch ${sign}; exec sleep 30"\n`);
		const variables = {
			ansible_host: '127.0.0.1',
			ansible_port: port,
			ansible_private_key_file: join(folder, 'client'),
			ansible_ssh_common_args: `'-F ${home}/.ssh/config'`,
			ansible_connection: 'ssh',
			playbill_transport: 'openssh',
		};
		writeFileSync(
			hosts,
			`h1 ${Object.entries(variables)
				.map(([name, value]) => `${name}=${value}`)
				.join(' ')}\n`,
		);
		const run = spawn(process.execPath, [program, 'run', '-i', hosts, play], {stdio: 'ignore'});
		while (!existsSync(sign)) await new Promise((resolve) => setTimeout(resolve, 20));
		const masters = [...each('cmdline')].filter(([, argv]) => argv.includes(join(tmpdir(), 'playbill-ssh-')));
		t.true(masters.length > 0);
		run.kill('SIGKILL');
		t.deepEqual(await processesWith(join(tmpdir(), 'playbill-ssh-')), []);
	});

	test.serial('`program` implies it', async (t) => {
		const program = file('wrapper', '#!/bin/sh\necho wrapped >>"${0}-calls"\nexec ssh "$@"\n');
		execFileSync('chmod', ['755', program]);
		t.is(await greet(sshd.target({program}), sshd.settings), 'hello\n');
		t.regex(readFileSync(`${program}-calls`, 'utf8'), /^(wrapped\n)+$/);
		await t.throwsAsync(greet(sshd.target({program: '/nonexistent/ssh'}), sshd.settings), {
			instanceOf: UnreachableError,
			message: /nonexistent/,
		});
	});

	test.serial('a passphrase, from the inventory and from the person, and a wrong one', async (t) => {
		const locked = {privateKeyFile: join(sshd.folder, 'locked')};
		t.is(await greet(system({...locked, passphrase: 'open sesame'}), sshd.settings), 'hello\n');
		const asked: string[] = [];
		const ask: ConnectionSettings['ask'] = async (question) => {
			asked.push(question);
			return 'open sesame';
		};
		t.is(await greet(system(locked), {...sshd.settings, ask}), 'hello\n');
		t.regex(asked.join(), /^Enter passphrase for key '\S+locked': $/);
		await t.throwsAsync(greet(system({...locked, passphrase: 'open barley'}), sshd.settings), {
			instanceOf: UnreachableError,
			message: /Permission denied/,
		});
	});

	test.serial('no answer is seen in argv or the environment of a process', async (t) => {
		const secret = 'open sesame';
		const seen = new Set<string>();
		let looking = true;
		const looker = (async () => {
			while (looking) {
				for (const name of ['cmdline', 'environ'])
					for (const [pid, text] of each(name)) if (text.includes(secret)) seen.add(`${pid} ${text}`);
				await new Promise((resolve) => setTimeout(resolve, 2));
			}
		})();
		await greet(system({privateKeyFile: join(sshd.folder, 'locked'), passphrase: secret}), sshd.settings);
		looking = false;
		await looker;
		// The key was made by ssh-keygen -N, long before.
		t.deepEqual([...seen], []);
	});

	test.serial('an unknown host is accepted by answer', async (t) => {
		const known = join(sshd.home, 'openssh-known');
		const target = system({sshArgs: ['-F', 'none', '-o', `UserKnownHostsFile=${known}`]});
		await t.throwsAsync(greet(target, sshd.settings), {instanceOf: UnreachableError, message: /Host key verification failed/});
		const asked: string[] = [];
		const ask: ConnectionSettings['ask'] = async (question, {secret}) => {
			asked.push(`${secret} ${question}`);
			return 'yes';
		};
		t.is(await greet(target, {...sshd.settings, ask}), 'hello\n');
		t.regex(asked.join(), /^false The authenticity of host .* Are you sure you want to continue connecting/);
		t.is(await greet(target, sshd.settings), 'hello\n');
	});

	test.serial('a refused connection and a wrong key, in its words', async (t) => {
		const port = await freePort();
		await t.throwsAsync(greet(system({port}), sshd.settings), {
			instanceOf: UnreachableError,
			message: `Failed to connect to the host via ssh: ssh: connect to host 127.0.0.1 port ${port}: Connection refused`,
		});
		const stranger = system({
			privateKeyFile: join(sshd.folder, 'stranger'),
			sshArgs: ['-F', join(sshd.home, '.ssh/config'), '-o', 'IdentitiesOnly=yes'],
		});
		await t.throwsAsync(greet(stranger, sshd.settings), {instanceOf: UnreachableError, message: /Permission denied \(publickey/});
	});

	test.serial('a host that never answers', async (t) => {
		const server = createServer(() => {});
		await new Promise<void>((resolve) => {
			server.listen(0, '127.0.0.1', resolve);
		});
		t.teardown(() => server.close());
		const {port} = server.address() as {port: number};
		await t.throwsAsync(greet(system({port, connectTimeout: 500}), sshd.settings), {
			instanceOf: UnreachableError,
			message: /Connection timed out/,
		});
	});

	test.serial('a server that lets in two at a time, and at first nobody, is reached for all of twelve hosts', async (t) => {
		const narrow = await startSshd(['MaxStartups 2:100:2'], ['0.0.0.0']);
		t.teardown(() => narrow.stop());
		const sshArgs = ['-F', 'none', '-o', 'UserKnownHostsFile=/dev/null', '-o', 'StrictHostKeyChecking=no'];
		const hosts = Array.from({length: 12}, (_, number) => `127.0.1.${number + 1}`);
		const target = (address: string) =>
			narrow.target({name: address, address, sshArgs, sshClient: 'openssh', connectTimeout: 60_000});
		const idle = await Promise.all([takePlace(narrow.port), takePlace(narrow.port)]);
		const said: string[] = [];
		const settings = {...narrow.settings, log: (line: string) => said.push(line)};
		const answers = Promise.all(hosts.map((address) => greet(target(address), settings).catch(String)));
		const allTryAgain = async () => {
			while (said.filter((line) => line.includes('trying again')).length < 12)
				await new Promise((resolve) => setTimeout(resolve, 20));
		};
		await Promise.race([allTryAgain(), answers]);
		for (const socket of idle) socket.destroy();
		t.deepEqual(await answers, Array(12).fill('hello\n'));
	});

	test.serial(
		'a connection that is closed too early is tried again, not for ever and not when there is another reason',
		async (t) => {
			let left = 0;
			let came = 0;
			const server = createServer((socket) => {
				came++;
				socket.on('error', () => {});
				if (left-- > 0) return socket.end();
				const through = connect(sshd.port, '127.0.0.1').on('error', () => {});
				return socket.pipe(through).pipe(socket);
			});
			await new Promise<void>((resolve) => {
				server.listen(0, '127.0.0.1', resolve);
			});
			t.teardown(() => server.close());
			const {port} = server.address() as {port: number};
			const sshArgs = ['-F', 'none', '-o', 'UserKnownHostsFile=/dev/null', '-o', 'StrictHostKeyChecking=no'];
			const outcome = async (drops: number, more: Partial<Target>) => {
				[left, came] = [drops, 0];
				return greet(system({port, sshArgs, ...more}), sshd.settings).catch(String);
			};
			t.is(await outcome(2, {}), 'hello\n');
			t.is(came, 3);
			t.regex(await outcome(Number.POSITIVE_INFINITY, {connectTimeout: 500}), /exchange_identification: .*Connection closed/);
			t.true(came > 1 && came < 10, `${came} attempts`);
			const own = ['-o', 'IdentitiesOnly=yes'];
			t.regex(
				await outcome(0, {privateKeyFile: join(sshd.folder, 'stranger'), sshArgs: [...sshArgs, ...own]}),
				/Permission denied/,
			);
			t.is(came, 1);
		},
	);

	test.serial('dial, over the same connection', async (t) => {
		const server = createServer((socket) => socket.end('from there'));
		await new Promise<void>((resolve) => {
			server.listen(0, '127.0.0.1', resolve);
		});
		t.teardown(() => server.close());
		const connection = await openConnection(system(), sshd.settings);
		t.teardown(() => connection.close());
		const stream = await connection.dial('127.0.0.1', (server.address() as {port: number}).port);
		let text = '';
		for await (const chunk of stream) text += chunk;
		t.is(text, 'from there');
	});

	test.serial('a lost connection is made anew', async (t) => {
		const connection = await openConnection(system(), sshd.settings);
		t.teardown(() => connection.close());
		const shell = await connection.shell();
		await shell.run({script: hello});
		for (const pid of sshd.sessions()) process.kill(pid, 'SIGKILL');
		t.is((await shell.run({script: hello})).stdout.toString(), 'hello\n');
	});

	test.serial('what the library can do is done by it', async (t) => {
		t.is(await used(sshd.target(), sshd.settings), undefined);
	});

	test.serial('it is used where the configuration needs it', async (t) => {
		const config = file('.ssh/exec', `Match exec "test -n '%h'"\nUserKnownHostsFile ${sshd.home}/.ssh/known_hosts\n`);
		t.is(await used(sshd.target({sshArgs: ['-F', config]}), sshd.settings), `${config}:1 has \`Match exec\``);
		await t.throwsAsync(greet(sshd.target({sshArgs: ['-F', config], sshClient: 'library'}), sshd.settings), {
			instanceOf: UnreachableError,
			message: /has `Match exec`, which only OpenSSH's own client can do/,
		});
	});

	test.serial('it is used where a path has a token that is not known here', async (t) => {
		const config = file('.ssh/token', `IdentityFile ${sshd.folder}/%C\nUserKnownHostsFile ${sshd.home}/.ssh/known_hosts\n`);
		const target = sshd.target({privateKeyFile: undefined, sshArgs: ['-F', config]});
		const found = spawnSync('ssh', ['-v', '-F', config, '-p', String(sshd.port), '-o', 'ProxyCommand=true', '127.0.0.1'], {
			encoding: 'utf8',
		});
		const [, key] = /^debug1: identity file (\S+) type/m.exec(found.stderr)!;
		copyFileSync(join(sshd.folder, 'client'), key!);
		t.is(await used(target, sshd.settings), `${config}:1 has the token \`%C\``);
	});

	test.serial('it is used for certificates: of a key, of the agent, of the host', async (t) => {
		const key = sign(sshd, 'stranger');
		t.is(await used(sshd.target({privateKeyFile: key}), sshd.settings), `${key} has a certificate`);

		const socket = join(sshd.folder, 'agent');
		const agent = spawn('ssh-agent', ['-D', '-a', socket], {stdio: 'ignore'});
		t.teardown(() => agent.kill());
		while (!existsSync(socket)) await new Promise((resolve) => setTimeout(resolve, 20));
		execFileSync('ssh-add', [key], {env: {...process.env, SSH_AUTH_SOCK: socket}, stdio: 'ignore'});
		const config = file('.ssh/agent', `IdentityAgent ${socket}\nUserKnownHostsFile ${sshd.home}/.ssh/known_hosts\n`);
		t.is(
			await used(sshd.target({privateKeyFile: undefined, sshArgs: ['-F', config]}), sshd.settings),
			'the agent holds certificates or keys of tokens',
		);

		const known = file('authority', `@cert-authority [127.0.0.1]:* ${readFileSync(join(sshd.folder, 'ca.pub'), 'utf8')}`);
		t.is(
			await used(sshd.target({sshArgs: ['-F', 'none', '-o', `UserKnownHostsFile=${known}`]}), sshd.settings),
			`${known}:1 lets [127.0.0.1]:${sshd.port} show a certificate (@cert-authority)`,
		);
	});

	test.serial('it is used where the host has no algorithm of the library', async (t) => {
		t.regex(
			(await used(modern.target(), modern.settings))!,
			/^127\.0\.0\.1 wants other algorithms \(.*no matching key exchange algorithm\)$/,
		);
	});
}

/** A connection that does not log in, once the server has given it one of its places: then it says its banner. */
async function takePlace(port: number): Promise<Socket> {
	for (;;) {
		const socket = connect(port, '127.0.0.1').on('error', () => {});
		const [banner] = await Promise.race([once(socket, 'data'), once(socket, 'close').then(() => [])]);
		if (banner) return socket;
		await new Promise((resolve) => setTimeout(resolve, 20));
	}
}

/** Gives a copy of a key a certificate, signed by the authority of the server. */
function sign({folder, target}: Sshd, name: string): string {
	const copy = join(folder, `${name}-certified`);
	for (const end of ['', '.pub']) execFileSync('cp', ['-p', join(folder, name + end), copy + end]);
	execFileSync('ssh-keygen', ['-q', '-s', join(folder, 'ca'), '-I', name, '-n', target().user!, `${copy}.pub`]);
	return copy;
}

/** The folders that the transport makes. */
function remains(): string[] {
	return readdirSync(tmpdir()).filter((name) => name.startsWith('playbill-ssh-'));
}

function* each(name: string): Generator<[pid: string, text: string]> {
	for (const pid of readdirSync('/proc').filter((one) => /^\d+$/.test(one))) {
		try {
			yield [pid, readFileSync(`/proc/${pid}/${name}`, 'latin1')];
		} catch {
			// It ended meanwhile.
		}
	}
}

/** The processes whose argv holds a text, after they had up to ten seconds to end. */
async function processesWith(text: string): Promise<string[]> {
	let found: string[] = [];
	for (let attempt = 0; attempt < 200; attempt++) {
		found = [...each('cmdline')].filter(([, argv]) => argv.includes(text)).map(([, argv]) => argv.replaceAll('\0', ' '));
		if (found.length === 0) break;
		await new Promise((resolve) => setTimeout(resolve, 50));
	}
	return found;
}
