import type {Fact, Facts, RawFacts} from './raw-facts.js';

/** Names, versions and the machine's word size (`platform`). */
export function platformFacts(raw: RawFacts): Facts {
	const [first = '', version = ''] = raw.lines('uname');
	const words = first.split(' ');
	const [system = '', node = '', kernel = '', machine = ''] = words;
	const fqdn = fullName(raw, node);
	const bits = wordSize(raw.text('bits'));
	const isIntel = /^i([3456]86|86pc)$/.test(machine);
	const userspace = machine === 'x86_64' || isIntel ? {userspace_architecture: bits === '64' ? 'x86_64' : 'i386'} : {};
	const id = raw.file('/var/lib/dbus/machine-id') ?? raw.file('/etc/machine-id');
	return {
		system,
		kernel,
		kernel_version: version,
		machine,
		architecture: isIntel ? 'i386' : machine,
		...userspace,
		userspace_bits: bits,
		nodename: node,
		hostname: node.split('.')[0]!,
		fqdn,
		domain: fqdn.split('.').slice(1).join('.'),
		...(id === undefined ? {} : {machine_id: id.split('\n')[0]!}),
	};
}

/** As Python's `getfqdn`: the first of the address's names that has a dot, else the first, else the node's own. */
function fullName(raw: RawFacts, node: string): string {
	const line = raw.lines('fqdn')[0]?.trim();
	if (!line) return node;
	const names = /^[\da-fA-F.:%]+\s/.test(line) ? line.split(/\s+/).slice(1) : [line];
	return names.find((name) => name.includes('.')) ?? names[0] ?? node;
}

/** `getconf LONG_BIT`, or the class byte of a program's ELF header. */
function wordSize(text: string): string {
	return text === '2' ? '64' : text === '1' ? '32' : text || '64';
}

export function userFacts(raw: RawFacts): Facts {
	const [id = ''] = raw.lines('id');
	const number = (name: string) => Number(new RegExp(`(?:^| )${name}=(\\d+)`).exec(id)?.[1] ?? Number.NaN);
	const [real, group] = [number('uid'), number('gid')];
	const [name = '', , uid = '', gid = '', gecos = '', home = '', shell = ''] = (raw.lines('passwd')[0] ?? '').split(':');
	const effective = number('euid');
	return {
		user_id: name || /uid=\d+\(([^)]*)\)/.exec(id)?.[1] || String(real),
		user_uid: uid === '' ? real : Number(uid),
		user_gid: gid === '' ? group : Number(gid),
		user_gecos: gecos,
		user_dir: home,
		user_shell: shell,
		real_user_id: real,
		effective_user_id: Number.isNaN(effective) ? real : effective,
		real_group_id: group,
		effective_group_id: group,
	};
}

export function environmentFacts(raw: RawFacts): Facts {
	const text = raw.text('env');
	const entries = text.includes('\x01') ? text.split('\x01') : text.split('\n');
	const env: Record<string, string> = {};
	for (const entry of entries) {
		const equals = entry.indexOf('=');
		if (equals > 0) env[entry.slice(0, equals).replace(/^\n/, '')] = entry.slice(equals + 1);
	}
	return {env};
}

export function dateFacts(raw: RawFacts): Facts {
	const fields = raw.text('date').split('|');
	const [year = '', month = '', weekday = '', weekdayNumber = '', week = '', day = ''] = fields;
	const [hour = '', minute = '', second = '', epoch = '', nanos = '', zone = '', offset = ''] = fields.slice(6);
	const micros = /^\d{9}$/.test(nanos) ? nanos.slice(0, 6) : '000000';
	const utc = new Date(Number(epoch || 0) * 1000).toISOString().slice(0, 19);
	const basic = `${year}${month}${day}T${hour}${minute}${second}`;
	return {
		date_time: {
			year,
			month,
			weekday,
			weekday_number: weekdayNumber,
			weeknumber: week,
			day,
			hour,
			minute,
			second,
			epoch,
			epoch_int: epoch,
			date: `${year}-${month}-${day}`,
			time: `${hour}:${minute}:${second}`,
			iso8601_micro: `${utc}.${micros}Z`,
			iso8601: `${utc}Z`,
			iso8601_basic: basic + micros,
			iso8601_basic_short: basic,
			tz: zone,
			tz_dst: summerZone(raw.text('zone')) ?? zone,
			tz_offset: offset,
		},
	};
}

