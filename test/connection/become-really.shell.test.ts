import {execFileSync} from 'node:child_process';
import {chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir, userInfo} from 'node:os';
import {join} from 'node:path';
import test from 'ava';
import {type Become, BecomeError, type Connection, openConnection, sh} from '../../src/connection/connection.js';

const folder = mkdtempSync(join(tmpdir(), 'playbill-users-'));
chmodSync(folder, 0o755);
test.after.always(() => rmSync(folder, {recursive: true, force: true}));

/** Users with passwords, and rights for one of them, in an /etc of their own. German is spoken. */
const SETUP = `set -eu
mount --make-rprivate /
cp -a /etc "$1/etc"
mount --bind "$1/etc" /etc
useradd -M -d / -s /bin/sh wary; useradd -M -d / -s /bin/sh app
printf '%s\\n' 'wary:the "wary'"'"'s" word' 'app:the app word' 'root:the root word' | chpasswd
printf 'Defaults !fqdn\\nwary ALL=(ALL:ALL) ALL\\n' >/etc/sudoers; chmod 440 /etc/sudoers; rm -rf /etc/sudoers.d/*
printf 'permit wary as root\\npermit nopass wary as app\\n' >/etc/doas.conf; chmod 600 /etc/doas.conf
`;
const missing = setUp();

const words = {wary: `the "wary's" word`, app: 'the app word', root: 'the root word'};
const rows: Record<string, [become: Become, expected: string | RegExp]> = {
	'sudo with a password': [{method: 'sudo', user: 'root', password: words.wary}, 'root'],
	'sudo to a user without rights': [{method: 'sudo', user: 'app', password: words.wary}, 'app'],
	'sudo with flags': [{method: 'sudo', user: 'app', flags: '-i -HSn', password: words.wary}, 'app'],
	'sudo with a wrong password': [{method: 'sudo', user: 'root', password: 'nonsense'}, /^Incorrect sudo password$/],
	'sudo without a password': [{method: 'sudo', user: 'root'}, /^Missing sudo password$/],
	'sudo to nobody': [{method: 'sudo', user: 'nix', password: words.wary}, /^could not become nix by sudo: .*nix/],
	'su with a password': [{method: 'su', user: 'root', password: words.root}, 'root'],
	'su to a user without rights, with flags': [{method: 'su', user: 'app', flags: '-l', password: words.app}, 'app'],
	'su with a wrong password': [{method: 'su', user: 'root', password: 'nonsense'}, /^Incorrect su password$/],
	'su without a password': [{method: 'su', user: 'root'}, /^Missing su password$/],
	'su through sudo': [{method: 'su', user: 'app', exe: 'sudo -S su -', password: words.wary}, 'app'],
	'doas with a password': [{method: 'doas', user: 'root', password: words.wary}, 'root'],
	'doas with a password that it does not ask for': [{method: 'doas', user: 'app', password: words.wary}, 'app'],
	'doas that asks for none': [{method: 'doas', user: 'app'}, 'app'],
	'doas with a wrong password': [{method: 'doas', user: 'root', password: 'nonsense'}, /^Incorrect doas password$/],
	'doas without a password': [{method: 'doas', user: 'root'}, /^Missing doas password$/],
};

const who = sh`
	# prints the user's name and language, and what it was given
	id -un; echo "\${LC_ALL-none}"; cat
`;

if (missing) test.skip(`skipped: ${missing}`, () => {});
else {
	const open = (): Promise<Connection> =>
		openConnection(
			{
				name: 'h',
				transport: 'local',
				address: 'localhost',
				hostKeyChecking: true,
				connectTimeout: 60_000,
				shellExecutable: join(folder, 'sh'),
			},
			{home: '/', user: 'nobody'},
		);
	for (const [title, [become, expected]] of Object.entries(rows)) {
		test(title, async (t) => {
			const connection = await open();
			t.teardown(() => connection.close());
			if (typeof expected !== 'string') {
				await t.throwsAsync(connection.shell(become), {instanceOf: BecomeError, message: expected});
				return;
			}
			const shell = await connection.shell(become);
			for (const stdin of ['x', 'y'.repeat(200_000)]) {
				const answer = await shell.run({script: who, stdin});
				t.is(answer.stdout.toString(), `${expected}\nnone\n${stdin}`);
				t.is(answer.stderr.toString(), '');
			}
			t.is((await (await connection.shell()).run({script: who})).stdout.toString(), 'wary\nnone\n');
		});
	}

	test('no password is seen in argv or the environment of a process', async (t) => {
		const seen = new Set<string>();
		let looking = true;
		const looker = (async () => {
			while (looking) {
				for (const text of processes()) for (const word of Object.values(words)) if (text.includes(word)) seen.add(text);
				await new Promise((resolve) => setTimeout(resolve, 1));
			}
		})();
		const connection = await open();
		for (const title of ['sudo with a password', 'su with a password', 'doas with a password'])
			await connection.shell(rows[title]![0]);
		looking = false;
		await looker;
		await connection.close();
		t.deepEqual([...seen], []);
	});
}

function* processes(): Generator<string> {
	for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
		for (const file of ['cmdline', 'environ']) {
			try {
				yield readFileSync(`/proc/${pid}/${file}`, 'latin1');
			} catch {
				// It ended meanwhile.
			}
		}
	}
}

/** Makes the users and a shell that is one of them at first. Gives the reason why that cannot be. */
function setUp(): string | undefined {
	if (userInfo().uid !== 0) return 'users are made by root';
	for (const program of ['/usr/bin/unshare', '/usr/bin/setpriv', '/usr/bin/sudo', '/usr/bin/doas', '/usr/bin/script']) {
		if (!existsSync(program)) return `no ${program} on this machine`;
	}
	try {
		execFileSync('unshare', ['--mount', 'sh', '-c', SETUP, 'sh', folder], {stdio: 'pipe'});
	} catch (error) {
		return `users cannot be made here: ${(error as {stderr: Buffer}).stderr.toString().trim()}`;
	}
	writeFileSync(join(folder, 'etc/of-playbill'), '');
	const enter = `mount --bind '${folder}/etc' /etc; exec setpriv --reuid=wary --regid=wary --init-groups env LANG=C.UTF-8 LANGUAGE=de HOME=/ sh`;
	// What another user becomes is this shell too.
	const text = `#!/bin/sh\n[ ! -e /etc/of-playbill ] || exec sh "$@"\nexec unshare --mount sh -c "${enter}"\n`;
	writeFileSync(join(folder, 'sh'), text, {mode: 0o755});
	return undefined;
}
