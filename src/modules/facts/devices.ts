import type {Fact, Facts, RawFacts} from './raw-facts.js';

type Links = Readonly<Record<'ids' | 'uuids' | 'labels' | 'masters', Readonly<Record<string, readonly string[]>>>>;

/** Block devices with their partitions, and what links lead to them. */
export function deviceFacts(raw: RawFacts): Facts {
	const links = readLinks(raw);
	const blocks = new Map<string, string>();
	for (const line of raw.lines('blocklinks')) {
		const [, name, target] = /^\/sys\/block\/([^/ ]+) (.*)$/.exec(line) ?? [];
		if (name !== undefined) blocks.set(name, target!);
	}
	const devices = Object.fromEntries([...blocks.keys()].map((name) => [name, readDevice(raw, name, links, blocks.get(name)!)]));
	return {devices, device_links: links};
}

function readLinks(raw: RawFacts): Links {
	const links = {ids: new Map(), uuids: new Map(), labels: new Map(), masters: new Map()} as Record<
		keyof Links,
		Map<string, string[]>
	>;
	const add = (map: Map<string, string[]>, key: string, value: string) => map.set(key, [...(map.get(key) ?? []), value].sort());
	const folders = {id: links.ids, uuid: links.uuids, label: links.labels};
	for (const line of raw.lines('blocklinks')) {
		const [, kind, name, target] = /^\/dev\/disk\/by-(id|uuid|label)\/(\S+) (.*)$/.exec(line) ?? [];
		if (kind !== undefined) add(folders[kind as keyof typeof folders], target!.split('/').at(-1)!, name!);
		const [, owner, part] = /^\/sys\/block\/([^/]+)\/slaves\/(\S+) /.exec(line) ?? [];
		if (owner !== undefined) add(links.masters, part!, owner);
	}
	return Object.fromEntries(Object.entries(links).map(([name, map]) => [name, Object.fromEntries(map)])) as unknown as Links;
}

function readDevice(raw: RawFacts, name: string, links: Links, target: string): Fact {
	const folder = `/sys/block/${name}`;
	const read = (path: string): string | null => raw.file(`${folder}/${path}`) ?? null;
	const serial = read('device/serial');
	const wwn = links.ids[name]?.find((link) => link.startsWith('wwn-'))?.slice('wwn-'.length);
	const sectorSize = read('queue/logical_block_size') ?? read('queue/hw_sector_size') ?? '512';
	const sectors = Math.floor((Number(read('size') ?? 0) * 512) / Number(sectorSize));
	const bus = /.+\/([a-f0-9]{4}:[a-f0-9]{2}:[0|1][a-f0-9]\.[0-7])\//.exec(target)?.[1];
	const host = bus && raw.lines('lspci').find((line) => line.startsWith(`${bus} `));
	const partition = new RegExp(`^/sys/block/${name}/(${name}p?\\d+)/start$`);
	return {
		virtual: 1,
		links: linksTo(name, links),
		vendor: read('device/vendor'),
		model: read('device/model'),
		sas_address: read('device/sas_address'),
		sas_device_handle: read('device/sas_device_handle'),
		...(serial === null ? {} : {serial}),
		removable: read('removable'),
		support_discard: read('queue/discard_max_hw_bytes') === '0' ? '0' : read('queue/discard_granularity'),
		...(wwn === undefined ? {} : {wwn}),
		partitions: Object.fromEntries(
			raw.paths(partition).map((path) => {
				const part = partition.exec(path)![1]!;
				return [part, readPartition(raw, `${folder}/${part}`, part, links)];
			}),
		),
		rotational: read('queue/rotational'),
		scheduler_mode: /\[(.*)\]/.exec(read('queue/scheduler') ?? '')?.[1] ?? '',
		sectorsize: sectorSize,
		sectors,
		size: humanSize(sectors * Number(sectorSize)),
		host: host ? host.slice(bus.length + 1).trim() : '',
		holders: holdersOf(raw, folder),
	};
}

function readPartition(raw: RawFacts, folder: string, name: string, links: Links): Fact {
	const sectorSize = 512;
	const sectors = Number(raw.file(`${folder}/size`) ?? 0);
	return {
		links: linksTo(name, links),
		start: raw.file(`${folder}/start`) ?? 0,
		sectorsize: sectorSize,
		sectors,
		size: humanSize(sectors * sectorSize),
		uuid: links.uuids[name]?.[0] ?? null,
		holders: holdersOf(raw, folder),
	};
}

function linksTo(name: string, links: Links): Fact {
	return Object.fromEntries(Object.entries(links).map(([kind, targets]) => [kind, targets[name] ?? []]));
}

function holdersOf(raw: RawFacts, folder: string): readonly string[] {
	return raw.paths(new RegExp(`^${folder}/holders/dm-[^/]+/dm/name$`)).map((path) => raw.file(path) ?? '');
}

/** `256.00 GB`, as Ansible's `bytes_to_human` shows it. */
export function humanSize(bytes: number): string {
	for (const [index, unit] of ['YB', 'ZB', 'EB', 'PB', 'TB', 'GB', 'MB', 'KB'].entries()) {
		const size = 2 ** (10 * (8 - index));
		if (bytes >= size) return `${(bytes / size).toFixed(2)} ${unit}`;
	}
	return `${bytes.toFixed(2)} Bytes`;
}
