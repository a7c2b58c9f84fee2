import {execFileSync} from 'node:child_process';
import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {arch, hostname, tmpdir, userInfo} from 'node:os';
import {join} from 'node:path';
import test from 'ava';
import {Dict, type Value} from '../../src/jinja/jinja.js';
import {distributionFacts} from '../../src/modules/facts/distribution.js';
import {makeFacts} from '../../src/modules/facts/facts.js';
import {gatherRaw} from '../../src/modules/facts/gather-script.js';
import {RawFacts} from '../../src/modules/facts/raw-facts.js';
import {chooseCollectors, filterFacts} from '../../src/modules/facts/subsets.js';
import setup from '../../src/modules/setup.js';
import {runActions} from './action-rows.js';

/** What the script would print of a host with these files and records. */
function rawOf(files: Readonly<Record<string, string>>, records: Readonly<Record<string, string>> = {}): RawFacts {
	const lines = Object.entries(files).flatMap(([path, text]) => text.split('\n').map((line) => `${path}:${line}`));
	const all = {files: lines.join('\n'), ...records, end: ''};
	return new RawFacts(
		Object.entries(all)
			.map(([name, text]) => `\0${name}\n${text}`)
			.join(''),
	);
}

const distributions: [
	name: string,
	files: Record<string, string>,
	name: string,
	version: string,
	major: string,
	release: string,
	family: string,
][] = [
	[
		'Debian',
		{
			'/etc/os-release':
				'PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\nNAME="Debian GNU/Linux"\nVERSION_ID="12"\nVERSION="12 (bookworm)"\nVERSION_CODENAME=bookworm\nID=debian',
			'/etc/debian_version': '12.5',
		},
		'Debian',
		'12.5',
		'12',
		'bookworm',
		'Debian',
	],
	[
		'Ubuntu',
		{
			'/etc/os-release':
				'PRETTY_NAME="Ubuntu 24.04.1 LTS"\nNAME="Ubuntu"\nVERSION_ID="24.04"\nVERSION="24.04.1 LTS (Noble Numbat)"\nVERSION_CODENAME=noble\nID=ubuntu\nID_LIKE=debian',
			'/etc/debian_version': 'trixie/sid',
			'/etc/lsb-release': 'DISTRIB_ID=Ubuntu',
		},
		'Ubuntu',
		'24.04',
		'24',
		'noble',
		'Debian',
	],
	[
		'Fedora',
		{
			'/etc/os-release': 'NAME="Fedora Linux"\nVERSION="40 (Container Image)"\nID=fedora\nVERSION_ID=40\nVERSION_CODENAME=""',
			'/etc/redhat-release': 'Fedora release 40 (Forty)',
			'/etc/system-release': 'Fedora release 40 (Forty)',
		},
		'Fedora',
		'40',
		'40',
		'',
		'RedHat',
	],
	[
		'RHEL',
		{
			'/etc/os-release': 'NAME="Red Hat Enterprise Linux"\nVERSION="9.3 (Plow)"\nID="rhel"\nVERSION_ID="9.3"',
			'/etc/redhat-release': 'Red Hat Enterprise Linux release 9.3 (Plow)',
		},
		'RedHat',
		'9.3',
		'9',
		'Plow',
		'RedHat',
	],
	[
		'Rocky',
		{
			'/etc/os-release': 'NAME="Rocky Linux"\nVERSION="9.3 (Blue Onyx)"\nID="rocky"\nVERSION_ID="9.3"',
			'/etc/redhat-release': 'Rocky Linux release 9.3 (Blue Onyx)',
		},
		'Rocky',
		'9.3',
		'9',
		'Blue Onyx',
		'RedHat',
	],
	[
		'AlmaLinux',
		{
			'/etc/os-release': 'NAME="AlmaLinux"\nVERSION="8.9 (Midnight Oncilla)"\nID="almalinux"\nVERSION_ID="8.9"',
			'/etc/redhat-release': 'AlmaLinux release 8.9 (Midnight Oncilla)',
		},
		'AlmaLinux',
		'8.9',
		'8',
		'Midnight Oncilla',
		'RedHat',
	],
	[
		'CentOS Stream',
		{
			'/etc/os-release': 'NAME="CentOS Stream"\nVERSION="9"\nID="centos"\nVERSION_ID="9"',
			'/etc/centos-release': 'CentOS Stream release 9',
			'/etc/redhat-release': 'CentOS Stream release 9',
		},
		'CentOS',
		'9',
		'9',
		'Stream',
		'RedHat',
	],
	[
		'CentOS 7',
		{
			'/etc/os-release': 'NAME="CentOS Linux"\nVERSION="7 (Core)"\nID="centos"\nVERSION_ID="7"',
			'/etc/centos-release': 'CentOS Linux release 7.9.2009 (Core)',
			'/etc/redhat-release': 'CentOS Linux release 7.9.2009 (Core)',
		},
		'CentOS',
		'7.9',
		'7',
		'Core',
		'RedHat',
	],
	[
		'Alpine',
		{'/etc/os-release': 'NAME="Alpine Linux"\nID=alpine\nVERSION_ID=3.20.1', '/etc/alpine-release': '3.20.1'},
		'Alpine',
		'3.20.1',
		'3',
		'NA',
		'Alpine',
	],
	[
		'Arch',
		{'/etc/os-release': 'NAME="Arch Linux"\nPRETTY_NAME="Arch Linux"\nID=arch'},
		'Archlinux',
		'NA',
		'NA',
		'NA',
		'Archlinux',
	],
	[
		'openSUSE Leap',
		{'/etc/os-release': 'NAME="openSUSE Leap"\nVERSION="15.5"\nID="opensuse-leap"\nVERSION_ID="15.5"'},
		'openSUSE Leap',
		'15.5',
		'15',
		'5',
		'Suse',
	],
	[
		'SLES',
		{
			'/etc/os-release':
				'NAME="SLES"\nVERSION="15-SP5"\nVERSION_ID="15.5"\nPRETTY_NAME="SUSE Linux Enterprise Server 15 SP5"\nID="sles"',
		},
		'SLES',
		'15.5',
		'15',
		'5',
		'Suse',
	],
	[
		'Amazon',
		{
			'/etc/os-release': 'NAME="Amazon Linux"\nVERSION="2023"\nID="amzn"\nVERSION_ID="2023"',
			'/etc/system-release': 'Amazon Linux release 2023',
		},
		'Amazon',
		'2023',
		'2023',
		'NA',
		'RedHat',
	],
	['an unknown one', {'/etc/os-release': 'NAME="Void"\nID="void"'}, 'Void', 'NA', 'NA', 'NA', 'Void'],
];
for (const [title, files, name, version, major, release, family] of distributions) {
	test(`tells ${title}`, (t) => {
		const facts = distributionFacts(rawOf(files), 'Linux', '6.1', '#1');
		t.is(facts['distribution'], name);
		t.is(facts['distribution_version'], version);
		t.is(facts['distribution_major_version'], major);
		t.is(facts['distribution_release'], release);
		t.is(facts['os_family'], family);
	});
}

