/** An address with the length of its network's prefix, as `10.0.0.5/24` writes it. */
export class IpNetwork {
	readonly version: 4 | 6;
	/** The address as a number. */
	readonly value: bigint;
	readonly prefix: number;
	constructor(version: 4 | 6, value: bigint, prefix: number) {
		this.version = version;
		this.value = value;
		this.prefix = prefix;
	}
	get width(): number {
		return this.version === 4 ? 32 : 128;
	}
	/** How many addresses the network has. */
	get size(): bigint {
		return 1n << BigInt(this.width - this.prefix);
	}
	get first(): bigint {
		return this.value & ~(this.size - 1n);
	}
	get last(): bigint {
		return this.first + this.size - 1n;
	}
	get netmask(): bigint {
		return (1n << BigInt(this.width)) - this.size;
	}
	get ip(): string {
		return this.format(this.value);
	}
	get network(): string {
		return this.format(this.first);
	}
	/** Undefined for IPv4 networks of one or two addresses. */
	get broadcast(): bigint | undefined {
		return this.version === 4 && this.size <= 2n ? undefined : this.last;
	}
	/** The network itself, without the address in it. */
	get cidr(): IpNetwork {
		return new IpNetwork(this.version, this.first, this.prefix);
	}
	format(value: bigint): string {
		return formatIp(this.version, value);
	}
	contains(other: IpNetwork): boolean {
		return this.version === other.version && this.first <= other.first && other.last <= this.last;
	}
	toString(): string {
		return `${this.ip}/${this.prefix}`;
	}
}

/** An address, or a network with a prefix length or a netmask; undefined for anything else. */
export function parseNetwork(text: string): IpNetwork | undefined {
	const [address, mask, ...more] = text.split('/');
	if (more.length) return undefined;
	const version = address!.includes(':') ? 6 : 4;
	const value = parseIp(address!, version);
	if (value === undefined) return undefined;
	const width = version === 4 ? 32 : 128;
	if (mask === undefined) return new IpNetwork(version, value, width);
	const prefix = /^\d{1,3}$/.test(mask) ? Number(mask) : prefixOfMask(mask, version);
	return prefix === undefined || prefix > width ? undefined : new IpNetwork(version, value, prefix);
}

function prefixOfMask(mask: string, version: 4 | 6): number | undefined {
	const value = parseIp(mask, version);
	if (value === undefined) return undefined;
	const width = version === 4 ? 32 : 128;
	const bits = value.toString(2).padStart(width, '0');
	if (/^1*0*$/.test(bits)) return bits.replaceAll('0', '').length;
	// A host mask (0.0.0.255) is taken as well.
	return /^0*1*$/.test(bits) ? bits.replaceAll('1', '').length : undefined;
}

/** The number of an address; undefined when the text is none. */
export function parseIp(text: string, version: 4 | 6): bigint | undefined {
	if (version === 4) {
		const parts = text.split('.');
		if (parts.length !== 4 || !parts.every((part) => /^(?:0|[1-9]\d{0,2})$/.test(part) && Number(part) < 256)) return undefined;
		return parts.reduce((sum, part) => sum * 256n + BigInt(part), 0n);
	}
	let rest = text;
	const dotted = /^(.*:)(\d+\.\d+\.\d+\.\d+)$/.exec(text);
	if (dotted) {
		const tail = parseIp(dotted[2]!, 4);
		if (tail === undefined) return undefined;
		rest = `${dotted[1]}${(tail >> 16n).toString(16)}:${(tail & 0xffffn).toString(16)}`;
	}
	const halves = rest.split('::');
	if (halves.length > 2) return undefined;
	const [head, tail] = halves.map((half) => (half === '' ? [] : half.split(':'))) as [string[], string[] | undefined];
	const missing = 8 - head.length - (tail?.length ?? 0);
	if (tail ? missing < 1 : missing !== 0) return undefined;
	const groups = [...head, ...Array.from({length: tail ? missing : 0}, () => '0'), ...(tail ?? [])];
	if (!groups.every((group) => /^[\da-f]{1,4}$/i.test(group))) return undefined;
	return groups.reduce((sum, group) => (sum << 16n) + BigInt(`0x${group}`), 0n);
}

/** An address in its usual text: IPv6 in its shortest form. */
export function formatIp(version: 4 | 6, value: bigint): string {
	if (version === 4) return [24n, 16n, 8n, 0n].map((shift) => (value >> shift) & 255n).join('.');
	// Addresses that hold one of IPv4 show it.
	if (value >> 32n === 0xffffn) return `::ffff:${formatIp(4, value & 0xffffffffn)}`;
	if (value >> 32n === 0n && value > 0xffffn) return `::${formatIp(4, value)}`;
	const groups = Array.from({length: 8}, (_, index) => ((value >> BigInt(112 - 16 * index)) & 0xffffn).toString(16));
	let [start, length] = [-1, 1];
	for (let from = 0; from < 8; from++) {
		let to = from;
		while (groups[to] === '0') to++;
		if (to - from > length) [start, length] = [from, to - from];
	}
	if (start < 0) return groups.join(':');
	return `${groups.slice(0, start).join(':')}::${groups.slice(start + length).join(':')}`;
}
