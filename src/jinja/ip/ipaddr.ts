import {valueError} from '../fault.js';
import {isTruthy, textOf} from '../python/compare.js';
import {isSequence, iterate} from '../python/iterate.js';
import {isInteger, toInt} from '../python/number.js';
import {pythonStr} from '../python/text.js';
import type {Value} from '../value.js';
import {isGlobal, isLinkLocal, isLoopback, isMulticast, isPublic} from './kinds.js';
import {formatIp, IpNetwork, parseNetwork} from './network.js';

/** A value that is an address or a network, and which of the two it was written as. */
interface Asked {
	readonly v: IpNetwork;
	readonly isNetwork: boolean;
	/** The text to give back. */
	readonly value: string;
}

type Query = (asked: Asked) => Value;

function needNetwork({isNetwork}: Asked): void {
	if (!isNetwork) throw valueError('Not a network address');
}

/** The first and last address that a host may have. */
function usable(v: IpNetwork): [bigint, bigint] {
	return v.size === 2n ? [v.first, v.last] : [v.first + 1n, v.last - 1n];
}

/** The address next to the given one, when a host may have it. */
function neighbour({v}: Asked, step: bigint): Value {
	const [first, last] = usable(v);
	const next = v.value + step;
	return v.size > 1n && next >= first && next <= last ? v.format(next) : null;
}

const isHost = (v: IpNetwork): boolean => v.value !== v.first || v.broadcast === undefined;
const withPrefix: Query = ({v}) => (v.size > 2n && (v.value === v.first || v.value === v.broadcast) ? false : v.toString());
const address: Query = ({v}) => (v.size === 1n || isHost(v) || v.version === 6 ? v.ip : null);
const when =
	(holds: (v: IpNetwork) => boolean): Query =>
	({v, value}) =>
		holds(v) ? value : null;
const toVersion4: Query = ({v, value}) => {
	if (v.version === 4) return value;
	const high = v.value >> 32n;
	if (high !== 0xffffn && high !== 0n) return false;
	return v.prefix >= 96 ? new IpNetwork(4, v.value & 0xffffffffn, v.prefix - 96).toString() : false;
};
const toVersion6: Query = ({v, value}) =>
	v.version === 6 ? value : new IpNetwork(6, (0xffffn << 32n) + v.value, v.prefix + 96).toString();
const usableOnly =
	(answer: (asked: Asked) => Value): Query =>
	(asked) => {
		needNetwork(asked);
		return answer(asked);
	};

function peer(asked: Asked): Value {
	const {v} = asked;
	needNetwork(asked);
	if (v.size === 2n) return v.format(v.value ^ 1n);
	if (v.size !== 4n) throw valueError('Not a point-to-point network');
	if (v.value % 4n === 0n) throw valueError('Network address of /30 has no peer');
	if (v.value % 4n === 3n) throw valueError('Broadcast address of /30 has no peer');
	return v.format(v.value ^ 3n);
}

function sixToFour({v, isNetwork, value}: Asked): Value {
	if (v.version === 4) {
		if ((v.size > 1n && v.value === v.first) || (isGlobal(v) && !isPublic(v))) return false;
		const hex = (shift: bigint): string => ((v.value >> shift) & 255n).toString(16).padStart(2, '0');
		return `2002:${hex(24n)}${hex(16n)}:${hex(8n)}${hex(0n)}::1/48`;
	}
	const inside = v.value >> 112n === 0x2002n;
	return inside && (!isNetwork || v.value !== v.first) ? value : false;
}

function reverseName({v}: Asked): Value {
	if (v.version === 4) return `${v.ip.split('.').reverse().join('.')}.in-addr.arpa.`;
	return `${[...v.value.toString(16).padStart(32, '0')].reverse().join('.')}.ip6.arpa.`;
}

