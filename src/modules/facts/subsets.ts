import {ModuleFailure} from '../contract.js';

/** Fact names by which a collector can be asked for beside its own, as Ansible's collectors list them. */
const collectors: Readonly<Record<string, string>> = {
	apparmor: '',
	caps: 'system_capabilities system_capabilities_enforced',
	chroot: 'is_chroot',
	cmdline: '',
	date_time: '',
	distribution: 'distribution_version distribution_release distribution_major_version os_family',
	dns: '',
	env: '',
	facter: '',
	fibre_channel_wwn: '',
	fips: '',
	hardware: 'processor processor_cores processor_count mounts devices dmi',
	iscsi: '',
	loadavg: '',
	local: '',
	lsb: '',
	network: 'interfaces default_ipv4 default_ipv6 all_ipv4_addresses all_ipv6_addresses',
	nvme: '',
	ohai: '',
	pkg_mgr: '',
	platform: 'system kernel kernel_version machine python_version architecture machine_id',
	python: '',
	selinux: '',
	service_mgr: '',
	ssh_pub_keys:
		'ssh_host_pub_keys ssh_host_key_dsa_public ssh_host_key_rsa_public ssh_host_key_ecdsa_public ssh_host_key_ed25519_public',
	systemd: '',
	user: 'user_id user_uid user_gid user_gecos user_dir user_shell real_user_id effective_user_id effective_group_ids',
	virtual: 'virtualization_type virtualization_role virtualization_tech_guest virtualization_tech_host',
};

const minimal =
	'apparmor caps cmdline date_time distribution dns env fips local lsb pkg_mgr platform python selinux service_mgr ssh_pub_keys user'.split(
		' ',
	);

const needs: Readonly<Record<string, readonly string[]>> = {
	pkg_mgr: ['distribution'],
	service_mgr: ['platform', 'distribution'],
	hardware: ['platform'],
	network: ['platform', 'distribution'],
};

const names = Object.keys(collectors);
const aliases = new Map(
	Object.entries(collectors).flatMap(([name, facts]) => [
		[name, name] as const,
		...facts
			.split(' ')
			.filter(Boolean)
			.map((fact) => [fact, name] as const),
	]),
);

/** Which collectors `gather_subset` asks for, those included that others need. Throws in Ansible's words at a name that is none. */
export function chooseCollectors(subset: readonly string[]): ReadonlySet<string> {
	const added = new Set(minimal);
	const excluded = new Set<string>();
	const explicit = new Set<string>();
	for (const word of subset.length ? subset : ['all']) {
		const name = word.replace(/^!/, '');
		const meant = name === 'min' ? minimal : name === 'all' ? names : [name];
		if (word.startsWith('!'))
			for (const one of name === 'all' ? names.filter((other) => !minimal.includes(other)) : meant) excluded.add(one);
		else if (name === 'min' || name === 'all') for (const one of meant) added.add(one);
		else {
			if (!aliases.has(name))
				throw new ModuleFailure(
					`Bad subset '${name}' given to Ansible. gather_subset options allowed: all, ${[...aliases.keys()].sort().join(', ')}`,
				);
			explicit.add(name);
			added.add(name);
		}
	}
	for (const name of excluded) if (!explicit.has(name)) added.delete(name);
	const chosen = new Set([...added].map((name) => aliases.get(name)!));
	for (const name of [...chosen]) for (const needed of needs[name] ?? []) chosen.add(needed);
	return chosen;
}

/** The facts that a pattern of `filter` names; their names begin with `ansible_`, which a pattern may leave out. */
export function filterFacts<T>(facts: Readonly<Record<string, T>>, patterns: readonly string[]): Record<string, T> {
	const given = patterns.filter((pattern) => pattern !== '');
	if (given.length === 0 || (given.length === 1 && given[0] === '*')) return {...facts};
	const expressions = given.map(fromGlob);
	return Object.fromEntries(
		Object.entries(facts).filter(([name]) =>
			expressions.some((expression) => expression.test(name) || expression.test(name.replace(/^ansible_/, ''))),
		),
	);
}

/** Python's `fnmatch`. */
function fromGlob(pattern: string): RegExp {
	const source = pattern
		.replace(/[.+^${}()|\\]/g, '\\$&')
		.replaceAll('*', '.*')
		.replaceAll('?', '.')
		.replaceAll('[!', '[^');
	return new RegExp(`^${source}$`, 's');
}
