import {statSync} from 'node:fs';
import {dirname} from 'node:path';
import type {Inventory} from '../../inventory/inventory.js';
import type {Dict, Value} from '../../jinja/jinja.js';
import type {Block, Entry, Play} from '../../playbook/playbook.js';
import type {Node} from '../../source/source.js';
import type {Loader} from '../loader.js';
import {type Harvest, harvest, newHarvest} from './harvest.js';
import {namesInProject} from './name-sources.js';
import type {NameKnowledge} from './names.js';

/** What is known of names once the playbooks are read and no host was asked. */
export function nameKnowledge(
	plays: readonly Play[],
	loader: Loader,
	inventory: Inventory,
	extra: Dict,
	value: (node: Node) => Value,
): NameKnowledge {
	const files = loader.loaded();
	let given: Set<string> | undefined;
	return {
		read: harvestOf([...files.values()]),
		whole: () => {
			const roles = plays.flatMap((play) => [...sectionsOf(play), ...play.published].flatMap(rolesIn));
			const inventories = [loader.playbookFolder, ...inventory.sources.flatMap(folderOf)];
			return namesInProject(loader, {files: [...files.keys()], roles, inventories});
		},
		isGiven: (name) => {
			given ??= new Set([...inventory.groups.values(), ...inventory.hosts.values()].flatMap((one) => [...one.variables.keys()]));
			return extra.has(name) || given.has(name);
		},
		value,
	};
}

function harvestOf(nodes: readonly Node[]): Harvest {
	const found = newHarvest();
	for (const node of nodes) harvest(found, node);
	return found;
}

function sectionsOf(play: Play): Entry[] {
	return [...play.preTasks, ...play.roles, ...play.tasks, ...play.postTasks, ...play.handlers];
}

function rolesIn(entry: Entry | Block): string[] {
	if (entry.kind === 'task') return [];
	const inside = [...entry.block, ...entry.rescue, ...entry.always].flatMap(rolesIn);
	return entry.role ? [entry.role.path, ...inside] : inside;
}

/** The folder of an inventory source; none for a list of hosts. */
function folderOf(source: string): string[] {
	const stat = statSync(source, {throwIfNoEntry: false});
	if (!stat) return [];
	return [stat.isDirectory() ? source : dirname(source)];
}
