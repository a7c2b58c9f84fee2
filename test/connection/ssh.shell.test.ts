import {execFileSync, spawn} from 'node:child_process';
import {copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync} from 'node:fs';
import {createServer, type Server} from 'node:net';
import {join} from 'node:path';
import test from 'ava';
import {type ConnectionSettings, openConnection, sh, type Target, UnreachableError} from '../../src/connection/connection.js';
import {freePort, type Sshd, sshdMissing, startSshd} from './sshd.js';
import {startProxy} from './tcp-proxy.js';

const hello = sh`
	# prints hello
	echo hello
`;

/** Kinds of keys and the forms in which ssh-keygen writes them. */
const forms = [
	['rsa', 'PEM'],
	['rsa', 'PKCS8'],
	['rsa', 'RFC4716'],
	['ecdsa', 'PEM'],
	['ecdsa', 'PKCS8'],
	['ecdsa', 'RFC4716'],
] as const;

/** A copy of a key that is let in, with a passphrase. `RFC4716` is what ssh-keygen calls OpenSSH's own form. */
function lockedIn({folder}: Sshd, kind: string, form: string): string {
	const copy = join(folder, `${kind}-${form}`);
	for (const end of ['', '.pub']) copyFileSync(join(folder, kind + end), copy + end);
	execFileSync('ssh-keygen', ['-q', '-p', '-m', form, '-P', '', '-N', 'open sesame', '-f', copy]);
	return copy;
}

