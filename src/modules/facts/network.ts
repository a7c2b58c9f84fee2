import type {Fact, Facts, RawFacts} from './raw-facts.js';

type Interface = Record<string, Fact | undefined>;

interface Address {
	readonly device: string;
	readonly words: readonly string[];
	readonly secondary: boolean;
}

/** Interfaces, addresses and default routes, by the rules of Ansible's `facts/network/linux.py`; nothing where there is no `ip`. */
export function networkFacts(raw: RawFacts): Facts {
	if (!raw.has('ip')) return {};
	const interfaces = readInterfaces(raw);
	const defaults = {ipv4: readRoute(raw, 'route4', '8.8.8.8'), ipv6: readRoute(raw, 'route6', '2404:6800:400a:800::1012')};
	const all = {ipv4: [] as string[], ipv6: [] as string[]};
	for (const address of readAddresses(raw)) {
		const own = interfaces.get(address.device);
		if (!own) continue;
		if (address.words[0] === 'inet') addIpv4(address, own, interfaces, defaults.ipv4, all.ipv4);
		else addIpv6(address, own, defaults.ipv6, all.ipv6);
	}
	for (const [device, own] of interfaces) Object.assign(own, offloadFacts(raw, device));
	const named = [...interfaces].map(([name, own]): [string, Interface] => [name.replaceAll(':', '_'), own]);
	return {
		...Object.fromEntries(named.map(([name, own]) => [name.replaceAll('-', '_'), own as Fact])),
		interfaces: named.map(([name]) => name),
		default_ipv4: defaults.ipv4 as Fact,
		default_ipv6: defaults.ipv6 as Fact,
		all_ipv4_addresses: all.ipv4,
		all_ipv6_addresses: all.ipv6,
		locally_reachable_ips: {ipv4: readLocal(raw, 'local4', false), ipv6: readLocal(raw, 'local6', true)},
	};
}

const types: Readonly<Record<string, string>> = {
	'1': 'ether',
	'32': 'infiniband',
	'512': 'ppp',
	'772': 'loopback',
	'65534': 'tunnel',
};

function readInterfaces(raw: RawFacts): Map<string, Interface> {
	const interfaces = new Map<string, Interface>();
	for (const line of raw.lines('netlinks')) {
		const [word, device = '', value = ''] = line.split(' ');
		if (word === 'device') interfaces.set(device, readInterface(raw, device));
		const own = interfaces.get(device);
		if (!own) continue;
		if (word === 'pciid' || word === 'module') own[word] = value.split('/').at(-1)!;
		else if (word === 'bridge') Object.assign(own, {type: 'bridge', interfaces: [], ...bridgeFacts(raw, device)});
		else if (word === 'port') own['interfaces'] = [...(own['interfaces'] as readonly string[]), value];
	}
	return interfaces;
}

function readInterface(raw: RawFacts, device: string): Interface {
	const read = (path: string) => raw.file(`/sys/class/net/${device}/${path}`);
	const [mac, mtu, state, type, speed, flags] = ['address', 'mtu', 'operstate', 'type', 'speed', 'flags'].map(read);
	const permanent = read('bonding_slave/perm_hwaddr');
	return {
		device,
		...(mac && mac !== '00:00:00:00:00:00' ? {macaddress: mac} : {}),
		...(mtu === undefined ? {} : {mtu: Number(mtu)}),
		...(state === undefined ? {} : {active: state !== 'down'}),
		...(type === undefined ? {} : {type: types[type] ?? 'unknown'}),
		...bondFacts(raw, device),
		...(permanent === undefined ? {} : {perm_macaddress: permanent}),
		...(speed === undefined ? {} : {speed: Number(speed)}),
		...(flags === undefined ? {} : {promisc: (Number(flags) & 0x100) > 0}),
	};
}

function bridgeFacts(raw: RawFacts, device: string): Facts {
	const id = raw.file(`/sys/class/net/${device}/bridge/bridge_id`);
	const stp = raw.file(`/sys/class/net/${device}/bridge/stp_state`);
	return {...(id === undefined ? {} : {id}), ...(stp === undefined ? {} : {stp: stp === '1'})};
}

function bondFacts(raw: RawFacts, device: string): Facts {
	const read = (name: string) => raw.file(`/sys/class/net/${device}/bonding/${name}`);
	const mode = read('mode');
	if (mode === undefined) return {};
	const [primary, every] = [read('primary'), read('all_slaves_active')];
	return {
		type: 'bonding',
		slaves: (read('slaves') ?? '').split(/\s+/).filter((name) => name !== ''),
		mode: mode.split(/\s+/)[0]!,
		miimon: read('miimon')?.split(/\s+/)[0] ?? '',
		lacp_rate: read('lacp_rate')?.split(/\s+/)[0] ?? '',
		...(primary ? {primary, ...(every === undefined ? {} : {all_slaves_active: every === '1'})} : {}),
	};
}

