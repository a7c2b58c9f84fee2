import {dirname} from 'node:path';
import type {Inventory} from '../inventory/inventory.js';
import {Dict, Tuple, type Value} from '../jinja/jinja.js';
import {lineage, type Play, rolesOf, type Task} from '../playbook/playbook.js';
import {flatten, type Layer, lazyLayer} from './layer.js';

/** What the run knows beside the inventory; the same for all hosts. */
export interface RunFacts {
	readonly playbookFolder: string;
	readonly inventorySources: readonly string[];
	readonly check: boolean;
	readonly diff: boolean;
	readonly verbosity: number;
	readonly forks: number;
	readonly limit: string | undefined;
	readonly tags: readonly string[];
	readonly skipTags: readonly string[];
	readonly configFile: string | undefined;
}

/** The hosts of the batch and of the play, and whether one is lost by now. */
export interface PlayHosts {
	readonly batch: readonly string[];
	readonly all: readonly string[];
	isLost(host: string): boolean;
}

/** The release of ansible-core whose language this is. */
const ansibleVersion = Dict.from([
	['full', '2.21.5'],
	['major', 2],
	['minor', 21],
	['revision', 5],
	['string', '2.21.5'],
]);

/** The variables that a run has by itself; nothing overrides them. */
export function runMagic(facts: RunFacts): Layer {
	return lazyLayer('magic variables', {
		playbook_dir: () => facts.playbookFolder,
		ansible_playbook_python: () => '',
		ansible_version: () => ansibleVersion,
		ansible_check_mode: () => facts.check,
		ansible_diff_mode: () => facts.diff,
		ansible_verbosity: () => facts.verbosity,
		ansible_forks: () => facts.forks,
		ansible_run_tags: () => new Tuple(facts.tags.length > 0 ? [...facts.tags] : ['all']),
		ansible_skip_tags: () => new Tuple([...facts.skipTags]),
		ansible_inventory_sources: () => [...facts.inventorySources],
		...(facts.limit === undefined ? {} : {ansible_limit: () => facts.limit!}),
		...(facts.configFile === undefined ? {} : {ansible_config_file: () => facts.configFile!}),
	});
}

/** `vars`: everything else that a scope names. */
export const scopeMagic: Layer = {
	label: 'magic variables',
	names: () => ['vars'],
	get: (name, from) => (name === 'vars' && from ? flatten(from.layers.filter((layer) => layer !== scopeMagic)) : undefined),
};

/** The variables that tell of the play and its hosts. */
export function playMagic(play: Play, hosts: PlayHosts): Layer {
	const alive = () => hosts.all.filter((host) => !hosts.isLost(host));
	const batch = () => hosts.batch.filter((host) => !hosts.isLost(host));
	const roles = () => [...play.roles, ...play.published].flatMap((block) => (block.role ? [block.role.name] : []));
	const dependencies = () => play.roles.flatMap((block) => requiredBy(block.role?.requires ?? []));
	return lazyLayer('magic variables', {
		ansible_play_name: () => playName(play),
		ansible_play_hosts_all: () => [...hosts.all],
		ansible_play_hosts: alive,
		play_hosts: batch,
		ansible_play_batch: batch,
		ansible_play_role_names: roles,
		role_names: roles,
		ansible_role_names: () => unique([...roles(), ...dependencies()]),
		ansible_dependent_role_names: () => unique(dependencies()),
	});
}

function playName(play: Play): string {
	const node = play.keywords.get('name') ?? play.keywords.get('hosts');
	if (node?.kind === 'seq') return node.items.map((item) => (item.kind === 'scalar' ? item.text : '')).join(',');
	return node?.kind === 'scalar' ? node.text : '';
}

/** Names beside `ansible_…` that a run gives by itself, in template files and elsewhere. */
const magicNames = new Set([
	'_task',
	'environment',
	'group_names',
	'groups',
	'hostvars',
	'inventory_dir',
	'inventory_file',
	'inventory_hostname',
	'inventory_hostname_short',
	'omit',
	'play_hosts',
	'playbook_dir',
	'role_name',
	'role_names',
	'role_path',
	'template_destpath',
	'template_fullpath',
	'template_host',
	'template_mtime',
	'template_path',
	'template_run_date',
	'template_uid',
	'vars',
]);

/** Whether a name needs no one to define it: magic variables, facts, and what tells how to reach a host. */
export function isMagicName(name: string): boolean {
	return name.startsWith('ansible_') || magicNames.has(name);
}

function requiredBy(roles: readonly {readonly name: string; readonly requires: readonly unknown[]}[]): string[] {
	return roles.flatMap((role) => [role.name, ...requiredBy(role.requires as typeof roles)]);
}

/** The variables that tell of a host and of all hosts; `hostvars` makes the variables of all hosts, for one scope. */
export function hostMagic(inventory: Inventory, name: string | undefined, hostvars: () => Value): Layer {
	const own: Record<string, () => Value> = {groups: () => Dict.from(inventory.groupsAndHosts()), hostvars};
	if (name !== undefined) {
		own.inventory_hostname = () => name;
		own.inventory_hostname_short = () => inventory.host(name)?.shortName ?? name.split('.')[0]!;
		own.group_names = () => inventory.host(name)?.groupNames ?? [];
		const file = inventory.host(name)?.file;
		if (file !== undefined) {
			own.inventory_file = () => file;
			own.inventory_dir = () => dirname(file);
		}
	}
	return lazyLayer('magic variables', own);
}

/** The variables that tell of the task's role and where it looks for files. */
export function taskMagic(task: Task, searchPath: readonly string[], environment: () => Value): Layer {
	const roles = rolesOf(task);
	const role = roles.at(-1);
	const own: Record<string, () => Value> = {
		ansible_search_path: () => [...searchPath],
		environment,
	};
	if (role) {
		own.role_name = () => role.name;
		own.ansible_role_name = () => role.name;
		own.role_path = () => role.path;
		const parents = roles.slice(0, -1).reverse();
		own.ansible_parent_role_names = () => parents.map(({name}) => name);
		own.ansible_parent_role_paths = () => parents.map(({path}) => path);
	}
	return lazyLayer('magic variables', own);
}

function unique(names: readonly string[]): string[] {
	return [...new Set(names)];
}

/** Folders where a task's files may lie: its roles from the innermost outwards, its own file's folder, the playbook's. */
export function searchFolders(task: Task, playbookFolder: string): string[] {
	const roles = lineage(task).flatMap((level) => (level.role ? [level.role.path] : []));
	const here = task.file.path.replace(/\/?[^/]*$/, '') || '.';
	return unique([...roles.reverse(), here, playbookFolder]);
}
