import {Dict, Float, type Value} from '../../jinja/jinja.js';
import {deviceFacts} from './devices.js';
import {distributionFacts} from './distribution.js';
import {dmiFacts, memoryFacts, mountFacts, processorFacts, uptimeFacts, volumeFacts} from './hardware.js';
import {localFacts} from './local.js';
import {packageManager, serviceManager} from './managers.js';
import {networkFacts} from './network.js';
import type {Fact, Facts, RawFacts} from './raw-facts.js';
import {
	chrootFacts,
	commandLineFacts,
	dateFacts,
	dnsFacts,
	environmentFacts,
	hostKeyFacts,
	loadFacts,
	lsbFacts,
	platformFacts,
	securityFacts,
	storageFacts,
	systemdFacts,
	userFacts,
} from './system.js';
import {virtualFacts} from './virtual.js';

/**
 * Makes Ansible's facts of what the script read, without `ansible_` before their names. There is no Python on the host, so `python`,
 * `python_version` and `discovered_interpreter_python` are not set.
 */
export function makeFacts(
	raw: RawFacts,
	chosen: ReadonlySet<string>,
): {readonly facts: Readonly<Record<string, Value>>; readonly warnings: readonly string[]} {
	const platform = platformFacts(raw);
	const system = String(platform['system']);
	const distribution = distributionFacts(raw, system, String(platform['kernel']), String(platform['kernel_version']));
	const env = environmentFacts(raw);
	const security = securityFacts(raw);
	const storage = storageFacts(raw);
	const local = localFacts(raw);
	const makers: Readonly<Record<string, () => Facts>> = {
		platform: () => platform,
		distribution: () => distribution,
		env: () => env,
		user: () => userFacts(raw),
		date_time: () => dateFacts(raw),
		dns: () => dnsFacts(raw),
		cmdline: () => commandLineFacts(raw),
		lsb: () => lsbFacts(raw),
		ssh_pub_keys: () => hostKeyFacts(raw),
		pkg_mgr: () => packageManager(raw, String(distribution['os_family'])),
		service_mgr: () => serviceManager(raw, system, String(distribution['distribution'])),
		...Object.fromEntries(Object.entries({...security, ...storage}).map(([name, facts]) => [name, () => facts])),
		chroot: () => chrootFacts(raw, env['env'] as Readonly<Record<string, string>>),
		loadavg: () => loadFacts(raw),
		systemd: () => systemdFacts(raw),
		hardware: () => ({
			...processorFacts(raw, String(platform['architecture'])),
			...memoryFacts(raw),
			...dmiFacts(raw),
			...deviceFacts(raw),
			...uptimeFacts(raw),
			...volumeFacts(raw),
			...mountFacts(raw),
		}),
		network: () => networkFacts(raw),
		virtual: () => (system === 'Linux' ? virtualFacts(raw) : {}),
	};
	const facts: Record<string, Value> = {};
	for (const [collector, make] of Object.entries(makers)) {
		if (!chosen.has(collector)) continue;
		for (const [name, fact] of Object.entries(make())) if (fact !== undefined) facts[name] = toValue(fact);
	}
	const load = facts['loadavg'];
	if (load instanceof Dict)
		for (const [name, number] of load.entries()) load.set(name, Number.isInteger(number) ? new Float(number as number) : number);
	if (chosen.has('local'))
		facts['local'] = Dict.from(
			Object.entries(local.facts).map(([name, fact]) => [name, isPlain(fact) ? toValue(fact) : (fact as Value)]),
		);
	return {facts, warnings: [...(chosen.has('local') ? local.warnings : []), ...lateMounts(facts['mounts'])]};
}

/** A warning for each mounted file system that did not tell its size in time. */
function lateMounts(mounts: Value | undefined): string[] {
	const all = Array.isArray(mounts) ? (mounts as Value[]).filter((one): one is Dict => one instanceof Dict) : [];
	return all
		.filter((mount) => mount.has('note'))
		.map((mount) => `Timeout exceeded when getting mount info for ${String(mount.get('mount'))}`);
}

function isPlain(fact: unknown): fact is Fact {
	return fact !== null && typeof fact === 'object' && Object.getPrototypeOf(fact) === Object.prototype;
}

function toValue(fact: Fact): Value {
	if (fact === null || typeof fact !== 'object') return fact;
	if (Array.isArray(fact)) return fact.map(toValue);
	const entries = Object.entries(fact).filter(([, value]) => value !== undefined) as [string, Fact][];
	return Dict.from(entries.map(([name, value]) => [name, toValue(value)] as const));
}
