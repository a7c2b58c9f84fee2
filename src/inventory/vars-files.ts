import {readdirSync, readFileSync, statSync} from 'node:fs';
import {extname, join} from 'node:path';
import {type MapNode, parseYaml, type Report, SourceFile} from '../source/source.js';
import {isVaultText, openVault, VaultError, type VaultSecrets} from '../vault/vault.js';

export interface VarsFileOptions {
	readonly report: Report;
	readonly vault?: VaultSecrets;
}

/** The variables of one file: values stay nodes. */
export interface VarsFile {
	readonly path: string;
	readonly map: MapNode;
}

const extensions = ['', '.yml', '.yaml', '.json'];

/**
 * The files of variables for a group or host beside an inventory or playbook (`folder/group_vars/name`), read in the order in which they apply, the
 * last winning: the first of name, name.yml, name.yaml, name.json that exists, and when it is a directory all its files, sorted, with those of
 * its subdirectories. Faults go to `report`. Names that begin with a slash (chroot inventories) have none.
 */
export function loadVarsFiles(
	folder: string,
	kind: 'group_vars' | 'host_vars',
	name: string,
	options: VarsFileOptions,
): VarsFile[] {
	if (name.startsWith('/')) return [];
	return findVarsFiles(join(folder, kind), name).flatMap((path) => {
		const file = readVarsFile(path, options);
		return file ? [file] : [];
	});
}

/** The paths of the files of variables called `name` in a folder. */
export function findVarsFiles(folder: string, name: string): string[] {
	for (const extension of extensions) {
		const path = join(folder, name + extension);
		const stat = statSync(path, {throwIfNoEntry: false});
		if (stat) return stat.isDirectory() ? filesBelow(path) : [path];
	}
	return [];
}

/** Reads one file of variables; undefined when it is empty or cannot be read, which `report` is told. */
export function readVarsFile(path: string, {report, vault}: VarsFileOptions): VarsFile | undefined {
	let text: string;
	try {
		text = readFileSync(path, 'utf8');
	} catch (error) {
		const why = error instanceof Error ? error.message : '';
		report({severity: 'error', code: 'file/unreadable', message: `\`${path}\` cannot be read`, labels: [], notes: [why]});
		return undefined;
	}
	const encrypted = isVaultText(text);
	const onDisk = new SourceFile(path, text);
	if (encrypted) {
		try {
			if (!vault) throw new VaultError('no-secret', 'Attempting to decrypt but no vault secrets found.');
			text = openVault(text, vault);
		} catch (error) {
			if (!(error instanceof VaultError)) throw error;
			const code = error.kind === 'damaged' ? 'vault/damaged' : 'vault/no-secret';
			const span = {file: onDisk, start: 0, end: Math.max(0, onDisk.line(1).length)};
			report({
				severity: 'error',
				code,
				message: 'this file is encrypted and cannot be opened',
				labels: [{span}],
				notes: [error.message],
				ansible: error.message,
			});
			return undefined;
		}
	}
	const file = new SourceFile(path, text, {isSealed: encrypted});
	file.isSecret = encrypted;
	const root = parseYaml(file, report);
	if (!root || (root.kind === 'scalar' && root.value === null)) return undefined;
	if (root.kind === 'map') return {path, map: root};
	report({
		severity: 'error',
		code: 'playbook/shape',
		message: 'a file of variables must be a mapping',
		labels: [{span: root.span, text: root.kind === 'seq' ? 'this is a list' : 'this is a single value'}],
	});
	return undefined;
}

function filesBelow(folder: string): string[] {
	return readdirSync(folder, {withFileTypes: true})
		.map(({name}) => name)
		.sort()
		.filter((name) => !name.startsWith('.') && !name.endsWith('~'))
		.flatMap((name) => {
			const path = join(folder, name);
			const extension = extname(name);
			const stat = statSync(path, {throwIfNoEntry: false});
			if (stat?.isDirectory()) return extension === '' ? filesBelow(path) : [];
			return stat?.isFile() && extensions.includes(extension) ? [path] : [];
		});
}
