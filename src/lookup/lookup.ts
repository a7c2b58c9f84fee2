import type {Value} from '../jinja/jinja.js';
import {lines, pipe} from './command-lookups.js';
import type {Lookup, LookupContext, LookupOptions} from './context.js';
import {csvfile} from './csvfile.js';
import {file, fileglob, firstFound, template, unvault} from './file-lookups.js';
import {ini} from './ini-file.js';
import {dict, indexedItems, items, list, nested, randomChoice, subelements, together} from './list-lookups.js';
import {optionsOf} from './manual.js';
import {config, env, inventoryHostnames, varnames, vars} from './name-lookups.js';
import {password} from './password.js';
import {sequence} from './sequence.js';
import {url} from './url.js';

export type {LookupContext, LookupOptions} from './context.js';
export {delimitersOf} from './file-lookups.js';
export {filePlaces, findFile, readText, type SearchPath} from './find-file.js';
export {type LookupManual, lookupManual} from './manual.js';

/** The lookups of ansible-core. */
const lookups: ReadonlyMap<string, Lookup> = new Map(
	Object.entries({
		config,
		csvfile,
		dict,
		env,
		file,
		fileglob,
		first_found: firstFound,
		indexed_items: indexedItems,
		ini,
		inventory_hostnames: inventoryHostnames,
		items,
		lines,
		list,
		nested,
		password,
		pipe,
		random_choice: randomChoice,
		sequence,
		subelements,
		template,
		together,
		unvault,
		url,
		varnames,
		vars,
	}),
);

/** The names that `lookup()`, `query()` and `with_` know, without `ansible.builtin.`. */
export const lookupNames: readonly string[] = [...lookups.keys()];

/**
 * Runs a lookup on this side: its results, or undefined when there is none of that name. Throws `TemplateError` of category `plugin` when it fails.
 * Commands and the network are waited for.
 */
export function runLookup(
	name: string,
	terms: readonly Value[],
	options: LookupOptions,
	context: LookupContext,
): readonly Value[] | undefined {
	const short = name.replace(/^ansible\.(?:builtin|legacy)\./, '');
	const lookup = lookups.get(short);
	if (lookup && options.size) {
		const known = optionsOf(short);
		for (const option of options.keys())
			if (!known.has(option)) context.warn?.(`The lookup plugin '${short}' has no option '${option}', which is ignored.`);
	}
	return lookup?.(terms, options, context);
}
