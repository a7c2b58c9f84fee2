import {execFileSync, spawnSync} from 'node:child_process';
import {chmodSync, existsSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import test from 'ava';
import {type Connection, openConnection} from '../../src/connection/connection.js';
import {Forecast} from '../../src/engine/forecast.js';
import {perform} from '../../src/engine/perform.js';
import type {Performed} from '../../src/engine/performing.js';
import type {Args, ModuleDefinition, States} from '../../src/modules/contract.js';
import group from '../../src/modules/group.js';
import user from '../../src/modules/user.js';
import {localTarget, performHost} from './perform-host.js';

const sha512 = `$6$abcdefgh$${'a'.repeat(86)}`;

interface Row {
	readonly name: string;
	/** Shell text run first, in the private /etc. */
	readonly before?: string;
	readonly module: 'user' | 'group';
	readonly args: Readonly<Record<string, unknown>>;
	readonly changed?: boolean;
	readonly fails?: string;
	/** Shell text that must succeed in the end. */
	readonly after?: string;
	readonly result?: Readonly<Record<string, unknown>>;
	readonly warns?: RegExp;
	/** It says which places it changes, and changes no others. */
	readonly confined?: true;
}

const rows: readonly Row[] = [
	{
		name: 'makes a group',
		module: 'group',
		args: {name: 'ops', gid: 4321},
		after: 'test "$(getent group ops)" = ops:x:4321:',
		result: {gid: 4321, name: 'ops', state: 'present', system: false},
		confined: true,
	},
	{
		name: 'makes a system group',
		module: 'group',
		args: {name: 'ops', system: true},
		after: 'test "$(getent group ops | cut -d: -f3)" -lt 1000',
	},
	{name: 'leaves a group as it is', before: 'groupadd ops', module: 'group', args: {name: 'ops'}, changed: false},
	{
		name: "changes a group's number",
		before: 'groupadd -g 4000 ops',
		module: 'group',
		args: {name: 'ops', gid: 4001},
		after: 'getent group ops | grep -q :4001:',
	},
	{
		name: 'refuses a number that is taken',
		before: 'groupadd -g 4000 a',
		module: 'group',
		args: {name: 'ops', gid: 4000},
		fails: "groupadd: GID '4000' already exists\n",
	},
	{
		name: 'allows it when asked',
		before: 'groupadd -g 4000 a',
		module: 'group',
		args: {name: 'ops', gid: 4000, non_unique: true},
		after: 'getent group ops | grep -q :4000:',
	},
	{
		name: 'a group named like a number of another',
		before: 'groupadd -g 4000 a',
		module: 'group',
		args: {name: '4000', state: 'absent'},
		changed: false,
	},
	{
		name: 'removes a group',
		before: 'groupadd ops',
		module: 'group',
		args: {name: 'ops', state: 'absent'},
		after: '! getent group ops',
		result: {name: 'ops', state: 'absent'},
	},
	{name: 'has nothing to remove', module: 'group', args: {name: 'ops', state: 'absent'}, changed: false},
	{
		name: 'takes a name for a name',
		module: 'group',
		args: {name: '$(touch /etc/injected)', state: 'absent'},
		changed: false,
		after: 'test ! -e /etc/injected',
	},

	{
		name: 'makes a user as the roles do',
		before: 'groupadd -r kafka',
		module: 'user',
		confined: true,
		args: {name: 'kafka', group: 'kafka', system: true, home: '/etc/kafka', create_home: false, shell: '/usr/sbin/nologin'},
		after: 'getent passwd kafka | grep -qx "kafka:x:[0-9]*:[0-9]*::/etc/kafka:/usr/sbin/nologin"; test ! -e /etc/kafka',
		result: {
			name: 'kafka',
			state: 'present',
			home: '/etc/kafka',
			shell: '/usr/sbin/nologin',
			comment: '',
			groups: '',
			create_home: false,
			system: true,
		},
	},
	{
		name: 'makes a user with everything',
		before: 'groupadd a; groupadd b',
		module: 'user',
		args: {
			name: 'jane',
			uid: 5000,
			comment: "Jane 'J' Doe",
			groups: ['b', 'a'],
			shell: '/bin/sh',
			password: sha512,
			expires: 1_900_000_000,
			password_expire_max: 90,
			password_expire_warn: 9,
			password_expire_account_disable: 10,
		},
		after: `getent passwd jane | grep -qx "jane:x:5000:[0-9]*:Jane 'J' Doe:/home/jane:/bin/sh"; id -nG jane | grep -q "jane a b"; grep -q '^jane:${sha512.replaceAll('$', '[$]')}:[0-9]*:0:90:9:10:21990:' /etc/shadow; test -d /home/jane`,
		result: {uid: 5000, groups: 'a,b', home: '/home/jane', password: 'NOT_LOGGING_PASSWORD'},
	},
	{
		name: 'makes the folders above a home',
		module: 'user',
		args: {name: 'jane', home: '/home/deep/er/jane'},
		after: 'test "$(stat -c %U /home/deep/er/jane)" = jane; test "$(stat -c %U /home/deep)" = root',
	},
	{
		name: 'leaves alone a group of its name, as Ansible does',
		before: 'groupadd jane',
		module: 'user',
		args: {name: 'jane'},
		after: 'test "$(id -gn jane)" = users',
	},
	{
		name: 'leaves a user as he is',
		before: 'useradd -m -s /bin/sh jane',
		module: 'user',
		args: {name: 'jane', shell: '/bin/sh', groups: []},
		changed: false,
	},
	{
		name: 'changes shell and comment',
		before: 'useradd -m jane',
		module: 'user',
		args: {name: 'jane', shell: '/bin/dash', comment: 'J'},
		after: 'getent passwd jane | grep -q ":J:/home/jane:/bin/dash$"',
		result: {append: false, move_home: false},
	},
	{
		name: 'replaces groups',
		before: 'groupadd a; groupadd b; useradd -m -G a jane',
		module: 'user',
		args: {name: 'jane', groups: ['b']},
		after: 'test "$(id -nG jane)" = "jane b"',
	},
	{
		name: 'adds to groups',
		before: 'groupadd a; groupadd b; useradd -m -G a jane',
		module: 'user',
		args: {name: 'jane', groups: ['b'], append: true},
		after: 'test "$(id -nG jane)" = "jane a b"',
		result: {groups: 'a,b'},
	},
	{
		name: 'is in the groups already',
		before: 'groupadd a; groupadd b; useradd -m -G a,b jane',
		module: 'user',
		args: {name: 'jane', groups: ['b'], append: true},
		changed: false,
	},
	{
		name: 'takes all groups away',
		before: 'groupadd a; useradd -m -G a jane',
		module: 'user',
		args: {name: 'jane', groups: []},
		after: 'test "$(id -nG jane)" = jane',
	},
	{
		name: 'takes a group by number',
		before: 'groupadd -g 4000 a; useradd -m jane',
		module: 'user',
		args: {name: 'jane', group: '4000'},
		after: 'test "$(id -gn jane)" = a',
	},
	{
		name: 'refuses a group that is not there',
		module: 'user',
		args: {name: 'jane', group: 'nosuch'},
		fails: 'Group nosuch does not exist',
	},
	{
		name: 'refuses a further group that is not there',
		module: 'user',
		args: {name: 'jane', groups: ['nosuch']},
		fails: 'Group nosuch does not exist',
	},
	{
		name: 'sets a password',
		before: 'useradd -m jane',
		module: 'user',
		args: {name: 'jane', password: sha512},
		after: `grep -q '^jane:${sha512.replaceAll('$', '[$]')}:' /etc/shadow`,
	},
	{
		name: 'has that password',
		before: `useradd -m jane; echo 'jane:${sha512}' | chpasswd -e`,
		module: 'user',
		args: {name: 'jane', password: sha512},
		changed: false,
	},
	{
		name: 'keeps a password that is only for new users',
		before: 'useradd -m jane',
		module: 'user',
		args: {name: 'jane', password: sha512, update_password: 'on_create'},
		changed: false,
	},
	{
		name: 'warns of a password in the clear',
		before: 'useradd -m jane',
		module: 'user',
		args: {name: 'jane', password: 'secret'},
		warns: /appears not to have been hashed/,
	},
	{
		name: 'locks',
		before: `useradd -m jane; echo 'jane:${sha512}' | chpasswd -e`,
		module: 'user',
		args: {name: 'jane', password_lock: true},
		after: 'grep -q "^jane:![$]6" /etc/shadow',
	},
	{
		name: 'unlocks',
		before: `useradd -m jane; echo 'jane:${sha512}' | chpasswd -e; usermod -L jane`,
		module: 'user',
		args: {name: 'jane', password_lock: false},
		after: 'grep -q "^jane:[$]6" /etc/shadow',
	},
	{
		name: 'sets and locks at once',
		before: 'useradd -m jane',
		module: 'user',
		args: {name: 'jane', password: sha512, password_lock: true},
		after: 'grep -q "^jane:![$]6" /etc/shadow',
	},
	{
		name: 'moves a home',
		before: 'useradd -m jane; : >/home/jane/file',
		module: 'user',
		args: {name: 'jane', home: '/home/new', move_home: true},
		after: 'test -e /home/new/file; test ! -e /home/jane',
	},
	{
		name: 'makes a home that is missing',
		before: 'useradd -M jane',
		module: 'user',
		args: {name: 'jane'},
		after: 'test "$(stat -c %U:%G /home/jane)" = jane:jane; test -e /home/jane/.profile',
	},
	{
		name: 'lets an account expire and not',
		before: 'useradd -m -e 2030-01-01 jane',
		module: 'user',
		args: {name: 'jane', expires: -1},
		after: 'test -z "$(grep ^jane: /etc/shadow | cut -d: -f8)"',
	},
	{
		name: 'makes an ssh key',
		module: 'user',
		args: {
			name: 'jane',
			generate_ssh_key: true,
			ssh_key_type: 'ed25519',
			ssh_key_comment: 'a b',
			ssh_key_passphrase: 'pass word',
		},
		after:
			'test "$(stat -c %U:%a /home/jane/.ssh /home/jane/.ssh/id_ed25519 | tr "\\n" " ")" = "jane:700 jane:600 "; grep -q "a b$" /home/jane/.ssh/id_ed25519.pub; ssh-keygen -y -P "pass word" -f /home/jane/.ssh/id_ed25519',
	},
	{
		name: 'removes a user',
		before: 'useradd -m jane',
		module: 'user',
		args: {name: 'jane', state: 'absent'},
		after: '! getent passwd jane; test -d /home/jane',
		result: {force: false, remove: false},
	},
	{
		name: 'removes a user and his home',
		before: 'useradd -m jane',
		module: 'user',
		args: {name: 'jane', state: 'absent', remove: true},
		after: '! getent passwd jane; test ! -d /home/jane',
	},
	{name: 'has no user to remove', module: 'user', args: {name: 'jane', state: 'absent'}, changed: false},
	{
		name: 'refuses a name that is none',
		module: 'user',
		args: {name: '$(touch /etc/injected)'},
		fails: "useradd: invalid user name '$(touch /etc/injected)': use --badname to ignore\n",
		after: 'test ! -e /etc/injected',
	},
];

const modules = {user, group} as unknown as Readonly<Record<string, ModuleDefinition<Args, States>>>;
const needed = 'passwd group shadow gshadow login.defs subuid subgid nsswitch.conf pam.d security default skel'
	.split(' ')
	.filter((name) => existsSync(`/etc/${name}`));

/** A machine of its own as far as accounts go: its /etc and /home are folders of ours, seen in a mount namespace of its own. */
function machine(shell: string) {
	const dir = mkdtempSync(join(tmpdir(), 'playbill-accounts-'));
	execFileSync('sh', [
		'-ec',
		'mkdir -p "$0/etc/alternatives" "$0/home"; cd /etc; cp -a alternatives/awk "$0/etc/alternatives/"; cp -a "$@" "$0/etc/"',
		dir,
		...needed,
	]);
	const inside = join(dir, 'sh');
	writeFileSync(
		inside,
		`#!/bin/sh\nexec unshare -m sh -c 'mount --bind ${dir}/etc /etc && mount --bind ${dir}/home /home && exec ${shell} "$@"' sh "$@"\n`,
	);
	chmodSync(inside, 0o755);
	return {
		inside,
		run: (text: string) => spawnSync(inside, ['-ec', text], {encoding: 'utf8'}),
		remove: () => rmSync(dir, {recursive: true}),
	};
}

const able =
	process.getuid?.() === 0 && spawnSync('unshare', ['-m', 'true']).status === 0 && spawnSync('useradd', ['--help']).status === 0;

const shells = ['dash', 'bash --posix', 'busybox ash'];

// One shell for each row, in turn, as accounts are slow to make; every shell with PLAYBILL_TEST_LONG.
for (const [index, row] of rows.entries()) {
	for (const shell of process.env['PLAYBILL_TEST_LONG'] ? shells : [shells[index % 3]!]) {
		const title = `${row.module}: ${row.name} (${shell})`;
		if (!able) test.skip(title, () => {});
		else test(title, (t) => obeys(t, row, shell));
	}
}

async function obeys(t: import('ava').ExecutionContext, row: Row, shell: string): Promise<void> {
	const {inside, run, remove} = machine(shell);
	let connection: Connection | undefined;
	try {
		if (row.before) t.is(run(row.before).stderr, '');
		connection = openConnection(
			{...localTarget, shellExecutable: inside},
			{home: '/root', user: 'root'},
		) as unknown as Connection;
		connection = await connection;
		const lane = await connection.shell();
		const module = modules[row.module]!;
		const args = {
			...Object.fromEntries(
				Object.entries(module.args).flatMap(([name, {default: value}]) => (value === undefined ? [] : [[name, value]])),
			),
			...row.args,
		};
		const places: (readonly string[] | undefined)[] = [];
		const once = (check: boolean): Promise<Performed> => {
			const host = performHost(async () => lane);
			const changed: typeof host.changed = (told, change) => {
				places.push(told);
				return host.changed(told, change);
			};
			return perform(module, args, {...host, readings: host.readings, changed}, {check, diff: false, scope: undefined as never});
		};
		const state = () => run('cat /etc/passwd /etc/group /etc/shadow; find /home').stdout;
		const untouched = state();
		const foretold = await once(true);
		t.is(state(), untouched, 'check mode leaves the host as it was');
		run(': >/etc/before; sleep 0.05');
		const done = await once(false);
		const touched = run('find /etc /home -newer /etc/before ! -type d').stdout.split('\n').filter(Boolean);
		if (row.confined) t.false(places.includes(undefined), 'its places are known');
		if (!places.includes(undefined))
			t.deepEqual(
				touched.filter((path) => !places.flat().includes(path)),
				[],
			);
		if (row.fails) {
			t.is(done.failed, row.fails);
			if (row.after) t.is(run(row.after).status, 0);
			return;
		}
		t.is(done.failed, undefined);
		t.is(done.changed, row.changed ?? true);
		t.is(foretold.changed, done.changed, 'check mode had told the truth');
		for (const [name, value] of Object.entries(row.result ?? {})) t.deepEqual(done.result[name], value, name);
		if (row.warns) t.regex(done.warnings.join('\n'), row.warns);
		if (row.after) t.is(run(row.after).status, 0, row.after);
		const again = await once(false);
		t.is(again.failed, undefined);
		t.false(again.changed, 'a second run changes nothing');
	} finally {
		await connection?.close();
		remove();
	}
}

test('what tasks foretell of groups and users is seen by the next ones', async (t) => {
	const {inside, remove} = machine('dash');
	const connection = await openConnection({...localTarget, shellExecutable: inside}, {home: '/root', user: 'root'});
	t.teardown(async () => {
		await connection.close();
		remove();
	});
	const lane = await connection.shell();
	const forecast = new Forecast();
	const check = (name: string, args: Record<string, unknown>) => {
		const module = modules[name]!;
		const defaults = Object.fromEntries(
			Object.entries(module.args).flatMap(([one, {default: value}]) => (value === undefined ? [] : [[one, value]])),
		);
		return perform(
			module,
			{...defaults, ...args},
			performHost(async () => lane, forecast),
			{check: true, diff: false, scope: undefined as never},
		);
	};
	t.true((await check('group', {name: 'ops', gid: 4000})).changed);
	t.false((await check('group', {name: 'ops'})).changed);
	t.true((await check('user', {name: 'jane', group: 'ops', groups: ['4000']})).changed);
	t.false((await check('user', {name: 'jane', group: 'ops'})).changed);
	t.true((await check('user', {name: 'joe'})).changed);
	t.is((await check('user', {name: 'jim', group: 'joe'})).failed, undefined, 'joe brings a group');
	t.true((await check('user', {name: 'jane', state: 'absent'})).changed);
	t.false((await check('user', {name: 'jane', state: 'absent'})).changed);
});
