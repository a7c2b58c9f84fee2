import {execFileSync} from 'node:child_process';
import {randomBytes} from 'node:crypto';
import {existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {Readable} from 'node:stream';
import test, {type ExecutionContext} from 'ava';
import {contentOfBytes, DeadlineError, LostConnectionError, openConnection, sh} from '../../src/connection/connection.js';
import {findOutcome} from '../../src/connection/kept-outcome.js';
import {
	began,
	keptIn,
	type LossyHost,
	lines,
	type Manner,
	marks,
	pause,
	processesWith,
	shells,
	step,
	there,
	ways,
	withLossyHost,
} from './lossy-host.js';
import {type Sshd, sshdMissing, startSshd} from './sshd.js';
import {startProxy} from './tcp-proxy.js';

if (sshdMissing()) test.skip(`skipped: ${sshdMissing()}`, () => {});
else {
	let sshd: Sshd;
	test.before(async () => {
		sshd = await startSshd();
	});
	test.after.always(() => sshd.stop());
	const lost = (
		title: string,
		body: (t: ExecutionContext, host: LossyHost) => Promise<void>,
		manners: Readonly<Record<string, Manner>> = {'by the library': {}},
	) => {
		for (const [name, manner] of Object.entries(manners))
			test.serial(`${name}: ${title}`, (t) => withLossyHost(t, sshd, manner, (host) => body(t, host)));
	};

	lost(
		'the outcome of a step that ends after the connection was lost is found, and a reading behind it waits',
		async (t, {shell, proxy, said, mark, sign}) => {
			const running = shell.run({script: step, args: [mark, sign], changes: true});
			const behind = shell.run({script: lines, args: [mark]});
			await there(mark);
			proxy.cut();
			setTimeout(() => writeFileSync(sign, ''), 500);
			const {stdout, stderr, status} = await running;
			t.deepEqual([stdout.toString(), stderr.toString(), status], ['begins\nends\0here', 'woe\n', 3]);
			t.is((await behind).stdout.toString(), '1\n');
			t.true(existsSync(sign));
			t.regex(said.join('\n'), /<h1> the connection was lost while a step ran; its outcome was found on the host/);
			t.is(proxy.connections, 2);
		},
		{...ways, ...shells()},
	);

	lost('and so of one whose answer was lost on its way', async (t, {shell, way, proxy, mark}) => {
		await shell.run({script: lines, args: ['/dev/null']});
		way.breaksOn = 'in';
		t.is((await shell.run({script: marks, args: [mark], changes: true})).stdout.toString(), 'done\n');
		t.is(readFileSync(mark, 'utf8'), 'line\n');
		t.is(proxy.connections, 2);
	});

	lost(
		'a step that was lost on its way is sent again, where it is certain that it never began',
		async (t, {shell, way, said, mark}) => {
			await shell.run({script: lines, args: ['/dev/null']});
			way.breaksOn = 'out';
			await t.throwsAsync(shell.run({script: marks, args: [mark], changes: true}), {
				instanceOf: LostConnectionError,
				message: /the host has kept nothing of it/,
			});
			t.false(existsSync(mark));
			await shell.run({script: lines, args: ['/dev/null'], changes: true});
			way.breaksOn = 'out';
			t.is((await shell.run({script: marks, args: [mark], changes: true})).stdout.toString(), 'done\n');
			t.is(readFileSync(mark, 'utf8'), 'line\n');
			t.regex(said.join('\n'), /lost before a step began; it is sent again/);
		},
		ways,
	);

	lost('the connection breaks again while the outcome is searched', async (t, {shell, proxy, mark, sign}) => {
		const running = shell.run({script: step, args: [mark, sign], changes: true});
		await there(mark);
		proxy.cut();
		while (proxy.connections < 2) await pause(20);
		await pause(300);
		proxy.cut();
		await pause(300);
		writeFileSync(sign, '');
		t.is((await running).status, 3);
		t.is(readFileSync(mark, 'utf8'), 'line\n');
	});

	lost('a step that was killed with its shell is unknown, and never repeated', async (t, {shell, mark, sign}) => {
		const running = shell.run({script: step, args: [mark, sign], changes: true});
		await there(mark);
		for (const pid of processesWith(sign)) process.kill(pid, 'SIGKILL');
		const error = await t.throwsAsync(running, {instanceOf: LostConnectionError});
		t.regex(error!.message, /^unknown, connection lost: a step was running, and it ended without a status/);
		t.is((await shell.run({script: lines, args: [mark]})).stdout.toString(), '1\n');
	});

	lost('a dead shell that nobody has buried is dead', async (t, {shell, kept}) => {
		const zombie = sh`
			# leaves a process that nobody waits for; prints its pid and, from its line of /proc while it lived, when it began
			sh -c 'sleep 0.3 & read -r line <"/proc/$!/stat"; set -- $! \${line##*") "}; echo "$1 \${21}"; exec sleep 20 >/dev/null 2>&1' &
			sleep 1
		`;
		const {stdout} = await shell.run({script: zombie});
		const folder = join(kept, '.playbill-dead');
		execFileSync('mkdir', [folder]);
		writeFileSync(join(folder, 'shell'), stdout);
		writeFileSync(join(folder, 'ends'), '1 begins\n');
		t.regex(readFileSync(`/proc/${stdout.toString().split(' ')[0]}/stat`, 'utf8'), /\) Z /);
		const answer = await shell.run({script: findOutcome, args: ['dead', '1'], deadline: 10_000});
		t.is(answer.stdout.toString(), 'gone\n');
		execFileSync('touch', ['-d', '20 minutes ago', folder]);
		await shell.run({script: lines, args: ['/dev/null'], changes: true});
		t.false(existsSync(folder));
	});

	lost('where nothing can be kept it is unknown', async (t, {shell, proxy, mark, sign, kept}) => {
		execFileSync('rmdir', [kept]);
		const hidden = sh`
			# removes the folder in which outcomes are kept, and waits
			echo line >>"$1"; rm -rf "$pb_d"; while [ ! -e "$2" ]; do sleep 0.1; done
		`;
		const running = shell.run({script: hidden, args: [mark, sign], changes: true});
		await there(mark);
		await pause(200);
		proxy.cut();
		await t.throwsAsync(running, {instanceOf: LostConnectionError, message: /the host has kept nothing of it/});
		writeFileSync(sign, '');
		execFileSync('mkdir', [kept]);
	});

	lost('a deadline holds after the connection was lost', async (t, {shell, proxy, mark, sign}) => {
		const running = shell.run({script: step, args: [mark, sign], changes: true, deadline: 2000});
		await there(mark);
		proxy.cut();
		await t.throwsAsync(running, {instanceOf: DeadlineError, message: /2 seconds/});
		t.is((await shell.run({script: lines, args: [mark]})).stdout.toString(), '1\n');
		for (let attempt = 0; attempt < 100 && processesWith(sign).length > 1; attempt++) await pause(50);
		t.is(processesWith(sign).length, 1, 'the shell that is kept');
	});

	lost('a reading is repeated', async (t, {shell, proxy, mark}) => {
		const waits = sh`
			# adds a line to "$1", and waits when it is the first
			echo line >>"$1"; [ "$(wc -l <"$1")" -gt 1 ] || sleep 2.25; echo done
		`;
		const running = shell.run({script: waits, args: [mark]});
		await there(mark);
		proxy.cut();
		t.is((await running).stdout.toString(), 'done\n');
		t.is(readFileSync(mark, 'utf8'), 'line\nline\n');
	});

	lost(
		'where nothing can be kept any more, that is no matter of the steps, and no file of the user goes',
		async (t, {shell, kept}) => {
			await shell.run({script: marks, args: ['/dev/null'], changes: true});
			const own = Array.from({length: 60}, (_, step) => join(kept, `../${step}.out`));
			for (const path of own) writeFileSync(path, 'own');
			rmSync(join(kept, keptIn(kept)[0]!), {recursive: true});
			for (let step = 0; step < 40; step++) {
				const {stdout, stderr} = await shell.run({script: marks, args: ['/dev/null'], changes: true});
				t.deepEqual([stdout.toString(), stderr.toString()], ['done\n', '']);
			}
			t.deepEqual(
				own.filter((path) => !existsSync(path)),
				[],
			);
		},
		shells(),
	);

	lost('a step that may run again is repeated, which is told', async (t, {shell, way, said, mark, kept}) => {
		await shell.run({script: lines, args: ['/dev/null']});
		way.breaksOn = 'in';
		const answer = await shell.run({script: marks, args: [mark], changes: true, repeatable: true});
		t.is(answer.stdout.toString(), 'done\n');
		t.is(readFileSync(mark, 'utf8'), 'line\nline\n');
		t.regex(said.join('\n'), /a step ran that may run again; it is sent again/);
		t.deepEqual(keptIn(kept), []);
	});

	lost(
		'content that is cut never looks whole, and what was begun is cleaned up',
		async (t, {shell, proxy, mark}) => {
			const write = sh`
			# writes its stdin beside "$1", and renames it
			new=$1.new; trap 'rm -f "$new"' EXIT; trap 'exit 9' TERM
			cat >"$new" && mv "$new" "$1"
		`;
			const half = randomBytes(5_000_000);
			const stdin = {
				...contentOfBytes(Buffer.alloc(10_000_000)),
				open: () =>
					Readable.from(
						(async function* () {
							yield half;
							while (!existsSync(`${mark}.new`) || statSync(`${mark}.new`).size < 1_000_000) await pause(10);
							proxy.cut();
							yield half;
						})(),
					),
			};
			await t.throwsAsync(shell.run({script: write, args: [mark], stdin, changes: true}), {
				instanceOf: LostConnectionError,
				message: /it was ended before it had all of its input/,
			});
			t.is((await shell.run({script: lines, args: ['/dev/null']})).stdout.toString(), '0\n');
			t.false(existsSync(mark));
			for (let attempt = 0; attempt < 40 && existsSync(`${mark}.new`); attempt++) await pause(50);
			t.false(existsSync(`${mark}.new`));
		},
		ways,
	);

	lost('content of a step that may run again is sent again when it was cut', async (t, {shell, proxy, mark}) => {
		const write = sh`
			# writes its stdin beside "$1", and renames it
			cat >"$1.new.$$" && mv "$1.new.$$" "$1"
		`;
		const notes = () => statSync('/ends', {throwIfNoEntry: false})?.mtimeMs;
		const before = notes();
		let opened = 0;
		const bytes = Buffer.alloc(3_000_000, 'some text ');
		const stdin = {
			...contentOfBytes(bytes),
			open: () =>
				Readable.from(
					(async function* () {
						yield bytes.subarray(0, 1_500_000);
						if (opened++ === 0) {
							await pause(200);
							proxy.cut();
						}
						yield bytes.subarray(1_500_000);
					})(),
				),
		};
		const answer = await shell.run({script: write, args: [mark], stdin, changes: true, repeatable: true});
		t.is(answer.status, 0);
		t.is(opened, 2);
		t.true(readFileSync(mark).equals(bytes));
		t.is(notes(), before, 'nothing is noted where nothing is kept');
	});

	for (const [title, far, bytes, share] of [
		['far away, what becomes smaller is compressed', true, Buffer.alloc(3_000_000, 'some text that comes again '), 0.1],
		['far away, what does not is sent as it is', true, randomBytes(6_000_000), 1.2],
		['nearby nothing is compressed', false, Buffer.alloc(1_000_000, 'some text that comes again '), 1.2],
	] as const) {
		test.serial(title, async (t) => {
			let sent = 0;
			const proxy = await startProxy(sshd.port, async (piece, way) => {
				if (way === 'out') sent += piece.length;
				if (far) await pause(20);
				return true;
			});
			const known = ['-F', 'none', '-o', 'UserKnownHostsFile=/dev/null', '-o', 'StrictHostKeyChecking=no'];
			const connection = await openConnection(sshd.target({port: proxy.port, sshArgs: known}), sshd.settings);
			t.teardown(async () => {
				await connection.close();
				proxy.close();
			});
			const shell = await connection.shell();
			for (let index = 0; index < 20; index++) await shell.run({script: lines, args: ['/dev/null']});
			const path = join(sshd.folder, 'far');
			const write = sh`
				# writes its stdin to "$1"
				cat >"$1"
			`;
			const told: string[] = [];
			sent = 0;
			await shell.run({script: write, args: [path], stdin: bytes, changes: true, onLine: (line) => told.push(line)});
			t.true(readFileSync(path).equals(bytes));
			t.true(sent < share * bytes.length, `${sent} bytes`);
			if (!far || share < 1) return;
			t.true(told.length > 0 && told.every((line) => /^\d+% of 6 MB sent$/.test(line)), told.join());
		});
	}

	lost('outcomes are private while they are kept, and removed when they are acknowledged', async (t, {shell, kept, mark}) => {
		for (let index = 0; index < 40; index++) await shell.run({script: lines, args: ['/dev/null'], changes: true});
		const [folder] = keptIn(kept);
		t.is(statSync(join(kept, folder!)).mode & 0o7777, 0o700);
		t.true(readdirSync(join(kept, folder!)).length <= 1 + 3 * 17);
		t.false(existsSync(mark));
	});

	lost('what a controller left that died is removed by the next contact, later', async (t, {shell, kept}) => {
		const old = join(kept, '.playbill-old');
		const young = join(kept, '.playbill-young');
		const busy = join(kept, '.playbill-busy');
		for (const [path, pid] of [
			[old, 'nobody'],
			[young, 'nobody'],
			[busy, String(process.pid)],
		] as const) {
			execFileSync('mkdir', [path]);
			writeFileSync(join(path, 'shell'), `${pid} ${pid === 'nobody' ? '' : began(pid)}\n`);
			if (path !== young) execFileSync('touch', ['-d', '20 minutes ago', path]);
		}
		await shell.run({script: lines, args: ['/dev/null'], changes: true});
		t.deepEqual(
			keptIn(kept)
				.filter((name) => name.length < 20)
				.sort(),
			['.playbill-busy', '.playbill-young'],
		);
		execFileSync('rm', ['-rf', young, busy]);
	});

	lost('the lines of a long step are told while it runs, each once', async (t, {shell, mark, sign}) => {
		const told: string[] = [];
		const running = shell.run({
			script: step,
			args: [mark, sign],
			changes: true,
			onLine: (line, stream) => told.push(`${stream} ${line}`),
		});
		for (let attempt = 0; attempt < 400 && told.length === 0; attempt++) await pause(50);
		t.deepEqual(told, ['out begins']);
		writeFileSync(sign, '');
		await running;
		t.deepEqual(told.sort(), ['err woe', 'out begins', 'out ends\0here']);
	});
}
