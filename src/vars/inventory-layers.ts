import {statSync} from 'node:fs';
import {dirname} from 'node:path';
import type {Group, Host, Inventory, Variable} from '../inventory/inventory.js';
import {Dict} from '../jinja/jinja.js';
import type {MapNode, Span} from '../source/source.js';
import {dictLayer, type Layer, type ReadNode} from './layer.js';
import type {ReservedNames} from './reserved-names.js';

/** Reads the vars files of a host or group in a folder (`group_vars/kafka.yml`, a folder of files, …), in the order they apply. */
export type ReadVarsFiles = (folder: string, kind: 'group_vars' | 'host_vars', name: string) => readonly MapNode[];

/** The variables that the inventory and the folders beside it and the playbook give to hosts. */
export class InventoryLayers {
	readonly #inventory: Inventory;
	#playbookFolder = '.';
	readonly #readFiles: ReadVarsFiles;
	readonly #layerOf: (map: MapNode, label: string) => Layer;
	readonly #read: ReadNode;
	readonly #reserved: ReservedNames;
	readonly #byGroup = new Map<Group, GroupLayers>();
	readonly #byHost = new Map<string, readonly Layer[]>();
	/** All layers of hosts, until hosts or groups are added. */
	readonly #whole = new Map<string, readonly Layer[]>();
	readonly #added = new Map<string, Dict>();

	constructor(
		inventory: Inventory,
		readFiles: ReadVarsFiles,
		layerOf: (map: MapNode, label: string) => Layer,
		read: ReadNode,
		reserved: ReservedNames,
	) {
		this.#reserved = reserved;
		this.#inventory = inventory;
		this.#readFiles = readFiles;
		this.#layerOf = layerOf;
		this.#read = read;
	}

	/** The layers of a host, strongest first: host_vars, the inventory's own, group_vars by Ansible's order of precedence. */
	of(name: string): readonly Layer[] {
		const whole = this.#whole.get(name) ?? this.#gather(name);
		this.#whole.set(name, whole);
		return whole;
	}

	/** Forgets what files say: those beside the playbook lie in this folder from now on. */
	beginPlaybook(folder: string): void {
		this.#playbookFolder = folder;
		for (const known of [this.#byGroup, this.#byHost, this.#whole]) known.clear();
	}

	/** Hosts are in other groups than before. */
	regroup(): void {
		this.#whole.clear();
	}

	#gather(name: string): readonly Layer[] {
		const host = this.#inventory.host(name);
		const added = this.#added.get(name);
		const top = added ? [dictLayer('add_host', added)] : [];
		if (!host) return top;
		const known = this.#byHost.get(name) ?? this.#ofHost(host);
		this.#byHost.set(name, known);
		return [...top, ...known, ...this.#ofGroups(host)];
	}

	/** Variables that `add_host` gives. */
	add(name: string, variables: Dict): void {
		const dict = this.#added.get(name) ?? new Dict();
		for (const [key, value] of variables.entries()) dict.set(key, value);
		this.#added.set(name, dict);
		this.regroup();
	}

	#ofHost(host: Host): Layer[] {
		return [
			...this.#files(this.#playbookFolder, 'host_vars', host.name),
			...this.#besideInventory('host_vars', host.name),
			this.#ofVariables(`inventory host ${host.name}`, host.variables),
		];
	}

	#ofGroups(host: Host): Layer[] {
		const all = this.#inventory.groups.get('all')!;
		const groups = host.groups
			.filter((group) => group !== all)
			.reverse()
			.map((group) => this.#ofGroup(group));
		const everyone = this.#ofGroup(all);
		return [
			...groups.flatMap((group) => group.playbook),
			...groups.flatMap((group) => group.beside),
			...everyone.playbook,
			...everyone.beside,
			...groups.map((group) => group.own),
			everyone.own,
		];
	}

	#ofGroup(group: Group): GroupLayers {
		const known = this.#byGroup.get(group);
		if (known) return known;
		const layers = {
			playbook: this.#files(this.#playbookFolder, 'group_vars', group.name),
			beside: this.#besideInventory('group_vars', group.name),
			own: this.#ofVariables(`inventory group ${group.name}`, group.variables),
		};
		this.#byGroup.set(group, layers);
		return layers;
	}

	#besideInventory(kind: 'group_vars' | 'host_vars', name: string): Layer[] {
		const folders = this.#inventory.sources.flatMap((source) => folderOf(source) ?? []);
		return [...new Set(folders)]
			.reverse()
			.flatMap((folder) => (folder === this.#playbookFolder ? [] : this.#files(folder, kind, name)));
	}

	#ofVariables(label: string, variables: ReadonlyMap<string, Variable>): Layer {
		for (const [name, {span}] of variables) this.#reserved.name(name, span);
		return variableLayer(label, variables, this.#read);
	}

	#files(folder: string, kind: 'group_vars' | 'host_vars', name: string): Layer[] {
		return this.#readFiles(folder, kind, name)
			.map((map) => this.#layerOf(map, `${kind} of ${name}`))
			.reverse();
	}
}

interface GroupLayers {
	readonly playbook: readonly Layer[];
	readonly beside: readonly Layer[];
	readonly own: Layer;
}

/** The folder in which an inventory source lies; undefined for a list of hosts. */
function folderOf(source: string): string | undefined {
	const stat = statSync(source, {throwIfNoEntry: false});
	if (!stat) return undefined;
	return stat.isDirectory() ? source : dirname(source);
}

/** The variables that an inventory source itself gives to a host or group. */
function variableLayer(label: string, variables: ReadonlyMap<string, Variable>, read: ReadNode): Layer {
	return {
		label,
		names: () => variables.keys(),
		where: (name): Span | undefined => variables.get(name)?.span,
		get(name) {
			const variable = variables.get(name);
			return variable?.node ? read(variable.node) : variable?.value;
		},
	};
}
