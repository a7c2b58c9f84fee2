import type {Value} from '../jinja/jinja.js';
import type {Node, Span} from '../source/source.js';
import {isIpAddress} from './address.js';

/** A variable of a host or group with the place where it was written: a node of a YAML or JSON text, or a value (INI, `add_host`). */
export type Variable =
	| {readonly name: string; readonly node: Node; readonly value?: undefined; readonly span?: Span}
	| {readonly name: string; readonly node?: undefined; readonly value: Value; readonly span?: Span};

/** The names that mean this machine when no inventory lists them. */
export const localNames: ReadonlySet<string> = new Set(['localhost', '127.0.0.1', '::1']);

/** A machine that plays can act on. */
export class Host {
	readonly name: string;
	/** Not written in any inventory: the `localhost` that exists by itself. It is in no group. */
	readonly implicit: boolean;
	/** The source that named the host first; undefined for `add_host` and the implicit localhost. */
	readonly file: string | undefined;
	readonly variables = new Map<string, Variable>();
	/** The groups that list this host themselves. */
	readonly ownGroups = new Set<Group>();
	#groups: readonly Group[] | undefined;

	constructor(name: string, {implicit = false, file}: {implicit?: boolean; file?: string | undefined} = {}) {
		this.name = name;
		this.implicit = implicit;
		this.file = file;
	}

	/** All groups the host is in, by way of others too, in the order in which their variables apply: depth, priority, name. */
	get groups(): readonly Group[] {
		if (!this.#groups) {
			const all = new Set<Group>();
			for (const group of this.ownGroups) {
				all.add(group);
				for (const ancestor of group.ancestors()) all.add(ancestor);
			}
			this.#groups = [...all].sort((a, b) => a.depth - b.depth || a.priority - b.priority || (a.name < b.name ? -1 : 1));
		}
		return this.#groups;
	}

	/** Ansible's `group_names`: sorted, without `all`. */
	get groupNames(): string[] {
		return this.groups
			.map(({name}) => name)
			.filter((name) => name !== 'all')
			.sort();
	}

	/** Ansible's `inventory_hostname_short`. */
	get shortName(): string {
		return isIpAddress(this.name) ? this.name : this.name.split('.')[0]!;
	}

	setVariable(variable: Variable): void {
		this.variables.set(variable.name, variable);
	}

	/** Forgets which groups the host is in by way of others; the inventory calls it when groups change. */
	forgetGroups(): void {
		this.#groups = undefined;
	}
}

/** A named set of hosts and other groups. */
export class Group {
	readonly name: string;
	readonly hosts = new Set<Host>();
	readonly children = new Set<Group>();
	readonly parents = new Set<Group>();
	readonly variables = new Map<string, Variable>();
	/** How far below `all`: the longest way. Variables of deeper groups win. */
	depth = 0;
	/** `ansible_group_priority`: of groups of one depth the higher wins. */
	priority = 1;

	constructor(name: string) {
		this.name = name;
	}

	/** All groups that this one is in, directly or not. */
	ancestors(): Set<Group> {
		const found = new Set<Group>(this.parents);
		for (const group of found) for (const parent of group.parents) found.add(parent);
		return found;
	}

	/** This group and all below it, level by level. */
	family(): Set<Group> {
		const found = new Set<Group>([this]);
		for (const group of found) for (const child of group.children) found.add(child);
		return found;
	}

	/** The hosts of the group and of all groups below it, in inventory order; `all` leaves the implicit localhost out. */
	allHosts(): Host[] {
		const hosts = new Set<Host>();
		for (const group of this.family()) {
			for (const host of group.hosts) if (!(host.implicit && this.name === 'all')) hosts.add(host);
		}
		return [...hosts];
	}

	/** Puts a group below this one. False when it is there already; a text when that would make a circle. */
	addChild(child: Group): boolean | string {
		if (child === this) return "can't add group to itself";
		if (this.children.has(child)) return false;
		if (this.ancestors().has(child)) {
			return `Adding group '${child.name}' as child to '${this.name}' creates a recursive dependency loop.`;
		}
		this.children.add(child);
		child.parents.add(this);
		child.#sink(this.depth + 1);
		return true;
	}

	#sink(depth: number): void {
		if (depth <= this.depth) return;
		this.depth = depth;
		for (const child of this.children) child.#sink(depth + 1);
	}

	setVariable(variable: Variable): void {
		if (variable.name !== 'ansible_group_priority') {
			this.variables.set(variable.name, variable);
			return;
		}
		const value = variable.node ? (variable.node.kind === 'scalar' ? variable.node.value : undefined) : variable.value;
		const priority = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
		if (typeof priority === 'number' && Number.isFinite(priority)) this.priority = Math.trunc(priority);
	}
}