function readAddresses(raw: RawFacts): readonly Address[] {
	const addresses: Address[] = [];
	let device = '';
	for (const line of raw.lines('addresses')) {
		const name = /^\d+: ([^:@\s]+)[@:]/.exec(line)?.[1];
		if (name !== undefined) device = name;
		const words = line.trim().split(/\s+/);
		if (words[0] === 'inet' || words[0] === 'inet6') addresses.push({device, words, secondary: words.includes('secondary')});
	}
	// Ansible asks for the primary ones first.
	return [...addresses.filter(({secondary}) => !secondary), ...addresses.filter(({secondary}) => secondary)];
}

function addIpv4(
	{device, words, secondary}: Address,
	own: Interface,
	interfaces: Map<string, Interface>,
	route: Interface,
	all: string[],
): void {
	const [address = '', length] = words[1]!.split('/');
	const prefix = length ?? '32';
	const broadcast = length !== undefined && words[2] === 'brd' ? words[3]! : '';
	const mask = Number(prefix) === 0 ? 0 : (0xffffffff << (32 - Number(prefix))) >>> 0;
	const network = dotted((fromDotted(address) & mask) >>> 0);
	const entry = {address, broadcast, netmask: dotted(mask), network, prefix};
	const label = words.at(-1)!;
	if (label !== device) interfaces.set(label, {});
	const named = label === device ? own : interfaces.get(label)!;
	const add = (to: Interface) => (to['ipv4_secondaries'] = [...((to['ipv4_secondaries'] as readonly Fact[]) ?? []), entry]);
	if (!secondary && !('ipv4' in named)) named['ipv4'] = entry;
	else add(named);
	if (secondary && device !== label) add(own);
	if (route['address'] === address) {
		Object.assign(route, {
			broadcast,
			netmask: entry.netmask,
			network,
			prefix,
			macaddress: own['macaddress'] ?? '',
			mtu: own['mtu'],
		});
		Object.assign(route, {type: own['type'] ?? 'unknown', alias: label});
	}
	if (!address.startsWith('127.')) all.push(address);
}

function addIpv6({words}: Address, own: Interface, route: Interface, all: string[]): void {
	const peer = words[2] === 'peer';
	const [address = '', prefix = ''] = peer ? [words[1]!, words[3]!.split('/')[1]!] : words[1]!.split('/');
	const scope = (peer ? words[5] : words[3]) ?? '';
	own['ipv6'] = [...((own['ipv6'] as readonly Fact[]) ?? []), {address, prefix, scope}];
	if (route['address'] === address)
		Object.assign(route, {prefix, scope, macaddress: own['macaddress'] ?? '', mtu: own['mtu'], type: own['type'] ?? 'unknown'});
	if (address !== '::1') all.push(address);
}

function readRoute(raw: RawFacts, record: string, target: string): Interface {
	const words = (raw.lines(record)[0] ?? '').split(/\s+/);
	const route: Interface = {};
	if (words[0] !== target) return route;
	for (const [index, word] of words.slice(0, -1).entries()) {
		const next = words[index + 1]!;
		if (word === 'dev') route['interface'] = next;
		else if (word === 'src') route['address'] = next;
		else if (word === 'via' && next !== target) route['gateway'] = next;
	}
	return route;
}

function readLocal(raw: RawFacts, record: string, six: boolean): readonly string[] {
	const addresses = raw
		.lines(record)
		.map((line) => line.trim().split(/\s+/))
		.filter(([word, address]) => word === 'local' && address!.includes(':') === six)
		.map(([, address]) => address!);
	return [...new Set(addresses)];
}

/** What `ethtool` says, where it is installed. */
function offloadFacts(raw: RawFacts, device: string): Facts {
	const features: Record<string, string> = {};
	for (const line of raw.lines(`ethtool ${device}`)) {
		if (/^Features for/.test(line) || !line.includes(':')) continue;
		const [name = '', value = ''] = line.split(/:(.*)/);
		features[name.trim().replaceAll('-', '_')] = value.trim();
	}
	if (Object.keys(features).length === 0) return {};
	const stamps = raw.text(`timestamps ${device}`);
	const words = (pattern: RegExp) => [...stamps.matchAll(pattern)].map(([, word]) => word!.toLowerCase());
	const clock = /PTP Hardware Clock: (\d+)/.exec(stamps)?.[1];
	return {
		features,
		timestamping: words(/SOF_TIMESTAMPING_(\w+)/g),
		hw_timestamp_filters: words(/HWTSTAMP_FILTER_(\w+)/g),
		...(clock === undefined ? {} : {phc_index: Number(clock)}),
	};
}

function fromDotted(address: string): number {
	return address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
}

function dotted(number: number): string {
	return [24, 16, 8, 0].map((shift) => (number >>> shift) & 255).join('.');
}
