/* Above 300 lines: the order of all layers stands in this one class, and so do the changes that make what was learnt from them old. */
import {readFileSync} from 'node:fs';
import type {Inventory} from '../inventory/inventory.js';
import {Dict, finalize, pythonStr, TemplateError, type Value} from '../jinja/jinja.js';
import type {Play, Task} from '../playbook/playbook.js';
import {type MapNode, type Node, SourceFile, type Span} from '../source/source.js';
import {HostState} from './host-state.js';
import {HostVars} from './host-vars.js';
import {InventoryLayers, type ReadVarsFiles} from './inventory-layers.js';
import {dictLayer, type Layer, type ReadNode} from './layer.js';
import {hostMagic, type PlayHosts, playMagic, type RunFacts, runMagic, scopeMagic, searchFolders} from './magic.js';
import {PlaceLayers} from './place-layers.js';
import {ReservedNames} from './reserved-names.js';
import {makeScope, type TaskScope} from './scope.js';
import {VarsFiles} from './vars-files.js';
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
	readonly readVarsFile: (path: string) => readonly MapNode[] | undefined;
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
	/** Told of variables whose names mean something else already. */
	readonly reservedName: (name: string, span: Span | undefined) => void;
	readonly injectFacts: boolean;
}

/** What a scope sees, asked for when it is first asked for a name. */
interface ScopeSources {
	magic(): readonly Layer[];
	below(): readonly Layer[];
	/** Where files are looked for; beside the playbook unless told. */
	folders?(): readonly string[];
	readonly watch?: Watch | undefined;
	readonly fallback?: Fallback | undefined;
}

/** What a name stands for that nothing gives a value to, seen from `scope`. */
export type Fallback = (name: string, scope: TaskScope) => Value | undefined;

/** Who sees a change: the host that made it at once, the others when they have come as far. */
export type SeenBy = 'itself' | 'others' | 'all';

/** Says which value a name has for a host at a task, by Ansible's precedence (ansible/vars/manager.py), lazily. */
export class Variables {
	readonly #sources: VariableSources;
	readonly #reserved: ReservedNames;
	/** What each host knows of itself, and what others see of it. */
	readonly #states = new Map<string, HostState>();
	readonly #shown = new Map<string, HostState>();
	readonly #prompted = new Dict();
	/** What is known of no host. */
	readonly #nobody: HostState;
	#magic!: Layer;
	#playbookFolder!: string;
	/** The magic layers of a host, and of none. */
	readonly #hostMagic = new Map<string | undefined, Layer>();
	readonly #playMagic = new WeakMap<Play, {readonly hosts: PlayHosts; readonly layer: Layer}>();
	readonly #extra: Layer;
	readonly #promptedLayer = dictLayer('vars_prompt', this.#prompted);
	#places!: PlaceLayers;
	#varsFiles!: VarsFiles;
	readonly #inventoryLayers: InventoryLayers;
	readonly #read = new Map<Node, Value>();
	/** Counts changes; those of which it is not known whom they concern are remembered apart. */
	#moment = 0;
	#lastWideChange = 0;
	#play: Play | undefined;
	#hosts: PlayHosts = {batch: [], all: [], isLost: () => false};

