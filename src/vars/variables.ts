import {readFileSync} from 'node:fs';
import {dirname} from 'node:path';
import type {Inventory} from '../inventory/inventory.js';
import {Dict, finalize, pythonStr, TemplateError, type Value} from '../jinja/jinja.js';
import {accumulated, type Block, type Level, lineage, type Play, type Role, rolesOf, type Task} from '../playbook/playbook.js';
import {type MapNode, type Node, SourceFile, type Span} from '../source/source.js';
import {HostVars} from './host-vars.js';
import {InventoryLayers, type ReadVarsFiles} from './inventory-layers.js';
import {dictLayer, flatten, type Layer, lazyLayer, nodeLayer, type ReadNode, varsLayers} from './layer.js';
import {type PlayHosts, playMagic, type RunFacts, runMagic, searchFolders, taskMagic} from './magic.js';
import {makeScope, type ScopeServices, type TaskScope} from './scope.js';
import {VarsFiles} from './vars-files.js';
import {vaultFunctions} from './vault-functions.js';
import type {Watch} from './watch.js';

/** What the variables of a run are made of. */
export interface VariableSources {
	readonly inventory: Inventory;
	readonly extra: Dict;
	readonly facts: RunFacts;
	readonly read: ReadNode;
	/** A condition as it is evaluated: the expression's text, with its place. */
	readonly readCondition: (node: Node) => Value;
	/** Reads a YAML mapping of variables (from vault if need be); undefined when the file is not there. */
	readonly readVarsFile: (path: string) => MapNode | undefined;
	/** Reads group_vars and host_vars. */
	readonly readVarsFiles: ReadVarsFiles;
	/** Runs a lookup for a task's folders. */
	readonly lookup: (
		name: string,
		terms: readonly Value[],
		options: ReadonlyMap<string, Value>,
		scope: TaskScope,
		folders: readonly string[],
	) => readonly Value[] | undefined;
	/** The clear text of vault text. Throws what vault throws. */
	readonly openVault: (sealed: Buffer) => Buffer;
	/** The user's home folder on this side, for `~`. */
	readonly home: string;
	readonly warn: (text: string) => void;
	readonly injectFacts: boolean;
}

/** What is known of one host beyond the inventory: facts, `set_fact` and `register`, `include_vars`. */
class HostState {
	/** When names were last set for this host alone. */
	readonly changed = new Map<string, number>();
	facts = new Dict();
	readonly set = new Dict();
	readonly included = new Dict();
}

/** Says which value a name has for a host at a task, by Ansible's precedence (ansible/vars/manager.py), lazily. */
export class Variables {
	readonly #sources: VariableSources;
	readonly #states = new Map<string, HostState>();
	readonly #prompted = new Dict();
	readonly #magic: Layer;
	readonly #varsFiles: VarsFiles;
	readonly #nodes = new Map<MapNode, Layer>();
	readonly #inventoryLayers: InventoryLayers;
	readonly #read = new Map<Node, Value>();
	/** Counts changes; those of which it is not known whom they concern are remembered apart. */
	#moment = 0;
	#lastWideChange = 0;
	#play: Play | undefined;
	#hosts: PlayHosts = {batch: [], all: [], failed: new Set()};

