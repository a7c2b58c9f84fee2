import {execFileSync, spawn, spawnSync} from 'node:child_process';
import {once} from 'node:events';
import {existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {buffer} from 'node:stream/consumers';
import test from 'ava';
import type {Script} from '../../../src/connection/connection.js';
import {type UnitState, unitKind, unitRead} from '../../../src/modules/kinds/unit.js';
import {controlProcess} from '../../../src/modules/kinds/unit-process.js';

/** The shells that this machine has, each as the words that start it. */
const shells = [['dash'], ['bash', '--posix'], ['busybox', 'ash']].filter(
	([program]) => spawnSync(program!, ['-c', ':']).error === undefined,
);

async function run(shell: string[], script: Script, args: readonly string[]) {
	const child = spawn(shell[0]!, [...shell.slice(1), '-c', script.text, 'sh', ...args], {env: {...process.env, LEAKED: 'yes'}});
	const [stdout, stderr, [status]] = await Promise.all([buffer(child.stdout), buffer(child.stderr), once(child, 'close')]);
	return {stdout, stderr, status: Number(status ?? 255)};
}

async function unitIn(folder: string, shell: string[], name = 'demo'): Promise<UnitState> {
	const probe = unitKind.probe([unitRead({name, use: 'process', directory: folder})]);
	return probe.parse(await run(shell, probe.script, probe.args))[0]!;
}

async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
	for (const deadline = Date.now() + 20_000; !(await condition()); ) {
		if (Date.now() > deadline) throw new Error('it did not come to pass');
		await new Promise((resolve) => setTimeout(resolve, 20));
	}
}

/** A folder with a unit file, and a control bound to it; whatever runs in the end is stopped. */
function place(t: {teardown(fn: () => Promise<void>): void}, shell: string[], service: string, name = 'demo') {
	const folder = mkdtempSync(join(tmpdir(), 'playbill unit-'));
	writeFileSync(
		join(folder, `${name}.service`),
		`[Unit]\nDescription=A test\nExecStart=/never\n[Service]\n${service.replaceAll('FOLDER', folder)}\n`,
	);
	const control = (verb: string) => run(shell, controlProcess, [folder, name, verb]);
	t.teardown(async () => {
		await control('stop');
		rmSync(folder, {recursive: true});
	});
	return {
		folder,
		control,
		read: (file: string) => (existsSync(join(folder, file)) ? readFileSync(join(folder, file), 'utf8') : ''),
	};
}

const startTime = (pid: string) => execFileSync('sed', ['s/.*) //', `/proc/${pid}/stat`], {encoding: 'utf8'}).split(' ')[19];

