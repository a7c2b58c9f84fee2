import type {Inventory} from '../inventory/inventory.js';
import {evaluateFile, type Value} from '../jinja/jinja.js';
import {delimitersOf, type LookupContext, runLookup} from '../lookup/lookup.js';
import {type TaskScope, templateLayer, type VariableSources} from '../vars/vars.js';
import type {VaultSecrets} from '../vault/vault.js';

/** What lookups may know of the run. */
export interface LookupSources {
	readonly inventory: Inventory;
	readonly vault: VaultSecrets;
	readonly environment: Readonly<Record<string, string | undefined>>;
	readonly home: string;
	readonly setting: (name: string) => Value | undefined;
}

/** The lookups of a run, each with the names and folders of the task that asks. */
export function lookupsOf(sources: LookupSources): VariableSources['lookup'] {
	return (name, terms, options, scope, folders) => runLookup(name, terms, options, contextOf(sources, scope, folders));
}

function contextOf(
	{inventory, vault, environment, home, setting}: LookupSources,
	scope: TaskScope,
	folders: readonly string[],
): LookupContext {
	return {
		folders,
		basedir: folders.at(-1) ?? '.',
		home,
		environment,
		vault,
		resolve: (name) => scope.value(name),
		variableNames: () => new Set(scope.layers.flatMap((layer) => [...layer.names()])),
		matchHosts: (patterns) => inventory.match(patterns).map(({name}) => name),
		render: (file, options) => {
			const own = options.get('template_vars');
			const inner = scope.over(templateLayer(scope, file.path, undefined, own));
			return evaluateFile(file.text, inner, {options: delimitersOf(options), origin: {file, start: 0, end: file.text.length}});
		},
		setting,
		warn: (message) => scope.warn?.(message, undefined),
	};
}
