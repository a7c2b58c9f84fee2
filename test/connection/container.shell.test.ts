import {execFileSync, spawn, spawnSync} from 'node:child_process';
import {cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync} from 'node:fs';
import {tmpdir, userInfo} from 'node:os';
import {dirname, join} from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {
	type Connection,
	DeadlineError,
	openConnection,
	sh,
	type Target,
	UnreachableError,
} from '../../src/connection/connection.js';

const folder = mkdtempSync(join(tmpdir(), 'playbill-container-'));
const root = join(folder, 'root');
const socket = join(folder, 'engine');
const container = `playbill-${process.pid}`;
/** podman as it runs within a container or beside systemd too: with one version of control groups in sight, and limits that it may set. */
const podman = join(folder, 'podman');
writeFileSync(
	podman,
	`#!/bin/sh\nexec unshare --mount sh -c 'umount /sys/fs/cgroup/unified 2>/dev/null; exec podman --cgroup-manager=cgroupfs --log-level=error "$@"' sh "$@"\n`,
	{mode: 0o755},
);
const missing = startContainer();
const hasDocker = spawnSync('docker', ['--version']).status === 0;
let service: ReturnType<typeof spawn> | undefined;
test.after.always(() => {
	service?.kill();
	if (!missing) execFileSync(podman, ['rm', '-f', '-t', '0', container], {stdio: 'ignore'});
	rmSync(folder, {recursive: true, force: true});
});

const who = sh`
	# prints the user's id, and what it was given
	id -u; printf %s "$1"; cat
`;
const target = (transport: 'docker' | 'podman', more: Partial<Target> = {}): Target => ({
	name: 'c1',
	transport,
	address: container,
	hostKeyChecking: true,
	connectTimeout: 20_000,
	...(transport === 'podman' ? {program: podman} : {programArgs: ['-H', `unix://${socket}`]}),
	...more,
});

if (missing) test.skip(`skipped: ${missing}`, () => {});
else {
	for (const transport of ['podman', 'docker'] as const) {
		const ways: Partial<Target>[] = [{}, {user: 'app'}];
		/** Runs a body with a connection that is closed afterwards. */
		const inside = (
			title: string,
			more: Partial<Target>,
			body: (t: ExecutionContext, connection: Connection) => Promise<void>,
		) => {
			const runs = transport === 'docker' && !hasDocker ? test.serial.skip : test.serial;
			runs(`${transport}: ${title}`, async (t) => {
				if (transport === 'docker') await offerDocker();
				const connection = await openConnection(target(transport, more), {home: '/', user: 'nobody'});
				t.teardown(() => connection.close());
				await body(t, connection);
			});
		};
		for (const way of ways) {
			inside(`runs scripts as ${way.user ?? 'root'}`, way, async (t, connection) => {
				const shell = await connection.shell();
				const big = 'x'.repeat(300_000);
				for (const stdin of ['in', big]) {
					const answer = await shell.run({script: who, args: [`it's $(id)`], stdin});
					t.is(answer.stdout.toString(), `${way.user ? 1000 : 0}\nit's $(id)${stdin}`);
				}
			});
		}
		inside('a deadline ends what runs in it', {}, async (t, connection) => {
			const shell = await connection.shell();
			const slow = sh`
				# sleeps
				sleep 66.25
			`;
			await t.throwsAsync(shell.run({script: slow, deadline: 200}), {instanceOf: DeadlineError});
			const left = await shell.run({
				script: sh`
				# prints how many sleep, when none does or after a while
				for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15; do
					left=$(ps | grep -c '[s]leep 66.25') || break
					sleep 1
				done
				echo "$left"
			`,
			});
			t.is(left.stdout.toString(), '0\n');
		});
		inside('there is no such container', {address: 'nosuch'}, async (t, connection) => {
			const shell = await connection.shell();
			await t.throwsAsync(shell.run({script: who}), {instanceOf: UnreachableError, message: /no such container/i});
		});
	}
}

/** Starts a container of nothing but busybox. Gives the reason why there is none. */
function startContainer(): string | undefined {
	if (userInfo().uid !== 0) return 'containers are started by root';
	for (const program of ['/usr/bin/podman', '/bin/busybox', '/usr/bin/unshare'])
		if (!existsSync(program)) return `no ${program} on this machine`;
	for (const name of ['bin', 'etc', 'proc', 'dev', 'sys', 'tmp', 'run']) mkdirSync(join(root, name), {recursive: true});
	writeFileSync(join(root, 'etc/passwd'), 'root:x:0:0::/:/bin/sh\napp:x:1000:1000::/:/bin/sh\n');
	writeFileSync(join(root, 'etc/group'), 'root:x:0:\napp:x:1000:\n');
	const libraries = execFileSync('sh', ['-c', 'ldd /bin/busybox || :'], {encoding: 'utf8'}).match(/\/\S+/g) ?? [];
	for (const path of libraries.filter((name) => existsSync(name))) {
		mkdirSync(join(root, dirname(path)), {recursive: true});
		cpSync(path, join(root, path), {dereference: true});
	}
	cpSync('/bin/busybox', join(root, 'bin/busybox'), {dereference: true});
	for (const applet of execFileSync('/bin/busybox', ['--list'], {encoding: 'utf8'}).trim().split('\n')) {
		if (applet !== 'busybox') symlinkSync('busybox', join(root, 'bin', applet));
	}
	const limits = ['--ulimit', 'nofile=1024:1024', '--ulimit', 'nproc=1024:1024'];
	try {
		execFileSync(
			podman,
			[
				'run',
				'-d',
				'--name',
				container,
				'--network=none',
				'--cgroups=disabled',
				...limits,
				'--rootfs',
				root,
				'/bin/sleep',
				'600',
			],
			{
				stdio: 'pipe',
			},
		);
	} catch (error) {
		return `podman cannot run a container here: ${(error as {stderr: Buffer}).stderr.toString().trim().split('\n').at(-1)}`;
	}
	return undefined;
}

/** Has podman offer the interface of Docker's engine, for Docker's client to speak to. */
async function offerDocker(): Promise<void> {
	service ??= spawn(podman, ['system', 'service', '--time=60', `unix://${socket}`], {stdio: 'ignore'});
	for (let attempt = 0; attempt < 100 && !existsSync(socket); attempt++) await new Promise((resolve) => setTimeout(resolve, 50));
}
