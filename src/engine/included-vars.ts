import {existsSync, readdirSync, statSync} from 'node:fs';
import {basename, dirname, extname, isAbsolute, join} from 'node:path';
import {Dict, finalize, PythonError, searchRegex, type Value} from '../jinja/jinja.js';
import {filePlaces} from '../lookup/lookup.js';
import type {IncludeVars} from '../modules/modules.js';
import {rolesOf, type Task} from '../playbook/playbook.js';
import type {TaskScope} from '../vars/vars.js';
import type {PlayRun} from './play-run.js';
import {FieldError} from './task-error.js';

/** What an `include_vars` read: the variables, and the files they came from. */
export interface IncludedVars {
	readonly values: Dict;
	readonly files: readonly string[];
}

/** Reads the files that an `include_vars` names (ansible/plugins/action/include_vars.py). Throws `FieldError`, and a `DiagnosticError` of what is wrong in them. */
export function readIncludedVars(play: PlayRun, task: Task, scope: TaskScope, wanted: IncludeVars): IncludedVars {
	const files =
		wanted.dir === undefined ? [findVars(play, task, wanted.file!)] : filesIn(folderOf(play, task, wanted.dir), wanted, 1);
	const all = new Dict();
	for (const path of files) for (const [name, value] of readOne(play, path, wanted).entries()) all.set(name, value);
	const values = wanted.name === undefined ? all : Dict.from([[wanted.name, all]]);
	return {values: wanted.hashBehaviour === 'merge' ? mergedInto(scope, values) : values, files};
}

/** The values laid into the dicts that the names hold already, level by level. */
function mergedInto(scope: TaskScope, values: Dict): Dict {
	return Dict.from(
		[...values.entries()].map(([name, value]) => [name, merge(scope.value(String(name)), finalize(value, scope))]),
	);
}

function merge(below: Value | undefined, above: Value): Value {
	if (!(below instanceof Dict && above instanceof Dict)) return above;
	const result = Dict.from(below.entries());
	for (const [key, value] of above.entries()) result.set(key, merge(below.get(key), value));
	return result;
}

function readOne(play: PlayRun, path: string, {extensions}: IncludeVars): Dict {
	const extension = extname(path).slice(1);
	if (extension !== '' && !extensions.includes(extension))
		throw new FieldError(`'${path}' does not have a valid extension: ${extensions.join(', ')}`);
	const node = play.loading(() => play.reading.readYaml(path));
	if (node === undefined || node === null || (node.kind === 'scalar' && node.value === null)) return new Dict();
	if (node.kind === 'map') for (const {key} of node.entries) play.variables.noteName(key.text, key.span);
	const value: Value = play.variables.read(node);
	if (!(value instanceof Dict)) throw new FieldError(`'${path}' must be stored as a dictionary/hash`);
	return value;
}

function findVars(play: PlayRun, task: Task, name: string): string {
	const {variables} = play;
	const places = filePlaces(name, 'vars', {
		folders: variables.searchPath(task),
		basedir: variables.playbookFolder,
		home: variables.home,
	});
	const found = places.find((place) => existsSync(place));
	if (found) return found;
	throw new FieldError(
		`Could not find or access '${name}'\nSearched in:\n${places.map((place) => `\t${place}`).join('\n')} on the Ansible Controller.`,
	);
}

/** A folder of variables: in the role's `vars/`, else beside the task's file. */
function folderOf(play: PlayRun, task: Task, name: string): string {
	const role = rolesOf(task).at(-1)?.path;
	const beside = dirname(task.file.path);
	const written = name.replace(/^~(?=\/|$)/, play.variables.home);
	const base = role === undefined ? beside : written.split('/')[0] === 'vars' ? role : join(role, 'vars');
	const folder = isAbsolute(written) ? written : join(base, written);
	if (statSync(folder, {throwIfNoEntry: false})?.isDirectory()) return folder;
	throw new FieldError(`${folder} directory does not exist`);
}

function filesIn(folder: string, wanted: IncludeVars, level: number): string[] {
	if (wanted.depth > 0 && level > wanted.depth) return [];
	const entries = readdirSync(folder, {withFileTypes: true}).sort((a, b) => (a.name < b.name ? -1 : 1));
	const files = entries.filter((entry) => !entry.isDirectory()).map(({name}) => join(folder, name));
	const folders = entries.filter((entry) => entry.isDirectory()).map(({name}) => join(folder, name));
	return [...files.filter((path) => isWanted(path, wanted)), ...folders.flatMap((one) => filesIn(one, wanted, level + 1))];
}

function finds(pattern: string, name: string): boolean {
	try {
		return searchRegex(pattern, name) !== null;
	} catch (error) {
		if (error instanceof PythonError)
			throw new FieldError(`the regular expression '${pattern}' cannot be used: ${error.message}`);
		throw error;
	}
}

function isWanted(path: string, {ignoreFiles, filesMatching, extensions, ignoreUnknownExtensions}: IncludeVars): boolean {
	const name = basename(path);
	if (ignoreFiles.some((pattern) => pattern !== '' && finds(`${pattern}$`, name))) return false;
	if (filesMatching !== undefined && !finds(filesMatching, name)) return false;
	return !ignoreUnknownExtensions || extensions.includes(extname(path).slice(1));
}
