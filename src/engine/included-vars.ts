import {existsSync, readdirSync, statSync} from 'node:fs';
import {basename, extname, join} from 'node:path';
import {Dict, PythonError, searchRegex, type Value} from '../jinja/jinja.js';
import {filePlaces} from '../lookup/lookup.js';
import type {IncludeVars} from '../modules/modules.js';
import type {Task} from '../playbook/playbook.js';
import type {PlayRun} from './play-run.js';
import {FieldError} from './task-error.js';

/** What an `include_vars` read: the variables, and the files they came from. */
export interface IncludedVars {
	readonly values: Dict;
	readonly files: readonly string[];
}

/** Reads the files that an `include_vars` names (ansible/plugins/action/include_vars.py). Throws `FieldError`. */
export function readIncludedVars(play: PlayRun, task: Task, wanted: IncludeVars): IncludedVars {
	if (wanted.hashBehaviour === 'merge')
		throw new FieldError('hash_behaviour=merge of include_vars is not done here; use the filter `combine`');
	const files =
		wanted.dir === undefined ? [findVars(play, task, wanted.file!)] : filesIn(folderOf(play, task, wanted.dir), wanted, 1);
	const all = new Dict();
	for (const path of files) for (const [name, value] of readOne(play, path, wanted).entries()) all.set(name, value);
	return {values: wanted.name === undefined ? all : Dict.from([[wanted.name, all]]), files};
}

function readOne(play: PlayRun, path: string, {extensions}: IncludeVars): Dict {
	const extension = extname(path).slice(1);
	if (extension !== '' && !extensions.includes(extension))
		throw new FieldError(`${path} does not have a valid extension: ${extensions.join(', ')}`);
	const node = play.reading.readYaml(path);
	if (node === null) throw new FieldError(`${path} could not be parsed`);
	if (node === undefined || (node.kind === 'scalar' && node.value === null)) return new Dict();
	const value: Value = play.variables.read(node);
	if (!(value instanceof Dict)) throw new FieldError(`${path} must be stored as a dictionary/hash`);
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

/** A folder of variables: in the role's `vars/` and the role, else beside the task's file. */
function folderOf(play: PlayRun, task: Task, name: string): string {
	const {variables} = play;
	const places = filePlaces(name, 'vars', {
		folders: variables.searchPath(task),
		basedir: variables.playbookFolder,
		home: variables.home,
	});
	const found = places.find((place) => statSync(place, {throwIfNoEntry: false})?.isDirectory());
	if (found) return found;
	throw new FieldError(`${places[0]} directory does not exist`);
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
