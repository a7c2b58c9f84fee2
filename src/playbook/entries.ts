import {getEntry, type MapNode, type Node, type SourceFile, type Span} from '../source/source.js';
import {argumentCheck} from './argument-check.js';
import {checkKeywords} from './check-keywords.js';
import {keywords} from './keywords.js';
import type {Block, Entry, Level, Parameters, Task} from './level.js';
import {complain, describeNode, type Reading, toKeywords} from './reading.js';
import {type Role, type RoleFiles, readRole, roleFile} from './role.js';
import {readTask} from './task.js';

/** Where entries are read: how static imports are taken up, and where the handlers of roles go. */
export interface Place {
	readonly reading: Reading;
	/** Tasks and handlers have other keywords. */
	readonly isHandler: boolean;
	/** Takes the handlers of a role that is placed here. */
	readonly addHandlers: (handlers: readonly Entry[]) => void;
	/** Takes roles whose defaults and vars the whole play sees (`import_role`). */
	readonly publish: (block: Block) => void;
	/** The files that are being imported, to find a cycle. */
	readonly chain: readonly string[];
}

/** Reads a list of tasks and blocks; static imports (`import_tasks`, `import_role`) are replaced by what they bring. */
export function readEntries(place: Place, node: Node | undefined | null, parent: Level, file: SourceFile): Entry[] {
	if (!node || (node.kind === 'scalar' && node.value === null)) return [];
	if (node.kind !== 'seq') {
		complain(place.reading, 'playbook/shape', node.span, `a list of tasks must stand here, not ${describeNode(node)}`);
		return [];
	}
	return node.items.flatMap((item) => {
		if (item.kind === 'map') return readEntry(place, item, parent, file) ?? [];
		if (item.kind === 'scalar' && item.value === null) return [];
		complain(place.reading, 'playbook/shape', item.span, `a task must be a mapping, not ${describeNode(item)}`);
		return [];
	});
}

/** Reads a file of tasks below a level. */
export function readTaskFile(place: Place, path: string, parent: Level, span: Span): Entry[] {
	const {reading, chain} = place;
	if (chain.includes(path)) {
		complain(reading, 'playbook/include-cycle', span, 'this import includes itself', {notes: [[...chain, path].join(' → ')]});
		return [];
	}
	const node = reading.readYaml(path);
	return node ? readEntries({...place, chain: [...chain, path]}, node, parent, node.span.file) : [];
}

function readEntry(place: Place, map: MapNode, parent: Level, file: SourceFile): Entry | undefined {
	const isBlock = ['block', 'rescue', 'always'].some((name) => getEntry(map, name));
	if (isBlock) return readBlock(place, map, parent, file);
	const task = readTask(place.reading, map, parent, file, place.isHandler);
	if (task?.module === 'import_tasks') return importTasks(place, task);
	if (task?.module === 'import_role') return importRole(place, task);
	if (task?.module === 'include') {
		complain(place.reading, 'playbook/unsupported', task.moduleSpan, '`include` was removed from the language', {
			help: 'use `include_tasks` or `import_tasks`',
			ansible: "The 'ansible.builtin.include' action plugin has been removed.",
		});
		return undefined;
	}
	return task;
}

function readBlock(place: Place, map: MapNode, parent: Level, file: SourceFile): Block {
	const {reading} = place;
	checkKeywords(reading, map, 'block');
	if (place.isHandler)
		complain(reading, 'playbook/unsupported', map.span, 'a block cannot be a handler', {
			ansible: 'Using a block as a handler is not supported.',
		});
	if (!getEntry(map, 'block')) {
		const entry = getEntry(map, 'rescue') ?? getEntry(map, 'always')!;
		complain(reading, 'playbook/shape', entry.key.span, `\`${entry.key.text}\` needs a \`block\` beside it`, {
			ansible: `'${entry.key.text}' keyword cannot be used without 'block'`,
		});
	}
	return makeBlock({span: map.span, keywords: toKeywords(map, (name) => name in keywords), parent}, (block) => ({
		block: readEntries(place, getEntry(map, 'block')?.value, block, file),
		rescue: readEntries(place, getEntry(map, 'rescue')?.value, block, file),
		always: readEntries(place, getEntry(map, 'always')?.value, block, file),
	}));
}

