import {execFileSync} from 'node:child_process';
import {chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir, userInfo} from 'node:os';
import {join} from 'node:path';
import test from 'ava';
import {type Become, BecomeError, type Connection, openConnection, sh} from '../../src/connection/connection.js';

const folder = mkdtempSync(join(tmpdir(), 'playbill-become-'));
chmodSync(folder, 0o755);
test.after.always(() => rmSync(folder, {recursive: true, force: true}));

const who = sh`
	# prints the user's name
	id -un
`;

/** Stands in for sudo where a password is asked for: real sudo with one is tried on the lab's hosts. */
const SUDO = `#!/bin/sh
prompt=; ask=yes
while :; do
	case $1 in
	-p) prompt=$2; shift 2;;
	-u) shift 2;;
	-n) ask=no; shift;;
	-*) shift;;
	*) break;;
	esac
done
if [ "$ask" = no ]; then echo 'sudo: a password is required' >&2; exit 1; fi
for try in 1 2 3; do
	printf '%s' "$prompt" >&2
	IFS= read -r answer || exit 1
	if [ "$answer" = "it's \\"right\\"" ]; then exec "$@"; fi
	echo 'Sorry, try again.' >&2
done
exit 1
`;
/** The same for su, in another language. */
const SU = `#!/bin/sh
printf 'Пароль: ' >&2
IFS= read -r answer
[ "$answer" = "it's \\"right\\"" ] || { echo 'su: Сбой при проверке подлинности' >&2; exit 1; }
exec sh -c "$3"
`;
const program = (name: string, text: string) => {
	const path = join(folder, name);
	writeFileSync(path, text, {mode: 0o755});
	return path;
};
const sudo = program('sudo', SUDO);
const su = program('su', SU);
/** A shell that says in pieces what it has to say. */
const halting = program(
	'halting',
	'#!/bin/sh\nfor part in "sh: exec: " "line 1: " "su: " "not found"; do printf "%s" "$part" >&2; sleep 0.02; done\nexit 127\n',
);
const broken = program('broken', '#!/bin/sh\necho "sudo: unknown user: nix" >&2\nexit 1\n');

async function here(): Promise<Connection> {
	const target = {name: 'here', transport: 'local', address: 'localhost', hostKeyChecking: true, connectTimeout: 20_000} as const;
	return openConnection(target, {home: '/', user: 'nobody'});
}

const me = userInfo().username;
const rows: Record<string, [Become, string | RegExp]> = {
	'a password': [{method: 'sudo', user: 'x', exe: sudo, password: `it's "right"`}, me],
	'flags with -n and a password': [{method: 'sudo', user: 'x', exe: sudo, flags: '-H -S -n', password: `it's "right"`}, me],
	'a wrong password': [{method: 'sudo', user: 'x', exe: sudo, password: 'wrong'}, /^Incorrect sudo password$/],
	'no password': [{method: 'sudo', user: 'x', exe: sudo}, /^Missing sudo password$/],
	'another fault': [
		{method: 'sudo', user: 'nix', exe: broken, password: ''},
		/^could not become nix by sudo: sudo: unknown user: nix$/,
	],
	'no such program': [{method: 'sudo', user: 'x', exe: '/nonexistent/sudo'}, /could not become x by sudo: .*nonexistent/],
	'su with a password': [{method: 'su', user: 'x', exe: su, password: `it's "right"`}, me],
	'su with a wrong password': [{method: 'su', user: 'x', exe: su, password: 'wrong'}, /^Incorrect su password$/],
	'no su, told in pieces': [
		{method: 'su', user: 'x', exe: halting},
		/^could not become x by su: sh: exec: line 1: su: not found$/,
	],
	'su without a password': [{method: 'su', user: 'x', exe: su}, /^Missing su password$/],
};

for (const [title, [become, expected]] of Object.entries(rows)) {
	test(title, async (t) => {
		const connection = await here();
		t.teardown(() => connection.close());
		if (typeof expected !== 'string') {
			await t.throwsAsync(connection.shell(become), {instanceOf: BecomeError, message: expected});
			return;
		}
		const shell = await connection.shell(become);
		t.is((await shell.run({script: who})).stdout.toString().trim(), expected);
	});
}

const sudoReally = userInfo().uid === 0 && hasSudo();
if (!sudoReally) test.skip('skipped: real sudo, for want of sudo or root', () => {});
else {
	for (const method of ['sudo', 'su'] as const) {
		test(`root becomes another user by ${method}, and stays so`, async (t) => {
			const connection = await here();
			t.teardown(() => connection.close());
			const become: Become = {method, user: 'nobody', flags: method === 'su' ? '-s /bin/sh' : undefined};
			const shell = await connection.shell(become);
			t.is((await shell.run({script: who, stdin: 'x'})).stdout.toString(), 'nobody\n');
			t.is(await connection.shell(become), shell, 'the shell is kept');
			const pid = sh`
				# prints the shell's pid
				echo $$
			`;
			t.deepEqual(await shell.run({script: pid}), await shell.run({script: pid}));
			t.is((await (await connection.shell()).run({script: who})).stdout.toString().trim(), me);
		});
	}

	test('a deadline ends what runs as the other user', async (t) => {
		const connection = await here();
		t.teardown(() => connection.close());
		const shell = await connection.shell({method: 'sudo', user: 'nobody'});
		const slow = sh`
			# sleeps
			sleep 64.25
		`;
		await t.throwsAsync(shell.run({script: slow, deadline: 200}), {message: /0\.2 seconds/});
		t.is((await shell.run({script: who})).stdout.toString(), 'nobody\n');
		const left = readdirSync('/proc').filter((name) => /^\d+$/.test(name) && commandOf(name).includes('sleep\x0064.25'));
		t.deepEqual(left, []);
	});
}

function commandOf(pid: string): string {
	try {
		return readFileSync(`/proc/${pid}/cmdline`, 'latin1');
	} catch {
		return '';
	}
}

function hasSudo(): boolean {
	try {
		execFileSync('sudo', ['-n', 'true'], {stdio: 'ignore'});
		return true;
	} catch {
		return false;
	}
}
