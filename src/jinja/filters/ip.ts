import {PythonError, typeError, valueError} from '../fault.js';
import {hardware} from '../ip/hardware.js';
import {ipaddr, nthAddress} from '../ip/ipaddr.js';
import {formatIp, type IpNetwork, parseNetwork} from '../ip/network.js';
import {mergeNetworks, spanOf, subnetAt, subnetCount, supernets} from '../ip/subnets.js';
import {isTruthy, textOf} from '../python/compare.js';
import {isSequence, iterate} from '../python/iterate.js';
import {isInteger, isNumber} from '../python/number.js';
import {pythonStr} from '../python/text.js';
import {typeName} from '../python/type-name.js';
import type {Value} from '../value.js';
import type {Filter, FilterTable} from './filter.js';

/** An argument declared as text: anything but null becomes one. */
function text(value: Value): Value {
	return value === null ? null : pythonStr(value);
}

/** An argument declared as an integer: whole numbers and texts of them. Null when it is not given. */
function integer(value: Value): bigint | null {
	if (value === null) return null;
	if (isInteger(value)) return BigInt(value);
	const digits = /^\s*([-+]?\d+)(?:\.0*)?\s*$/.exec(pythonStr(value))?.[1];
	if (digits === undefined) throw typeError(`${typeName(value)} cannot be converted to an int`);
	return BigInt(digits);
}

/** A list of texts; a text is split at its commas. */
function texts(value: Value): Value[] {
	const single = textOf(value) ?? (isNumber(value) ? pythonStr(value) : undefined);
	if (single !== undefined) return single.split(',').map((part) => part.trim());
	if (!isSequence(value)) throw typeError(`${typeName(value)} cannot be converted to a list`);
	return iterate(value).map(pythonStr);
}

/** What the filters of addresses take: a text, an integer, or a list. */
function addresses(value: Value, filter: string): Value {
	if (textOf(value) !== undefined || Array.isArray(value) || isInteger(value)) return value;
	throw typeError(`Unrecognized type <<class '${typeName(value)}'>> for ${filter} filter <value>`);
}

/** The network that a value is in, or itself; undefined when it is no address. */
function networkAround(value: Value): IpNetwork | undefined {
	let kind: Value;
	try {
		kind = ipaddr(value, 'type');
		if (!isTruthy(kind)) return undefined;
		return parseNetwork(pythonStr(ipaddr(value, kind === 'address' ? 'cidr' : 'subnet')));
	} catch (fault) {
		if (fault instanceof PythonError) return undefined;
		throw fault;
	}
}

/** The lowest and the highest address of what a value names, both 0 when it names nothing. */
function bounds(value: Value, usableOnly = false): [first: bigint, last: bigint] {
	const subnet = isTruthy(quietly(value, 'type')) ? quietly(value, 'subnet') : false;
	const numberOf = (query: string): bigint => {
		const named = ipaddr(subnet, query);
		const number = ipaddr(isTruthy(named) ? named : ipaddr(subnet, 'address'), 'int');
		return isInteger(number!) ? BigInt(number) : 0n;
	};
	return usableOnly ? [numberOf('first_usable'), numberOf('last_usable')] : [numberOf('network'), numberOf('broadcast')];
}

/** What a query makes of a value; false when it fails. */
function quietly(value: Value, query: string): Value {
	try {
		return ipaddr(value, query);
	} catch (fault) {
		if (fault instanceof PythonError) return false;
		throw fault;
	}
}

function isWithin([first, last]: [bigint, bigint], value: Value): boolean {
	const [low, high] = bounds(value);
	return first <= low && low <= last && first <= high && high <= last;
}

function subnet(value: Value, query: Value, index: bigint | null): Value {
	const v = networkAround(value)?.cidr;
	if (!v) return false;
	if (!isTruthy(query)) return v.toString();
	const asked = pythonStr(query);
	if (!/^\d+$/.test(asked)) {
		const outer = networkAround(query)?.cidr;
		if (!outer) throw valueError(`You must pass a valid subnet or IP address; ${asked} is invalid`);
		if (!outer.contains(v)) throw valueError(`${v} is not in the subnet ${outer}`);
		return String(((v.first - outer.first) >> BigInt(v.width - v.prefix)) + 1n);
	}
	const prefix = Number(asked);
	if (prefix > v.width) return false;
	if (v.size > 1n) {
		if (index !== null) return subnetAt(v, prefix, index)?.toString() ?? false;
		if (prefix < v.prefix) throw valueError(`Requested subnet size of ${prefix} is invalid`);
		return String(subnetCount(v, prefix));
	}
	const around = supernets(v, prefix).at(Number(index ?? 0n));
	if (!around) throw new PythonError('IndexError', 'list index out of range');
	return around.toString();
}

