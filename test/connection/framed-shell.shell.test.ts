import {createHash} from 'node:crypto';
import {mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {Readable} from 'node:stream';
import test, {type ExecutionContext} from 'ava';
import {
	type Connection,
	type Content,
	contentOfBytes,
	contentOfFile,
	DeadlineError,
	LostConnectionError,
	openConnection,
	type Request,
	type Script,
	type Shell,
	sh,
	UnreachableError,
} from '../../src/connection/connection.js';
import {presentShells} from './shells.js';
import {type Sshd, sshdMissing, startSshd} from './sshd.js';

const folder = mkdtempSync(join(tmpdir(), 'playbill-framed-'));
let sshd: Sshd | undefined;
test.before(async () => {
	if (!sshdMissing()) sshd = await startSshd();
});

const words = sh`
	# prints each argument between bars
	for word do printf '<%s>' "$word"; done
`;
const echoed = sh`
	# prints its stdin
	cat
`;
const counted = sh`
	# prints the size of its stdin, and its digest
	tee "$1" | wc -c | tr -d ' '
`;
const status = sh`
	# ends with the status "$1"
	exit "$1"
`;
const nothing = sh`
	# prints nothing
	:
`;
const everyByte = Buffer.from(Array.from({length: 256}, (_, byte) => byte));
const long = "it's ".repeat(40_000);

/** What a request answers; `out` and `err` default to nothing, the status to 0. */
const rows: Record<string, [Request, {out?: string | Buffer; err?: string | RegExp; status?: number}]> = {
	'no argument': [{script: words}, {out: ''}],
	'an empty argument': [{script: words, args: ['', 'b']}, {out: '<><b>'}],
	quotes: [{script: words, args: [`it's`, `"`, `'\\''`, '`id`']}, {out: `<it's><"><'\\''><\`id\`>`}],
	'command substitution': [{script: words, args: ['$(id)', '${HOME}', '$1']}, {out: '<$(id)><${HOME}><$1>'}],
	'newlines and tabs': [{script: words, args: ['a\nb\n', '\t', '\r\n']}, {out: '<a\nb\n><\t><\r\n>'}],
	'leading dashes': [{script: words, args: ['-n', '--', '-e\\n']}, {out: '<-n><--><-e\\n>'}],
	'signs of the shell': [
		{script: words, args: ['*', '~', '; exit 9', '&& false', '#x', '\\', '%s', '!!']},
		{out: '<*><~><; exit 9><&& false><#x><\\><%s><!!>'},
	],
	unicode: [{script: words, args: ['Grüße, 世界 🎭']}, {out: '<Grüße, 世界 🎭>'}],
	'an argument of 200 kB': [
		{
			script: sh`
				# prints "$1" and a newline, without a process that it would be an argument of
				cat <<-END
				$1
				END
			`,
			args: [long],
		},
		{out: `${long}\n`},
	],
	status: [{script: status, args: ['7']}, {status: 7}],
	'a signal': [
		{
			script: sh`
				# is ended by a signal
				sh -c 'kill -TERM $$'
			`,
		},
		{status: 143, err: /^.*$/s},
	],
	'both streams, no newline at the end': [
		{
			script: sh`
				# prints on both
				printf out; printf err >&2
			`,
		},
		{out: 'out', err: 'err'},
	],
	'output that is not text': [
		{
			script: sh`
				# prints bytes that are no UTF-8
				printf '\377\000\200\n\r'
			`,
		},
		{out: Buffer.from([0xff, 0, 0x80, 0x0a, 0x0d])},
	],
	'no stdin': [{script: echoed}, {}],
	'stdin of text': [{script: echoed, stdin: "it's\n$(id) %s \\n"}, {out: "it's\n$(id) %s \\n"}],
	'stdin that begins with a dash': [{script: echoed, stdin: '-n'}, {out: '-n'}],
	'stdin of every byte': [{script: echoed, stdin: everyByte}, {out: everyByte}],
	'stdin of every byte, streamed': [
		{script: echoed, stdin: Buffer.concat(Array(1000).fill(everyByte))},
		{out: Buffer.concat(Array(1000).fill(everyByte))},
	],
	'streamed stdin that nobody reads': [{script: status, args: ['3'], stdin: Buffer.alloc(300_000)}, {status: 3}],
	'stdin that nobody reads': [{script: status, args: ['3'], stdin: 'x'.repeat(30_000)}, {status: 3}],
	'a working directory': [
		{
			script: sh`
				# prints the working directory
				pwd
			`,
			cwd: '/usr',
		},
		{out: '/usr\n'},
	],
	'no such working directory': [
		{script: nothing, cwd: '/nonexistent'},
		{status: 126, err: /nonexistent/},
	],
	environment: [
		{
			script: sh`
				# prints two variables as a child sees them
				sh -c 'printf %s "$ONE/$TWO"'
			`,
			environment: {ONE: `it's $(id)`, TWO: 'a\nb'},
		},
		{out: "it's $(id)/a\nb"},
	],
	'a script that changes its own world': [
		{
			script: sh`
				# changes what must not outlive it
				cd /; umask 777; TOUCHED=yes; export TOUCHED; set -eu; trap 'printf bye' EXIT; exec </dev/null; false
			`,
		},
		{out: 'bye', status: 1},
	],
};

for (const [name, path] of Object.entries(presentShells())) {
	for (const transport of ['local', 'ssh'] as const) {
		const open = (): Promise<Connection> => {
			if (transport === 'local') return openConnection(here(path), {home: '/', user: 'nobody'});
			return openConnection(sshd!.target({shellExecutable: path}), sshd!.settings);
		};
		let connection: Promise<Connection> | undefined;
		const inShell = (title: string, body: (t: ExecutionContext, shell: Shell, connection: Connection) => Promise<void>) => {
			const runs = transport === 'ssh' && sshdMissing() ? test.serial.skip : test.serial;
			runs(`${transport}, ${name}: ${title}`, async (t) => {
				connection ??= open();
				const opened = await connection;
				await body(t, await opened.shell(), opened);
			});
		};
		test.after.always(async () => {
			await (await connection)?.close();
		});

		for (const changes of [false, true])
			inShell(`rows, changes: ${changes}`, async (t, shell) => {
				const answers = await Promise.all(Object.values(rows).map(([request]) => shell.run({...request, changes})));
				Object.entries(rows).forEach(([row, [, expected]], index) => {
					const answer = answers[index]!;
					const {out = '', err = '', status = 0} = expected;
					if (!answer.stdout.equals(Buffer.from(out)))
						t.is(answer.stdout.toString('latin1'), Buffer.from(out).toString('latin1'), row);
					if (typeof err === 'string') t.is(answer.stderr.toString(), err, row);
					else t.regex(answer.stderr.toString(), err, row);
					t.is(answer.status, status, row);
				});
			});

		inShell('nothing outlives a request', async (t, shell) => {
			const look = sh`
				# prints the working directory, the mask, and a variable
				pwd; umask; echo "$TOUCHED"
			`;
			const before = await shell.run({script: look});
			await shell.run(rows['a script that changes its own world']![0]);
			t.deepEqual(await shell.run({script: look}), before);
		});

		inShell('big content arrives as it is', async (t, shell) => {
			const file = join(folder, `${transport}-${name}`.replace(/\W/g, '-'));
			const content = name === 'dash' ? big(100_000_000) : big(3_000_001);
			const answer = await shell.run({script: counted, args: [file], stdin: content});
			t.is(answer.stdout.toString(), `${content.size}\n`, answer.stderr.toString());
			t.is((await contentOfFile(file)).sha1, content.sha1);
			rmSync(file);
			t.is((await shell.run({script: status, args: ['5']})).status, 5);
		});

		inShell('a hundred requests in a row', async (t, shell, connection) => {
			await shell.run({script: nothing});
			const trips = connection.roundTrips;
			const started = performance.now();
			for (let index = 0; index < 100; index++) await shell.run({script: nothing});
			const took = performance.now() - started;
			t.is(connection.roundTrips - trips, 100);
			t.true(took < 5000, `${took} ms`);
			t.log(`${Math.round(took * 10) / 1000} ms each`);
		});

		inShell('a deadline ends the script and not the shell', async (t, shell) => {
			const slow = sh`
				# sleeps in a child of a child
				echo before; sh -c 'sleep 61.25; echo after'
			`;
			const error = await t.throwsAsync(shell.run({script: slow, deadline: 200}), {instanceOf: DeadlineError});
			t.regex(error!.message, /0\.2 seconds/);
			t.is((await shell.run({script: words, args: ['still']})).stdout.toString(), '<still>');
			t.true(await gone('sleep\x0061.25'));
		});

		inShell('lines are told as they come', async (t, shell) => {
			const lines: string[] = [];
			const script = sh`
				# prints lines in parts
				printf 'one\ntw'; printf 'o\nthr'; printf ee
			`;
			const answer = await shell.run({script, onLine: (line) => lines.push(line)});
			t.deepEqual(lines, ['one', 'two', 'three']);
			t.is(answer.stdout.toString(), 'one\ntwo\nthree');
		});

		inShell('content that is shorter than it was fails, and leaves a usable shell', async (t, shell) => {
			const file = join(folder, `torn-${transport}-${name}`.replace(/\W/g, '-'));
			const kept = sh`
				# writes its stdin beside "$1" and renames it
				cat >"$1.new" && mv "$1.new" "$1"
			`;
			const torn: Content = {
				...contentOfBytes(Buffer.alloc(400_000)),
				size: 500_000,
				open: () => Readable.from([Buffer.alloc(400_000)]),
			};
			await t.throwsAsync(shell.run({script: kept, args: [file], stdin: torn, changes: true}), {message: /500000 bytes long/});
			t.is((await shell.run({script: status, args: ['6']})).status, 6);
			t.throws(() => readFileSync(file), {code: 'ENOENT'});
		});

		inShell('nothing that is given is seen in the argv of a process', async (t, shell) => {
			const secret = `secret-${transport}-${name.replace(/\W/g, '')}`;
			const looking = sh`
				# prints the argv of all processes, and what it was given
				cat /proc/[0-9]*/cmdline /proc/self/environ 2>/dev/null | tr '\000' ' '; echo; cat; printf %s "$1" >&2
			`;
			const answer = await shell.run({script: looking, args: [secret], stdin: secret});
			t.is(answer.stderr.toString(), secret);
			t.true(answer.stdout.toString().endsWith(`\n${secret}`));
			t.is(answer.stdout.toString().split(secret).length, 2);
		});

		inShell('what no shell can take is refused', async (t, shell) => {
			await t.throwsAsync(shell.run({script: words, args: ['a\0b']}), {message: /NUL/});
			await t.throwsAsync(shell.run({script: words, environment: {'a-b': ''}}), {message: /"a-b"/});
			t.is((await shell.run({script: status, args: ['0']})).status, 0);
		});

		inShell('a shell that is killed is opened again', async (t, shell) => {
			const suicide = sh`
				# ends the shell that runs it
				kill -KILL $$
			`;
			await t.throwsAsync(shell.run({script: suicide, changes: true}), {
				instanceOf: LostConnectionError,
				message: /^unknown, connection lost: /,
			});
			t.is((await shell.run({script: words, args: ['again']})).stdout.toString(), '<again>');
		});
	}
}

test.after.always(async () => {
	await sshd?.stop();
	rmSync(folder, {recursive: true, force: true});
});

test.serial('noise before the greeting does not reach results', async (t) => {
	const noisy = script(
		'noisy',
		'i=0; while [ $i -lt 20000 ]; do echo "Welcome to this host, all of you, to this host"; echo woe >&2; i=$((i+1)); done\nprintf no-newline\nexec /bin/sh',
	);
	const connection = await openConnection(here(noisy), {home: '/', user: 'nobody'});
	t.teardown(() => connection.close());
	const shell = await connection.shell();
	const answer = await shell.run({script: words, args: ['x']});
	t.is(answer.stdout.toString(), '<x>');
	t.is(answer.stderr.toString(), '');
});

test.serial('a shell that refuses says why', async (t) => {
	const connection = await openConnection(here(script('nologin', 'echo "This account is currently not available."; exit 1')), {
		home: '/',
		user: 'nobody',
	});
	t.teardown(() => connection.close());
	const shell = await connection.shell();
	await t.throwsAsync(shell.run({script: nothing}), {instanceOf: UnreachableError, message: /currently not available/});
});

test.serial('a shell that never answers is given up', async (t) => {
	const connection = await openConnection(
		{...here(script('silent', 'exec sleep 62.25')), connectTimeout: 300},
		{home: '/', user: 'nobody'},
	);
	t.teardown(() => connection.close());
	const shell = await connection.shell();
	await t.throwsAsync(shell.run({script: nothing}), {instanceOf: UnreachableError, message: /0\.3 seconds/});
	t.true(await gone('sleep\x0062.25'));
});

test.serial('no such shell', async (t) => {
	const connection = await openConnection(here('/nonexistent/sh'), {home: '/', user: 'nobody'});
	await t.throwsAsync(connection.shell(), {instanceOf: UnreachableError, message: /nonexistent/});
});

/** Hosts whose tools take bytes from a stream in other ways than GNU's head. */
const tools: Record<string, [head: string, dd: string]> = {
	'a head that reads too far': ['head -c 9999999 | { dd bs=1 count="$2" 2>/dev/null; cat >/dev/null; }', 'exec /bin/dd "$@"'],
	'no head -c': ['exit 1', 'exec /bin/dd "$@"'],
	'neither head -c nor dd iflag': ['exit 1', 'case "$*" in *iflag*) exit 1;; esac; exec /bin/dd "$@"'],
};
for (const [title, [head, dd]] of Object.entries(tools)) {
	test.serial(`streaming with ${title}`, async (t) => {
		const bin = join(folder, title.replace(/\W/g, '-'));
		mkdirSync(bin);
		for (const [tool, text] of Object.entries({head: head.replace('head -c', '/usr/bin/head -c'), dd})) {
			writeFileSync(join(bin, tool), `#!/bin/sh\n${text}\n`, {mode: 0o755});
		}
		const connection = await openConnection(
			here(script(`${title}.sh`, `PATH='${bin}':/usr/bin:/bin; export PATH; exec /bin/sh`)),
			{home: '/', user: 'me'},
		);
		t.teardown(() => connection.close());
		const shell = await connection.shell();
		const bytes = Buffer.concat(Array(800).fill(everyByte));
		for (const part of [bytes, bytes.subarray(1), bytes.subarray(0, 131_072)]) {
			t.true((await shell.run({script: echoed, stdin: part})).stdout.equals(part));
		}
		t.is((await shell.run({script: status, args: ['3'], stdin: bytes})).status, 3);
	});
}

test.serial('closing ends what runs', async (t) => {
	for (const transport of ['local', 'ssh']) {
		if (transport === 'ssh' && !sshd) continue;
		const connection = await openConnection(
			transport === 'ssh' ? sshd!.target() : here('/bin/sh'),
			sshd?.settings ?? {home: '/', user: 'nobody'},
		);
		const shell = await connection.shell();
		let ended: Promise<unknown> | undefined;
		const lines = new Promise<void>((resolve) => {
			const slow = sh`
				# says that it runs, and sleeps
				echo runs; sleep 65.25
			`;
			ended = t.throwsAsync(shell.run({script: slow, onLine: () => resolve()}), {
				instanceOf: UnreachableError,
				message: /closed/,
			});
		});
		await lines;
		await connection.close();
		await ended;
		t.true(await gone('sleep\x0065.25'), transport);
	}
});

test.serial('reset forgets the shells', async (t) => {
	const connection = await openConnection(here('/bin/sh'), {home: '/', user: 'nobody'});
	t.teardown(() => connection.close());
	const pid = sh`
		# prints the shell's pid
		echo $$
	`;
	const shell = await connection.shell();
	const before = await shell.run({script: pid});
	t.deepEqual(await shell.run({script: pid}), before);
	await connection.reset();
	t.notDeepEqual(await shell.run({script: pid}), before);
});

test.serial('a script takes no values', (t) => {
	const tag = sh as (strings: TemplateStringsArray, ...values: unknown[]) => Script;
	t.throws(() => tag`echo ${'x'}`, {instanceOf: TypeError});
});

function here(shellExecutable: string) {
	return {
		name: 'here',
		transport: 'local',
		address: 'localhost',
		hostKeyChecking: true,
		connectTimeout: 20_000,
		shellExecutable,
	} as const;
}

function script(name: string, text: string): string {
	const path = join(folder, name);
	writeFileSync(path, `#!/bin/sh\n${text}\n`, {mode: 0o755});
	return path;
}

/** Content in which every block differs from the next. */
function big(size: number): Content {
	const bytes = Buffer.alloc(size);
	let block = createHash('sha512').update('playbill').digest();
	for (let at = 0; at < bytes.length; at += 4096) {
		block = createHash('sha512').update(block).digest();
		bytes.fill(block, at, Math.min(at + 4096, size));
	}
	return contentOfBytes(bytes);
}

/** Whether no process has this text in its argv, now or within ten seconds. */
async function gone(argv: string): Promise<boolean> {
	for (let attempt = 0; attempt < 200; attempt++) {
		if (processesNamed(argv).length === 0) return true;
		await new Promise((resolve) => setTimeout(resolve, 50));
	}
	return false;
}

/** The pids of processes whose argv holds this text. */
function processesNamed(argv: string): string[] {
	return pids().filter((pid) => {
		try {
			return readFileSync(`/proc/${pid}/cmdline`, 'latin1').includes(argv);
		} catch {
			return false;
		}
	});
}

function pids(): string[] {
	return readdirSync('/proc').filter((name) => /^\d+$/.test(name));
}
