import {valueError} from '../fault.js';
import {checkItems} from '../limits.js';
import {IpNetwork} from './network.js';

/** How many networks with a longer prefix a network has. */
export function subnetCount(v: IpNetwork, prefix: number): bigint {
	return prefix < v.prefix || prefix > v.width ? 0n : 1n << BigInt(prefix - v.prefix);
}

/** The network at a place among those with a longer prefix, from the end when negative. */
export function subnetAt(v: IpNetwork, prefix: number, index: bigint): IpNetwork | undefined {
	const count = subnetCount(v, prefix);
	const at = index < 0n ? count + index : index;
	if (at < 0n || at >= count) return undefined;
	return new IpNetwork(v.version, v.first + (at << BigInt(v.width - prefix)), prefix);
}

/** The networks around an address, from a prefix on. */
export function supernets(v: IpNetwork, prefix: number): IpNetwork[] {
	const result: IpNetwork[] = [];
	for (let length = prefix; length < v.prefix; length++) result.push(new IpNetwork(v.version, v.value, length).cidr);
	return result;
}

/** The fewest networks that hold exactly the same addresses, in order. */
export function mergeNetworks(networks: readonly IpNetwork[]): IpNetwork[] {
	checkItems(networks.length);
	const merged: IpNetwork[] = [];
	for (const version of [4, 6] as const) {
		const ranges = networks
			.filter((v) => v.version === version)
			.map((v) => [v.first, v.last] as const)
			.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
		let current: [bigint, bigint] | undefined;
		for (const [first, last] of ranges) {
			if (current && first <= current[1] + 1n) current[1] = last > current[1] ? last : current[1];
			else {
				if (current) merged.push(...networksOf(version, ...current));
				current = [first, last];
			}
		}
		if (current) merged.push(...networksOf(version, ...current));
	}
	return merged;
}

function networksOf(version: 4 | 6, first: bigint, last: bigint): IpNetwork[] {
	const width = version === 4 ? 32 : 128;
	const result: IpNetwork[] = [];
	for (let at = first; at <= last; ) {
		let prefix = width;
		while (prefix > 0) {
			const size = 1n << BigInt(width - prefix + 1);
			if (at % size !== 0n || at + size - 1n > last) break;
			prefix--;
		}
		result.push(new IpNetwork(version, at, prefix));
		at += 1n << BigInt(width - prefix);
	}
	return result;
}

/** The smallest network that holds all of them. */
export function spanOf(networks: readonly IpNetwork[]): IpNetwork {
	const [first, ...others] = networks;
	if (!first || !others.length) throw valueError('cidr_merge: IP sequence must contain at least 2 elements!');
	const last = networks.reduce((highest, v) => (v.last > highest ? v.last : highest), first.last);
	let span = networks.reduce((lowest, v) => (v.first < lowest.first ? v : lowest), first).cidr;
	if (networks.some((v) => v.version !== span.version)) throw valueError('cidr_merge: IPv4 and IPv6 networks cannot be spanned');
	while (span.last < last) span = new IpNetwork(span.version, span.value, span.prefix - 1).cidr;
	return span;
}