/** The address some places further in a network, when a host may have it. */
function usableNeighbour(value: Value, offset: Value, direction: bigint): Value {
	const network = networkAround(text(value));
	const steps = integer(offset);
	if (!network) return false;
	if (steps === null) throw typeError('Must pass in an integer');
	if (network.size === 1n) return null;
	const [first, last] = network.size === 2n ? [network.first, network.last] : [network.first + 1n, network.last - 1n];
	const next = network.value + direction * steps;
	if (next < 0n) throw valueError(`'${next}' is not a valid address`);
	return next >= first && next <= last ? network.format(next) : null;
}

/** A filter under its name in ansible.utils, its former one in ansible.netcommon, and its short one. */
function filter(
	name: string,
	{summary, signature, example, call}: Pick<Filter, 'summary' | 'signature' | 'example' | 'call'>,
): FilterTable {
	return {
		[`ansible.utils.${name}`]: {
			summary,
			signature,
			aliases: [name, `ansible.netcommon.${name}`],
			...(example ? {example} : {}),
			call,
		},
	};
}

/** Filters on addresses and networks, of the collection ansible.utils. */
export const ipFilters: FilterTable = {
	...filter('ipaddr', {
		summary: 'What a query makes of an address or network, false when it is none.',
		signature: "value, query='', version=False, alias='ipaddr'",
		example: ["'192.168.0.1/24' | ipaddr('network/prefix')", "'192.168.0.0/24'"],
		call: (_context, value, query, version) =>
			ipaddr(addresses(value!, 'ipaddr'), text(query!)!, version === 4 ? 4 : version === 6 ? 6 : undefined),
	}),
	...filter('ipv4', {
		summary: 'Like `ipaddr`, for IPv4 alone.',
		signature: "value, query='', *rest",
		example: ["['10.0.0.1', '::1'] | ipv4", "['10.0.0.1']"],
		call: (_context, value, query) => ipaddr(addresses(value!, 'ipv4'), text(query!)!, 4, 'ipv4'),
	}),
	...filter('ipv6', {
		summary: 'Like `ipaddr`, for IPv6 alone.',
		signature: "value, query='', *rest",
		example: ["['10.0.0.1', '::1'] | ipv6", "['::1']"],
		call: (_context, value, query) => ipaddr(addresses(value!, 'ipv6'), text(query!)!, 6, 'ipv6'),
	}),
	...filter('ipwrap', {
		summary: 'IPv6 addresses in brackets, anything else as it is.',
		signature: "value, *rest, query=''",
		example: ["'::1' | ipwrap", "'[::1]'"],
		call(_context, value, _rest, query) {
			const asked = text(query!);
			if (textOf(value!) === undefined && !Array.isArray(value) && typeof value !== 'boolean')
				throw typeError(`Unrecognized type <<class '${typeName(value!)}'>> for ipwrap filter <value>`);
			try {
				if (!isSequence(value!)) {
					const found = ipaddr(value!, asked);
					return isTruthy(found) ? ipaddr(found, 'wrap') : value!;
				}
				return iterate(value).map((item) => (isTruthy(ipaddr(item, asked)) ? ipaddr(item, 'wrap') : item));
			} catch (fault) {
				if (fault instanceof PythonError) return value!;
				throw fault;
			}
		},
	}),
	...filter('ipsubnet', {
		summary: 'The subnets of a network: how many of a size, one of them, or the rank of one.',
		signature: "value, query='', index=None, *rest",
		example: ["'192.168.0.0/16' | ipsubnet(24, 1)", "'192.168.1.0/24'"],
		call: (_context, value, query, index) => subnet(text(value!), text(query!), integer(index!)),
	}),
	...filter('ipmath', {
		summary: 'An address some places further.',
		signature: 'value, amount=None, *rest',
		example: ["'10.0.0.5' | ipmath(10)", "'10.0.0.15'"],
		call(_context, value, amount) {
			if (value === null) throw typeError("argument of type 'NoneType' is not iterable");
			const steps = integer(amount!);
			const v = parseNetwork(pythonStr(value!));
			if (!v) throw valueError(`You must pass a valid IP address; ${pythonStr(value!)} is invalid`);
			if (steps === null) throw typeError('You must pass an integer for arithmetic; None is not a valid integer');
			const sum = v.value + steps;
			if (sum < 0n || sum >= 1n << BigInt(v.width)) throw valueError('result outside valid IP address boundary!');
			return v.format(sum);
		},
	}),
	...filter('nthhost', {
		summary: 'The address at a place of a network.',
		signature: "value, query='', *rest",
		example: ["'10.0.0.0/8' | nthhost(305)", "'10.0.1.49'"],
		call(_context, value, query) {
			const v = networkAround(text(value!));
			const asked = text(query!);
			if (!v || !isTruthy(asked) || !/^\s*[-+]?\d+\s*$/.test(pythonStr(asked))) return false;
			const index = BigInt(pythonStr(asked).trim());
			if (v.size <= index) return false;
			const found = nthAddress(v, index);
			if (found === undefined) throw new PythonError('IndexError', 'index out range for address range size!');
			return formatIp(v.version, found);
		},
	}),
	...filter('network_in_network', {
		summary: 'Whether a network or address is inside another network.',
		signature: 'value, test=None, *rest',
		example: ["'10.0.0.0/8' | network_in_network('10.1.0.0/16')", 'True'],
		call: (_context, value, test) => isWithin(bounds(text(value!)), text(test!)),
	}),
	...filter('network_in_usable', {
		summary: 'Whether a network or address is among those that hosts of another network may have.',
		signature: 'value, test=None, *rest',
		example: ["'10.0.0.0/24' | network_in_usable('10.0.0.255')", 'False'],
		call: (_context, value, test) => isWithin(bounds(text(value!), true), text(test!)),
	}),
	...filter('reduce_on_network', {
		summary: 'The addresses of a list that are inside a network.',
		signature: 'value, network=None, *rest',
		example: ["['10.0.0.1', '11.0.0.1'] | reduce_on_network('10.0.0.0/8')", "['10.0.0.1']"],
		call(_context, value, network) {
			const around = bounds(text(network!));
			return texts(value!).filter((item) => isWithin(around, item));
		},
	}),
	...filter('cidr_merge', {
		summary: 'The fewest networks with the same addresses, or the smallest one that spans them.',
		signature: "value, action='merge', *rest",
		example: ["['10.0.0.0/25', '10.0.0.128/25'] | cidr_merge", "['10.0.0.0/24']"],
		call(_context, value, action) {
			const networks = texts(value!).map((item) => {
				const found = parseNetwork(pythonStr(item));
				if (!found) throw valueError(`cidr_merge: error in netaddr:\ninvalid IPNetwork ${pythonStr(item)}`);
				return found;
			});
			const how = pythonStr(action!);
			if (how === 'merge') return mergeNetworks(networks).map(String);
			if (how !== 'span') throw valueError(`cidr_merge: invalid action '${how}'`);
			if (networks.length === 1) return networks[0]!.toString();
			return networks.length ? spanOf(networks).toString() : null;
		},
	}),
	...filter('next_nth_usable', {
		summary: 'The address some places further in a network, when a host may have it.',
		signature: 'value, offset=None, *rest',
		example: ["'10.0.0.0/24' | next_nth_usable(2)", "'10.0.0.2'"],
		call: (_context, value, offset) => usableNeighbour(value!, offset!, 1n),
	}),
	...filter('previous_nth_usable', {
		summary: 'The address some places before in a network, when a host may have it.',
		signature: 'value, offset=None, *rest',
		example: ["'10.0.0.10/24' | previous_nth_usable(2)", "'10.0.0.8'"],
		call: (_context, value, offset) => usableNeighbour(value!, offset!, -1n),
	}),
	...filter('ip4_hex', {
		summary: 'An IPv4 address in hexadecimal digits.',
		signature: "arg, delimiter='', *rest",
		example: ["'192.168.1.5' | ip4_hex", "'c0a80105'"],
		call(_context, arg, delimiter) {
			const parts = pythonStr(arg!).split('.');
			if (parts.length !== 4 || !parts.every((part) => /^\d+$/.test(part) && Number(part) < 256))
				throw valueError(`You must pass a valid IP address; ${pythonStr(arg!)} is invalid`);
			return parts.map((part) => Number(part).toString(16).padStart(2, '0')).join(pythonStr(delimiter!));
		},
	}),
	...filter('hwaddr', {
		summary: 'A hardware address in the form that a query names; null when it is none.',
		signature: "value, query='', alias='hwaddr'",
		example: ["'1a:2b:3c:4d:5e:6f' | hwaddr('cisco')", "'1a2b.3c4d.5e6f'"],
		call: (_context, value, query, alias) => hardware(text(value!), text(query!), pythonStr(alias!)),
	}),
	...filter('macaddr', {
		summary: 'Like `hwaddr`.',
		signature: "value, query=''",
		example: ["'1a2b3c4d5e6f' | macaddr('unix')", "'1a:2b:3c:4d:5e:6f'"],
		call: (_context, value, query) => hardware(text(value!), text(query!), 'macaddr'),
	}),
};
