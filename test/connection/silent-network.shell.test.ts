import {randomBytes} from 'node:crypto';
import {existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync} from 'node:fs';
import {basename, dirname, join} from 'node:path';
import {Readable} from 'node:stream';
import test, {type ExecutionContext} from 'ava';
import pLimit from 'p-limit';
import {contentOfBytes, DeadlineError, LostConnectionError, sh} from '../../src/connection/connection.js';
import {findOutcome} from '../../src/connection/kept-outcome.js';
import {
	began,
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

/*
 * A network that says nothing any more, and comes back: this side finds its connection dead and makes another, while on the host the old shell lives, and
 * may yet get what was sent to it.
 */

/** Writes its stdin to "$1" as a whole, after it has waited for the file "$2" if there is such an argument. */
const write = sh`
	# prints that it is written
	new=$1.$$; trap 'rm -f "$new"' EXIT; trap 'rm -f "$new"; exit 9' TERM
	cat >"$new" && until [ -z "$2" ] || [ -e "$2" ]; do sleep 0.1; done && mv "$new" "$1" && echo written
`;
if (sshdMissing()) test(`skipped: ${sshdMissing()}`, (t) => t.pass());
else {
	let sshd: Sshd;
	test.before(async () => {
		sshd = await startSshd();
	});
	test.after.always(() => sshd.stop());
	const limit = pLimit(6);
	const silent = (
		title: string,
		body: (t: ExecutionContext, host: LossyHost & {alone(): Promise<void>}) => Promise<void>,
		manners: Readonly<Record<string, Manner>> = {'by the library': {}},
	) => {
		for (const [name, manner] of Object.entries(manners)) {
			test(`${name}: ${title}`, (t) =>
				// Most of their time is spent waiting for keepalive.
				limit(() =>
					withLossyHost(t, sshd, manner, async (host) => {
						host.way.silently = true;
						await host.shell.run({script: lines, args: ['/dev/null'], changes: true});
						const calm = processesWith(host.sign).length;
						// Nothing is left of the old shell.
						await body(t, {...host, alone: () => until(() => processesWith(host.sign).length === calm)});
					}),
				));
		}
	};

	silent(
		'a step that never began is sent again, and never begins where it was sent first',
		async (t, {shell, proxy, way, said, mark, alone}) => {
			way.breaksOn = 'out';
			t.is((await shell.run({script: marks, args: [mark], changes: true})).stdout.toString(), 'done\n');
			t.regex(said.join('\n'), /lost before a step began; it is sent again/);
			proxy.deliver();
			await alone();
			t.is(readFileSync(mark, 'utf8'), 'line\n');
		},
		{...ways, ...shells()},
	);

	silent(
		'the outcome of a step that began is found',
		async (t, {shell, proxy, said, mark, sign}) => {
			const running = shell.run({script: step, args: [mark, sign], changes: true});
			const behind = shell.run({script: lines, args: [mark]});
			await there(mark);
			proxy.hush();
			await until(() => proxy.connections > 1);
			await pause(500);
			writeFileSync(sign, '');
			const {stdout, stderr, status} = await running;
			t.deepEqual([stdout.toString(), stderr.toString(), status], ['begins\nends\0here', 'woe\n', 3]);
			t.is((await behind).stdout.toString(), '1\n');
			t.regex(said.join('\n'), /its outcome was found on the host/);
		},
		ways,
	);

	silent(
		'a step behind one that runs is sent again when it did not arrive',
		async (t, {shell, proxy, way, mark, sign, alone}) => {
			const running = shell.run({script: step, args: [mark, sign], changes: true});
			await there(mark);
			way.breaksOn = 'out';
			const behind = shell.run({script: marks, args: [mark], changes: true});
			await until(() => proxy.connections > 1);
			writeFileSync(sign, '');
			t.is((await running).status, 3);
			t.is((await behind).stdout.toString(), 'done\n');
			proxy.deliver();
			await alone();
			t.is(readFileSync(mark, 'utf8'), 'line\nline\n');
		},
	);

	silent(
		'a step whose content was cut is ended, and what it began is cleaned up',
		async (t, {shell, proxy, mark, alone}) => {
			const half = randomBytes(5_000_000);
			const stdin = {
				...contentOfBytes(Buffer.alloc(10_000_000)),
				open: () =>
					Readable.from(
						(async function* () {
							yield half;
							await until(() => neighbours(mark).length > 0);
							proxy.hush();
							yield half;
						})(),
					),
			};
			await t.throwsAsync(shell.run({script: write, args: [mark, ''], stdin, changes: true}), {
				instanceOf: LostConnectionError,
				message: /it was ended before it had all of its input/,
			});
			proxy.deliver();
			await alone();
			t.deepEqual([existsSync(mark), neighbours(mark)], [false, []]);
		},
		{...ways, ...shells()},
	);

	silent(
		'a step that may run again is repeated, and the first writes nothing after the second',
		async (t, {shell, proxy, way, mark, alone}) => {
			way.breaksOn = 'out';
			const first = await shell.run({script: write, args: [mark, ''], stdin: 'first', changes: true, repeatable: true});
			t.is(first.stdout.toString(), 'written\n');
			await shell.run({script: write, args: [mark, ''], stdin: 'second', changes: true, repeatable: true});
			proxy.deliver();
			await alone();
			t.is(readFileSync(mark, 'utf8'), 'second');
		},
		ways,
	);

	silent('nor when it runs yet', async (t, {shell, proxy, mark, sign, alone}) => {
		const first = shell.run({script: write, args: [mark, sign], stdin: 'first', changes: true, repeatable: true});
		await until(() => neighbours(mark).length > 0);
		proxy.hush();
		await until(() => proxy.connections > 1);
		const [old] = neighbours(mark);
		await until(() => neighbours(mark).length === 1 && neighbours(mark)[0] !== old);
		writeFileSync(sign, '');
		t.is((await first).stdout.toString(), 'written\n');
		await alone();
	});

	silent('a deadline ends what was lost', async (t, {shell, proxy, mark, sign, alone}) => {
		const running = shell.run({script: step, args: [mark, sign], changes: true, deadline: 5000});
		await there(mark);
		proxy.hush();
		await t.throwsAsync(running, {instanceOf: DeadlineError, message: /5 seconds/});
		await alone();
		t.is(readFileSync(mark, 'utf8'), 'line\n');
	});

	for (const [title, notes, more, expected] of [
		['is ended when the rest does not come', '7 begins\n', '', 'cut\n'],
		['is waited for when all of it has come', '7 begins\n7 fed\n', '7 4\n', 'done 4\nsaid'],
		['is waited for while the rest may come', '7 begins\n', '7 fed\n7 4\n', 'done 4\nsaid'],
	] as const) {
		silent(`a step that was sent all of its content ${title}`, async (t, {shell, kept}) => {
			const folder = join(kept, '.playbill-fed');
			mkdirSync(folder);
			writeFileSync(join(folder, 'shell'), `${process.pid} ${began(String(process.pid))}\n`);
			writeFileSync(join(folder, 'ends'), notes);
			writeFileSync(join(folder, '7.out'), 'said');
			writeFileSync(join(folder, '7.err'), '');
			const search = shell.run({script: findOutcome, args: ['fed', '7', more === '' ? '3' : '600']});
			await pause(500);
			writeFileSync(join(folder, 'ends'), more, {flag: 'a'});
			t.is((await search).stdout.toString(), expected);
			await shell.run({script: removed, args: [folder]});
		});
	}
	const removed = sh`
		# removes "$1"
		rm -rf "$1"
	`;
}

/** The neighbour files of a path, which take its place when they are whole. */
function neighbours(path: string): string[] {
	return readdirSync(dirname(path)).filter((name) => name.startsWith(`${basename(path)}.`));
}

async function until(holds: () => boolean): Promise<void> {
	const last = performance.now() + 60_000;
	while (!holds()) {
		if (performance.now() > last) throw new Error(`a minute has passed, and still not ${holds}`);
		await pause(20);
	}
}
