import {getEntry, type MapNode, type Node, type SourceFile, type Span} from '../source/source.js';
import {checkKeywords} from './check-keywords.js';
import {keywords} from './keywords.js';
import type {Level} from './level.js';
import {type Play, readPlay} from './play.js';
import {complain, describeNode, type Reading, toKeywords} from './reading.js';

/** What this room offers: YAML nodes turned into plays, blocks and tasks that keep their spans. */
export {findTaskFile, makeBlock, type Place, placeRole, type RoleUse, readTaskFile} from './entries.js';
export {keywords} from './keywords.js';
export {
	accumulated,
	type Block,
	type Entry,
	inherited,
	type Level,
	type Loop,
	lineage,
	type Parameters,
	rolesOf,
	type Task,
} from './level.js';
export type {Play} from './play.js';
export {complain, type Reading} from './reading.js';
export {findRole, type Role, roleFolders} from './role.js';

/** Reads a playbook with all that it imports statically. Faults are reported; the plays are those that could be read. */
export function readPlaybook(reading: Reading, path: string): Play[] {
	const node = reading.readYaml(path);
	if (node === undefined) {
		reading.report({
			severity: 'error',
			code: 'file/not-found',
			message: `the playbook \`${path}\` could not be found`,
			labels: [],
			ansible: `the playbook: ${path} could not be found`,
		});
		return [];
	}
	return node ? readPlays(reading, node, undefined, [path]) : [];
}

function readPlays(reading: Reading, node: Node, outer: Level | undefined, chain: readonly string[]): Play[] {
	if (node.kind !== 'seq') {
		complain(reading, 'playbook/shape', node.span, `a playbook must be a list of plays, not ${describeNode(node)}`, {
			ansible: "A playbook must be a list of plays, got a <class 'dict'> instead",
		});
		return [];
	}
	return node.items.flatMap((item) => {
		if (item.kind !== 'map') {
			complain(reading, 'playbook/shape', item.span, `a play must be a mapping, not ${describeNode(item)}`, {
				ansible: "playbook entries must be either valid plays or 'import_playbook' statements",
			});
			return [];
		}
		const imported = item.entries.find(({key}) => /^(ansible\.(builtin|legacy)\.)?import_playbook$/.test(key.text));
		return imported ? importPlaybook(reading, item, imported.key.text, outer, chain) : [readPlay(reading, item, outer)];
	});
}

function importPlaybook(reading: Reading, map: MapNode, key: string, outer: Level | undefined, chain: readonly string[]): Play[] {
	checkKeywords(reading, map, 'block', (name) => name === key);
	const level: Level = {span: map.span, keywords: toKeywords(map, (name) => name in keywords && name !== 'name'), parent: outer};
	const {value} = getEntry(map, key)!;
	const name = reading.evaluateName(value, level);
	if (name === undefined) return [];
	const path = name.startsWith('/') ? name : `${folderOf(map.span.file)}/${name}`.replace(/^\.\//, '');
	return chain.includes(path)
		? reportCycle(reading, value.span, [...chain, path])
		: importFile(reading, value.span, path, level, chain);
}

function importFile(reading: Reading, span: Span, path: string, level: Level, chain: readonly string[]): Play[] {
	const node = reading.readYaml(path);
	if (node === undefined)
		complain(reading, 'file/not-found', span, `there is no playbook \`${path}\``, {
			ansible: `the playbook: ${path} could not be found`,
		});
	if (!node) return [];
	reading.beginPlaybook(path);
	const plays = readPlays(reading, node, level, [...chain, path]);
	reading.beginPlaybook(chain.at(-1)!);
	return plays;
}

function reportCycle(reading: Reading, span: Span, chain: readonly string[]): Play[] {
	complain(reading, 'playbook/include-cycle', span, 'this playbook imports itself', {notes: [chain.join(' → ')]});
	return [];
}

function folderOf(file: SourceFile): string {
	return file.path.includes('/') ? file.path.replace(/\/[^/]*$/, '') : '.';
}