type Sections = Partial<Pick<Block, 'block' | 'rescue' | 'always'>>;

/** A block whose entries name it as their parent. */
export function makeBlock(level: Level & Pick<Block, 'roleIdentity'>, fill: (block: Block) => Sections): Block {
	const block = {
		kind: 'block' as const,
		...level,
		block: [] as readonly Entry[],
		rescue: [] as readonly Entry[],
		always: [] as readonly Entry[],
	};
	Object.assign(block, fill(block));
	return block;
}

function importTasks(place: Place, task: Task): Block | undefined {
	const path = importedFile(place, task);
	if (!path) return undefined;
	return makeBlock(importLevel(task), (block) => ({block: readTaskFile(place, path, block, task.span)}));
}

/** The keywords of a static import are copied to all it brings (`name` aside). */
function importLevel(task: Task): Level {
	const inherited = new Map(
		[...task.keywords].filter(([name]) => !['name', 'register', 'loop', 'loop_control', 'args'].includes(name)),
	);
	return {span: task.span, keywords: inherited, parent: task.parent};
}

function importedFile(place: Place, task: Task): string | undefined {
	const {reading} = place;
	const {moduleArgs} = task;
	const node = moduleArgs?.kind === 'map' ? getEntry(moduleArgs, 'file')?.value : moduleArgs;
	if (task.loop)
		complain(reading, 'playbook/keyword-value', task.loop.node.span, '`import_tasks` cannot loop', {help: 'use `include_tasks`'});
	if (!node) {
		complain(reading, 'playbook/shape', task.moduleSpan, 'no file is named to import', {
			ansible: 'No file specified for ansible.builtin.import_tasks',
		});
		return undefined;
	}
	const name = reading.evaluateName(node, task);
	if (name === undefined) return undefined;
	const path = findTaskFile(reading, task, name);
	if (!path)
		complain(reading, 'file/not-found', node.span, `there is no file \`${name}\` to import`, {
			ansible: `Could not find or access '${name}'`,
		});
	return path;
}

/** Finds a file of tasks that a task names: beside its own file, in its role's folder, beside the playbook. */
export function findTaskFile(reading: Reading, task: Task, name: string): string | undefined {
	if (name.startsWith('/')) return reading.isFile(name) ? name : undefined;
	const folders = [task.file.path.replace(/\/?[^/]*$/, '') || '.'];
	const kind = task.isHandler ? 'handlers' : 'tasks';
	for (let at: Level | undefined = task; at; at = at.parent) if (at.role) folders.push(`${at.role.path}/${kind}`, at.role.path);
	folders.push(`${reading.playbookFolder}/${kind}`, reading.playbookFolder);
	return folders.map((folder) => `${folder}/${name}`).find((path) => reading.isFile(path));
}

function importRole(place: Place, task: Task): Block | undefined {
	const {reading} = place;
	const args = task.moduleArgs?.kind === 'map' ? task.moduleArgs : undefined;
	const nameNode = args && (getEntry(args, 'name') ?? getEntry(args, 'role'))?.value;
	const name = nameNode && reading.evaluateName(nameNode, task);
	if (!args || !nameNode)
		complain(reading, 'playbook/shape', task.moduleSpan, '`import_role` needs the `name` of a role', {
			ansible: "'name' is a required field for import_role.",
		});
	if (!args || !name) return undefined;
	const text = (key: string) => {
		const node = getEntry(args, key)?.value;
		return node ? reading.evaluateName(node, task) : undefined;
	};
	const from = {
		tasks: text('tasks_from'),
		vars: text('vars_from'),
		defaults: text('defaults_from'),
		handlers: text('handlers_from'),
	} as RoleFiles;
	const level = importLevel(task);
	const once = text('allow_duplicates') === 'False' ? {identity: name} : {};
	const block = placeRole(place, {name, span: nameNode.span, level, from, ...once});
	if (block && text('public') !== 'False') place.publish(block);
	return block;
}

/** How a role is used somewhere. */
export interface RoleUse {
	readonly name: string;
	readonly span: Span;
	readonly level: Level;
	readonly from: RoleFiles;
	/** A role named twice with the same identity runs once per host. */
	readonly identity?: string;
	readonly params?: readonly Parameters[];
	/** `rolespec_validate: false`. */
	readonly skipsValidation?: boolean;
}

