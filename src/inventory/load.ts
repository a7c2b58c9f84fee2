import {accessSync, constants, readdirSync, readFileSync, statSync} from 'node:fs';
import {homedir} from 'node:os';
import {extname, join, resolve} from 'node:path';
import {type Diagnostic, DiagnosticError, type MapNode, type Node, parseYaml, type Report, SourceFile} from '../source/source.js';
import {isVaultText, openVault, VaultError, type VaultSecrets} from '../vault/vault.js';
import {parseAddress} from './address.js';
import {Inventory} from './hosts-and-groups.js';
import {readIni} from './ini.js';
import {readScript} from './script.js';
import {SourceFault} from './source-fault.js';
import {readYamlInventory} from './yaml-inventory.js';

export interface InventoryOptions {
	readonly report: Report;
	/** The folder that relative sources start from; the working directory when absent. */
	readonly folder?: string;
	readonly vault?: VaultSecrets;
	/** Files of a directory with these endings are no sources. */
	readonly ignoreExtensions?: readonly string[];
	/** Files of a directory whose names match are no sources. */
	readonly ignorePatterns?: readonly RegExp[];
	/** A source that nothing can read is an error (`any_unparsed_is_failed`). */
	readonly anyUnparsedIsFailed?: boolean;
	/** It is a warning when no source at all can be read; by default it is. */
	readonly warnsOfNone?: boolean;
	/** It is an error when no source at all can be read (`unparsed_is_failed`). */
	readonly unparsedIsFailed?: boolean;
	/** The environment of inventory scripts; that of this process when absent. */
	readonly environment?: NodeJS.ProcessEnv;
}

/** What Ansible ignores in an inventory directory by default. */
export const ignoredExtensions = ['.pyc', '.pyo', '.swp', '.bak', '~', '.rpm', '.md', '.txt', '.rst', '.orig', '.cfg', '.retry'];

const yamlExtensions = new Set(['', '.yaml', '.yml', '.json']);

/**
 * Reads all sources (paths of files, directories and scripts, or lists such as `a,b,`) into one inventory. What cannot be read is a warning, as
 * in Ansible; what had been read of it before stays. Throws `DiagnosticError` only where an option asks for it.
 */
export function loadInventory(sources: readonly string[], options: InventoryOptions): Inventory {
	const inventory = new Inventory(options.report);
	let parsed = false;
	for (const source of sources) {
		if (source === '') continue;
		const path =
			source.includes(',') && !exists(source) ? source : resolve(options.folder ?? '.', source.replace(/^~(?=\/|$)/, homedir()));
		inventory.sources.push(path);
		if (new Loader(inventory, options).source(path)) parsed = true;
	}
	if (parsed) inventory.reconcile();
	else {
		const help = 'name one with `-i`, or set `inventory` in ansible.cfg';
		const nothing = {code: 'inventory/none', labels: [], help} as const;
		if (options.unparsedIsFailed) {
			const ansible = 'No inventory was parsed, please check your configuration and options.';
			throw new DiagnosticError({...nothing, severity: 'error', message: 'no inventory could be read', ansible});
		}
		const ansible = 'No inventory was parsed, only implicit localhost is available';
		if (options.warnsOfNone !== false)
			options.report({
				...nothing,
				severity: 'warning',
				message: 'there is no inventory; only the implicit `localhost` is available',
				ansible,
			});
	}
	return inventory;
}

/** One way to read a source: the name of Ansible's plugin, and its work. */
interface Parser {
	readonly name: string;
	readonly read: () => void;
}

class Loader {
	readonly #inventory: Inventory;
	readonly #options: InventoryOptions;

	constructor(inventory: Inventory, options: InventoryOptions) {
		this.#inventory = inventory;
		this.#options = options;
	}

