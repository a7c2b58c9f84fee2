import {typeError, valueError} from '../fault.js';
import {ipaddr, nthAddress, readAddress} from '../ip/ipaddr.js';
import {formatIp, type IpNetwork, parseNetwork} from '../ip/network.js';
import {mergeNetworks, spanOf, subnetAt, subnetCount, supernets} from '../ip/subnets.js';
import {integerArgument, textArgument} from '../python/argument.js';
import {isTruthy, textOf} from '../python/compare.js';
import {isSequence, iterate} from '../python/iterate.js';
import {isInteger} from '../python/number.js';
import {parseInteger} from '../python/parse-number.js';
import {pythonStr} from '../python/text.js';
import type {Value} from '../value.js';
import type {Filter, FilterTable} from './filter.js';

/** A network that must be one. */
function networkOf(value: Value, filter: string): IpNetwork {
	const found = readAddress(value)?.v;
	if (!found) throw valueError(`You must pass a valid subnet or IP address; ${pythonStr(value)} is invalid (${filter})`);
	return found;
}

function bigArgument(value: Value): bigint {
	return BigInt(isInteger(value) ? value : parseInteger(pythonStr(value)));
}

/** The part of a network that a query names, and whether another network is inside. */
function holds(outer: Value, inner: Value, usableOnly: boolean): boolean {
	const [a, b] = [networkOf(outer, 'network_in_network').cidr, networkOf(inner, 'network_in_network').cidr];
	if (a.version !== b.version) return false;
	const margin = usableOnly && a.size > 2n ? 1n : 0n;
	return b.first >= a.first + margin && b.last <= a.last - margin;
}

function subnet(value: Value, query: Value, index: Value): Value {
	const v = networkOf(value, 'ipsubnet').cidr;
	if (!isTruthy(query)) return v.toString();
	const text = pythonStr(query);
	if (!/^\d+$/.test(text)) {
		const outer = networkOf(query, 'ipsubnet').cidr;
		if (!outer.contains(v)) throw valueError(`${v} is not in the subnet ${outer}`);
		return String(((v.first - outer.first) >> BigInt(v.width - v.prefix)) + 1n);
	}
	const prefix = Number(text);
	const wanted = isInteger(index) || /^-?\d+$/.test(pythonStr(index)) ? bigArgument(index) : undefined;
	if (v.size > 1n) {
		if (wanted === undefined) return String(subnetCount(v, prefix));
		return subnetAt(v, prefix, wanted)?.toString() ?? false;
	}
	const around = supernets(v, prefix);
	return around.at(Number(wanted ?? 0n))?.toString() ?? false;
}

/** A hardware address as twelve hexadecimal digits; undefined when it is none. */
function hardwareDigits(value: Value): string | undefined {
	if (isInteger(value)) {
		const digits = BigInt(value).toString(16).padStart(12, '0');
		return digits.length === 12 && !digits.startsWith('-') ? digits : undefined;
	}
	const text = (textOf(value) ?? '').toLowerCase();
	if (/^(?:[\da-f]{1,2}([-:]))(?:[\da-f]{1,2}\1){4}[\da-f]{1,2}$/.test(text))
		return text
			.split(/[-:]/)
			.map((part) => part.padStart(2, '0'))
			.join('');
	if (/^(?:[\da-f]{1,4}([.:-]))(?:[\da-f]{1,4}\1)[\da-f]{1,4}$/.test(text))
		return text
			.split(/[.:-]/)
			.map((part) => part.padStart(4, '0'))
			.join('');
	if (/^[\da-f]{6}[-:][\da-f]{6}$/.test(text)) return text.replace(/[-:]/, '');
	return /^[\da-f]{11,12}$/.test(text) ? text.padStart(12, '0') : undefined;
}

