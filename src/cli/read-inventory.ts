import {existsSync} from 'node:fs';
import {type Inventory, loadInventory} from '../inventory/inventory.js';
import type {Diagnostic} from '../source/source.js';
import type {VaultSecrets} from '../vault/vault.js';
import {type Config, commas, isOn} from './config.js';
import type {Options} from './options.js';

/** Reads the inventories of a run, as strictly as ansible.cfg wants it. */
export function readInventory(
	options: Options,
	config: Config,
	{report, vault}: {report: (found: Diagnostic) => void; vault: VaultSecrets},
): Inventory {
	const {ignoreExtensions, ignorePatterns} = config.settings;
	return loadInventory(sourcesOf(options, config), {
		report,
		vault,
		unparsedIsFailed: isOn(config, 'unparsedIsFailed', false),
		anyUnparsedIsFailed: isOn(config, 'anyUnparsedIsFailed', false),
		warnsOfNone: isOn(config, 'unparsedWarning', true),
		...(ignoreExtensions === undefined ? {} : {ignoreExtensions: commas(ignoreExtensions)}),
		...(ignorePatterns === undefined ? {} : {ignorePatterns: commas(ignorePatterns).map((one) => new RegExp(one))}),
	});
}

/** The inventories of a run: those of `-i`, or of ansible.cfg, or of the machine. */
function sourcesOf(options: Options, config: Config): string[] {
	if (options.inventory.length > 0) return [...options.inventory];
	const named = config.settings.inventory;
	if (named === undefined) return existsSync('/etc/ansible/hosts') ? ['/etc/ansible/hosts'] : [];
	return named.endsWith(',') ? [named] : named.split(',');
}
