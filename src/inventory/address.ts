/** What a host is called and, when it was written with it, its port. */
export interface Address {
	readonly host: string;
	readonly port: number | undefined;
}

const numericRange = String.raw`\[[0-9]+:[0-9]+(?::[0-9]+)?\]`;
const hexRange = String.raw`\[[0-9a-fA-F]+:[0-9a-fA-F]+(?::[0-9]+)?\]`;
const wordRange = String.raw`\[(?:[a-zA-Z]:[a-zA-Z]|[0-9]+:[0-9]+)(?::[0-9]+)?\]`;
const part6 = `(?:[0-9a-fA-F]{1,4}|${hexRange})`;
const part4 = `(?:[01]?[0-9]{1,2}|2[0-4][0-9]|25[0-5]|${numericRange})`;
const wordCharacter = String.raw`[\p{L}\p{N}_]`;
const label = `(?:${wordCharacter}|${wordRange})(?:[\\p{L}\\p{N}_-]|${wordRange})*(?<![_-])`;

const bracketedPort = /^\[(.+)\]:([0-9]+)$/;
const plainPort = /^((?:[^:[\]]|\[[^\]]*\])*):([0-9]+)$/;
const ipv4 = new RegExp(`^(?:${part4}\\.){3}${part4}$`);
const ipv6 = new RegExp(
	`^(?:${[
		`(?:${part6}:){7}${part6}`,
		`(?:${part6}:){1,6}:`,
		...[1, 2, 3, 4, 5, 6].map((before) => `(?:${part6}:){${before}}(?::${part6}){1,${7 - before}}`),
		`:(?::${part6}){1,6}`,
		`${part6}?::`,
		`(?:0:){6}(?:${part6}\\.){3}${part6}`,
		`::(?:[fF]{4}:)?(?:${part6}\\.){3}${part6}`,
		`(?:0:){5}[fF]{4}:(?:${part6}\\.){3}${part6}`,
	].join('|')})$`,
);
const hostName = new RegExp(`^${label}(?:\\.${label})*$`, 'u');

/**
 * Reads `host`, `host:port`, `[host]:port`, an IPv4 or IPv6 address, each with ranges such as `[01:50]`; undefined for anything else
 * (Ansible's parse_address in parsing/utils/addresses.py).
 */
export function parseAddress(text: string): Address | undefined {
	let host = text;
	let port: number | undefined;
	for (const pattern of [bracketedPort, plainPort]) {
		const match = pattern.exec(host);
		if (match) {
			host = match[1]!;
			port = Number(match[2]);
		}
	}
	return isIpAddress(host) || hostName.test(host) ? {host, port} : undefined;
}

/** Whether a name is an address, whose short form is the whole. */
export function isIpAddress(name: string): boolean {
	return ipv4.test(name) || (name.includes(':') && ipv6.test(name));
}

/** The hosts that a pattern of an inventory names: ranges expanded, port split off. Throws `RangeFault` on a range that makes no sense. */
export function expandHostPattern(pattern: string): {hosts: string[]; port: number | undefined} {
	const address = parseAddress(pattern);
	const host = address?.host ?? pattern;
	return {hosts: host.includes('[') ? expandRange(host) : [host], port: address?.port};
}

/** A host range that cannot be expanded, in Ansible's words. */
export class RangeFault extends Error {}

const letters = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ';

function expandRange(text: string): string[] {
	const match = /^([^[]*)\[([^\]]*)\](.*)$/s.exec(text);
	if (!match) throw new RangeFault('host range must be begin:end or begin:end:step');
	const [, head, range, tail] = match as unknown as [string, string, string, string];
	const bounds = range.split(':');
	if (bounds.length !== 2 && bounds.length !== 3) throw new RangeFault('host range must be begin:end or begin:end:step');
	const begin = bounds[0] || '0';
	const end = bounds[1]!;
	const step = bounds[2] === undefined ? 1 : Number(bounds[2]);
	if (!end) throw new RangeFault('host range must specify end value');
	if (!Number.isInteger(step) || step < 1) throw new RangeFault('host range must have a step of at least 1');
	const width = begin.length > 1 && begin.startsWith('0') ? begin.length : 0;
	if (width && width !== end.length) throw new RangeFault('host range must specify equal-length begin and end formats');
	const names: string[] = [];
	for (const middle of sequence(begin, end, step)) {
		const name = `${head}${middle.padStart(width, '0')}${tail}`;
		if (name.includes('[')) names.push(...expandRange(name));
		else names.push(name);
	}
	return names;
}

function sequence(begin: string, end: string, step: number): string[] {
	const from = letters.indexOf(begin);
	const to = letters.indexOf(end);
	if (from >= 0 && to >= 0) {
		if (from > to) throw new RangeFault('host range must have begin <= end');
		return [...letters.slice(from, to + 1)].filter((_, index) => index % step === 0);
	}
	if (!/^-?[0-9]+$/.test(begin) || !/^-?[0-9]+$/.test(end))
		throw new RangeFault(`host range [${begin}:${end}] is neither of numbers nor of letters`);
	const names: string[] = [];
	for (let number = Number(begin); number <= Number(end); number += step) names.push(String(number));
	return names;
}