if (sshdMissing()) test.skip(`skipped: ${sshdMissing()}`, () => {});
else {
	let sshd: Sshd;
	test.before(async () => {
		sshd = await startSshd();
	});
	test.after.always(() => sshd.stop());

	/** Says hello over a connection, or throws what opening it throws. */
	const greet = async (target: Partial<Target>, settings: Partial<ConnectionSettings> = {}): Promise<string> => {
		const connection = await openConnection(sshd.target(target), {...sshd.settings, ...settings});
		try {
			return (await (await connection.shell()).run({script: hello})).stdout.toString();
		} finally {
			await connection.close();
		}
	};
	const file = (name: string, text: string): string => {
		const path = join(sshd.home, name);
		writeFileSync(path, text);
		return path;
	};
	const publicKey = (name: string) => readFileSync(join(sshd.folder, `${name}.pub`), 'utf8');
	const fingerprintOf = (name: string) =>
		execFileSync('ssh-keygen', ['-lf', join(sshd.folder, `${name}.pub`)], {encoding: 'utf8'}).split(' ')[1]!;
	const knownHosts = (path: string, ...more: string[]) => ['-F', 'none', '-o', `UserKnownHostsFile=${path}`, ...more];

	for (const kind of ['client', 'ecdsa', 'rsa']) {
		test.serial(`a key: ${kind}`, async (t) => {
			t.is(await greet({privateKeyFile: join(sshd.folder, kind)}), 'hello\n');
		});
	}

	test.serial('a key with a passphrase of the inventory', async (t) => {
		t.is(await greet({privateKeyFile: join(sshd.folder, 'locked'), passphrase: 'open sesame'}), 'hello\n');
	});

	test.serial('a wrong passphrase of the inventory', async (t) => {
		const greeting = greet({privateKeyFile: join(sshd.folder, 'locked'), passphrase: 'open barley'});
		await t.throwsAsync(greeting, {instanceOf: UnreachableError, message: /Permission denied.*locked: the passphrase is wrong/});
	});

	for (const [kind, form] of forms) {
		test.serial(`a key with a passphrase, ${kind} in the form ${form}`, async (t) => {
			const said: string[] = [];
			const log = (line: string, verbosity?: number) => verbosity === 1 && said.push(line);
			const key = {privateKeyFile: lockedIn(sshd, kind, form)};
			t.is(await greet({...key, passphrase: 'open sesame'}, {log}), 'hello\n', 'from the inventory');
			const asked: string[] = [];
			const ask = async (question: string) => {
				asked.push(question);
				return 'open sesame';
			};
			t.is(await greet(key, {ask, log}), 'hello\n', 'from the person');
			t.deepEqual(asked, [`Enter passphrase for key '${key.privateKeyFile}': `]);
			await t.throwsAsync(greet({...key, passphrase: 'open barley'}, {log}), {message: /Permission denied/});
			const byOpenssh = `<h1> the system's ssh is used: ${key.privateKeyFile} is a key of a sort that is not known here`;
			t.deepEqual(said, form === 'PKCS8' ? Array(3).fill(byOpenssh) : []);
		});
	}

	test.serial('a passphrase is asked for once a run, and may take its time', async (t) => {
		const asked: string[] = [];
		const settings: ConnectionSettings = {
			...sshd.settings,
			ask: async (question) => {
				asked.push(question);
				await new Promise((resolve) => setTimeout(resolve, 50));
				return asked.length === 1 ? 'wrong' : 'open sesame';
			},
		};
		for (const name of ['a', 'b']) {
			const connection = await openConnection(sshd.target({name, privateKeyFile: join(sshd.folder, 'locked')}), settings);
			await connection.close();
		}
		t.deepEqual(asked, Array(2).fill(`Enter passphrase for key '${join(sshd.folder, 'locked')}': `));
	});

	test.serial('a key that is not let in', async (t) => {
		const greeting = greet({privateKeyFile: join(sshd.folder, 'stranger')});
		await t.throwsAsync(greeting, {
			instanceOf: UnreachableError,
			message: /^Failed to connect to the host via ssh: \S+@127\.0\.0\.1: Permission denied \(publickey.*tried: \S+stranger$/,
		});
	});

	test.serial('an agent', async (t) => {
		const socket = join(sshd.folder, 'agent');
		const agent = spawn('ssh-agent', ['-D', '-a', socket], {stdio: 'ignore'});
		t.teardown(() => agent.kill());
		while (!existsSync(socket)) await new Promise((resolve) => setTimeout(resolve, 20));
		const add = (name: string) =>
			execFileSync('ssh-add', [join(sshd.folder, name)], {env: {...process.env, SSH_AUTH_SOCK: socket}, stdio: 'ignore'});
		add('stranger');
		await t.throwsAsync(greet({privateKeyFile: undefined}, {agentSocket: socket}), {
			message: /Permission denied.*agent \(stranger\)/,
		});
		add('client');
		t.is(await greet({privateKeyFile: undefined}, {agentSocket: socket}), 'hello\n');
		const only = ['-F', 'none', '-o', 'IdentitiesOnly=yes', '-i', join(sshd.folder, 'stranger')];
		const strict = [...only, '-o', `UserKnownHostsFile=${sshd.home}/.ssh/known_hosts`];
		await t.throwsAsync(greet({privateKeyFile: undefined, sshArgs: strict}, {agentSocket: socket}), {
			message: /Permission denied/,
		});
		execFileSync('ssh-add', ['-d', join(sshd.folder, 'client.pub')], {
			env: {...process.env, SSH_AUTH_SOCK: socket},
			stdio: 'ignore',
		});
	});

	test.serial('an agent is passed on to the host where that is asked for, and only there', async (t) => {
		const socket = join(sshd.folder, 'forwarded');
		const agent = spawn('ssh-agent', ['-D', '-a', socket], {stdio: 'ignore'});
		t.teardown(() => agent.kill());
		while (!existsSync(socket)) await new Promise((resolve) => setTimeout(resolve, 20));
		const add = {env: {...process.env, SSH_AUTH_SOCK: socket}, stdio: 'ignore'} as const;
		execFileSync('ssh-add', [join(sshd.folder, 'stranger')], add);
		const list = sh`
			# prints the keys of the agent
			ssh-add -l 2>&1
		`;
		for (const forwarded of [true, false]) {
			const known = knownHosts(`${sshd.home}/.ssh/known_hosts`, '-o', `ForwardAgent=${forwarded ? 'yes' : 'no'}`);
			const connection = await openConnection(sshd.target({sshArgs: known}), {...sshd.settings, agentSocket: socket});
			const {stdout} = await (await connection.shell()).run({script: list});
			t.is(stdout.includes(fingerprintOf('stranger')), forwarded, stdout.toString());
			await connection.close();
		}
	});

	test.serial('an agent that is not there is told and passed over', async (t) => {
		const said: string[] = [];
		t.is(await greet({}, {agentSocket: '/nonexistent/agent', log: (line) => said.push(line)}), 'hello\n');
		t.regex(said.join('\n'), /agent at \/nonexistent\/agent cannot be used/);
	});

	test.serial('IPv6', async (t) => {
		t.is(await greet({address: '::1'}), 'hello\n');
	});

	test.serial('a wrong host key', async (t) => {
		const path = file('changed', `# mine\n[127.0.0.1]:${sshd.port} ${publicKey('stranger')}`);
		const error = await t.throwsAsync(greet({sshArgs: knownHosts(path)}), {instanceOf: UnreachableError});
		t.regex(error!.message, /Host key verification failed\. REMOTE HOST IDENTIFICATION HAS CHANGED!/);
		t.true(error!.message.includes(`${path}:2 has ${fingerprintOf('stranger')}`), error!.message);
		t.true(error!.message.includes(`ED25519 key ${fingerprintOf('host')}`), error!.message);
		t.is(await greet({sshArgs: knownHosts(path), hostKeyChecking: false}), 'hello\n', 'let pass without host key checking');
	});

	test.serial('a revoked host key', async (t) => {
		const path = file('revoked', `[127.0.0.1]:${sshd.port} ${publicKey('host')}@revoked * ${publicKey('host')}`);
		const args = knownHosts(path, '-o', 'HostKeyAlgorithms=ssh-ed25519');
		for (const hostKeyChecking of [true, false]) {
			await t.throwsAsync(greet({sshArgs: args, hostKeyChecking}), {message: /revoked \(.*revoked:2\)/});
		}
	});

	test.serial('the type of key by which a host is known is asked for', async (t) => {
		const path = file('rsa-only', `[127.0.0.1]:${sshd.port} ${publicKey('host-rsa')}`);
		t.is(await greet({sshArgs: knownHosts(path)}), 'hello\n');
	});

	test.serial('a hashed file', async (t) => {
		const path = file('hashed', `[127.0.0.1]:${sshd.port} ${publicKey('host')}`);
		execFileSync('ssh-keygen', ['-q', '-H', '-f', path], {stdio: 'ignore'});
		t.is(await greet({sshArgs: knownHosts(path)}), 'hello\n');
	});

	test.serial('an unknown host, when nobody can be asked', async (t) => {
		const greeting = greet({sshArgs: knownHosts(join(sshd.home, 'empty'))});
		const error = await t.throwsAsync(greeting, {
			instanceOf: UnreachableError,
			message: /No ED25519 host key is known for \[127\.0\.0\.1\]:\d+/,
		});
		t.true(error!.message.includes(fingerprintOf('host')));
	});

	for (const sshClient of ['library', 'openssh'] as const) {
		test.serial(`an unknown host, when only known ones are let pass, by the ${sshClient}`, async (t) => {
			const path = join(sshd.home, 'strict');
			const asked: string[] = [];
			const ask = async (question: string) => {
				asked.push(question);
				return 'yes';
			};
			for (const policy of ['yes', 'true']) {
				const sshArgs = knownHosts(path, '-o', `StrictHostKeyChecking=${policy}`);
				const error = await t.throwsAsync(greet({sshArgs, sshClient}, {ask}), {
					instanceOf: UnreachableError,
					message: /Host key verification failed/,
				});
				t.regex(error!.message, /No ED25519 host key is known for \[127\.0\.0\.1\]:\d+/);
				t.is(error!.message.includes(fingerprintOf('host')), sshClient === 'library');
			}
			t.deepEqual(asked, []);
			t.false(existsSync(path));
		});
	}

	test.serial('an unknown host is accepted by answer, and known from then on', async (t) => {
		const path = join(sshd.home, 'new/known_hosts');
		const asked: string[] = [];
		const ask = (answer: string) => async (question: string) => {
			asked.push(question);
			return answer;
		};
		await t.throwsAsync(greet({sshArgs: knownHosts(path)}, {ask: ask('no')}), {message: /was not accepted/});
		t.false(existsSync(path));
		t.is(await greet({sshArgs: knownHosts(path)}, {ask: ask(fingerprintOf('host'))}), 'hello\n');
		t.is(await greet({sshArgs: knownHosts(path)}), 'hello\n');
		t.is(asked.length, 2);
		t.regex(
			asked[0]!,
			/^The authenticity of host '\[127\.0\.0\.1\]:\d+' can't be established\.\nED25519 key fingerprint is SHA256:/,
		);
	});

	test.serial('accept-new accepts what is new and not what changed', async (t) => {
		const path = join(sshd.home, 'accepted');
		const args = knownHosts(path, '-o', 'StrictHostKeyChecking=accept-new', '-o', 'HashKnownHosts=yes');
		t.is(await greet({sshArgs: args}), 'hello\n');
		t.regex(readFileSync(path, 'utf8'), /^\|1\|\S+ ssh-ed25519 /);
		t.is(await greet({sshArgs: knownHosts(path)}), 'hello\n');
		writeFileSync(path, `[127.0.0.1]:${sshd.port} ${publicKey('stranger')}`);
		await t.throwsAsync(greet({sshArgs: args}), {message: /HAS CHANGED/});
	});

	test.serial('over two jump hosts, which are all this one', async (t) => {
		mkdirSync(join(sshd.home, '.ssh'), {recursive: true});
		const config = file(
			'.ssh/jumps',
			`Host one two web\nHostName 127.0.0.1\nPort ${sshd.port}\nIdentityFile ${sshd.folder}/client\nUserKnownHostsFile ${sshd.home}/.ssh/known_hosts\nHost web\nProxyJump one,two\n`,
		);
		const target = {address: 'web', port: undefined, sshArgs: ['-F', config]};
		t.is(await greet(target), 'hello\n');
		const circle = file('.ssh/circle', `Host web\nProxyJump one\nHost one\nProxyJump two\nHost two\nProxyJump one\n`);
		await t.throwsAsync(greet({...target, sshArgs: ['-F', circle]}), {message: /more than 8 hosts/});
	});

	test.serial('dial reaches a port from the position of the host', async (t) => {
		const server: Server = createServer((socket) => socket.end('from there'));
		await new Promise<void>((resolve) => {
			server.listen(0, '127.0.0.1', resolve);
		});
		t.teardown(() => server.close());
		const connection = await openConnection(sshd.target(), sshd.settings);
		t.teardown(() => connection.close());
		const stream = await connection.dial('127.0.0.1', (server.address() as {port: number}).port);
		let text = '';
		for await (const chunk of stream) text += chunk;
		t.is(text, 'from there');
		await t.throwsAsync(connection.dial('127.0.0.1', await freePort()), {instanceOf: UnreachableError});
	});

	for (const client of ['library', 'openssh'] as const) {
		for (const [most, lanes] of [
			[10, 12],
			[2, 4],
			[1, 3],
		] as const) {
			test.serial(`${lanes} lanes over a connection of ${client} that lets in ${most}`, async (t) => {
				const narrow = await startSshd([`MaxSessions ${most}`]);
				t.teardown(() => narrow.stop());
				const connection = await openConnection(narrow.target({sshClient: client}), narrow.settings);
				t.teardown(() => connection.close());
				const slow = sh`
					# prints "$1", a little later
					sleep 0.2; echo "$1"
				`;
				const numbers = Array.from({length: lanes}, (_, number) => number);
				const answers = await Promise.all(
					numbers.map(async (number) => (await connection.shell(undefined, number)).run({script: slow, args: [String(number)]})),
				);
				t.deepEqual(
					answers.map(({stdout}) => Number(stdout)),
					numbers,
				);
				t.is(
					(await (await connection.shell(undefined, 1)).run({script: hello})).stdout.toString(),
					'hello\n',
					'one whose session went is opened again',
				);
			});
		}
	}

	test.serial('nobody listens', async (t) => {
		const port = await freePort();
		await t.throwsAsync(greet({port}), {
			instanceOf: UnreachableError,
			message: `Failed to connect to the host via ssh: ssh: connect to host 127.0.0.1 port ${port}: Connection refused`,
		});
	});

	test.serial('a name that nobody knows', async (t) => {
		await t.throwsAsync(greet({address: 'nobody.invalid'}), {
			instanceOf: UnreachableError,
			message:
				/^Failed to connect to the host via ssh: ssh: Could not resolve hostname nobody\.invalid: (Name or service not known|Temporary failure in name resolution)$/,
		});
	});

	const bad: Record<string, [answer: (server: Server) => void, RegExp]> = {
		'never answers': [() => {}, /Connection timed out/],
		'closes at once': [
			(server) => server.on('connection', (socket) => socket.end()),
			/port \d+: Connection lost before handshake/,
		],
		'closes after its banner': [
			(server) => server.on('connection', (socket) => socket.end('SSH-2.0-x\r\n')),
			/connect to host 127\.0\.0\.1 port \d+: \S/,
		],
		'says its banner byte by byte and never to the end': [
			(server) =>
				server.on('connection', (socket) => {
					const saying = setInterval(() => socket.write('x'), 5);
					socket.on('close', () => clearInterval(saying));
				}),
			/Connection timed out/,
		],
		'says megabytes before its banner': [
			(server) => server.on('connection', (socket) => socket.end('Welcome, all of you\r\n'.repeat(200_000))),
			/connect to host 127\.0\.0\.1 port \d+: \S/,
		],
		'speaks something else': [
			(server) => server.on('connection', (socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')),
			/port \d+: \S/,
		],
	};
	for (const [title, [prepare, message]] of Object.entries(bad)) {
		test.serial(`a host that ${title}`, async (t) => {
			const server = createServer((socket) => socket.on('error', () => {}));
			prepare(server);
			await new Promise<void>((resolve) => {
				server.listen(0, '127.0.0.1', resolve);
			});
			t.teardown(() => server.close());
			const {port} = server.address() as {port: number};
			await t.throwsAsync(greet({port, connectTimeout: 500}), {instanceOf: UnreachableError, message});
		});
	}

	test.serial('a ProxyCommand, and what it says when it fails', async (t) => {
		const known = ['-F', 'none', '-o', `UserKnownHostsFile=${sshd.home}/.ssh/known_hosts`];
		const way = (command: string) => ({sshArgs: [...known, '-o', `ProxyCommand=${command}`]});
		const through = `node -e "const s = require('net').connect(%p, '%h'); process.stdin.pipe(s); s.pipe(process.stdout)"`;
		t.is(await greet(way(through)), 'hello\n');
		await t.throwsAsync(greet({...way('echo no way >&2'), connectTimeout: 300}), {
			instanceOf: UnreachableError,
			message: /port \d+: Connection lost before handshake \(no way\)/,
		});
	});

	test.serial('a connection that falls silent is given up when it gives no sign of life, and made anew', async (t) => {
		let falls = false;
		const proxy = await startProxy(sshd.port, () => {
			if (!falls) return true;
			falls = false;
			return new Promise(() => {});
		});
		t.teardown(() => proxy.close());
		const known = ['-F', 'none', '-o', 'UserKnownHostsFile=/dev/null', '-o', 'StrictHostKeyChecking=no'];
		const alive = ['-o', 'ServerAliveInterval=1', '-o', 'ServerAliveCountMax=1'];
		const connection = await openConnection(sshd.target({port: proxy.port, sshArgs: [...known, ...alive]}), sshd.settings);
		t.teardown(() => connection.close());
		const shell = await connection.shell();
		t.is((await shell.run({script: hello})).stdout.toString(), 'hello\n');
		falls = true;
		t.is((await shell.run({script: hello})).stdout.toString(), 'hello\n');
		t.is(proxy.connections, 2);
	});

	test.serial('what is connected to, with which keys, is told', async (t) => {
		const said: string[] = [];
		await greet({}, {log: (line, verbosity) => said.push(`${verbosity} ${line}`)});
		t.deepEqual(said, [
			`3 <h1> connected to ${sshd.target().user}@127.0.0.1 port ${sshd.port} (ssh-ed25519 ${fingerprintOf('host')}), let in by ${sshd.folder}/client`,
		]);
	});
}