	/** Reads a source; false when nothing could. */
	source(path: string): boolean {
		if (isDirectory(path)) {
			let any = false;
			for (const name of readdirSync(path).sort()) if (!this.#isIgnored(name) && this.source(join(path, name))) any = true;
			return any;
		}
		const failures: Diagnostic[] = [];
		for (const parser of this.#parsers(path)) {
			try {
				parser.read();
				return true;
			} catch (error) {
				if (!(error instanceof SourceFault)) throw error;
				failures.push(failureOf(parser.name, path, error));
			}
		}
		for (const failure of failures) this.#options.report(failure);
		const what = {code: 'inventory/syntax', message: `\`${path}\` cannot be read as an inventory`, labels: []} as const;
		if (this.#options.anyUnparsedIsFailed) {
			throw new DiagnosticError({...what, severity: 'error', ansible: `Completely failed to parse inventory source ${path}`});
		}
		const help = exists(path) || path.includes(',') ? {} : {help: 'there is no such file'};
		this.#options.report({...what, ...help, severity: 'warning', ansible: `Unable to parse ${path} as an inventory source`});
		return false;
	}

	/** The parsers that may read a source, in Ansible's order: list of hosts, script, YAML, INI. */
	*#parsers(path: string): Generator<Parser> {
		const inventory = this.#inventory;
		if (!exists(path)) {
			if (path.includes(',')) yield {name: 'host_list', read: () => this.#readHostList(path)};
			return;
		}
		const {report, environment} = this.#options;
		if (isExecutable(path)) yield {name: 'script', read: () => readScript(path, path, inventory, {report, environment})};
		const extension = extname(path);
		if (extension === '.toml') {
			yield {name: 'toml', read: () => fail('inventories in TOML cannot be read here', 'write it as YAML or INI')};
			return;
		}
		const file = this.#file(path);
		if (typeof file === 'string') {
			yield {name: 'auto', read: () => fail(file)};
			return;
		}
		if (yamlExtensions.has(extension)) yield {name: 'yaml', read: () => this.#readYaml(file, path)};
		yield {name: 'ini', read: () => readIni(file, path, inventory)};
	}

	/** The text of a source, opened when it is vault text; a text says why it cannot be had. */
	#file(path: string): SourceFile | string {
		try {
			const text = readFileSync(path, 'utf8');
			if (!isVaultText(text) || !this.#options.vault) return new SourceFile(path, text);
			const file = new SourceFile(path, openVault(text, this.#options.vault), {isSealed: true});
			file.isSecret = true;
			return file;
		} catch (error) {
			if (error instanceof VaultError || error instanceof Error) return error.message;
			throw error;
		}
	}

	#readYaml(file: SourceFile, path: string): void {
		const found: Diagnostic[] = [];
		const root = parseYaml(file, (diagnostic) => found.push(diagnostic));
		const wrong = found.find(({severity}) => severity === 'error');
		if (wrong) {
			const message = (wrong.ansible ?? wrong.message).replace(/\n[\s\S]*/, '');
			throw new SourceFault(message, wrong.labels[0]?.span, wrong.help);
		}
		const plugin = pluginOf(root);
		if (plugin) fail(`the inventory plugin \`${plugin}\` is not among those that can be used here`, undefined, root);
		readYamlInventory(file, root, path, this.#inventory, this.#options.report);
		for (const warning of found) this.#options.report(warning);
	}

	#readHostList(list: string): void {
		const group = this.#inventory.groups.get('ungrouped')!;
		for (const part of list.split(',')) {
			const pattern = part.trim();
			if (pattern === '') continue;
			// Ranges are not for such lists: a pattern that is no single address is a name as it stands.
			const address = pattern.includes('[') && !pattern.startsWith('[') ? undefined : parseAddress(pattern);
			const name = address?.host ?? pattern;
			if (!this.#inventory.hosts.has(name)) this.#inventory.addHost(name, {group, file: list, port: address?.port});
		}
	}

	#isIgnored(name: string): boolean {
		const {ignoreExtensions = ignoredExtensions, ignorePatterns = []} = this.#options;
		if (name.startsWith('.') || name === 'host_vars' || name === 'group_vars' || name === 'vars_plugins') return true;
		return ignoreExtensions.some((ending) => name.endsWith(ending)) || ignorePatterns.some((pattern) => pattern.test(name));
	}
}

function fail(message: string, help?: string, node?: Node): never {
	throw new SourceFault(message, node?.span, help);
}

function pluginOf(root: Node | undefined): string | undefined {
	const entry = root?.kind === 'map' ? (root as MapNode).entries.find(({key}) => key.text === 'plugin') : undefined;
	return entry?.value.kind === 'scalar' ? entry.value.text : undefined;
}

function failureOf(parser: string, path: string, {message, span, help}: SourceFault): Diagnostic {
	return {
		severity: 'warning',
		code: 'inventory/syntax',
		message: `\`${path}\` is no inventory for the \`${parser}\` parser: ${message}`,
		labels: span ? [{span}] : [],
		...(help === undefined ? {} : {help}),
		ansible: `Failed to parse inventory with '${parser}' plugin: ${parser === 'ini' ? 'Failed to parse inventory: ' : ''}${message}`,
	};
}

function exists(path: string): boolean {
	return statSync(path, {throwIfNoEntry: false}) !== undefined;
}

function isDirectory(path: string): boolean {
	return statSync(path, {throwIfNoEntry: false})?.isDirectory() ?? false;
}

function isExecutable(path: string): boolean {
	if (((statSync(path, {throwIfNoEntry: false})?.mode ?? 0) & 0o111) === 0) return false;
	try {
		accessSync(path, constants.X_OK);
		return true;
	} catch {
		return false;
	}
}