/** The second name in a zone's rule (`CET-1CEST,M3.5.0,M10.5.0/3`). */
function summerZone(rule: string): string | undefined {
	return /^(?:[A-Za-z]+|<[^>]+>)[-+\d:]+([A-Za-z]+|<[^>]+>)/.exec(rule)?.[1]?.replace(/[<>]/g, '');
}

export function dnsFacts(raw: RawFacts): Facts {
	const nameservers: string[] = [];
	const dns: Record<string, Fact> = {};
	for (const line of (raw.file('/etc/resolv.conf') ?? '').split('\n')) {
		const [word, ...rest] = line.trim().split(/\s+/);
		if (!word || /^[#;]/.test(line)) continue;
		if (word === 'nameserver') {
			nameservers.push(...rest);
			dns['nameservers'] = nameservers;
		} else if (word === 'domain' && rest[0]) dns['domain'] = rest[0];
		else if (word === 'search' || word === 'sortlist') dns[word] = rest;
		else if (word === 'options')
			dns['options'] = Object.fromEntries(
				rest.map((option) => {
					const [name, ...value] = option.split(':');
					return [name!, value.length > 0 ? value.join(':') : true];
				}),
			);
	}
	return {dns};
}

export function commandLineFacts(raw: RawFacts): Facts {
	const text = raw.file('/proc/cmdline');
	if (text === undefined) return {};
	const once: Record<string, Fact> = {};
	const all: Record<string, Fact> = {};
	for (const piece of text.match(/(?:[^\s"']|"[^"]*"|'[^']*')+/g) ?? []) {
		const equals = piece.indexOf('=');
		const name = equals < 0 ? piece : piece.slice(0, equals);
		const value = equals < 0 ? true : piece.slice(equals + 1);
		once[name] = value;
		const before = all[name];
		if (value === true || before === undefined) all[name] = value;
		else all[name] = [...(Array.isArray(before) ? before : [before]), value];
	}
	return {cmdline: once, proc_cmdline: all};
}

export function securityFacts(raw: RawFacts): {
	readonly selinux: Facts;
	readonly apparmor: Facts;
	readonly fips: Facts;
	readonly caps: Facts;
} {
	const enforce = raw.file('/sys/fs/selinux/enforce');
	const config = raw.file('/etc/selinux/config') ?? '';
	const modes: Record<string, string> = {'1': 'enforcing', '0': 'permissive', '-1': 'disabled'};
	const policy = Number(raw.file('/sys/fs/selinux/policyvers'));
	const selinux: Facts =
		enforce === undefined
			? {status: 'disabled'}
			: {
					status: 'enabled',
					policyvers: Number.isNaN(policy) ? 'unknown' : policy,
					config_mode: /^SELINUX=(\w+)/m.exec(config)?.[1] ?? 'unknown',
					mode: modes[enforce] ?? 'unknown',
					type: /^SELINUXTYPE=(\w+)/m.exec(config)?.[1] ?? 'unknown',
				};
	const current = raw
		.lines('capsh')
		.find((line) => line.startsWith('Current:'))
		?.slice('Current:'.length)
		.trim();
	const enforced = current === undefined ? (raw.has('capsh') ? 'NA' : 'N/A') : current === '=ep' ? 'False' : 'True';
	const names = (current?.split('=')[1] ?? '').split(',').map((name) => name.trim());
	return {
		selinux: {selinux, selinux_python_present: true},
		apparmor: {apparmor: {status: raw.exists('/sys/kernel/security/apparmor') ? 'enabled' : 'disabled'}},
		fips: {fips: raw.file('/proc/sys/crypto/fips_enabled') === '1'},
		caps: {
			system_capabilities_enforced: enforced,
			system_capabilities: enforced === 'N/A' ? 'N/A' : enforced === 'True' ? names : [],
		},
	};
}

export function lsbFacts(raw: RawFacts): Facts {
	const lsb: Record<string, string> = {};
	const set = (name: string, value: string | undefined) => {
		if (value !== undefined) lsb[name] = value.trim().replace(/^['"\\]+|['"\\]+$/g, '');
	};
	const said = raw.text('lsb');
	if (said) {
		for (const [name, label] of [
			['id', 'Distributor ID'],
			['description', 'Description'],
			['release', 'Release'],
			['codename', 'Codename'],
		] as const)
			set(name, new RegExp(`^${label}:(.*)$`, 'm').exec(said)?.[1]);
	} else {
		const file = raw.file('/etc/lsb-release') ?? '';
		for (const name of ['id', 'release', 'description', 'codename'])
			set(name, new RegExp(`^DISTRIB_${name.toUpperCase()}=(.*)$`, 'm').exec(file)?.[1]);
	}
	return {lsb: lsb['release'] === undefined ? lsb : {...lsb, major_release: lsb['release'].split('.')[0]!}};
}

export function hostKeyFacts(raw: RawFacts): Facts {
	const facts: Facts = {};
	for (const folder of ['/etc/ssh', '/etc/openssh', '/etc']) {
		for (const algorithm of ['dsa', 'rsa', 'ecdsa', 'ed25519']) {
			const [type, key] = raw.file(`${folder}/ssh_host_${algorithm}_key.pub`)?.split(/\s+/) ?? [];
			const name = `ssh_host_key_${algorithm}_public`;
			if (key === undefined || name in facts) continue;
			facts[name] = key;
			facts[`${name}_keytype`] = type!;
		}
		if (Object.keys(facts).length > 0) return facts;
	}
	return facts;
}

export function chrootFacts(raw: RawFacts, env: Readonly<Record<string, string>>): Facts {
	if (env['debian_chroot']) return {is_chroot: true};
	const [own = '', first] = raw.lines('root');
	if (first !== undefined) return {is_chroot: own !== first};
	const type = raw.text('fstype');
	const root = type.includes('btrfs') ? '256' : type.includes('xfs') ? '128' : '2';
	return {is_chroot: own.split(':')[1] !== root};
}

export function loadFacts(raw: RawFacts): Facts {
	const [one, five, fifteen] = (raw.file('/proc/loadavg') ?? '').split(' ').map(Number);
	return fifteen === undefined || Number.isNaN(fifteen) ? {} : {loadavg: {'1m': one, '5m': five, '15m': fifteen}};
}

export function systemdFacts(raw: RawFacts): Facts {
	const [first, features] = raw.lines('systemd');
	const version = Number(first?.split(' ')[1]);
	return first === undefined || Number.isNaN(version) ? {} : {systemd: {version, features: features ?? ''}};
}

/** The names of storage initiators. */
export function storageFacts(raw: RawFacts): {readonly iscsi: Facts; readonly nvme: Facts; readonly fibre_channel_wwn: Facts} {
	const initiator = /^InitiatorName=(.*)$/m.exec(raw.file('/etc/iscsi/initiatorname.iscsi') ?? '')?.[1];
	const hostnqn = (raw.file('/etc/nvme/hostnqn') ?? '').split('\n').find((line) => line.startsWith('nqn.'));
	const ports = raw.paths(/^\/sys\/class\/fc_host\/[^/]+\/port_name$/).map((path) => (raw.file(path) ?? '').replace(/^0x/, ''));
	return {iscsi: {iscsi_iqn: initiator ?? ''}, nvme: {hostnqn: hostnqn ?? ''}, fibre_channel_wwn: {fibre_channel_wwn: ports}};
}
