import {type Diagnostic, DiagnosticError, didYouMean, type Report, type Span} from '../source/source.js';
import {parseAddress} from './address.js';
import {globToRegExp} from './glob.js';
import {type Group, type Host, localNames} from './host.js';

/** What patterns are matched against. */
export interface HostsAndGroups {
	readonly hosts: ReadonlyMap<string, Host>;
	readonly groups: ReadonlyMap<string, Group>;
	host(name: string): Host | undefined;
}

/** Finds the hosts that patterns mean, by the rules of Ansible's inventory/manager.py; remembers what it found until the inventory changes. */
export class HostPatterns {
	readonly #inventory: HostsAndGroups;
	#found = new Map<string, Host[]>();
	#hostsOfGroup = new Map<Group, Host[]>();

	constructor(inventory: HostsAndGroups) {
		this.#inventory = inventory;
	}

	forget(): void {
		if (this.#found.size) this.#found = new Map();
		if (this.#hostsOfGroup.size) this.#hostsOfGroup = new Map();
	}

	/** The hosts of a group and those below. */
	hostsOf(group: Group): Host[] {
		let hosts = this.#hostsOfGroup.get(group);
		if (!hosts) {
			hosts = group.allHosts();
			this.#hostsOfGroup.set(group, hosts);
		}
		return hosts;
	}

	select(
		pattern: string | readonly string[],
		limit: readonly string[] | undefined,
		report: Report,
		span: Span | undefined,
	): Host[] {
		const hosts = this.#evaluate(splitHostPattern(pattern), report, span);
		if (!limit) return [...hosts];
		const within = this.#evaluate(limit, report, undefined);
		return [...hosts].filter((host) => within.has(host));
	}

	/** Plain patterns first, then intersections, then exclusions, in whatever order they were written. */
	#evaluate(patterns: readonly string[], report: Report, span: Span | undefined): Set<Host> {
		const written = patterns.filter((pattern) => pattern !== '');
		const regular = written.filter((pattern) => !/^[!&]/.test(pattern));
		let hosts = new Set<Host>();
		for (const pattern of regular.length ? regular : ['all']) {
			const host = this.#inventory.hosts.get(pattern);
			for (const one of host ? [host] : this.#one(pattern, report, span)) hosts.add(one);
		}
		for (const pattern of written.filter((one) => one.startsWith('&'))) {
			const those = new Set(this.#one(pattern.slice(1), report, span));
			hosts = new Set([...hosts].filter((host) => those.has(host)));
		}
		for (const pattern of written.filter((one) => one.startsWith('!'))) {
			for (const host of this.#one(pattern.slice(1), report, span)) hosts.delete(host);
		}
		return hosts;
	}

	#one(pattern: string, report: Report, span: Span | undefined): readonly Host[] {
		const known = this.#found.get(pattern);
		if (known) return known;
		const {expression, subscript} = splitSubscript(pattern);
		let hosts = this.#enumerate(expression, report, span);
		if (subscript && hosts.length) hosts = applySubscript(hosts, subscript, pattern, span);
		this.#found.set(pattern, hosts);
		return hosts;
	}

	#enumerate(pattern: string, report: Report, span: Span | undefined): Host[] {
		const {groups, hosts} = this.#inventory;
		const plain = !/[~*?[]/.test(pattern);
		const expression = plain ? undefined : compile(pattern, span);
		const matching = expression
			? [...groups.values()].filter(({name}) => expression.test(name))
			: groups.has(pattern)
				? [groups.get(pattern)!]
				: [];
		const found = new Set<Host>();
		for (const group of matching) for (const host of this.hostsOf(group)) found.add(host);
		if (matching.length === 0 || pattern.startsWith('~') || /[.?*[]/.test(pattern)) {
			if (expression) {
				for (const host of hosts.values()) if (expression.test(host.name)) found.add(host);
			} else if (hosts.has(pattern)) found.add(hosts.get(pattern)!);
		}
		if (found.size === 0 && localNames.has(pattern)) found.add(this.#inventory.host(pattern)!);
		if (found.size === 0 && matching.length === 0 && pattern !== 'all') report(this.#unmatched(pattern, span));
		return [...found];
	}

	#unmatched(pattern: string, span: Span | undefined): Diagnostic {
		const help = didYouMean(pattern, [...this.#inventory.groups.keys(), ...this.#inventory.hosts.keys()]);
		const ansible = `Could not match supplied host pattern, ignoring: ${pattern}`;
		return {
			severity: 'warning',
			code: 'inventory/pattern',
			message: `no host or group matches \`${pattern}\``,
			labels: span ? [{span}] : [],
			...(help === undefined ? {} : {help}),
			ansible,
			ansibleCauses: [{message: ansible}],
		};
	}
}

/** Splits `a,b[1], c[2:3]` at commas, or without commas at colons outside of brackets unless the whole is one address. */
export function splitHostPattern(pattern: string | readonly string[]): string[] {
	if (typeof pattern !== 'string') return pattern.flatMap((one) => splitHostPattern(one));
	let parts: string[];
	if (pattern.includes(',')) parts = pattern.split(',');
	else if (parseAddress(pattern)) parts = [pattern];
	else parts = pattern.match(/(?:[^\s:[\]]|\[[^\]]*\])+/g) ?? [];
	return parts.map((part) => part.trim()).filter((part) => part !== '');
}

/** The patterns of `--limit`: `@file` stands for the lines of a file, which `readFile` reads. */
export function readLimit(limit: string, readFile: (path: string) => string): string[] {
	return splitHostPattern(limit).flatMap((part) =>
		part.startsWith('@')
			? readFile(part.slice(1))
					.split('\n')
					.map((line) => line.trim())
					.filter((line) => line !== '')
			: [part],
	);
}

type Subscript = {readonly index: number} | {readonly from: number; readonly to: number};

function splitSubscript(pattern: string): {expression: string; subscript?: Subscript} {
	const match = pattern.startsWith('~') ? null : /^(.+)\[(?:(-?[0-9]+)|([0-9]+)([:-])([0-9]*))\]$/.exec(pattern);
	if (!match) return {expression: pattern};
	const [, expression, index, from, , to] = match;
	if (index !== undefined) return {expression: expression!, subscript: {index: Number(index)}};
	return {expression: expression!, subscript: {from: Number(from), to: to ? Number(to) : -1}};
}

function applySubscript(hosts: Host[], subscript: Subscript, pattern: string, span: Span | undefined): Host[] {
	if ('index' in subscript) {
		const host = hosts.at(subscript.index);
		if (host) return [host];
		throw fault(
			`the pattern \`${pattern}\` is past the end of its ${hosts.length} hosts`,
			`No hosts matched the subscripted pattern '${pattern}'`,
			span,
		);
	}
	const {from, to} = subscript;
	// Ansible takes an end of 0 for no end at all, and then gives the host at the start.
	if (to === 0) return hosts.slice(from, from + 1);
	return hosts.slice(from, to === -1 ? hosts.length : to + 1);
}

function compile(pattern: string, span: Span | undefined): RegExp {
	if (!pattern.startsWith('~')) return globToRegExp(pattern);
	try {
		return new RegExp(`^(?:${pattern.slice(1).replaceAll('(?P<', '(?<')})`);
	} catch (error) {
		const why = error instanceof Error ? error.message.replace(/^Invalid regular expression: /, '') : '';
		throw fault(`the pattern \`${pattern}\` is no regular expression: ${why}`, `Invalid host list pattern: ${pattern}`, span);
	}
}

function fault(message: string, ansible: string, span: Span | undefined): DiagnosticError {
	return new DiagnosticError({severity: 'error', code: 'inventory/pattern', message, labels: span ? [{span}] : [], ansible});
}