test('chooses collectors as Ansible does', (t) => {
	const has = (subset: string[], name: string) => chooseCollectors(subset).has(name);
	t.true(has(['all'], 'hardware'));
	t.true(has([], 'network'));
	t.false(has(['!all'], 'network'));
	t.true(has(['!all'], 'distribution'));
	t.false(has(['!all', '!min'], 'distribution'));
	t.deepEqual([...chooseCollectors(['!all', '!min', 'network'])].sort(), ['distribution', 'network', 'platform']);
	t.false(has(['all', '!hardware'], 'hardware'));
	t.true(has(['!all', 'interfaces'], 'network'));
	t.false(has(['!nonsense'], 'network'));
	t.regex(
		t.throws(() => chooseCollectors(['nonsense']))!.message,
		/^Bad subset 'nonsense' given to Ansible\. gather_subset options allowed: all, /,
	);
});

test('filters by patterns with and without the prefix', (t) => {
	const facts = {ansible_distribution: 1, ansible_distribution_version: 2, ansible_env: 3};
	t.deepEqual(Object.keys(filterFacts(facts, ['distribution*'])), ['ansible_distribution', 'ansible_distribution_version']);
	t.deepEqual(Object.keys(filterFacts(facts, ['ansible_env', 'ansible_d?stribution'])), ['ansible_distribution', 'ansible_env']);
	t.deepEqual(Object.keys(filterFacts(facts, [])), Object.keys(facts));
});