const queries: Readonly<Record<string, Query>> = {
	'': ({v, isNetwork}) => (isNetwork ? v.toString() : v.ip),
	'6to4': sixToFour,
	address,
	ip: address,
	'address/prefix': withPrefix,
	gateway: withPrefix,
	gw: withPrefix,
	'host/prefix': withPrefix,
	hostnet: withPrefix,
	router: withPrefix,
	bool: () => true,
	broadcast: ({v}) => (v.size > 2n ? v.format(v.last) : null),
	cidr: ({v}) => v.toString(),
	first_usable: usableOnly(({v}) => (v.size === 1n ? null : v.format(v.size === 2n ? v.first : v.first + 1n))),
	host: ({v}) => (v.size === 1n || isHost(v) ? v.toString() : null),
	hostmask: ({v}) => v.format(v.size - 1n),
	wildcard: ({v}) => v.format(v.size - 1n),
	int: ({v, isNetwork}) => (isNetwork ? `${v.value}/${v.prefix}` : toInt(v.value)),
	'ip/prefix': ({v}) => (v.size === 2n || (v.size > 1n && v.value !== v.first) ? v.toString() : null),
	ip_netmask: ({v}) => (v.size === 2n || (v.size > 1n && v.value !== v.first) ? `${v.ip} ${v.format(v.netmask)}` : null),
	ipv4: toVersion4,
	v4: toVersion4,
	ipv6: toVersion6,
	v6: toVersion6,
	last_usable: usableOnly(({v}) => (v.size === 1n ? null : v.format(usable(v)[1]))),
	'link-local': when(isLinkLocal),
	lo: when(isLoopback),
	loopback: when(isLoopback),
	multicast: when(isMulticast),
	unicast: when((v) => !isMulticast(v)),
	private: when((v) => !isGlobal(v)),
	public: when(isPublic),
	net: ({v}) => (v.size > 1n && v.value === v.first ? v.toString() : null),
	netmask: ({v}) => v.format(v.netmask),
	network: ({v}) => v.network,
	network_id: ({v}) => v.network,
	'network/prefix': ({v}) => v.cidr.toString(),
	subnet: ({v}) => v.cidr.toString(),
	network_netmask: ({v}) => `${v.network} ${v.format(v.netmask)}`,
	network_wildcard: ({v}) => `${v.network} ${v.format(v.size - 1n)}`,
	next_usable: usableOnly((asked) => neighbour(asked, 1n)),
	previous_usable: usableOnly((asked) => neighbour(asked, -1n)),
	peer,
	prefix: ({v}) => v.prefix,
	range_usable: usableOnly(({v}) =>
		v.size === 1n
			? null
			: usable(v)
					.map((one) => v.format(one))
					.join('-'),
	),
	revdns: reverseName,
	size: ({v}) => toInt(v.size),
	size_usable: ({v}) => (v.size === 1n ? 0 : v.size === 2n ? 2 : toInt(v.size - 2n)),
	type: ({v}) => (v.size === 1n || v.value !== v.first ? 'address' : 'network'),
	version: ({v}) => v.version,
	wrap: ({v, isNetwork, value}) => (v.version === 4 ? value : isNetwork ? `[${v.ip}]/${v.prefix}` : `[${v.ip}]`),
};

/** What a text or number means: `10.0.0.1`, `10.0.0.0/24`, `10.0.0.0/255.255.255.0`, `167772161`; undefined when it means nothing. */
export function readAddress(value: Value, version?: 4 | 6): Asked | undefined {
	const text = pythonStr(value);
	const number = /^(\d+)(?:\/(\d+))?$/.exec(text);
	if (number) {
		const amount = BigInt(number[1]!);
		const fits = (candidate: 4 | 6): boolean =>
			amount < 1n << (candidate === 4 ? 32n : 128n) && Number(number[2] ?? 0) <= (candidate === 4 ? 32 : 128);
		const chosen = version !== 6 && fits(4) ? 4 : fits(6) ? 6 : undefined;
		if (chosen === undefined) return undefined;
		const v = new IpNetwork(chosen, amount, number[2] === undefined ? (chosen === 4 ? 32 : 128) : Number(number[2]));
		return {v, isNetwork: number[2] !== undefined, value: v.toString()};
	}
	const v = parseNetwork(text);
	return v && {v, isNetwork: text.includes('/'), value: text};
}

/** The filter `ipaddr`: what a query makes of an address or network; false when it is none, null when the query has no answer. */
export function ipaddr(value: Value, query: Value = '', version?: 4 | 6, alias = 'ipaddr'): Value {
	if (isSequence(value))
		return iterate(value)
			.map((item) => ipaddr(item, pythonStr(query), version, alias))
			.filter(isTruthy);
	if (!isTruthy(value) || value === true) return false;
	const asked = readAddress(value, version);
	if (!asked) return false;
	const name = textOf(query);
	const known = name !== undefined && Object.hasOwn(queries, name) ? queries[name] : undefined;
	const within = known || name === undefined || /^\d+$/.test(name) ? undefined : readAddress(name)?.v;
	if (version && asked.v.version !== version) return false;
	if (known) return known(asked);
	if (within) return within.cidr.contains(asked.v.cidr) ? asked.value : null;
	if (isInteger(query) || /^[-+]?\d+(?:\.\d+)?$/.test(name ?? '')) return nthOf(asked, query);
	throw valueError(`${alias}: unknown filter type: ${pythonStr(query)}`);
}

/** The address at a place of a network, with the network's prefix. */
function nthOf({v, isNetwork}: Asked, query: Value): Value {
	if (v.size === 1n) return isNetwork ? v.toString() : v.ip;
	const text = pythonStr(query);
	const found = /^-?\d+$/.test(text) ? nthAddress(v, BigInt(text)) : undefined;
	return found === undefined ? false : `${formatIp(v.version, found)}/${v.prefix}`;
}

/** The address at a place of a network, from the end when negative. */
export function nthAddress(v: IpNetwork, index: bigint): bigint | undefined {
	const at = index < 0n ? v.size + index : index;
	return at >= 0n && at < v.size ? v.first + at : undefined;
}
