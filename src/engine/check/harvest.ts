import {splitArguments} from '../../modules/modules.js';
import {getEntry, type MapNode, type Node} from '../../source/source.js';
import {isTemplateText} from './task-templates.js';

/** What a file of the project gives names to, and which further files it brings. */
export interface Harvest {
	/** Variables that get a value at run time: results, facts, items of loops, answers. */
	readonly names: Set<string>;
	/** Variables with the values that are written for them. */
	readonly values: Map<string, Node[]>;
	/** Variables that it asks for whether they are defined: they may be undefined. */
	readonly optional: Set<string>;
	/** What it includes: the file or role as it is written, and the texts beside it that may be its name. */
	readonly brings: Brought[];
	/** Something gives names that cannot be read from the text (`set_fact: "{{ all }}"`). */
	open: boolean;
}

export interface Brought {
	readonly kind: 'tasks' | 'vars' | 'role';
	readonly text: string;
	/** Texts in the loop and the vars around it, where the name is a template that may stand for one of them. */
	readonly candidates: readonly string[];
}

/** Keywords and modules that bring a file or a role. */
const bringing: Readonly<Record<string, Brought['kind']>> = {
	include_tasks: 'tasks',
	import_tasks: 'tasks',
	import_playbook: 'tasks',
	include_vars: 'vars',
	vars_files: 'vars',
	include_role: 'role',
	import_role: 'role',
};

export function newHarvest(): Harvest {
	return {names: new Set(), values: new Map(), optional: new Set(), brings: [], open: false};
}

/** Gathers what a file's YAML says; a mapping at the top is a file of variables. */
export function harvest(into: Harvest, node: Node): void {
	if (node.kind === 'map') addValues(into, node);
	visit(into, node);
}

function visit(into: Harvest, node: Node): void {
	if (node.kind === 'seq') {
		for (const item of node.items) visit(into, item);
	} else if (node.kind === 'map') {
		for (const {key, value} of node.entries) {
			take(into, node, key.text.replace(/^ansible\.(builtin|legacy)\./, ''), value);
			visit(into, value);
		}
	} else if (typeof node.value === 'string') for (const [, name] of node.text.matchAll(mayBeUndefined)) into.optional.add(name!);
}

/** `a.b[c] is defined`, `a | default(…)`: text is enough here, as many texts are looked at and none is believed. */
const mayBeUndefined =
	/([A-Za-z_]\w*)(?:\s*\.\s*\w+|\s*\[[^\]]*\]|\s*\([^)]*\))*\s*(?:\|\s*(?:default|d)\b|\bis\s+(?:not\s+)?(?:un)?defined\b)/g;

function take(into: Harvest, map: MapNode, key: string, value: Node): void {
	const kind = bringing[key];
	if (kind) bring(into, map, kind, value);
	if (/^(loop|with_)/.test(key) && key !== 'loop_control') into.names.add('item');
	switch (key) {
		case 'register':
		case 'loop_var':
		case 'index_var':
			addName(into, value);
			break;
		case 'vars':
			if (value.kind === 'map') addValues(into, value);
			break;
		case 'options':
			if (value.kind === 'map') addKeys(into, value);
			break;
		case 'set_fact':
		case 'add_host':
			addArguments(into, value);
			addArguments(into, getEntry(map, 'args')?.value);
			break;
		case 'action':
		case 'local_action':
			addAction(into, value);
			break;
		case 'vars_prompt':
		case 'include_vars':
			for (const item of value.kind === 'seq' ? value.items : [value])
				if (item.kind === 'map') addName(into, getEntry(item, 'name')?.value);
			break;
		case 'roles':
		case 'dependencies':
			for (const item of value.kind === 'seq' ? value.items : []) {
				if (item.kind === 'map') addValues(into, item);
				const name = item.kind === 'map' ? (getEntry(item, 'role') ?? getEntry(item, 'name'))?.value : item;
				if (name?.kind === 'scalar') into.brings.push({kind: 'role', text: name.text, candidates: []});
			}
	}
}

function addName(into: Harvest, node: Node | undefined): void {
	if (node?.kind === 'map') addKeys(into, node);
	else if (node?.kind === 'scalar' && isTemplateText(node.text)) into.open = true;
	else if (node?.kind === 'scalar') into.names.add(node.text);
}

function addValues(into: Harvest, {entries}: MapNode): void {
	for (const {key, value} of entries) into.values.set(key.text, [...(into.values.get(key.text) ?? []), value]);
}

function addKeys(into: Harvest, {entries}: MapNode): void {
	for (const {key} of entries) {
		if (isTemplateText(key.text)) into.open = true;
		else into.names.add(key.text);
	}
}

/** The names among a module's arguments, given as a mapping or as `name=value` words. */
function addArguments(into: Harvest, node: Node | undefined): void {
	if (node?.kind === 'map') addKeys(into, node);
	else if (node?.kind === 'scalar' && typeof node.value === 'string') addWords(into, node.text);
}

function addWords(into: Harvest, text: string): void {
	if (/^\s*\{\{/.test(text)) into.open = true;
	for (const word of words(text)) {
		const [, name] = /^\s*([^=\s{]+)=/.exec(word) ?? [];
		if (name !== undefined) into.names.add(name);
	}
}

function words(text: string): string[] {
	try {
		return splitArguments(text);
	} catch {
		return [];
	}
}

/** `action: set_fact a=1`, `action: {module: set_fact, a: 1}`. */
function addAction(into: Harvest, node: Node): void {
	if (node.kind === 'map') addKeys(into, node);
	else if (node.kind === 'scalar') addWords(into, node.text.replace(/^\s*\S+/, ''));
}

function bring(into: Harvest, map: MapNode, kind: Brought['kind'], value: Node): void {
	const beside = map.entries.filter(({key}) => /^(loop|with_\w+|vars)$/.test(key.text)).flatMap((entry) => texts(entry.value));
	const add = (text: string) => into.brings.push({kind, text, candidates: beside});
	if (value.kind === 'seq') for (const text of texts(value)) add(text);
	else if (value.kind === 'map') {
		for (const {key, value: argument} of value.entries)
			if (/^(file|dir|name|role|_raw_params)$/.test(key.text) && argument.kind === 'scalar') add(argument.text);
	} else if (typeof value.value === 'string') {
		const [, named] = /(?:^|\s)(?:file|dir|name|role)=(\S+)/.exec(value.text) ?? [];
		add(named ?? value.text.trim());
	}
}

function texts(node: Node): string[] {
	if (node.kind === 'scalar') return typeof node.value === 'string' ? [node.text] : [];
	return node.kind === 'seq' ? node.items.flatMap(texts) : node.entries.flatMap(({value}) => texts(value));
}