const network = {
	tools: 'ip',
	net: ['address:02:00:00:00:00:01', 'mtu:1500', 'operstate:up', 'type:1', 'flags:0x1103']
		.map((line) => `/sys/class/net/eth0/${line}`)
		.join('\n'),
	netlinks: 'device lo\ndevice eth0\n',
	addresses: `1: lo: <LOOPBACK,UP> mtu 65536
    inet 127.0.0.1/8 scope host lo
    inet6 ::1/128 scope host
2: eth0@if3: <BROADCAST,UP> mtu 1500
    inet 10.1.2.3/20 brd 10.1.15.255 scope global eth0
    inet 10.1.2.4/20 scope global secondary eth0:1
    inet6 fe80::1/64 scope link
`,
	route4: '8.8.8.8 via 10.1.0.1 dev eth0 src 10.1.2.3 uid 0',
	local4: 'local 10.1.2.3 dev eth0 table local\nbroadcast 10.1.15.255 dev eth0',
};

test('reads interfaces and addresses', (t) => {
	const {facts} = makeFacts(rawOf({}, network), new Set(['network']));
	const json = (name: string) => plain(facts[name]!);
	t.deepEqual(json('interfaces'), ['lo', 'eth0', 'eth0_1']);
	const ipv4 = {address: '10.1.2.3', broadcast: '10.1.15.255', netmask: '255.255.240.0', network: '10.1.0.0', prefix: '20'};
	const second = {...ipv4, address: '10.1.2.4', broadcast: ''};
	t.deepEqual(json('default_ipv4'), {
		...ipv4,
		interface: 'eth0',
		gateway: '10.1.0.1',
		macaddress: '02:00:00:00:00:01',
		mtu: 1500,
		type: 'ether',
		alias: 'eth0',
	});
	t.deepEqual(json('eth0'), {
		device: 'eth0',
		macaddress: '02:00:00:00:00:01',
		mtu: 1500,
		active: true,
		type: 'ether',
		promisc: true,
		ipv4,
		ipv4_secondaries: [second],
		ipv6: [{address: 'fe80::1', prefix: '64', scope: 'link'}],
	});
	t.deepEqual(json('all_ipv4_addresses'), ['10.1.2.3', '10.1.2.4']);
	t.deepEqual(json('all_ipv6_addresses'), ['fe80::1']);
	t.deepEqual(json('locally_reachable_ips'), {ipv4: ['10.1.2.3'], ipv6: []});
	t.deepEqual(json('default_ipv6'), {});
});

const managers: [name: string, records: Record<string, string>, files: Record<string, string>, manager: string][] = [
	['systemd', {}, {'/proc/1/comm': 'systemd'}, 'systemd'],
	['openrc by its program', {}, {'/proc/1/comm': 'openrc-init'}, 'openrc'],
	['systemd in a container', {tools: 'systemctl', exists: '/run/systemd/system'}, {'/proc/1/comm': 'sh'}, 'systemd'],
	[
		'systemd that does not run',
		{tools: 'systemctl', links: '/sbin/init:/lib/systemd/systemd:/lib/systemd/systemd'},
		{'/proc/1/comm': 'bash'},
		'systemd',
	],
	['openrc', {exists: '/sbin/openrc\n/etc/init.d'}, {'/proc/1/comm': 'init'}, 'openrc'],
	['sysvinit', {exists: '/etc/init.d'}, {'/proc/1/comm': 'init'}, 'sysvinit'],
	['nothing', {}, {'/proc/1/comm': 'init'}, 'service'],
];
for (const [title, records, files, manager] of managers) {
	test(`service manager: ${title}`, (t) => {
		const {facts} = makeFacts(rawOf(files, {uname: 'Linux h 6.1 x86_64\n#1\n', ...records}), new Set(['service_mgr']));
		t.is(facts['service_mgr'], manager);
	});
}

test('counts processors', (t) => {
	const cpu = (id: number, core: number) =>
		`processor\t: ${id}\nvendor_id\t: X\nmodel name\t: Y\nphysical id\t: 0\nsiblings\t: 4\ncore id\t\t: ${core}\ncpu cores\t: 2\nflags\t\t: a b\n\n`;
	const raw = rawOf({'/proc/self/status': 'Cpus_allowed_list:\t0-1,3'}, {cpu: cpu(0, 0) + cpu(1, 0) + cpu(2, 1) + cpu(3, 1)});
	const {facts} = makeFacts(raw, new Set(['hardware']));
	t.like(facts, {processor_count: 1, processor_cores: 2, processor_threads_per_core: 2, processor_vcpus: 4, processor_nproc: 3});
	t.deepEqual(facts['flags'], ['a', 'b']);
});

