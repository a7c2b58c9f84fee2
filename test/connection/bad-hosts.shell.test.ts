import {chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir, userInfo} from 'node:os';
import {join} from 'node:path';
import test from 'ava';
import {contentOfBytes, openConnection, sh, type Target, UnreachableError} from '../../src/connection/connection.js';
import {changeStep} from '../../src/modules/kinds/path-change.js';
import {type Sshd, sshdMissing, startSshd} from './sshd.js';
import {startProxy} from './tcp-proxy.js';

const folder = mkdtempSync(join(tmpdir(), 'playbill-bad-'));
chmodSync(folder, 0o755);
test.after.always(() => rmSync(folder, {recursive: true, force: true}));

/** Mounts something over every place where a shell might keep files. */
const everywhere = (mount: string) => `for at in /tmp /var/tmp /run /dev/shm /root; do ${mount}; done`;
/** What is done on a host before its shell begins, in namespaces of its own. */
const hosts: Record<string, string> = {
	'that says megabytes before it begins':
		'line=0123456789abcdef; line=$line$line$line$line; i=0; while [ $i -lt 40000 ]; do echo "$line"; echo "$line" >&2; i=$((i + 1)); done',
	'whose disks are full': everywhere('mount -t tmpfs -o size=4k tmpfs $at; cat /dev/zero >$at/full 2>/dev/null || :'),
	'whose disks are read-only': everywhere('mount -t tmpfs -o ro tmpfs $at'),
	'without /dev/shm':
		'mkdir /tmp/dev.$$; mount -t tmpfs tmpfs /tmp/dev.$$; cp -a /dev/null /dev/zero /tmp/dev.$$/; mount --move /tmp/dev.$$ /dev; rmdir /tmp/dev.$$',
	'whose home and /tmp execute nothing': 'for at in /root /tmp; do mount -t tmpfs -o noexec tmpfs $at; done',
	'whose home is not there': 'HOME=/nonexistent; export HOME',
};
/** What is done with a program that not every machine has. */
const withPrograms: Record<string, [program: string, before: string]> = {
	'whose shell has no printf of its own': ['/bin/mksh', 'shell=/bin/mksh'],
	'whose clock is ten years off (-)': ['/usr/bin/faketime', 'shell="faketime -f -10y $shell"'],
	'whose clock is ten years off (+)': ['/usr/bin/faketime', 'shell="faketime -f +10y $shell"'],
};
for (const [title, [program, before]] of Object.entries(withPrograms)) {
	if (existsSync(program)) hosts[title] = before;
	else test.skip(`a host ${title}: ${program} is not on this machine`, () => {});
}

const says = sh`
	# prints "$1" and what it was given, and says something else beside it
	printf '<%s>' "$1"; cat; echo beside >&2; exit 4
`;
const big = Buffer.alloc(300_000, 'of some length ');

const missing = sshdMissing() ?? (userInfo().uid === 0 ? undefined : 'namespaces are made by root');
if (missing) test.skip(`skipped: ${missing}`, () => {});
else {
	let sshd: Sshd;
	test.before(async () => {
		sshd = await startSshd();
	});
	test.after.always(() => sshd.stop());

	/** Does on a host what playbooks do, and says where it went wrong. */
	const use = async (target: Target): Promise<string> => {
		const connection = await openConnection(target, sshd.settings);
		try {
			const shell = await connection.shell();
			for (const changes of [false, true]) {
				for (const stdin of ['', 'a little', big]) {
					const {stdout, stderr, status} = await shell.run({script: says, args: [`it's`], stdin, changes});
					const expected = Buffer.concat([Buffer.from(`<it's>`), Buffer.from(stdin)]);
					if (!stdout.equals(expected) || stderr.toString() !== 'beside\n' || status !== 4) {
						return `${changes} ${stdin.length}: ${status} ${stdout.length} bytes, ${stderr}`;
					}
				}
			}
			for (const content of [contentOfBytes('small\n'), contentOfBytes(big)]) {
				const {parse, ...step} = changeStep([{verb: 'write', path: '/mnt/written', content, mode: 0o640}]);
				parse!(await shell.run({...step, changes: true}));
				if (!readFileSync(join(folder, 'written')).equals(content.read())) return 'another content was written';
			}
			return 'as it should be';
		} finally {
			await connection.close();
		}
	};
	let number = 0;
	/** A host on which something is done before its shell begins. */
	const hostAfter = (before: string): Target => {
		const own = join(folder, String(number++));
		const program = `${own}-shell`;
		writeFileSync(program, `#!/bin/sh\nexec unshare --mount sh -c '. "$0"; exec $shell' ${own}-before\n`, {mode: 0o755});
		// Its own files lie where nothing is mounted over them.
		writeFileSync(
			`${own}-before`,
			`mount --make-rprivate /; shell=/bin/sh\nmkdir -p /mnt && mount --bind ${folder} /mnt\n${before}\n`,
		);
		return sshd.target({shellExecutable: program});
	};
	for (const [title, before] of Object.entries(hosts)) {
		test.serial(`a host ${title}`, async (t) => {
			t.is(await use(hostAfter(before)).catch(String), 'as it should be');
		});
	}

	(existsSync('/bin/mksh') ? test.serial : test.serial.skip)('a host without any printf is refused, and told why', async (t) => {
		const linked = 'mkdir /mnt/bin; cp -rs /usr/bin/. /mnt/bin; rm /mnt/bin/printf; PATH=/mnt/bin; shell=/bin/mksh';
		await t.throwsAsync(use(hostAfter(linked)), {
			instanceOf: UnreachableError,
			message: 'the shell on the host ended: it has no printf, neither of its own nor as a program',
		});
	});

	test.serial('a host that answers byte by byte', async (t) => {
		const proxy = await startProxy(sshd.port, undefined, {pieceSize: 1});
		t.teardown(() => proxy.close());
		const known = ['-F', 'none', '-o', 'UserKnownHostsFile=/dev/null', '-o', 'StrictHostKeyChecking=no'];
		const connection = await openConnection(
			sshd.target({port: proxy.port, sshArgs: known, connectTimeout: 60_000}),
			sshd.settings,
		);
		t.teardown(() => connection.close());
		const shell = await connection.shell();
		for (const changes of [false, true]) {
			const answer = await shell.run({script: says, args: ['slowly'], stdin: 'a little', changes});
			t.is(answer.stdout.toString(), '<slowly>a little');
			t.is(answer.stderr.toString(), 'beside\n');
		}
	});
}