	constructor(sources: VariableSources) {
		this.#sources = sources;
		this.#magic = runMagic(sources.facts);
		this.#inventoryLayers = new InventoryLayers(
			sources.inventory,
			sources.facts.playbookFolder,
			sources.readVarsFiles,
			(map, label) => this.#layerOf(map, label),
			this.read,
		);
		this.#varsFiles = new VarsFiles({
			playbookFolder: sources.facts.playbookFolder,
			readFile: (path) => {
				const map = sources.readVarsFile(path);
				return map && this.#layerOf(map, 'vars_files');
			},
			read: this.read,
			scope: (host, play, layers) => this.#varsFilesScope(host, play, layers),
			warn: sources.warn,
		});
	}

	get inventory(): Inventory {
		return this.#sources.inventory;
	}
	get playbookFolder(): string {
		return this.#sources.facts.playbookFolder;
	}

	get home(): string {
		return this.#sources.home;
	}

	openVault(sealed: Buffer): Buffer {
		return this.#sources.openVault(sealed);
	}

	/** A node's value, its texts templates; converted once. */
	readonly read: ReadNode = (node) => {
		const known = this.#read.get(node);
		if (known !== undefined) return known;
		const value = this.#sources.read(node);
		this.#read.set(node, value);
		return value;
	};

	readCondition(node: Node): Value {
		return this.#sources.readCondition(node);
	}

	/** A node's value as it is written: texts are expressions for the module that asks. */
	readRaw(node: Node): Value {
		if (node.kind === 'seq') return node.items.map((item) => this.readRaw(item));
		return this.readCondition(node);
	}

	/** The names that a task sees on a host; ahead of the task's turn, with somebody who looks on. */
	taskScope(host: string | undefined, play: Play, task: Task, hosts: PlayHosts, watch?: Watch): TaskScope {
		this.#hosts = hosts;
		const folders = searchFolders(task, this.playbookFolder);
		const magic = [taskMagic(task, folders, () => this.#environment(task)), ...this.#hostMagic(host, play)];
		return this.#scope(
			host,
			magic,
			[
				...this.#params(task),
				...this.#aboveTask(host),
				...this.#levels(task),
				...this.#roleVars(task, play),
				...this.#belowRoles(host, play, task),
			],
			folders,
			watch,
		);
	}

	/** The names that a play sees before its hosts are known. */
	playScope(play: Play): TaskScope {
		return this.#scope(undefined, this.#hostMagic(undefined, play), this.#belowRoles(undefined, play, undefined), [
			this.playbookFolder,
		]);
	}

	/** The names that a name in `vars_files` may use: all that stands below them. */
	#varsFilesScope(host: string | undefined, play: Play, layers: readonly Layer[]): TaskScope {
		const below = [...layers, ...this.#hostLayers(host)];
		return this.#scope(host, this.#hostMagic(host, play), below, [this.playbookFolder]);
	}

	/** The names that another host's connection is made of, for `delegate_to`: its own variables, the task's on top. */
	delegateScope(host: string, from: TaskScope, task: Task): TaskScope {
		return this.#scope(
			host,
			this.#hostMagic(host, this.#play),
			[...this.#aboveTask(host), ...this.#levels(task), ...this.#belowRoles(host, this.#play, undefined)],
			[this.playbookFolder],
			from.watch,
		);
	}

	/** What `hostvars` shows of a host: its own variables and facts, nothing of plays, roles and tasks. */
	hostScope(host: string): TaskScope {
		const layers = [...this.#aboveTask(host), ...this.#belowRoles(host, undefined, undefined)];
		return this.#scope(host, this.#hostMagic(host, undefined), layers, [this.playbookFolder]);
	}

	#scope(
		host: string | undefined,
		magic: readonly Layer[],
		below: readonly Layer[],
		folders: readonly string[],
		watch?: Watch,
	): TaskScope {
		const extra = dictLayer('extra vars', this.#sources.extra);
		let scope: TaskScope;
		const services: ScopeServices = {
			lookup: (name, terms, options) => {
				if (watch?.allows(name) === false) throw new TemplateError('plugin', `the lookup '${name}' is not for now`, {});
				return this.#sources.lookup(name, terms, options, scope, folders);
			},
			load: (name, from) => {
				watch?.file();
				return this.#load(name, from, folders);
			},
			warn: (message) => {
				if (!watch?.takesWarning()) this.#sources.warn(message);
			},
			vault: vaultFunctions,
		};
		scope = makeScope(
			host,
			[lazyLayer('magic variables', {vars: () => flatten(scope.layers.slice(1))}), ...magic, extra],
			[],
			below,
			services,
			watch,
		);
		return scope;
	}

	#hostMagic(host: string | undefined, play: Play | undefined): Layer[] {
		const {inventory} = this.#sources;
		const own: Record<string, () => Value> = {
			groups: () => Dict.from(inventory.groupsAndHosts()),
			hostvars: () => new HostVars(inventory, (name) => this.hostScope(name)),
		};
		if (host !== undefined) {
			const found = inventory.host(host);
			own.inventory_hostname = () => host;
			own.inventory_hostname_short = () => found?.shortName ?? host.split('.')[0]!;
			own.group_names = () => found?.groupNames ?? [];
			if (found?.file !== undefined) own.inventory_file = () => found.file!;
			if (found?.file !== undefined) own.inventory_dir = () => dirname(found.file!);
		}
		const layers = [lazyLayer('magic variables', own), this.#magic];
		if (play) layers.unshift(playMagic(play, this.#playName(play), this.#hosts));
		return layers;
	}

	#playName(play: Play): string {
		const node = play.keywords.get('name') ?? play.keywords.get('hosts');
		if (node?.kind === 'seq') return node.items.map((item) => (item.kind === 'scalar' ? item.text : '')).join(',');
		return node?.kind === 'scalar' ? node.text : '';
	}

	/** Include parameters over role parameters. */
	#params(task: Task): Layer[] {
		const params = lineage(task)
			.reverse()
			.flatMap((level) => level.params ?? []);
		const ordered = [...params.filter(({kind}) => kind === 'include'), ...params.filter(({kind}) => kind === 'role')];
		const own =
			task.module === 'include_tasks' || task.module === 'include_role'
				? varsLayers('include vars', task.keywords.get('vars'), this.read)
				: [];
		return [
			...own,
			...ordered.map(({kind, values}) =>
				values instanceof Dict ? dictLayer(`${kind} parameters`, values) : this.#layerOf(values, `${kind} parameters`),
			),
		];
	}

	/** `set_fact` and `register` over `include_vars`. */
	#aboveTask(host: string | undefined): Layer[] {
		const state = host === undefined ? undefined : this.#state(host);
		return state ? [dictLayer('set_fact', state.set), dictLayer('include_vars', state.included)] : [];
	}

	/** `vars` of the task over those of its blocks, from the inside outwards. */
	#levels(task: Task): Layer[] {
		const levels = lineage(task)
			.reverse()
			.filter((level) => level.parent !== undefined && !('preTasks' in level));
		return levels.flatMap((level: Level) => varsLayers('task and block vars', level.keywords.get('vars'), this.read));
	}

	/** The vars of the task's own role over those of the roles around it, over what all roles of the play export. */
	#roleVars(task: Task, play: Play): Layer[] {
		const roles = rolesOf(task).reverse();
		const own = roles
			.slice(0, 1)
			.flatMap((role) => [...this.#roleFiles(role, 'vars'), ...role.requires.flatMap((one) => this.#roleFiles(one, 'vars'))]);
		const around = roles.slice(1).flatMap((role) => this.#roleFiles(role, 'vars'));
		return [...own, ...around, ...this.#publicRoles(play).flatMap((role) => this.#roleFiles(role, 'vars'))];
	}

	/** vars_files, prompts, play vars, facts, inventory, role defaults. */
	#belowRoles(host: string | undefined, play: Play | undefined, task: Task | undefined): Layer[] {
		const layers: Layer[] = [];
		if (play) {
			if (!task) layers.push(...this.#publicRoles(play).flatMap((role) => this.#roleFiles(role, 'vars')));
			const below: Layer[] = [dictLayer('vars_prompt', this.#prompted)];
			for (const level of lineage(play).reverse()) below.push(...varsLayers('play vars', level.keywords.get('vars'), this.read));
			layers.push(...this.#varsFiles.layersFor(host, play, below), ...below);
		}
		layers.push(...this.#hostLayers(host));
		const roles = task ? rolesOf(task).reverse() : [];
		const own = roles.flatMap((role, index) => [
			...this.#roleFiles(role, 'defaults'),
			...(index === 0 ? role.requires.flatMap((one) => this.#roleFiles(one, 'defaults')) : []),
		]);
		const exported = play ? this.#publicRoles(play).flatMap((role) => this.#roleFiles(role, 'defaults')) : [];
		return [...layers, ...own, ...exported];
	}

	/** Facts over what the inventory says of a host. */
	#hostLayers(host: string | undefined): Layer[] {
		if (host === undefined) return this.#factLayers(undefined);
		return [...this.#factLayers(this.#states.get(host)), ...this.#inventoryLayers.of(host)];
	}

	#factLayers(state: HostState | undefined): Layer[] {
		const facts = state?.facts ?? new Dict();
		const layers = [
			lazyLayer('facts', {
				ansible_facts: () => facts,
				ansible_local: () => facts.get('ansible_local') ?? facts.get('local') ?? new Dict(),
			}),
		];
		if (!this.#sources.injectFacts) return layers;
		const injected: Layer = {
			label: 'facts',
			get: (name) => (name.startsWith('ansible_') ? (facts.get(name.slice('ansible_'.length)) ?? facts.get(name)) : undefined),
			names: () => [...facts.keys()].map((key) => (String(key).startsWith('ansible_') ? String(key) : `ansible_${String(key)}`)),
		};
		return [...layers, injected];
	}

	#publicRoles(play: Play): Role[] {
		return [...play.roles, ...play.published].flatMap((block) => rolesIn(block)).reverse();
	}

	#roleFiles(role: Role, kind: 'vars' | 'defaults'): Layer[] {
		return [...role[kind]].reverse().map((map) => this.#layerOf(map, `${kind} of role ${role.name}`));
	}

	#layerOf(map: MapNode, label: string): Layer {
		const known = this.#nodes.get(map);
		if (known) return known;
		const layer = nodeLayer(label, map, this.read);
		this.#nodes.set(map, layer);
		return layer;
	}

	#environment(task: Task): Value {
		return accumulated(task, 'environment').map((node) => this.read(node));
	}

	#load(name: string, from: SourceFile | undefined, folders: readonly string[]): SourceFile | undefined {
		const beside = from ? [from.path.replace(/\/?[^/]*$/, '') || '.'] : [];
		const places = name.startsWith('/')
			? [name]
			: [...beside, ...folders.flatMap((folder) => [`${folder}/templates`, folder])].map((folder) => `${folder}/${name}`);
		for (const path of places) {
			try {
				return this.sourceFile(path);
			} catch {
				// The next place may have it.
			}
		}
		return undefined;
	}

	/** Reads a text of this side. Throws when it is not there. */
	sourceFile(path: string): SourceFile {
		const bytes = readFileSync(path);
		const isSealed = bytes.subarray(0, 15).toString() === '$ANSIBLE_VAULT;';
		return new SourceFile(path, (isSealed ? this.openVault(bytes) : bytes).toString('utf8'));
	}

	/** The present moment, for `hold`: it passes with each change of a variable. */
	get moment(): number {
		return this.#moment;
	}

	/** Whether names have the values on a host that they had at a moment; `seesOthers`: they rest on other hosts' variables too. */
	hold(host: string, names: Iterable<string>, seesOthers: boolean, since: number): boolean {
		if (this.#moment === since) return true;
		if (seesOthers || this.#lastWideChange > since) return false;
		const {changed} = this.#state(host);
		for (const name of names) if ((changed.get(name) ?? 0) > since) return false;
		return true;
	}

	#changedWidely(): void {
		this.#lastWideChange = ++this.#moment;
	}

	/** Begins a play: names that no task asks for (`hostvars`, `delegate_to`) are seen as this play sees them. */
	beginPlay(play: Play): void {
		this.#changedWidely();
		this.#play = play;
		this.#varsFiles.forget();
	}

	/** Items of `with_NAME`. */
	lookupItems(name: string, node: Node, scope: TaskScope, task: Task): readonly Value[] {
		const value = finalize(this.read(node), scope);
		const terms = Array.isArray(value) ? value : [value];
		const found = this.#sources.lookup(name, terms, new Map(), scope, searchFolders(task, this.playbookFolder));
		if (!found) throw new TemplateError('no_plugin', `The lookup plugin '${name}' was not found.`, {span: node.span});
		return found;
	}

	searchPath(task: Task): string[] {
		return searchFolders(task, this.playbookFolder);
	}

	#state(host: string): HostState {
		const state = this.#states.get(host) ?? new HostState();
		this.#states.set(host, state);
		return state;
	}

	hasFacts(host: string): boolean {
		return (this.#states.get(host)?.facts.size ?? 0) > 0;
	}
	setFacts(host: string, facts: Dict): void {
		this.#changedWidely();
		this.#varsFiles.forget(host);
		const state = this.#state(host);
		for (const [key, value] of facts.entries()) state.facts.set(String(key).replace(/^ansible_(?!local$)/, ''), value);
	}
	clearFacts(host: string): void {
		this.#changedWidely();
		this.#state(host).facts = new Dict();
	}
	setVariables(host: string, values: Dict, cacheable: boolean): void {
		if (cacheable) this.#changedWidely();
		const {facts} = this.#state(host);
		for (const [key, value] of values.entries()) {
			this.setRegistered(host, String(key), value);
			if (cacheable) facts.set(key, value);
		}
	}
	setIncluded(host: string, values: Dict): void {
		this.#changedWidely();
		const {included} = this.#state(host);
		for (const [key, value] of values.entries()) included.set(key, value);
	}
	setRegistered(host: string, name: string, value: Value): void {
		const {set, changed} = this.#state(host);
		set.set(name, value);
		changed.set(name, ++this.#moment);
	}
	setPrompted(name: string, value: Value): void {
		this.#changedWidely();
		this.#prompted.set(name, value);
	}
	hasExtra(name: string): boolean {
		return this.#sources.extra.has(name);
	}

	addHost(name: string, groups: readonly string[], variables: Dict): void {
		this.#changedWidely();
		const host = this.inventory.addHost(name);
		for (const group of groups) this.inventory.join(host, this.inventory.addGroup(group));
		this.inventory.reconcile();
		this.#inventoryLayers.add(name, variables);
	}
	groupBy(name: string, group: string, parents: readonly string[]): void {
		this.#changedWidely();
		const host = this.inventory.host(name);
		if (!host) return;
		const joined = this.inventory.addGroup(group);
		for (const parent of parents) this.inventory.addChild(this.inventory.addGroup(parent), joined);
		this.inventory.join(host, joined);
		this.inventory.reconcile();
	}

	/** The hosts that a play's pattern means, within the limit, in inventory order. */
	matchHosts(pattern: Value, limit: readonly string[] | undefined, span: Span): string[] {
		const patterns = Array.isArray(pattern) ? pattern.map((one: Value) => pythonStr(one)) : pythonStr(pattern);
		return this.inventory.match(patterns, {limit, span}).map(({name}) => name);
	}
}

function rolesIn(block: Block): Role[] {
	const inner = block.block.flatMap((entry) => (entry.kind === 'block' ? rolesIn(entry) : []));
	return [...inner, ...(block.role ? [block.role] : [])];
}