test('knows summer time and splits seconds', (t) => {
	const raw = rawOf(
		{},
		{date: '2026|07|Sunday|0|26|05|14|00|09|1783252809|012345678|CEST|+0200', zone: 'CET-1CEST,M3.5.0,M10.5.0/3'},
	);
	const date = plain(makeFacts(raw, new Set(['date_time'])).facts['date_time']!);
	t.like(date, {
		tz: 'CEST',
		tz_dst: 'CEST',
		iso8601_micro: '2026-07-05T12:00:09.012345Z',
		iso8601_basic: '20260705T140009012345',
		weeknumber: '26',
	});
});

function plain(value: Value): unknown {
	if (Array.isArray(value)) return value.map(plain);
	return value instanceof Dict
		? Object.fromEntries([...value.entries()].map(([name, item]) => [String(name), plain(item)]))
		: value;
}

test('the script is whole in every shell with and without its parts', (t) => {
	for (const shell of [['dash'], ['bash', '--posix'], ['busybox', 'sh']]) {
		const output = execFileSync(shell[0]!, [...shell.slice(1), '-c', gatherRaw.text, 'sh', '', '/nonexistent', '10']);
		t.true(new RawFacts(output.toString()).isWhole, shell.join(' '));
	}
});

test('a file system that does not answer within `gather_timeout` is told of', (t) => {
	const folder = mkdtempSync(join(tmpdir(), 'playbill-facts-'));
	t.teardown(() => rmSync(folder, {recursive: true, force: true}));
	// Asked for the type of / alone it answers, as all do whose server is there.
	writeFileSync(join(folder, 'stat'), '#!/bin/sh\ncase $* in *%S*) exec sleep 600 ;; esac\n', {mode: 0o755});
	const acted = setup.act(
		{gather_subset: ['hardware'], gather_timeout: 1, filter: [], fact_path: '/none'},
		{},
		undefined as never,
	);
	const [{args = []} = {}] = 'steps' in acted ? acted.steps : [];
	const output = execFileSync('sh', ['-c', gatherRaw.text, 'sh', ...args], {
		env: {...process.env, PATH: `${folder}:${process.env['PATH']}`},
		timeout: 120_000,
	});
	const {facts, warnings} = makeFacts(new RawFacts(output.toString()), chooseCollectors(['hardware']));
	const mounts = plain(facts['mounts']!) as Record<string, unknown>[];
	t.true(mounts.length > 0);
	for (const mount of mounts) t.is(mount['note'], 'Could not get extra information due to timeout');
	t.deepEqual(
		warnings,
		mounts.map(({mount}) => `Timeout exceeded when getting mount info for ${String(mount)}`),
	);
});

const factsOf = (check: (facts: Dict) => boolean) => (value: unknown) => check(value as Dict);
runActions(setup, [
	{
		name: 'tells what Node tells',
		args: {},
		result: {
			ansible_facts: factsOf(
				(facts) =>
					facts.get('ansible_nodename') === hostname() &&
					facts.get('ansible_user_id') === userInfo().username &&
					facts.get('ansible_machine') === (arch() === 'x64' ? 'x86_64' : facts.get('ansible_machine')) &&
					Number(facts.get('ansible_memtotal_mb')) > 0 &&
					facts.get('module_setup') === true,
			),
		},
	},
	{
		name: 'reads local facts of every sort',
		before: `mkdir facts; cd facts; echo '{"a": [1, 2.0]}' >json.fact; printf '[one]\\nB = c d\\n' >ini.fact; echo nonsense >bad.fact
			printf '#!/bin/sh\\necho "{}"\\n' >run.fact; printf '#!/bin/sh\\necho why >&2; exit 3\\n' >fails.fact; chmod +x run.fact fails.fact`,
		args: {fact_path: 'DIR/facts', gather_subset: ['!all', '!min', 'local']},
		result: {
			ansible_facts: factsOf((facts) => {
				const local = plain(facts.get('ansible_local')!) as Record<string, unknown>;
				return (
					JSON.stringify(local['ini']) === '{"one":{"b":"c d"}}' &&
					JSON.stringify(local['run']) === '{}' &&
					String(local['bad']).startsWith('error loading facts as JSON or ini') &&
					/^Failure executing fact script \(.*fails.fact\), rc: 3, err: why/.test(String(local['fails'])) &&
					facts.size === 3
				);
			}),
		},
	},
	{
		name: 'filters',
		args: {filter: 'ansible_dist*', gather_subset: '!all'},
		result: {ansible_facts: factsOf((facts) => facts.has('ansible_distribution') && !facts.has('ansible_env'))},
	},
	{name: 'refuses a subset that is none', args: {gather_subset: 'nonsense'}, fails: /^Bad subset 'nonsense' given to Ansible/},
]);
