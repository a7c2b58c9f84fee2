import type {Fact, Facts, RawFacts} from './raw-facts.js';

/** Memory in units of 2^20 bytes, rounded down. */
export function memoryFacts(raw: RawFacts): Facts {
	const text = raw.file('/proc/meminfo');
	if (text === undefined) return {};
	const read = (name: string): number | undefined => {
		const kilobytes = new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(text)?.[1];
		return kilobytes === undefined ? undefined : Math.floor(Number(kilobytes) / 1024);
	};
	const [total = 0, free = 0, buffers = 0, cached = 0] = ['MemTotal', 'MemFree', 'Buffers', 'Cached'].map(read);
	const [swapTotal = 0, swapFree = 0, swapCached = 0] = ['SwapTotal', 'SwapFree', 'SwapCached'].map(read);
	return {
		memtotal_mb: total,
		memfree_mb: free,
		swaptotal_mb: swapTotal,
		swapfree_mb: swapFree,
		memory_mb: {
			real: {total, used: total - free, free},
			nocache: {free: cached + free + buffers, used: total - cached - free - buffers},
			swap: {total: swapTotal, free: swapFree, used: swapTotal - swapFree, cached: swapCached},
		},
	};
}

/** `processor*` by the counting rules of Ansible's `get_cpu_facts`. */
export function processorFacts(raw: RawFacts, architecture: string): Facts {
	const lines = raw.lines('cpu');
	if (lines.length === 0) return {};
	const processor: string[] = [];
	const sockets = new Map<string, number>();
	const cores = new Map<string, number>();
	const seen: Record<string, number> = {};
	let [physical, core] = ['0', '0'];
	let flags: string[] | undefined;
	for (const line of lines) {
		const colon = line.indexOf(':');
		const key = (colon < 0 ? line : line.slice(0, colon)).trim();
		const value = colon < 0 ? '' : line.slice(colon + 1).trim();
		if (key === 'flags') flags = value.split(/\s+/);
		if (['model name', 'Processor', 'vendor_id', 'cpu', 'Vendor', 'processor'].includes(key)) {
			processor.push(value);
			seen[key] = (seen[key] ?? 0) + 1;
		} else if (key === 'physical id') {
			physical = value;
			if (!sockets.has(value)) sockets.set(value, 1);
		} else if (key === 'core id') {
			core = value;
			if (!sockets.has(value)) cores.set(value, 1);
		} else if (key === 'cpu cores') sockets.set(physical, Number(value));
		else if (key === 'siblings') cores.set(core, Number(value));
	}
	const count = countProcessors(seen, processor.length, architecture);
	const perSocket = [...sockets.values()][0] || 1;
	const threads = roundHalfEven(([...cores.values()][0] ?? 1) / perSocket);
	const allowed = countAllowed(/^Cpus_allowed_list:\s*(\S+)/m.exec(raw.file('/proc/self/status') ?? '')?.[1]);
	const processors = sockets.size || count;
	return {
		processor,
		processor_count: processors,
		processor_cores: perSocket,
		processor_threads_per_core: threads,
		processor_vcpus: threads * processors * perSocket,
		processor_nproc: allowed ?? seen['processor'] ?? 0,
		...(flags ? {flags} : {}),
	};
}

function countProcessors(seen: Readonly<Record<string, number>>, all: number, architecture: string): number {
	if (/^(armv|aarch|ppc)/.test(architecture)) return seen['processor'] ?? 0;
	const vendors = seen['vendor_id'] ?? 0;
	return vendors > 0 && vendors === seen['model name'] ? vendors : all;
}

function roundHalfEven(number: number): number {
	const floor = Math.floor(number);
	return number - floor === 0.5 ? floor + (floor % 2) : Math.round(number);
}

/** How many processors a list like `0-3,8` names. */
function countAllowed(list: string | undefined): number | undefined {
	return list?.split(',').reduce((sum, part) => {
		const [from, to = from] = part.split('-').map(Number);
		return sum + (to! - from!) + 1;
	}, 0);
}

const formFactors =
	'Unknown,Other,Unknown,Desktop,Low Profile Desktop,Pizza Box,Mini Tower,Tower,Portable,Laptop,Notebook,Hand Held,Docking Station,All In One,Sub Notebook,Space-saving,Lunch Box,Main Server Chassis,Expansion Chassis,Sub Chassis,Bus Expansion Chassis,Peripheral Chassis,RAID Chassis,Rack Mount Chassis,Sealed-case PC,Multi-system,CompactPCI,AdvancedTCA,Blade,Blade Enclosure,Tablet,Convertible,Detachable,IoT Gateway,Embedded PC,Mini PC,Stick PC'.split(
		',',
	);

