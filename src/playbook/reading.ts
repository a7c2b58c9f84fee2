import type {Diagnostic, MapNode, Node, Report, Span} from '../source/source.js';
import type {Level} from './level.js';

/** What reading a playbook needs of the world; given from outside, so that this room opens no file by itself. */
export interface Reading {
	/** Parses a YAML file (opened from vault if need be); undefined when it does not exist. Faults are reported, then `null`. */
	readYaml(path: string): Node | undefined | null;
	/** The folder of the playbook that is read, an imported one's while its plays are. */
	readonly playbookFolder: string;
	/** Another playbook is read, or its plays are run. */
	beginPlaybook(path: string): void;
	isFile(path: string): boolean;
	isFolder(path: string): boolean;
	/** The names in a folder, sorted. */
	list(path: string): string[];
	/** Folders of roles, in the order searched, besides `roles/` beside the playbook. */
	readonly rolesPath: readonly string[];
	/** Keywords that ansible.cfg gives to every play which does not have them. */
	readonly keywordDefaults: ReadonlyMap<string, Node>;
	/** Evaluates a name that is needed before hosts are known (`import_tasks: "{{ x }}.yml"`), by the level's and the extra vars. */
	evaluateName(node: Node, level: Level): string | undefined;
	readonly report: Report;
	/** Told of every module that a task names, so that it can be loaded and an unknown one be told. */
	noteModule(name: string, span: Span): void;
	/** Told of every module that `module_defaults` names, so that a misspelt one be told. */
	noteDefaults(name: string, span: Span): void;
	nextId(): number;
}

/** Reports an error at a node and goes on. */
export function complain(
	reading: Reading,
	code: Diagnostic['code'],
	span: Span,
	message: string,
	more: {
		text?: string | undefined;
		notes?: string[];
		help?: string | undefined;
		ansible?: string;
		severity?: 'error' | 'warning';
	} = {},
): void {
	reading.report({
		severity: more.severity ?? 'error',
		code,
		message,
		labels: [more.text ? {span, text: more.text} : {span}],
		...(more.notes ? {notes: more.notes} : {}),
		...(more.help ? {help: more.help} : {}),
		...(more.ansible ? {ansible: more.ansible} : {}),
	});
}

/** What a node is, in the words of messages. */
export function describeNode(node: Node): string {
	if (node.kind === 'map') return 'a mapping';
	if (node.kind === 'seq') return 'a list';
	if (node.value === null) return 'nothing';
	if (typeof node.value === 'string') return 'a text';
	return typeof node.value === 'boolean' ? 'a boolean' : 'a number';
}

/** A mapping's keys and values as a map from name to node. */
export function toKeywords(map: MapNode, names: (name: string) => boolean): Map<string, Node> {
	return new Map(map.entries.filter(({key}) => names(key.text)).map(({key, value}) => [key.text, value]));
}