const dialects: Readonly<Record<string, (digits: string) => Value>> = {
	bare: (digits) => digits.toUpperCase(),
	bool: () => true,
	int: (digits) => Number.parseInt(digits, 16),
	cisco: (digits) => digits.match(/.{4}/g)!.join('.'),
	eui48: (digits) => digits.toUpperCase().match(/../g)!.join('-'),
	win: (digits) => digits.toUpperCase().match(/../g)!.join('-'),
	linux: (digits) => digits.match(/../g)!.join(':'),
	pgsql: (digits) => digits.match(/.{6}/g)!.join(':'),
	postgresql: (digits) => digits.match(/.{6}/g)!.join(':'),
	psql: (digits) => digits.match(/.{6}/g)!.join(':'),
	unix: (digits) =>
		digits
			.match(/../g)!
			.map((part) => part.replace(/^0/, ''))
			.join(':'),
};

function hardware(value: Value, query: Value, alias: string): Value {
	const name = pythonStr(query);
	const digits = hardwareDigits(value);
	if (digits === undefined) {
		if (name !== '' && name !== 'bool') throw valueError(`${alias}: not a hardware address: ${pythonStr(value)}`);
		return null;
	}
	if (name === '') return value;
	if (!Object.hasOwn(dialects, name)) throw valueError(`${alias}: unknown filter type: ${name}`);
	return dialects[name]!(digits);
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
		call: (_context, value, query, version) => ipaddr(value!, query!, version === 4 ? 4 : version === 6 ? 6 : undefined),
	}),
	...filter('ipv4', {
		summary: 'Like `ipaddr`, for IPv4 alone.',
		signature: "value, query=''",
		example: ["['10.0.0.1', '::1'] | ipv4", "['10.0.0.1']"],
		call: (_context, value, query) => ipaddr(value!, query!, 4, 'ipv4'),
	}),
	...filter('ipv6', {
		summary: 'Like `ipaddr`, for IPv6 alone.',
		signature: "value, query=''",
		example: ["['10.0.0.1', '::1'] | ipv6", "['::1']"],
		call: (_context, value, query) => ipaddr(value!, query!, 6, 'ipv6'),
	}),
	...filter('ipwrap', {
		summary: 'IPv6 addresses in brackets, anything else as it is.',
		signature: "value, query=''",
		example: ["'::1' | ipwrap", "'[::1]'"],
		call(_context, value, query) {
			const wrap = (item: Value): Value => {
				const found = ipaddr(item, query!, undefined, 'ipwrap');
				return isTruthy(found) ? ipaddr(found, 'wrap') : item;
			};
			return isSequence(value!) ? iterate(value).map(wrap) : wrap(value!);
		},
	}),
	...filter('ipsubnet', {
		summary: 'The subnets of a network: how many of a size, one of them, or the rank of one.',
		signature: "value, query='', index='x'",
		example: ["'192.168.0.0/16' | ipsubnet(24, 1)", "'192.168.1.0/24'"],
		call: (_context, value, query, index) => subnet(value!, query!, index!),
	}),
	...filter('ipmath', {
		summary: 'An address some places further.',
		signature: 'value, amount',
		example: ["'10.0.0.5' | ipmath(10)", "'10.0.0.15'"],
		call(_context, value, amount) {
			const v = parseNetwork(textArgument(value!, 'value'));
			if (!v) throw valueError(`You must pass a valid IP address; ${pythonStr(value!)} is invalid`);
			if (!isInteger(amount!))
				throw typeError(`You must pass an integer for arithmetic; ${pythonStr(amount!)} is not a valid integer`);
			const sum = v.value + BigInt(amount);
			if (sum < 0n || sum >= 1n << BigInt(v.width)) throw valueError(`${v.ip} has no address ${amount} places further`);
			return v.format(sum);
		},
	}),
	...filter('nthhost', {
		summary: 'The address at a place of a network.',
		signature: "value, query=''",
		example: ["'10.0.0.0/8' | nthhost(305)", "'10.0.1.49'"],
		call(_context, value, query) {
			const v = readAddress(value!)?.v;
			if (!v || !isTruthy(query!)) return false;
			const found = nthAddress(v, bigArgument(query!));
			return found === undefined ? false : formatIp(v.version, found);
		},
	}),
	...filter('network_in_network', {
		summary: 'Whether a network or address is inside another network.',
		signature: 'value, test',
		example: ["'10.0.0.0/8' | network_in_network('10.1.0.0/16')", 'True'],
		call: (_context, value, test) => holds(value!, test!, false),
	}),
	...filter('network_in_usable', {
		summary: 'Whether a network or address is among those that hosts of another network may have.',
		signature: 'value, test',
		example: ["'10.0.0.0/24' | network_in_usable('10.0.0.255')", 'False'],
		call: (_context, value, test) => holds(value!, test!, true),
	}),
	...filter('reduce_on_network', {
		summary: 'The addresses of a list that are inside a network.',
		signature: 'value, network',
		example: ["['10.0.0.1', '11.0.0.1'] | reduce_on_network('10.0.0.0/8')", "['10.0.0.1']"],
		call: (_context, value, network) => iterate(value!).filter((item) => holds(network!, item, false)),
	}),
	...filter('cidr_merge', {
		summary: 'The fewest networks with the same addresses, or the smallest one that spans them.',
		signature: "value, action='merge'",
		example: ["['10.0.0.0/25', '10.0.0.128/25'] | cidr_merge", "['10.0.0.0/24']"],
		call(_context, value, action) {
			if (!isSequence(value!)) throw typeError(`cidr_merge: expected a list, not ${pythonStr(value!)}`);
			const networks = iterate(value).map((item) => networkOf(item, 'cidr_merge'));
			const how = pythonStr(action!);
			if (how === 'merge') return mergeNetworks(networks).map(String);
			if (how !== 'span') throw valueError(`cidr_merge: invalid action '${how}'`);
			if (networks.length === 1) return networks[0]!.cidr.toString();
			return networks.length ? spanOf(networks).toString() : null;
		},
	}),
	...filter('next_nth_usable', {
		summary: 'The address some places further in a network, when a host may have it.',
		signature: 'value, offset',
		example: ["'10.0.0.1/24' | next_nth_usable(2)", "'10.0.0.3'"],
		call(_context, value, offset) {
			const v = networkOf(value!, 'next_nth_usable');
			const next = v.value + BigInt(integerArgument(offset!, 'offset'));
			return next > v.first && next < v.last ? v.format(next) : null;
		},
	}),
	...filter('previous_nth_usable', {
		summary: 'The address some places before in a network, when a host may have it.',
		signature: 'value, offset',
		example: ["'10.0.0.10/24' | previous_nth_usable(2)", "'10.0.0.8'"],
		call(_context, value, offset) {
			const v = networkOf(value!, 'previous_nth_usable');
			const next = v.value - BigInt(integerArgument(offset!, 'offset'));
			return next > v.first && next < v.last ? v.format(next) : null;
		},
	}),
	...filter('ip4_hex', {
		summary: 'An IPv4 address in hexadecimal digits.',
		signature: "arg, delimiter=''",
		example: ["'192.168.1.5' | ip4_hex", "'c0a80105'"],
		call(_context, arg, delimiter) {
			const parts = textArgument(arg!, 'arg').split('.');
			if (parts.length !== 4 || !parts.every((part) => /^\d+$/.test(part) && Number(part) < 256))
				throw valueError(`${pythonStr(arg!)} is no IPv4 address`);
			return parts.map((part) => Number(part).toString(16).padStart(2, '0')).join(pythonStr(delimiter!));
		},
	}),
	...filter('hwaddr', {
		summary: 'A hardware address in the form that a query names; null when it is none.',
		signature: "value, query='', alias='hwaddr'",
		example: ["'1a:2b:3c:4d:5e:6f' | hwaddr('cisco')", "'1a2b.3c4d.5e6f'"],
		call: (_context, value, query, alias) => hardware(value!, query!, pythonStr(alias!)),
	}),
	...filter('macaddr', {
		summary: 'Like `hwaddr`.',
		signature: "value, query=''",
		example: ["'1a2b3c4d5e6f' | macaddr('unix')", "'1a:2b:3c:4d:5e:6f'"],
		call: (_context, value, query) => hardware(value!, query!, 'macaddr'),
	}),
};
