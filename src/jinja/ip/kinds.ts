import {IpNetwork, parseNetwork} from './network.js';

/** What is not reachable from everywhere (IANA's registries of special addresses). */
const notGlobal = [
	'0.0.0.0/8',
	'10.0.0.0/8',
	'100.64.0.0/10',
	'127.0.0.0/8',
	'169.254.0.0/16',
	'172.16.0.0/12',
	'192.0.0.0/24',
	'192.0.2.0/24',
	'192.168.0.0/16',
	'198.18.0.0/15',
	'198.51.100.0/24',
	'203.0.113.0/24',
	'240.0.0.0/4',
	'::/128',
	'::1/128',
	'::ffff:0:0/96',
	'64:ff9b:1::/48',
	'100::/64',
	'2001::/23',
	'2001:db8::/32',
	'2002::/16',
	'fc00::/7',
	'fe80::/10',
].map((text) => parseNetwork(text)!);
const exceptions = [
	'192.0.0.9/32',
	'192.0.0.10/32',
	'2001:1::1/128',
	'2001:1::2/128',
	'2001:3::/32',
	'2001:4:112::/48',
	'2001:20::/28',
].map((text) => parseNetwork(text)!);

function single(network: IpNetwork): IpNetwork {
	return new IpNetwork(network.version, network.value, network.width);
}

function within(address: IpNetwork, text: string): boolean {
	return parseNetwork(text)!.contains(address);
}

export function isGlobal(network: IpNetwork): boolean {
	const address = single(network);
	return exceptions.some((one) => one.contains(address)) || !notGlobal.some((one) => one.contains(address));
}

export function isLoopback(network: IpNetwork): boolean {
	return within(single(network), network.version === 4 ? '127.0.0.0/8' : '::1/128');
}

export function isLinkLocal(network: IpNetwork): boolean {
	return within(single(network), network.version === 4 ? '169.254.0.0/16' : 'fe80::/10');
}

export function isMulticast(network: IpNetwork): boolean {
	return within(single(network), network.version === 4 ? '224.0.0.0/4' : 'ff00::/8');
}

/** Whether an address is one that hosts on the internet have. */
export function isPublic(network: IpNetwork): boolean {
	const bits = network.value.toString(2).padStart(network.width, '0');
	const isMask = /^(?:1*0*|0*1*)$/.test(bits);
	return !isMulticast(network) && isGlobal(network) && !isLoopback(network) && !isMask;
}