const dmiNames =
	'bios_date bios_vendor bios_version board_asset_tag board_name board_serial board_vendor board_version chassis_asset_tag chassis_serial chassis_vendor chassis_version form_factor product_name product_serial product_uuid product_version system_vendor'.split(
		' ',
	);

/** What the firmware says of the machine; `NA` where it says nothing. */
export function dmiFacts(raw: RawFacts): Facts {
	const files: Record<string, string> = {form_factor: 'chassis_type', system_vendor: 'sys_vendor'};
	const facts: Facts = Object.fromEntries(dmiNames.map((name) => [name, raw.file(files[name] ?? name) ?? 'NA']));
	const form = facts['form_factor'] as string;
	if (form !== 'NA') facts['form_factor'] = formFactors[Number(form)] ?? `unknown (${form})`;
	return facts;
}

export function uptimeFacts(raw: RawFacts): Facts {
	const seconds = Number.parseFloat(raw.file('/proc/uptime') ?? '');
	return Number.isNaN(seconds) ? {} : {uptime_seconds: Math.trunc(seconds)};
}

/** Mounted file systems that lie on devices or come over the network. */
export function mountFacts(raw: RawFacts): Facts {
	const uuids = new Map<string, string>();
	for (const line of raw.lines('lsblk')) {
		const [, device, uuid] = /^(.*\S)\s+(\S+)\s*$/.exec(line.trim()) ?? [];
		if (device !== undefined && !uuids.has(device)) uuids.set(device.trim(), uuid!);
	}
	const bound = new Set(
		raw
			.lines('findmnt')
			.map((line) => line.trim().split(/\s+/))
			.filter(([, source]) => source?.includes(']'))
			.map(([target]) => target!),
	);
	const space = new Map<string, Facts>();
	for (const line of raw.lines('space')) {
		const [, numbers, path] = /^((?:\d+ ){6})(.*)$/.exec(line) ?? [];
		if (numbers !== undefined) space.set(path!, spaceFacts(numbers.trim().split(' ').map(Number)));
	}
	const late = raw.holds('late') ? {note: 'Could not get extra information due to timeout'} : {};
	const mounts = new Map<string, Fact>();
	for (const line of raw.lines('mounts')) {
		const [device = '', mount = '', type = '', options = '', dump = '0', pass = '0'] = line.split(/\s+/).map(unescapeOctal);
		if ((!/^[/\\]/.test(device) && !device.includes(':/')) || type === 'none') continue;
		mounts.set(mount, {
			mount,
			device,
			fstype: type,
			options: bound.has(mount) && !/.*bind.*"/.test(options) ? `${options},bind` : options,
			dump: Number(dump),
			passno: Number(pass),
			...(space.get(mount) ?? late),
			uuid: uuids.get(device) ?? 'N/A',
		});
	}
	return {mounts: [...mounts.values()]};
}

function spaceFacts([unit = 0, block = 0, total = 0, available = 0, inodes = 0, freeInodes = 0]: readonly number[]): Facts {
	return {
		size_total: unit * total,
		size_available: unit * available,
		block_size: block,
		block_total: total,
		block_available: available,
		block_used: total - available,
		inode_total: inodes,
		inode_available: freeInodes,
		inode_used: inodes - freeInodes,
	};
}

function unescapeOctal(text: string): string {
	return text.replace(/\\([0-7]{3})/g, (_, digits) => String.fromCharCode(Number.parseInt(digits, 8)));
}

/** Volume groups and logical volumes, when the user may see them. */
export function volumeFacts(raw: RawFacts): Facts {
	const lines = raw.lines('lvm').map((line) => line.trim());
	if (lines.length === 0) return {lvm: 'N/A'};
	const part = (name: string, next?: string) =>
		lines.slice(lines.indexOf(name) + 1, next ? lines.indexOf(next) : undefined).map((line) => line.split(','));
	const vgs: Record<string, Record<string, Fact>> = {};
	for (const items of part('vgs', 'lvs'))
		vgs[items[0]!] = {size_g: items.at(-2)!, free_g: items.at(-1)!, num_lvs: items[2]!, num_pvs: items[1]!, lvs: {}};
	const lvs: Record<string, Fact> = {};
	for (const items of part('lvs', 'pvs')) {
		const [name = '', vg = '', , size = ''] = items;
		lvs[name] = {size_g: size, vg};
		const group = vgs[vg];
		if (group) group['lvs'] = {...(group['lvs'] as Record<string, Fact>), [name]: {size_g: size}};
	}
	const pvs: Record<string, Fact> = {};
	for (const items of part('pvs')) pvs[items[0]!] = {size_g: items[4] ?? '', free_g: items[5] ?? '', vg: items[1] ?? ''};
	return {lvm: {lvs, vgs, pvs}};
}
