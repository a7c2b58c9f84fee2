import {didYouMean, getEntry, type MapNode, type Node, type Span} from '../source/source.js';
import type {Level} from './level.js';
import {complain, type Reading} from './reading.js';

/** A role as it lies on disk; where it is used (with what keywords and parameters) is a `Block` of its own. */
export interface Role {
	readonly name: string;
	readonly path: string;
	readonly defaults: readonly MapNode[];
	readonly vars: readonly MapNode[];
	readonly dependencies: readonly Node[];
	readonly allowDuplicates: boolean;
	/** Entry point (`main`) → its specification. */
	readonly argumentSpecs: MapNode | undefined;
	/** The roles it depends on, filled when it is placed. */
	readonly requires: Role[];
}

/** The files of a role that may be chosen by `tasks_from` and its kin. */
export interface RoleFiles {
	readonly tasks?: string;
	readonly vars?: string;
	readonly defaults?: string;
	readonly handlers?: string;
}

/** Finds and reads a role, without its tasks. Undefined (and reported) when there is none. */
export function readRole(reading: Reading, name: string, span: Span, level: Level, from: RoleFiles = {}): Role | undefined {
	const path = findRole(reading, name, level);
	if (!path) {
		complain(reading, 'role/not-found', span, `there is no role \`${name}\``, {
			text: didYouMean(
				name,
				roleFolders(reading).flatMap((folder) => reading.list(folder)),
			),
			notes: [`searched in ${roleFolders(reading).join(', ')}`],
			ansible: `the role '${name}' was not found in ${roleFolders(reading).join(':')}`,
		});
		return undefined;
	}
	const meta = mapOf(reading, mainFile(reading, `${path}/meta`));
	const specsFile = mainFile(reading, `${path}/meta`, 'argument_specs');
	const specs = specsFile ? mapOf(reading, specsFile) : meta;
	const dependencies = meta && getEntry(meta, 'dependencies')?.value;
	const allow = meta && getEntry(meta, 'allow_duplicates')?.value;
	const argumentSpecs = specs && getEntry(specs, 'argument_specs')?.value;
	return {
		name: name.split('/').at(-1)!,
		path,
		defaults: variableFiles(reading, path, 'defaults', from.defaults, span),
		vars: variableFiles(reading, path, 'vars', from.vars, span),
		dependencies: dependencies?.kind === 'seq' ? dependencies.items : [],
		allowDuplicates: allow?.kind === 'scalar' && allow.value === true,
		argumentSpecs: argumentSpecs?.kind === 'map' ? argumentSpecs : undefined,
		requires: [],
	};
}

/** The file of tasks or handlers of a role: `main` unless named. */
export function roleFile(reading: Reading, role: Role, kind: 'tasks' | 'handlers', name?: string): string | undefined {
	return mainFile(reading, `${role.path}/${kind}`, name ?? 'main');
}

/** Where roles are looked for. */
export function roleFolders(reading: Reading): string[] {
	return [`${reading.playbookFolder}/roles`, ...reading.rolesPath, reading.playbookFolder];
}

/** The folder of a role, undefined when there is none. */
export function findRole(reading: Reading, name: string, level: Level): string | undefined {
	if (name.startsWith('/')) return reading.isFolder(name) ? name : undefined;
	const besideRoles: string[] = [];
	for (let at: Level | undefined = level; at; at = at.parent) if (at.role) besideRoles.push(at.role.path.replace(/\/[^/]*$/, ''));
	return [...roleFolders(reading), ...besideRoles].map((folder) => `${folder}/${name}`).find((path) => reading.isFolder(path));
}

/** `main.yml`, `main.yaml`, `main.json` or `main` in a folder (or another name, tried as it is first). */
function mainFile(reading: Reading, folder: string, name = 'main'): string | undefined {
	const names =
		name === 'main' ? ['main.yml', 'main.yaml', 'main.json', 'main'] : [name, `${name}.yml`, `${name}.yaml`, `${name}.json`];
	return names.map((one) => `${folder}/${one}`).find((path) => reading.isFile(path));
}

/** `vars` and `defaults` may also be a folder `main/`, whose files are merged in order of name. */
function variableFiles(
	reading: Reading,
	role: string,
	kind: 'vars' | 'defaults',
	name: string | undefined,
	span: Span,
): MapNode[] {
	const folder = `${role}/${kind}`;
	const file = mainFile(reading, folder, name);
	if (name && !file && !reading.isFolder(`${folder}/${name}`)) {
		complain(reading, 'file/not-found', span, `the role has no \`${kind}/${name}\``, {
			ansible: `Could not find specified file in role: ${kind}/${name}`,
		});
	}
	const files = reading.isFolder(`${folder}/${name ?? 'main'}`) ? allFiles(reading, `${folder}/${name ?? 'main'}`) : [];
	return [...(file ? [file] : []), ...files].flatMap((path) => mapOf(reading, path) ?? []);
}

function allFiles(reading: Reading, folder: string): string[] {
	return reading.list(folder).flatMap((name) => {
		const path = `${folder}/${name}`;
		if (reading.isFolder(path)) return allFiles(reading, path);
		return /\.(ya?ml|json)$/.test(name) || !name.includes('.') ? [path] : [];
	});
}

function mapOf(reading: Reading, path: string | undefined): MapNode | undefined {
	const node = path ? reading.readYaml(path) : undefined;
	if (!node || (node.kind === 'scalar' && node.value === null)) return undefined;
	if (node.kind === 'map') return node;
	complain(reading, 'playbook/shape', node.span, 'this file must hold a mapping of names to values');
	return undefined;
}
