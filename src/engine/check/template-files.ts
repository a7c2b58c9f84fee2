import {existsSync, readFileSync} from 'node:fs';
import {dirname} from 'node:path';
import {type Analysis, TemplateError} from '../../jinja/jinja.js';
import {filePlaces} from '../../lookup/lookup.js';
import type {Definition} from '../../modules/modules.js';
import type {Task} from '../../playbook/playbook.js';
import {getEntry, type Node, SourceFile} from '../../source/source.js';
import {searchFolders} from '../../vars/vars.js';
import {analysisOf, type Found, isTemplateText} from './task-templates.js';

/** Template files that were looked at, by path: a role's template may serve many tasks. */
export type KnownTemplates = Map<string, Found>;

/**
 * The template files that a task names by a plain text, and those that they include, extend or import by one. Names that one of them sets
 * are known to all, as blocks and includes see them.
 */
export function templateFilesOf(
	task: Task,
	definition: Definition | undefined,
	playbookFolder: string,
	known: KnownTemplates,
): Found[] {
	const [argument] = Object.entries(definition?.args ?? {}).find(([, spec]) => spec.local === 'template') ?? [];
	const args = [task.moduleArgs, task.extraArgs];
	const given = (name: string) => args.map((node) => plainText(node, name)).find((text) => text !== undefined);
	const name = argument && given(argument);
	if (name === undefined || isTemplateText(name) || delimiters.some((one) => given(one) !== undefined)) return [];
	const folders = searchFolders(task, playbookFolder);
	const path = firstPlace(filePlaces(name, 'templates', {folders, basedir: playbookFolder, home: ''}));
	return path === undefined ? [] : withIncluded(path, folders, known);
}

/** Arguments that change how the text is read: such a template is left to its task. */
const delimiters = ['block_start_string', 'variable_start_string', 'comment_start_string'];

/** An argument's text, in a mapping or among `name=value` words without templates. */
function plainText(node: Node | undefined, name: string): string | undefined {
	if (node?.kind === 'map') {
		const value = getEntry(node, name)?.value;
		return value?.kind === 'scalar' ? value.text : undefined;
	}
	return node?.kind === 'scalar' ? new RegExp(`(?:^|\\s)${name}=([^\\s'"{]+)(?:\\s|$)`).exec(node.text)?.[1] : undefined;
}

function withIncluded(path: string, folders: readonly string[], known: KnownTemplates): Found[] {
	const paths = new Set([path]);
	const found: Found[] = [];
	for (const one of paths) {
		const file = known.get(one) ?? analyzeFile(one);
		known.set(one, file);
		found.push(file);
		const {analysis} = file;
		if (analysis instanceof TemplateError) continue;
		for (const {name} of analysis.templates) {
			const places = [dirname(one), ...folders.flatMap((folder) => [`${folder}/templates`, folder])];
			const included = firstPlace(places.map((folder) => `${folder}/${name}`));
			if (included !== undefined) paths.add(included);
		}
	}
	const set = found.flatMap(({analysis}) => (analysis instanceof TemplateError ? [] : analysis.sets));
	return set.length === 0 ? found : found.map((one) => ({...one, analysis: without(one.analysis, new Set(set))}));
}

function without(analysis: Found['analysis'], names: ReadonlySet<string>): Found['analysis'] {
	if (analysis instanceof TemplateError) return analysis;
	return {...analysis, variables: analysis.variables.filter(({name}) => !names.has(name))} satisfies Analysis;
}

function analyzeFile(path: string): Found {
	const file = new SourceFile(path, readFileSync(path, 'utf8'));
	const span = {file, start: 0, end: file.text.length};
	return {analysis: analysisOf({file: file.text, origin: span}), span, of: path};
}

function firstPlace(places: readonly string[]): string | undefined {
	return places.find((place) => existsSync(place));
}
