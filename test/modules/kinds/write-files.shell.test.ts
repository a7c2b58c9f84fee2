import {execFileSync} from 'node:child_process';
import {
	existsSync,
	mkdirSync,
	mkdtempSync,
	readdirSync,
	readFileSync,
	rmSync,
	symlinkSync,
	unlinkSync,
	writeFileSync,
} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {contentOfBytes, type Shell} from '../../../src/connection/connection.js';
import {failureOf} from '../../../src/modules/kinds/path-change.js';
import {writeSteps} from '../../../src/modules/kinds/write-files.js';
import {hosts} from '../laws.js';

const texts = new Map(
	Array.from({length: 60}, (_, index) => [`d${index % 3}/f${index}`, Buffer.alloc(index * 700, `\0${index}\n`)] as const),
);

/** Hosts whose tools are not those of a common one: what of them is taken away or other. */
const lacks: Readonly<Record<string, Readonly<Record<string, string | undefined>>>> = {
	'with all tools': {},
	'without tar': {tar: undefined},
	'whose sync takes no files': {sync: 'echo "Usage: sync [OPTION]"'},
	'without sync': {sync: undefined},
	'whose dd reads only single bytes exactly': {
		dd: 'for one do case $one in iflag=*) echo "dd: unknown operand" >&2; exit 1 ;; esac; done; exec DD "$@"',
	},
};

/** A folder of programs like those of this machine, but for some. */
function toolsBut(own: Readonly<Record<string, string | undefined>>): string {
	const folder = mkdtempSync(join(tmpdir(), 'playbill-tools-'));
	for (const place of ['/bin', '/usr/bin'])
		for (const name of readdirSync(place))
			if (!existsSync(join(folder, name))) linkQuietly(join(place, name), join(folder, name));
	for (const [name, text] of Object.entries(own)) {
		unlinkSync(join(folder, name));
		if (text) writeFileSync(join(folder, name), `#!/bin/sh\n${text.replace('DD', '/bin/dd')}\n`, {mode: 0o755});
	}
	return folder;
}

function linkQuietly(target: string, path: string): void {
	try {
		symlinkSync(target, path);
	} catch {
		// A name that leads nowhere is there already.
	}
}

/** Writes the files below a folder, and gives the words of the failure. */
async function write(shell: Shell, dir: string, environment: Readonly<Record<string, string>>): Promise<string> {
	const writes = [...texts].map(
		([path, bytes]) => ({verb: 'write', path: join(dir, path), content: contentOfBytes(bytes), mode: 0o640}) as const,
	);
	for (const {script, args, stdin} of writeSteps(writes)) {
		const response = await shell.run({
			script,
			args: args ?? [],
			...(stdin === undefined ? {} : {stdin}),
			changes: true,
			repeatable: true,
			environment,
		});
		if (response.status !== 0) return failureOf(response).message;
	}
	return '';
}

function makeFolder(t: ExecutionContext): string {
	const dir = mkdtempSync(join(tmpdir(), 'playbill-files-'));
	t.teardown(() => {
		execFileSync('sh', ['-c', 'umount "$1" 2>/dev/null; rm -rf "$1"', 'sh', dir]);
	});
	return dir;
}

const below = (dir: string) => readdirSync(dir, {recursive: true, encoding: 'utf8'}).sort();
const whole = ['d0', 'd1', 'd2', ...texts.keys()].sort();

test('files that go together are one step', (t) => {
	t.is(writeSteps([...texts].map(([path, bytes]) => ({verb: 'write', path, content: bytes}) as const)).length, 1);
});

test('how much is sent is shown, and nothing else that a write says', (t) => {
	for (const count of [1, 3]) {
		const writes = Array.from(
			{length: count},
			(_, index) => ({verb: 'write', path: `d/${index}`, content: Buffer.from('x')}) as const,
		);
		for (const {shows} of writeSteps(writes)) {
			t.is(shows?.('40% of 6 MB sent'), '40% of 6 MB sent');
			t.is(shows?.('81a4:0:0:6:1:1:1:1'), undefined);
		}
	}
});

for (const host of hosts()) {
	const opened = host.connect();
	test.after.always(async () => (await opened).close());
	for (const [title, own] of host.environment ? [] : Object.entries(lacks)) {
		test(`many files on a host ${title} (${host.name})`, async (t) => {
			const tools = toolsBut(own);
			t.teardown(() => rmSync(tools, {recursive: true}));
			const dir = makeFolder(t);
			for (const folder of ['d0', 'd1', 'd2']) mkdirSync(join(dir, folder));
			const shell = await (await opened).shell();
			t.is(await write(shell, dir, {PATH: tools}), '');
			t.deepEqual(below(dir), whole);
			for (const [path, bytes] of texts) t.true(readFileSync(join(dir, path)).equals(bytes), path);
		});
	}

	test(`where one folder is missing, nothing is written and nothing is left (${host.name})`, async (t) => {
		const dir = makeFolder(t);
		for (const folder of ['d0', 'd1']) mkdirSync(join(dir, folder));
		const shell = await (await opened).shell();
		t.is(await write(shell, dir, {...host.environment}), `Destination directory ${dir}/d2 does not exist`);
		t.deepEqual(below(dir), ['d0', 'd1']);
	});

	if (process.getuid?.() !== 0) continue;
	test.serial(`where the disk is full, the old files stand and nothing is left (${host.name})`, async (t) => {
		const dir = makeFolder(t);
		execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=300k', 'tmpfs', dir]);
		for (const folder of ['d0', 'd1', 'd2']) mkdirSync(join(dir, folder));
		for (const path of texts.keys()) writeFileSync(join(dir, path), '');
		const shell = await (await opened).shell();
		t.regex(await write(shell, dir, {...host.environment}), /^could not write to .*\/d\d: No space left on device$/);
		t.deepEqual(below(dir), whole);
		for (const path of texts.keys()) t.is(readFileSync(join(dir, path), 'utf8'), '');
	});
}
