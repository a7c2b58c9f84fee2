import {ansibleDataFilters} from './filters/ansible-data.js';
import {ansibleTextFilters} from './filters/ansible-text.js';
import {combinatoricFilters} from './filters/combinatorics.js';
import {commentFilters} from './filters/comment.js';
import {communityListFilters} from './filters/community-lists.js';
import {communityTextFilters} from './filters/community-text.js';
import {dateFilters} from './filters/dates.js';
import {fileFilters} from './filters/files.js';
import type {Filter, FilterTable, Test, TestTable} from './filters/filter.js';
import {hashFilters} from './filters/hash.js';
import {ipFilters} from './filters/ip.js';
import {jinjaListFilters} from './filters/jinja-list.js';
import {jinjaSelectFilters} from './filters/jinja-select.js';
import {jinjaTextFilters} from './filters/jinja-text.js';
import {jsonFilters} from './filters/json.js';
import {jsonQueryFilters} from './filters/json-query.js';
import {mathFilters} from './filters/math.js';
import {pathFilters} from './filters/path.js';
import {randomFilters} from './filters/random.js';
import {regexFilters} from './filters/regex.js';
import {setFilters} from './filters/sets.js';
import {sizeFilters} from './filters/sizes.js';
import {urlFilters} from './filters/url.js';
import {valueFilters} from './filters/value.js';
import {vaultFilters} from './filters/vault.js';
import {yamlFilters} from './filters/yaml.js';
import {type Parameters, parseParameters} from './signature.js';
import {comparisonTests} from './tests/comparison.js';
import {fileTests} from './tests/file.js';
import {resultTests} from './tests/result.js';
import {textTests} from './tests/text.js';
import {typeTests} from './tests/type.js';
import {vaultTests} from './tests/vault.js';
import {versionTests} from './tests/version.js';

const filterTables: readonly FilterTable[] = [
	jinjaTextFilters,
	jinjaListFilters,
	jinjaSelectFilters,
	valueFilters,
	ansibleDataFilters,
	ansibleTextFilters,
	jsonFilters,
	mathFilters,
	pathFilters,
	regexFilters,
	setFilters,
	yamlFilters,
	dateFilters,
	randomFilters,
	hashFilters,
	commentFilters,
	sizeFilters,
	urlFilters,
	combinatoricFilters,
	fileFilters,
	vaultFilters,
	communityListFilters,
	communityTextFilters,
	jsonQueryFilters,
	ipFilters,
];
const testTables: readonly TestTable[] = [
	typeTests,
	comparisonTests,
	resultTests,
	textTests,
	fileTests,
	versionTests,
	vaultTests,
];

/** A filter or test with its full name and parsed signature. */
export interface Registered<T> {
	readonly fullName: string;
	readonly plugin: T;
	readonly parameters: Parameters;
}

function register<T extends Filter | Test>(tables: readonly Readonly<Record<string, T>>[]): Map<string, Registered<T>> {
	const all = new Map<string, Registered<T>>();
	for (const table of tables) {
		for (const [name, plugin] of Object.entries(table)) {
			for (const one of [name, ...(plugin.aliases ?? [])]) {
				const fullName = one.includes('.') ? one : `ansible.builtin.${one}`;
				let parameters: Parameters | undefined;
				const entry: Registered<T> = {
					fullName,
					plugin,
					get parameters() {
						parameters ??= parseParameters(plugin.signature);
						return parameters;
					},
				};
				all.set(one, entry);
				if (!one.includes('.') && /^\w+$/.test(one)) {
					all.set(fullName, entry);
					all.set(`ansible.legacy.${one}`, entry);
				}
			}
		}
	}
	return all;
}

let filters: Map<string, Registered<Filter>> | undefined;
let tests: Map<string, Registered<Test>> | undefined;

/** The filter of a short or full name. */
export function findFilter(name: string): Registered<Filter> | undefined {
	filters ??= register(filterTables);
	return filters.get(name);
}

/** The test of a short or full name. */
export function findTest(name: string): Registered<Test> | undefined {
	tests ??= register(testTables);
	return tests.get(name);
}

/** Every name under which a filter or test can be used, for suggestions and the manual. */
export function pluginNames(kind: 'filter' | 'test'): string[] {
	filters ??= register(filterTables);
	tests ??= register(testTables);
	return [...(kind === 'filter' ? filters : tests).keys()];
}

/** Every filter and test once, by its own name. */
export function plugins(): {kind: 'filter' | 'test'; name: string; plugin: Filter | Test}[] {
	return [
		...filterTables.map((table) => ['filter', table] as const),
		...testTables.map((table) => ['test', table] as const),
	].flatMap(([kind, table]) => Object.entries(table).map(([name, plugin]) => ({kind, name, plugin})));
}