/** Puts a role at a place: its dependencies, the check of its arguments, its tasks; its handlers join the play's. */
export function placeRole(place: Place, use: RoleUse): Block | undefined {
	const {reading} = place;
	const role = readRole(reading, use.name, use.span, use.level, use.from);
	if (!role) return undefined;
	if (place.chain.includes(role.path) && place.chain.filter((one) => one === role.path).length > 8) {
		complain(reading, 'playbook/include-cycle', use.span, `the role \`${role.name}\` depends on itself`, {
			notes: [place.chain.join(' → ')],
		});
		return undefined;
	}
	const inner: Place = {...place, isHandler: false, chain: [...place.chain, role.path]};
	const level = {
		...use.level,
		role,
		...(use.params ? {params: use.params} : {}),
		...(use.identity ? {roleIdentity: use.identity} : {}),
	};
	return makeBlock(level, (block) => ({
		block: [
			...dependencies(inner, role, block),
			...(use.skipsValidation ? [] : argumentCheck(reading, role, use.from.tasks ?? 'main', block)),
			...roleTasks(inner, role, use, block),
		],
	}));
}

function roleTasks(place: Place, role: Role, use: RoleUse, block: Block): Entry[] {
	const handlers = roleFile(place.reading, role, 'handlers', use.from.handlers);
	if (handlers) place.addHandlers(readTaskFile({...place, isHandler: true}, handlers, block, use.span));
	const tasks = roleFile(place.reading, role, 'tasks', use.from.tasks);
	if (tasks) return readTaskFile(place, tasks, block, use.span);
	if (use.from.tasks) {
		complain(place.reading, 'file/not-found', use.span, `the role \`${role.name}\` has no tasks \`${use.from.tasks}\``, {
			ansible: `Could not find specified file in role: tasks/${use.from.tasks}`,
		});
	}
	return [];
}

function dependencies(place: Place, role: Role, block: Block): Entry[] {
	return role.dependencies.flatMap((node) => {
		const placed = readRoleEntry(place, node, block);
		if (placed?.role) role.requires.push(placed.role);
		return placed ?? [];
	});
}

/** Reads an entry of `roles:` or of a role's dependencies: a name, or a mapping with keywords and parameters. */
export function readRoleEntry(place: Place, node: Node, parent: Level): Block | undefined {
	const {reading} = place;
	if (node.kind === 'scalar' && typeof node.value === 'string') {
		const name = reading.evaluateName(node, parent);
		const level = {span: node.span, keywords: new Map<string, Node>(), parent};
		return name === undefined ? undefined : placeRole(place, {name, span: node.span, level, from: {}, identity: name});
	}
	const nameNode = node.kind === 'map' ? (getEntry(node, 'role') ?? getEntry(node, 'name'))?.value : undefined;
	if (node.kind !== 'map' || !nameNode) {
		complain(reading, 'playbook/shape', node.span, 'a role must be a name, or a mapping with `role`', {
			ansible: 'role definitions must contain a role name',
		});
		return undefined;
	}
	checkKeywords(reading, node, 'role', () => true);
	const level = {
		span: node.span,
		keywords: toKeywords(node, (name) => name in keywords && name !== 'role' && name !== 'name'),
		parent,
	};
	const isParameter = (name: string) => !(name in keywords);
	const entries = node.entries.filter(({key}) => isParameter(key.text));
	const params: Parameters[] = entries.length > 0 ? [{kind: 'role', values: {...node, entries}}] : [];
	const name = reading.evaluateName(nameNode, {...level, parent});
	if (name === undefined) return undefined;
	const identity = identityOf(name, node);
	return placeRole(place, {name, span: nameNode.span, level, from: {}, identity, params});
}

/** Two entries with the same role, keywords and parameters are the same: the role runs once. */
function identityOf(name: string, {entries}: MapNode): string {
	const rest = entries
		.filter(({key}) => key.text !== 'role' && key.text !== 'name')
		.map(({key, value}) => `${key.text}: ${value.span.file.text.slice(value.span.start, value.span.end).replace(/\s+/g, ' ')}`);
	return [name, ...rest.sort()].join(' ');
}