	constructor(sources: VariableSources) {
		this.#sources = sources;
		this.#reserved = new ReservedNames(sources.reservedName);
		for (const name of sources.extra.keys()) this.#reserved.name(String(name));
		this.#extra = dictLayer('extra vars', sources.extra);
		this.#nobody = new HostState(sources.injectFacts);
		this.#inventoryLayers = new InventoryLayers(
			sources.inventory,
			sources.readVarsFiles,
			(map, label) => this.#places.of(map, label),
			this.read,
			this.#reserved,
		);
		this.beginPlaybook(sources.facts.playbookFolder);
	}

	/** Another playbook of the run: its folder has files of variables of its own; what hosts are known to be stays. */
	beginPlaybook(folder: string): void {
		if (folder === this.#playbookFolder) return;
		this.#changedWidely();
		this.#playbookFolder = folder;
		this.#magic = runMagic({...this.#sources.facts, playbookFolder: folder});
		this.#places = new PlaceLayers(folder, this.read, this.#reserved);
		this.#inventoryLayers.beginPlaybook(folder);
		this.#varsFiles = new VarsFiles({
			playbookFolder: folder,
			readFile: (path) => this.#sources.readVarsFile(path)?.map((map) => this.#places.of(map, 'vars_files')),
			read: this.read,
			scope: (host, play, layers) => this.#varsFilesScope(host, play, layers),
			warn: this.#sources.warn,
		});
	}

	get inventory(): Inventory {
		return this.#sources.inventory;
	}
	get playbookFolder(): string {
		return this.#playbookFolder;
	}

	get home(): string {
		return this.#sources.home;
	}

	openVault(sealed: Buffer): Buffer {
		return this.#sources.openVault(sealed);
	}

	/** A variable gets a name by `register`, `set_fact` or `include_vars`. */
	noteName(name: string, span: Span | undefined): void {
		this.#reserved.name(name, span);
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
	taskScope(
		host: string | undefined,
		play: Play,
		task: Task,
		hosts: PlayHosts,
		{watch, fallback}: {readonly watch?: Watch | undefined; readonly fallback?: Fallback} = {},
	): TaskScope {
		this.#hosts = hosts;
		const place = () => this.#places.ofTask(task, play);
		return this.#scope(host, {
			magic: () => [place().magic, ...this.#magicOf(host, play)],
			below: () => {
				const {params, levels, roleVars, defaults} = place();
				return [
					...params,
					...this.#state(host).aboveTask,
					...levels,
					...roleVars,
					...this.#playLayers(host, play),
					...this.#hostLayers(host),
					...defaults,
				];
			},
			folders: () => place().folders,
			watch,
			fallback,
		});
	}

	/** The names that a play sees before its hosts are known. */
	playScope(play: Play): TaskScope {
		return this.#scope(undefined, {magic: () => this.#magicOf(undefined, play), below: () => this.#belowTasks(undefined, play)});
	}

	/** The names that a name in `vars_files` may use: all that stands below them. */
	#varsFilesScope(host: string | undefined, play: Play, layers: readonly Layer[]): TaskScope {
		return this.#scope(host, {
			magic: () => this.#magicOf(host, play),
			below: () => [...layers, ...this.#hostLayers(host)],
		});
	}

	/** The names that another host's connection is made of, for `delegate_to`: its own variables, the task's on top. */
	delegateScope(host: string, from: TaskScope, task: Task): TaskScope {
		return this.#scope(host, {
			magic: () => this.#magicOf(host, this.#play),
			below: () => {
				const shown = this.#state(host, this.#shown);
				return [...shown.aboveTask, ...this.#places.levels(task), ...this.#belowTasks(host, this.#play, shown)];
			},
			watch: from.watch,
		});
	}

	/** What `hostvars` shows of a host, to itself or to others: its own variables and facts, nothing of plays, roles and tasks. */
	hostScope(host: string, asker: string | undefined): TaskScope {
		const state = this.#state(host, asker === host ? this.#states : this.#shown);
		return this.#scope(host, {
			magic: () => this.#magicOf(host, undefined),
			below: () => [...state.aboveTask, ...this.#hostLayers(host, state)],
		});
	}

	#scope(
		host: string | undefined,
		{magic, below, folders = () => [this.playbookFolder], watch, fallback}: ScopeSources,
	): TaskScope {
		return makeScope({
			host,
			watch,
			...(fallback ? {fallback} : {}),
			magic: () => [scopeMagic, ...magic(), this.#extra],
			below,
			lookup: (name, terms, options, scope) => {
				if (watch?.allows(name) === false) throw new TemplateError('plugin', `the lookup '${name}' is not for now`, {});
				return this.#sources.lookup(name, terms, options, scope, folders());
			},
			load: (name, from) => {
				watch?.file();
				return this.#load(name, from, folders());
			},
			warn: (message) => {
				if (!watch?.takesWarning()) this.#sources.warn(message);
			},
		});
	}

	/** The magic variables of a play, a host and the run. */
	#magicOf(host: string | undefined, play: Play | undefined): Layer[] {
		const {inventory} = this;
		let ofHost = this.#hostMagic.get(host);
		if (!ofHost) {
			ofHost = hostMagic(inventory, host, () => new HostVars(inventory, (name) => this.hostScope(name, host)));
			this.#hostMagic.set(host, ofHost);
		}
		return play ? [this.#magicOfPlay(play), ofHost, this.#magic] : [ofHost, this.#magic];
	}

	#magicOfPlay(play: Play): Layer {
		const hosts = this.#hosts;
		const known = this.#playMagic.get(play);
		if (known?.hosts === hosts) return known.layer;
		const layer = playMagic(play, hosts);
		this.#playMagic.set(play, {hosts, layer});
		return layer;
	}

	/** `vars_files` over prompts over the vars of the play. */
	#playLayers(host: string | undefined, play: Play): Layer[] {
		const below = [this.#promptedLayer, ...this.#places.ofPlay(play).vars];
		return [...this.#varsFiles.layersFor(host, play, below), ...below];
	}

	/** Facts over what the inventory says of a host. */
	#hostLayers(host: string | undefined, {factLayers} = this.#state(host)): Layer[] {
		return host === undefined ? [...factLayers] : [...factLayers, ...this.#inventoryLayers.of(host)];
	}

	/** What a host has of a play where no task asks. */
	#belowTasks(host: string | undefined, play: Play | undefined, state = this.#state(host)): Layer[] {
		if (!play) return this.#hostLayers(host, state);
		const {exportedVars, exportedDefaults} = this.#places.ofPlay(play);
		return [...exportedVars, ...this.#playLayers(host, play), ...this.#hostLayers(host, state), ...exportedDefaults];
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
		return new SourceFile(path, (isSealed ? this.openVault(bytes) : bytes).toString('utf8'), {isSealed});
	}

	/** The present moment, for `hold`: it passes with each change of a variable. */
	get moment(): number {
		return this.#moment;
	}

	/** Whether names have the values on a host that they had at a moment; `seesOthers`: they rest on other hosts' variables too. */
	hold(host: string, names: ReadonlySet<string>, seesOthers: boolean, since: number): boolean {
		if (this.#moment === since) return true;
		if (seesOthers || this.#lastWideChange > since) return false;
		return !this.#state(host).changes.touch(names, since);
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
	lookupItems(name: string, node: Node, scope: TaskScope): readonly Value[] {
		const value = finalize(this.read(node), scope);
		const terms = Array.isArray(value) ? value : [value];
		const found = scope.lookup?.(name, terms, new Map());
		if (!found) throw new TemplateError('no_plugin', `The lookup plugin '${name}' was not found.`, {span: node.span});
		return found.map((item) => finalize(item, scope));
	}

	searchPath(task: Task): string[] {
		return searchFolders(task, this.playbookFolder);
	}

	#state(host: string | undefined, states = this.#states): HostState {
		if (host === undefined) return this.#nobody;
		const state = states.get(host) ?? new HostState(this.#sources.injectFacts);
		states.set(host, state);
		return state;
	}

	#statesSeenBy(host: string, seenBy: SeenBy): HostState[] {
		const of = {itself: [this.#states], others: [this.#shown], all: [this.#states, this.#shown]};
		return of[seenBy].map((states) => this.#state(host, states));
	}

	hasFacts(host: string): boolean {
		return (this.#states.get(host)?.facts.size ?? 0) > 0;
	}
	setFacts(host: string, facts: Dict, seenBy: SeenBy = 'all'): void {
		this.#changedWidely();
		this.#varsFiles.forget(host);
		for (const state of this.#statesSeenBy(host, seenBy))
			for (const [key, value] of facts.entries()) state.facts.set(String(key).replace(/^ansible_(?!local$)/, ''), value);
	}
	clearFacts(host: string): void {
		this.#changedWidely();
		for (const state of this.#statesSeenBy(host, 'all')) state.facts = new Dict();
	}
	setVariables(host: string, values: Dict, cacheable: boolean, seenBy: SeenBy = 'all'): void {
		for (const [key, value] of values.entries()) this.setRegistered(host, String(key), value, seenBy);
		if (!cacheable) return;
		this.#changedWidely();
		for (const {facts} of this.#statesSeenBy(host, seenBy)) for (const [key, value] of values.entries()) facts.set(key, value);
	}
	setIncluded(host: string, values: Dict, seenBy: SeenBy = 'all'): void {
		this.#changedWidely();
		for (const {included} of this.#statesSeenBy(host, seenBy))
			for (const [key, value] of values.entries()) included.set(key, value);
	}
	setRegistered(host: string, name: string, value: Value, seenBy: SeenBy = 'all'): void {
		this.#moment++;
		for (const {set, changes} of this.#statesSeenBy(host, seenBy)) {
			set.set(name, value);
			changes.add(name, this.#moment);
		}
	}
	setPrompted(name: string, value: Value): void {
		this.#changedWidely();
		this.#prompted.set(name, value);
	}
	hasExtra(name: string): boolean {
		return this.#sources.extra.has(name);
	}

	addHost(name: string, groups: readonly string[], variables: Dict): void {
		this.#regroup(() => {
			const host = this.inventory.addHost(name);
			for (const group of groups) this.inventory.join(host, this.inventory.addGroup(group));
		});
		this.#inventoryLayers.add(name, variables);
	}
	groupBy(name: string, group: string, parents: readonly string[]): void {
		this.#regroup(() => {
			const host = this.inventory.host(name);
			if (!host) return;
			const joined = this.inventory.addGroup(group);
			for (const parent of parents) this.inventory.addChild(this.inventory.addGroup(parent), joined);
			this.inventory.join(host, joined);
		});
	}

	/** Changes of hosts and groups that tasks made: they hold when the inventory is read again. */
	readonly #regroupings: (() => void)[] = [];
	#regroup(change: () => void): void {
		this.#changedWidely();
		this.#regroupings.push(change);
		change();
		this.inventory.reconcile();
		this.#inventoryLayers.regroup();
	}

	/** The inventory was read again: what its sources and the files beside them say is asked for anew, what tasks added is added again. */
	inventoryChanged(): void {
		this.#changedWidely();
		for (const change of this.#regroupings) change();
		this.inventory.reconcile();
		this.#inventoryLayers.beginPlaybook(this.#playbookFolder);
	}

	/** The hosts that a play's pattern means, within the limit, in inventory order. */
	matchHosts(pattern: Value, limit: readonly string[] | undefined, span: Span): string[] {
		const patterns = Array.isArray(pattern) ? pattern.map((one: Value) => pythonStr(one)) : pythonStr(pattern);
		return this.inventory.match(patterns, {limit, span}).map(({name}) => name);
	}
}