for (const shell of shells) {
	const under = `under ${shell.join(' ')}`;

	test(`a command runs detached, is seen, and ends with its children ${under}`, async (t) => {
		const {folder, control, read} = place(
			t,
			shell,
			`ExecStart=/bin/sh -c 'sleep 300 & echo $$! >"FOLDER/child"; wait'\nPIDFile=FOLDER/own`,
		);
		t.like(await unitIn(folder, shell), {exists: true, active: 'no', enabled: false, manager: 'process'});
		t.is((await control('start')).status, 0);
		const {properties, active} = await unitIn(folder, shell);
		t.is(active, 'yes');
		t.is(read('demo.pid').split(' ')[0], properties!['MainPID']!);
		t.is(read('own').trim(), properties!['MainPID']!);
		await until(() => read('child') !== '');
		t.is((await control('start')).status, 0);
		t.is((await unitIn(folder, shell)).properties!['MainPID'], properties!['MainPID'], 'a second start does nothing');
		t.is((await control('restart')).status, 0);
		t.not((await unitIn(folder, shell)).properties!['MainPID'], properties!['MainPID']);
		await until(() => read('child').trim() !== '' && existsSync(`/proc/${read('child').trim()}`));
		const child = read('child').trim();
		t.is((await control('stop')).status, 0);
		t.is((await unitIn(folder, shell)).active, 'no');
		t.false(
			existsSync(`/proc/${child}/exe`) &&
				startTime(child) !== undefined &&
				readFileSync(`/proc/${child}/stat`, 'utf8').includes(') S '),
		);
		t.is((await control('stop')).status, 0, 'a second stop does nothing');
	});

	test(`environment, words, variables, specifiers and folders are systemd's ${under}`, async (t) => {
		const {folder, control, read} = place(
			t,
			shell,
			[
				'Environment="GREETING=hello world" NAME=%p',
				"Environment=SPLIT='one two'",
				'Environment=INJECTED="$(touch FOLDER/injected) `touch FOLDER/injected`"',
				'EnvironmentFile=-/nonexistent/file',
				'EnvironmentFile=FOLDER/environment',
				'WorkingDirectory=FOLDER',
				'ExecStartPre=/bin/sh -c \'echo "before $$GREETING"\'',
				'ExecStart=/bin/sh -c \'printf "<%%s>" "$$@"; echo; pwd; env; exec sleep 300\' \\',
				'# a comment inside',
				'  word "${GREETING}" $SPLIT ${NOTHING} 100%% $INJECTED "-n" \'$$(touch FOLDER/injected)\'',
				'StandardOutput=append:FOLDER/out.log',
			].join('\n'),
		);
		writeFileSync(join(folder, 'environment'), `# words\nFILE="quoted value"\n  PLAIN=a b  \nNAME=over\nbad name=1\n`);
		t.is((await control('start')).status, 0);
		await until(() => read('out.log').includes('PWD='));
		const lines = read('out.log').split('\n');
		t.is(lines[0], 'before hello world');
		t.is(
			lines[1],
			`<hello world><one><two><><100%><$(touch><${folder.split(' ')[0]}><${folder.split(' ')[1]}/injected)><\`touch><${folder.split(' ')[0]}><${folder.split(' ')[1]}/injected\`><-n><$(touch ${folder}/injected)>`,
		);
		t.is(lines[2], folder);
		for (const entry of ['GREETING=hello world', 'NAME=over', 'SPLIT=one two', 'FILE=quoted value', 'PLAIN=a b'])
			t.true(lines.includes(entry), entry);
		t.false(
			lines.some((line) => line.startsWith('LEAKED=')),
			'the session’s environment stays outside',
		);
		t.false(existsSync(join(folder, 'injected')));
	});

	test(`a recycled pid is neither taken for the service nor killed ${under}`, async (t) => {
		const {folder, control} = place(t, shell, 'ExecStart=/bin/sleep 300');
		const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
		writeFileSync(join(folder, 'demo.pid'), `${process.pid} 1 ${boot}\n`);
		t.is((await unitIn(folder, shell)).active, 'no');
		t.is((await control('stop')).status, 0);
		writeFileSync(join(folder, 'demo.pid'), `${process.pid} ${startTime(String(process.pid))} another-boot\n`);
		t.is((await unitIn(folder, shell)).active, 'no');
		t.is((await control('stop')).status, 0);
	});

	test(`a command that ends at once is a failure with its last words ${under}`, async (t) => {
		const {folder, control} = place(t, shell, "ExecStart=/bin/sh -c 'echo no such port; exit 3'");
		let {status, stderr} = await control('start');
		// On a machine that is too busy it may not have ended by the time the start looks.
		for (let tries = 0; status === 0 && tries < 20; tries++) {
			await until(async () => (await unitIn(folder, shell)).active === 'no');
			({status, stderr} = await control('start'));
		}
		t.is(status, 1);
		t.is(stderr.toString(), 'the service demo ended at once with status 3; what it said last:\nno such port\n');
		t.is((await unitIn(folder, shell)).active, 'no');
	});

	test(`one that does not heed the signal is killed after its time ${under}`, async (t) => {
		const {folder, control, read} = place(
			t,
			shell,
			`ExecStart=/bin/sh -c 'trap "" TERM; echo up >"FOLDER/up"; while :; do sleep 1; done'\nTimeoutStopSec=1`,
		);
		t.is((await control('start')).status, 0);
		await until(() => read('up') !== '');
		t.is((await control('stop')).status, 0);
		t.is((await unitIn(folder, shell)).active, 'no');
	});

	test(`ExecStop, ExecReload and the signal of its choice ${under}`, async (t) => {
		const {folder, control, read} = place(
			t,
			shell,
			'ExecStart=/bin/sh "FOLDER/serve"\nWorkingDirectory=FOLDER\nExecReload=/bin/kill -HUP $MAINPID\nExecStop=/bin/sh -c \'echo "stop $$MAINPID" >>marks\'\nKillSignal=SIGINT',
		);
		writeFileSync(
			join(folder, 'serve'),
			'trap "echo int >>marks; exit 0" INT; trap "echo hup >>marks" HUP; echo up >>marks; while :; do sleep 0.05; done\n',
		);
		t.is((await control('reload')).status, 1, 'what does not run cannot be reloaded');
		t.is((await control('start')).status, 0);
		await until(() => read('marks').includes('up'));
		const pid = (await unitIn(folder, shell)).properties!['MainPID'];
		t.is((await control('reload')).status, 0);
		await until(() => read('marks').includes('hup'));
		t.is((await control('stop')).status, 0);
		t.is(read('marks'), `up\nhup\nstop ${pid}\nint\n`);
	});

	test(`Type=forking is known by its PIDFile, oneshot by having ended well ${under}`, async (t) => {
		const forking = place(
			t,
			shell,
			`Type=forking\nPIDFile=FOLDER/pid\nExecStart=/bin/sh -c 'sleep 300 & echo $$! >"FOLDER/pid"'`,
		);
		t.is((await forking.control('start')).status, 0);
		t.is((await unitIn(forking.folder, shell)).properties!['MainPID'], forking.read('pid').trim());
		t.is((await forking.control('stop')).status, 0);
		t.is((await unitIn(forking.folder, shell)).active, 'no');
		const single = place(
			t,
			shell,
			`Type=oneshot\nRemainAfterExit=yes\nExecStart=/bin/sh -c 'echo one >>"FOLDER/said"'\nExecStart=-/bin/false`,
		);
		t.is((await single.control('start')).status, 0);
		t.like(await unitIn(single.folder, shell), {
			active: 'yes',
			properties: {...(await unitIn(single.folder, shell)).properties, SubState: 'exited'},
		});
		t.is(single.read('said'), 'one\n');
	});

	test(`marks for enabled and masked; a unit without a file ${under}`, async (t) => {
		const {folder, control} = place(t, shell, 'ExecStart=/bin/sleep 300');
		t.is((await control('enable')).status, 0);
		t.is((await control('mask')).status, 0);
		t.like(await unitIn(folder, shell), {enabled: true, masked: true});
		t.is((await control('start')).stderr.toString(), 'Unit demo.service is masked.\n');
		t.is((await control('unmask')).status, 0);
		t.is((await control('disable')).status, 0);
		t.like(await unitIn(folder, shell), {enabled: false, masked: false});
		t.like(await await unitIn(folder, shell, '$(id)'), {exists: false});
	});

	if (process.getuid?.() === 0) {
		test(`User and Group are taken on by root ${under}`, async (t) => {
			const {control, read} = place(
				t,
				shell,
				`User=nobody\nExecStart=/bin/sh -c 'id -un; id -gn; echo "$$HOME"; exec sleep 300'`,
			);
			t.is((await control('start')).status, 0);
			await until(() => read('demo.log').split('\n').length > 3);
			t.is(read('demo.log'), 'nobody\nnogroup\n/nonexistent\n');
		});
	}
}
