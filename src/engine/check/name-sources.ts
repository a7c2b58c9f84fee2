import type {Node} from '../../source/source.js';
import {type Brought, type Harvest, harvest, newHarvest} from './harvest.js';
import {isTemplateText} from './task-templates.js';

/** The files of the project, as far as the search for names needs them. */
export interface ProjectFiles {
	/** The YAML of a file, opened from vault if need be; undefined when there is none that can be read. Nothing is reported. */
	peek(path: string): Node | undefined;
	isFile(path: string): boolean;
	isFolder(path: string): boolean;
	/** The names in a folder. */
	list(path: string): string[];
	readonly playbookFolder: string;
	readonly rolesPath: readonly string[];
}

/** Where the search begins. */
export interface Beginnings {
	/** Playbooks, and every file that was read for them. */
	readonly files: readonly string[];
	/** Folders of roles. */
	readonly roles: readonly string[];
	/** Folders that may hold group_vars and host_vars. */
	readonly inventories: readonly string[];
}

/** More files than these are no project: what they say is not known then. */
const mostFiles = 3000;

/**
 * Every name that some file of the project may give a value to: generous on purpose, since a name is called undefined only when nothing
 * could define it. Files that are included by a name known only at run time are those that it may mean.
 */
export function namesInProject(files: ProjectFiles, beginnings: Beginnings): Harvest {
	const search = new Search(files);
	for (const path of beginnings.files) search.add(path, undefined);
	for (const role of beginnings.roles) search.addRole(role);
	for (const folder of beginnings.inventories)
		for (const kind of ['group_vars', 'host_vars']) search.addFolder(`${folder}/${kind}`, undefined);
	return search.run();
}

class Search {
	readonly #files: ProjectFiles;
	readonly #found = newHarvest();
	/** Files to look at, each with the role that it belongs to. */
	readonly #queue = new Map<string, string | undefined>();
	readonly #folders = new Set<string>();

	constructor(files: ProjectFiles) {
		this.#files = files;
	}

	run(): Harvest {
		for (const [path, role] of this.#queue) {
			if (this.#found.open) break;
			const node = this.#files.peek(path);
			if (node) harvest(this.#found, node);
			for (const brought of this.#found.brings.splice(0)) this.#follow(brought, path, role);
		}
		return this.#found;
	}

	add(path: string, role: string | undefined): void {
		if (this.#queue.size >= mostFiles) this.#found.open = true;
		else if (!this.#queue.has(path)) this.#queue.set(path, role);
	}

	/** Every YAML file of a role: which of them a run reads depends on facts. */
	addRole(folder: string): void {
		for (const part of ['defaults', 'vars', 'tasks', 'handlers', 'meta']) this.addFolder(`${folder}/${part}`, folder);
	}

	addFolder(folder: string, role: string | undefined): void {
		if (this.#folders.has(folder)) return;
		this.#folders.add(folder);
		for (const name of this.#files.list(folder)) {
			const path = `${folder}/${name}`;
			if (this.#files.isFolder(path)) this.addFolder(path, role);
			else if (/\.(ya?ml|json)$/.test(name) || !name.includes('.')) this.add(path, role);
		}
	}

	#follow({kind, text, candidates}: Brought, from: string, role: string | undefined): void {
		if (kind === 'role') this.#followRole(text, role);
		else if (/^\s*\{\{[^{}]*\}\}\s*$/.test(text)) {
			const names = candidates.filter((one) => /^[\w./-]*\S*$/.test(one) && !/^\s*\{\{[^{}]*\}\}\s*$/.test(one));
			if (names.length === 0) this.#found.open = true;
			for (const name of names) this.#followFile(kind, name, from, role);
		} else this.#followFile(kind, text, from, role);
	}

	#followRole(name: string, role: string | undefined): void {
		const {playbookFolder, rolesPath} = this.#files;
		const beside = role === undefined ? [] : [parentOf(role)];
		const folders = [`${playbookFolder}/roles`, ...rolesPath, playbookFolder, ...beside];
		if (isTemplateText(name)) {
			for (const folder of [...folders.slice(0, -1 - beside.length), ...beside])
				for (const one of this.#files.list(folder)) this.addRole(`${folder}/${one}`);
		} else if (name.startsWith('/')) this.addRole(name);
		else for (const folder of folders) if (this.#files.isFolder(`${folder}/${name}`)) this.addRole(`${folder}/${name}`);
	}

	/** A file of tasks or variables that is named by a text with or without templates. */
	#followFile(kind: 'tasks' | 'vars', text: string, from: string, role: string | undefined): void {
		const {playbookFolder} = this.#files;
		const written = text
			.replace(/\{\{\s*playbook_dir\s*\}\}/g, playbookFolder)
			.replace(/\{\{\s*role_path\s*\}\}/g, role ?? playbookFolder);
		// What begins with a template may be any path.
		if (/^\s*\{\{[^{}]*\}\}\//.test(written)) {
			this.#found.open = true;
			return;
		}
		const folders = [
			...(role === undefined ? [] : [`${role}/${kind}`, role]),
			parentOf(from),
			`${parentOf(from)}/${kind}`,
			`${playbookFolder}/${kind}`,
			playbookFolder,
		];
		const places = written.startsWith('/') ? [written] : folders.map((folder) => `${folder}/${written}`);
		for (const place of places) {
			if (isTemplateText(place)) this.#followPattern(place, role);
			else if (this.#files.isFile(place)) this.add(place, role);
			else if (this.#files.isFolder(place)) this.addFolder(place, role);
		}
	}

	/** `vars/{{ ansible_os_family }}.yml`: whatever file in that folder could be meant. */
	#followPattern(pattern: string, role: string | undefined): void {
		this.addFolder(pattern.slice(0, pattern.indexOf('{{')).replace(/\/[^/]*$/, ''), role);
	}
}

function parentOf(path: string): string {
	return path.replace(/\/?[^/]*$/, '') || '.';
}
