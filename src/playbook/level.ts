import type {Dict} from '../jinja/jinja.js';
import type {MapNode, Node, SourceFile, Span} from '../source/source.js';
import type {Role} from './role.js';

/**
 * A level of the tree that a task inherits from: play, role, block, import, task. A keyword is looked up from the task outwards and
 * the first one wins, but `when`, `tags`, `vars`, `environment` and `module_defaults`, which add up.
 */
export interface Level {
	readonly span: Span;
	readonly keywords: ReadonlyMap<string, Node>;
	/** The next level outwards; undefined for a play. */
	readonly parent: Level | undefined;
	/** The role that begins here (its tasks see its defaults and vars). */
	readonly role?: Role;
	/** `vars:` of the level, by precedence: a block's and a task's are vars, an include's and a role's are parameters. */
	readonly params?: readonly Parameters[];
}

/** Variables that come with a role entry or an include, which beat `set_fact`. */
export interface Parameters {
	readonly kind: 'role' | 'include';
	/** As written, or (a loop's item at an include) as computed. */
	readonly values: MapNode | Dict;
}

export interface Task extends Level {
	readonly kind: 'task';
	/** Unlike any other task's in the run. */
	readonly id: number;
	/** The module's name, without collection where it is Ansible's own. */
	readonly module: string;
	/** The name with the collection, if it was written with one: how the task is called when it has no name. */
	readonly written: string;
	readonly moduleSpan: Span;
	/** The module's value: a mapping of arguments, or free-form text, or nothing. */
	readonly moduleArgs: Node | undefined;
	/** `args:` beside it. */
	readonly extraArgs: Node | undefined;
	/** `loop:` or `with_NAME:`. */
	readonly loop: Loop | undefined;
	readonly file: SourceFile;
	/** `local_action`: the task is delegated to localhost. */
	readonly isLocal: boolean;
	/** A task that the engine adds (`Gathering Facts`, a role's argument check): shown only when it does something. */
	readonly implicit?: 'facts' | 'argument-spec';
	/** Static imports replace themselves by a block, dynamic includes keep this until they run. */
	readonly isHandler: boolean;
}

export interface Loop {
	/** `loop`, or the lookup's name of `with_NAME`. */
	readonly lookup: string;
	readonly keySpan: Span;
	readonly node: Node;
}

export interface Block extends Level {
	readonly kind: 'block';
	readonly block: readonly Entry[];
	readonly rescue: readonly Entry[];
	readonly always: readonly Entry[];
	/** For a role: what makes two entries the same, so that it runs once per host. */
	readonly roleIdentity?: string;
}

export type Entry = Task | Block;

/** The value of an inherited keyword: the innermost level that has it. */
export function inherited(level: Level, keyword: string): Node | undefined {
	for (let at: Level | undefined = level; at; at = at.parent) {
		const node = at.keywords.get(keyword);
		if (node) return node;
	}
	return undefined;
}

/** The values of a keyword that adds up, outermost first. */
export function accumulated(level: Level, keyword: string): Node[] {
	const nodes: Node[] = [];
	for (let at: Level | undefined = level; at; at = at.parent) {
		const node = at.keywords.get(keyword);
		if (node) nodes.push(node);
	}
	return nodes.reverse();
}

/** The levels from the outermost to this one. */
export function lineage(level: Level): Level[] {
	const levels: Level[] = [];
	for (let at: Level | undefined = level; at; at = at.parent) levels.unshift(at);
	return levels;
}

/** The roles that a level stands in, from the outermost to the innermost. */
export function rolesOf(level: Level): Role[] {
	return lineage(level).flatMap((one) => (one.role ? [one.role] : []));
}
