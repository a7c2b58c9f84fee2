import {existsSync, readFileSync} from 'node:fs';
import {join, resolve} from 'node:path';
import {hide, type Value} from '../jinja/jinja.js';
import {SourceFile} from '../source/source.js';
import {isVaultText, openVault, VaultError, type VaultSecrets} from '../vault/vault.js';
import {lookupFault} from './context.js';

/** Where files of this side are searched. */
export interface SearchPath {
	readonly folders: readonly string[];
	readonly basedir: string;
	readonly home: string;
}

/**
 * The places where a file called `name` may be, best first: for each folder `folder/kind/name` and `folder/name` (`kind` is left out when the name
 * begins with it), for a folder of tasks in a role the role's own first, and the playbook's folder last; an absolute name is its only place
 * (Ansible's path_dwim_relative_stack).
 */
export function filePlaces(name: string, kind: string, {folders, basedir, home}: SearchPath): string[] {
	if (name.startsWith('~/') || name === '~') return [join(home, name.slice(1))];
	if (name.startsWith('/')) return [resolve(name)];
	const places: string[] = [];
	const kinds = name.split('/')[0] === kind ? [''] : [kind, ''];
	for (const folder of [...folders, basedir]) {
		const role = /^(.*)\/tasks(?:\/.*)?$/.exec(folder)?.[1];
		if (role !== undefined && existsSync(join(role, 'tasks', 'main.yml'))) places.push(join(role, kind, name));
		for (const one of kinds) places.push(join(folder, one, name));
	}
	return [...new Set(places)];
}

/** The first place where a file called `name` is, or undefined. `kind` is `files`, `templates`, `vars` or `tasks`. */
export function findFile(name: string, kind: string, path: SearchPath): string | undefined {
	return filePlaces(name, kind, path).find((place) => existsSync(place));
}

/** The text of a file of this side, opened when it is vault text. Throws `TemplateError`. */
export function readText(path: string, vault: VaultSecrets, encoding = 'utf-8'): SourceFile {
	let bytes: Buffer;
	try {
		bytes = readFileSync(path);
	} catch (error) {
		throw lookupFault(`Unable to read '${path}': ${error instanceof Error ? error.message : ''}`);
	}
	const latin = bytes.toString('latin1', 0, 32);
	try {
		if (isVaultText(latin)) return new SourceFile(path, openVault(bytes.toString('latin1'), vault), {isSealed: true});
	} catch (error) {
		if (error instanceof VaultError) throw lookupFault(`Unable to open '${path}': ${error.message}`);
		throw error;
	}
	try {
		return new SourceFile(path, new TextDecoder(encoding, {ignoreBOM: true}).decode(bytes));
	} catch {
		throw lookupFault(`The encoding '${encoding}' of '${path}' is not known.`);
	}
}

/** A value that a file gives: of a vault's file it is secret. */
export function valueIn(file: SourceFile, value: Value): Value {
	return file.isSealed ? hide(value) : value;
}
