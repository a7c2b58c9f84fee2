import type {Report} from '../source/source.js';
import {Group, Host, localNames, type Variable} from './host.js';
import {HostPatterns} from './host-patterns.js';

/** All hosts and groups, in the order in which the sources named them. */
export class Inventory {
	readonly hosts = new Map<string, Host>();
	readonly groups = new Map<string, Group>();
	/** The sources as they were given, absolute where they are paths. */
	readonly sources: string[] = [];
	readonly #report: Report;
	#patterns = new HostPatterns(this);
	#localhost: Host | undefined;

	constructor(report: Report = () => {}) {
		this.#report = report;
		this.addChild(this.addGroup('all'), this.addGroup('ungrouped'));
	}

	addGroup(name: string): Group {
		const known = this.groups.get(name);
		if (known) return known;
		const group = new Group(name);
		this.groups.set(name, group);
		if (/^\d|[^\p{L}\p{N}_]/u.test(name)) this.#warnBadName(name);
		this.#changed();
		return group;
	}

	/** The host of that name, made when it is new; `file` is the source that names it. */
	addHost(
		name: string,
		{group, file, port, span}: {group?: Group; file?: string; port?: number; span?: Variable['span']} = {},
	): Host {
		let host = this.hosts.get(name);
		if (!host) {
			host = new Host(name, {file});
			this.hosts.set(name, host);
			if (port !== undefined) host.setVariable({name: 'ansible_port', value: port, ...(span ? {span} : {})});
			if (localNames.has(name)) this.#localhost ??= host;
			this.#changed();
		}
		if (group) this.join(host, group);
		return host;
	}

	/** Puts a host into a group; false when it is there already. */
	join(host: Host, group: Group): boolean {
		if (group.hosts.has(host)) return false;
		group.hosts.add(host);
		host.ownGroups.add(group);
		host.forgetGroups();
		this.#changed();
		return true;
	}

	/** Puts a group below another; false when it is there already. Throws `GroupFault` when that would make a circle. */
	addChild(group: Group, child: Group): boolean {
		const added = group.addChild(child);
		if (typeof added === 'string') throw new GroupFault(added);
		if (!added) return false;
		for (const host of child.allHosts()) host.forgetGroups();
		this.#changed();
		return true;
	}

	/** Takes over what another inventory read of the same sources; hosts and groups that were added since are gone. */
	become(other: Inventory): void {
		this.hosts.clear();
		this.groups.clear();
		for (const [name, host] of other.hosts) this.hosts.set(name, host);
		for (const [name, group] of other.groups) this.groups.set(name, group);
		this.#localhost = other.#localhost;
		this.#changed();
	}

	/** What Ansible does after reading all sources and after each change: every group is below `all`, hosts of no group are `ungrouped`. */
	reconcile(): void {
		const all = this.groups.get('all')!;
		const ungrouped = this.groups.get('ungrouped')!;
		for (const group of this.groups.values()) if (group !== all && group.parents.size === 0) this.addChild(all, group);
		for (const host of this.hosts.values()) {
			const others = [...host.ownGroups].some((group) => group !== all && group !== ungrouped);
			if (others && host.ownGroups.delete(ungrouped)) {
				ungrouped.hosts.delete(host);
				host.forgetGroups();
				this.#changed();
			} else if (!others && !host.implicit) this.join(host, ungrouped);
			if (this.groups.has(host.name)) this.#warnSameName(host.name);
		}
	}

	/** A host by name; the names of this machine give an implicit host when no source lists them. */
	host(name: string): Host | undefined {
		const known = this.hosts.get(name);
		if (known) return known;
		if (!localNames.has(name)) return undefined;
		if (!this.#localhost) {
			this.#localhost = new Host(name, {implicit: true});
			this.#localhost.setVariable({name: 'ansible_connection', value: 'local'});
		}
		return this.#localhost;
	}

	/** Ansible's `groups`: the names of each group's hosts. */
	groupsAndHosts(): Map<string, string[]> {
		return new Map([...this.groups.values()].map((group) => [group.name, this.#patterns.hostsOf(group).map(({name}) => name)]));
	}

	/**
	 * The hosts that a pattern (or a list of them) means, in inventory order as Ansible has it, within the limit. Names that nothing matches are
	 * warnings. Throws `DiagnosticError` for a pattern that cannot be read.
	 */
	match(pattern: string | readonly string[], {limit, report = this.#report, span}: MatchOptions = {}): Host[] {
		return this.#patterns.select(pattern, limit, report, span);
	}

	readonly #warned = new Set<string>();
	#warnSameName(name: string): void {
		if (this.#warned.has(name)) return;
		this.#warned.add(name);
		this.#report({
			severity: 'warning',
			code: 'inventory/syntax',
			message: `both a group and a host are called \`${name}\``,
			labels: [],
			ansible: `Found both group and host with same name: ${name}`,
		});
	}

	#warnedBadName = false;
	#warnBadName(name: string): void {
		if (this.#warnedBadName) return;
		this.#warnedBadName = true;
		this.#report({
			severity: 'warning',
			code: 'inventory/syntax',
			message: `the group name \`${name}\` is no name for a variable; it stays as it is`,
			labels: [],
			ansible: 'Invalid characters were found in group names but not replaced, use -vvvv to see details',
		});
	}

	#changed(): void {
		this.#patterns.forget();
	}
}

export interface MatchOptions {
	/** Patterns of `--limit`, split and read by `readLimit`. */
	readonly limit?: readonly string[] | undefined;
	readonly report?: Report | undefined;
	/** Where the pattern was written, for warnings. */
	readonly span?: Variable['span'];
}

/** Groups that cannot be put together as written, in Ansible's words. */
export class GroupFault extends Error {}
