import {Dict} from '../jinja/jinja.js';
import {accumulated, type Block, type Level, lineage, type Play, type Role, rolesOf, type Task} from '../playbook/playbook.js';
import type {MapNode, Node} from '../source/source.js';
import {dictLayer, type Layer, nodeLayer, type ReadNode, varsLayers} from './layer.js';
import {searchFolders, taskMagic} from './magic.js';
import type {ReservedNames} from './reserved-names.js';

/** The layers that come with a task's place in the playbooks, each list strongest first. */
export interface TaskLayers {
	/** Where the task looks for files. */
	readonly folders: readonly string[];
	readonly magic: Layer;
	/** Include parameters over role parameters. */
	readonly params: readonly Layer[];
	/** `vars` of the task over those of its blocks, from the inside outwards. */
	readonly levels: readonly Layer[];
	/** The vars of the task's own role over those of the roles around it, over what all roles of the play export. */
	readonly roleVars: readonly Layer[];
	readonly defaults: readonly Layer[];
}

/** What a play gives to its tasks. */
export interface PlayLayers {
	readonly vars: readonly Layer[];
	/** What roles export: the play's own, and those that `include_role` made public so far. */
	readonly exportedVars: readonly Layer[];
	readonly exportedDefaults: readonly Layer[];
}

/** The variables that come with places in the playbooks. They are the same for all hosts, so they are made once for each task and play. */
export class PlaceLayers {
	readonly #playbookFolder: string;
	readonly #read: ReadNode;
	readonly #reserved: ReservedNames;
	readonly #nodes = new Map<MapNode, Layer>();
	readonly #plays = new WeakMap<Play, {readonly published: number; readonly layers: PlayLayers}>();
	readonly #tasks = new WeakMap<Task, {readonly play: PlayLayers; readonly layers: TaskLayers}>();

	constructor(playbookFolder: string, read: ReadNode, reserved: ReservedNames) {
		this.#reserved = reserved;
		this.#playbookFolder = playbookFolder;
		this.#read = read;
	}

	ofTask(task: Task, play: Play): TaskLayers {
		const ofPlay = this.ofPlay(play);
		const known = this.#tasks.get(task);
		if (known?.play === ofPlay) return known.layers;
		const folders = searchFolders(task, this.#playbookFolder);
		const roles = rolesOf(task).reverse();
		const layers: TaskLayers = {
			folders,
			magic: taskMagic(task, folders, () => accumulated(task, 'environment').map((node) => this.#read(node))),
			params: this.#params(task),
			levels: this.levels(task),
			roleVars: [...roles.flatMap((role, index) => this.#withRequired(role, 'vars', index === 0)), ...ofPlay.exportedVars],
			defaults: [
				...roles.flatMap((role, index) => this.#withRequired(role, 'defaults', index === 0)),
				...ofPlay.exportedDefaults,
			],
		};
		this.#tasks.set(task, {play: ofPlay, layers});
		return layers;
	}

	ofPlay(play: Play): PlayLayers {
		const known = this.#plays.get(play);
		if (known?.published === play.published.length) return known.layers;
		const exported = [...play.roles, ...play.published].flatMap((block) => rolesIn(block)).reverse();
		const layers: PlayLayers = {
			vars: lineage(play)
				.reverse()
				.flatMap((level) => this.#vars('play vars', level.keywords.get('vars'))),
			exportedVars: exported.flatMap((role) => this.#roleFiles(role, 'vars')),
			exportedDefaults: exported.flatMap((role) => this.#roleFiles(role, 'defaults')),
		};
		this.#plays.set(play, {published: play.published.length, layers});
		return layers;
	}

	/** `vars` of the task over those of its blocks. */
	levels(task: Task): Layer[] {
		const levels = lineage(task)
			.reverse()
			.filter((level) => level.parent !== undefined && !('preTasks' in level));
		return levels.flatMap((level: Level) => this.#vars('task and block vars', level.keywords.get('vars')));
	}

	/** The layer of a file's or role's variables: one for each mapping. */
	of(map: MapNode, label: string): Layer {
		const known = this.#nodes.get(map);
		if (known) return known;
		this.#reserved.inMap(map);
		const layer = nodeLayer(label, map, this.#read);
		this.#nodes.set(map, layer);
		return layer;
	}

	#vars(label: string, node: Node | undefined): Layer[] {
		if (node?.kind === 'map') this.#reserved.inMap(node);
		return varsLayers(label, node, this.#read);
	}

	#params(task: Task): Layer[] {
		const params = lineage(task)
			.reverse()
			.flatMap((level) => level.params ?? []);
		const ordered = [...params.filter(({kind}) => kind === 'include'), ...params.filter(({kind}) => kind === 'role')];
		const own =
			task.module === 'include_tasks' || task.module === 'include_role'
				? this.#vars('include vars', task.keywords.get('vars'))
				: [];
		return [
			...own,
			...ordered.map(({kind, values}) =>
				values instanceof Dict ? dictLayer(`${kind} parameters`, values) : this.of(values, `${kind} parameters`),
			),
		];
	}

	/** A role's files, and for the task's own role those of the roles it depends on. */
	#withRequired(role: Role, kind: 'vars' | 'defaults', isOwn: boolean): Layer[] {
		return [...this.#roleFiles(role, kind), ...(isOwn ? role.requires : []).flatMap((one) => this.#roleFiles(one, kind))];
	}

	#roleFiles(role: Role, kind: 'vars' | 'defaults'): Layer[] {
		return [...role[kind]].reverse().map((map) => this.of(map, `${kind} of role ${role.name}`));
	}
}

function rolesIn(block: Block): Role[] {
	const inner = block.block.flatMap((entry) => (entry.kind === 'block' ? rolesIn(entry) : []));
	return [...inner, ...(block.role ? [block.role] : [])];
}
