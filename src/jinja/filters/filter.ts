import type {VaultFunctions} from '../scope.js';
import type {Dict, Value} from '../value.js';

/*
 * How to add a filter or a test
 *
 * A family is one file, `src/jinja/filters/FAMILY.ts` or `src/jinja/tests/FAMILY.ts`, that exports one table:
 *
 *     export const pathFilters: FilterTable = {
 *         basename: {
 *             summary: 'The last part of a path.',
 *             signature: 'path',
 *             call(_context, path) {
 *                 return …;
 *             },
 *         },
 *         combine: {summary: '…', signature: "*terms, recursive=False, list_merge='replace'", call(context, terms, recursive, merge) {…}},
 *     };
 *
 * and is named in `src/jinja/registry.ts` (one line). Names without a dot belong to `ansible.builtin`; others are written in full
 * (`'community.general.json_query'`; `aliases: ['json_query']` for short names that work as well).
 *
 * - `signature` is Python's parameter list, the filtered value first: `a, b=1, *rest, c='x', **named`. Defaults are Python
 *   literals. The call gets one value for each parameter in that order: `*rest` is an array, `**named` a `Dict`. A wrong number of
 *   arguments or an unknown keyword is an error before `call` runs.
 * - A fault of the user is thrown as a `PythonError` (`typeError('…')`, `valueError('…')` of fault.ts): the result then is a marker with
 *   `The filter plugin 'ansible.builtin.x' failed: …`. Anything Python would call an exception is one; never let a JavaScript TypeError out.
 * - Markers (undefined or failed values): an argument that is one is the result, without a call, unless `markers` says otherwise:
 *   `'arguments'`: the call gets markers (and `Unknown`) as they are (default, ternary); `'elements'`: only those inside containers.
 *   Take a container apart with `iterate` (python/iterate.ts), look at values with `isTruthy`, `pythonStr`, `pythonEquals`, `compare` …
 *   (python/*.ts): all of them throw `MarkerUsed` or `UnknownUsed` for a marker or an unknown value, which ends the filter with it.
 * - Secrets: a filter that moves values about but never looks inside a text is `structural: true` and gets `Secret` elements as they are.
 *   Any other filter gets plain text, and the texts of its result become secret when an argument held a secret. Nothing to do in `call`.
 * - Text arguments: `pythonStr(value)` takes any value through its Python text, `textArgument(value, 'name')` (python/argument.ts) demands a string,
 *   `integerArgument` an integer. Integers may be bigint.
 * - Results: arrays, `Tuple`, `Dict`, … as value.ts says; a float that is whole must be `toFloat(n)` (python/number.ts), a big integer `toInt(n)`.
 * - Size: what can grow without bound calls `checkLength(n)` (limits.ts) before it allocates.
 * - Never give an argument back changed in place: copy.
 */

/** What a filter or test may ask of the evaluation it is called in. */
export interface PluginContext {
	/** Calls another filter as a template would (`map('upper')`): the result may be a marker. */
	callFilter(name: string, value: Value, positional?: readonly Value[], named?: ReadonlyMap<string, Value>): Value;
	/** Calls another test: the result is a boolean, a marker or unknown. */
	callTest(name: string, value: Value, positional?: readonly Value[], named?: ReadonlyMap<string, Value>): Value;
	/** A filter to be called for many values with the same further arguments; throws when there is none of that name. */
	filterCaller(name: string, positional: readonly Value[], named?: ReadonlyMap<string, Value>): (value: Value) => Value;
	/** A test to be called for many values. */
	testCaller(name: string, positional: readonly Value[], named?: ReadonlyMap<string, Value>): (value: Value) => Value;
	hasFilter(name: string): boolean;
	hasTest(name: string): boolean;
	/** `container[key]` by the template's rules: a marker when there is none. */
	getItem(container: Value, key: Value): Value;
	/** `container.name` by the template's rules. */
	getAttribute(container: Value, name: string): Value;
	/** An undefined value with a message of its own. */
	undefined(message: string): Value;
	/** Shows a warning once. */
	warn(message: string): void;
	/** Shows a deprecation once; `version` is the ansible-core release that drops it. */
	deprecate(message: string, version: string): void;
	/** A variable of this side's environment, by the lookup `env`; undefined when it is not set. */
	environment(name: string): string | undefined;
	/** What opens and closes vault texts, when the caller brought it. */
	readonly vault: VaultFunctions | undefined;
	/** The directory that relative paths of this side start from. */
	readonly workingDirectory: string;
	/** Whether text is escaped for HTML (never in playbooks). */
	readonly autoescape: boolean;
}

interface Plugin {
	/** One sentence for the manual. */
	readonly summary: string;
	/** Python's parameter list, see above. */
	readonly signature: string;
	/** Which markers the call accepts; none when absent. */
	readonly markers?: 'arguments' | 'elements';
	/** Moves values about but never looks inside a text. */
	readonly structural?: boolean;
	/** Its result rests on files of this side. */
	readonly ofFiles?: boolean;
	/** Further names, full or short. */
	readonly aliases?: readonly string[];
	/** An expression and the Python text of its result, shown in the manual and run as a test. */
	readonly example?: readonly [expression: string, result: string];
}

export interface Filter extends Plugin {
	call(context: PluginContext, ...values: Value[]): Value;
}

export interface Test extends Plugin {
	call(context: PluginContext, ...values: Value[]): boolean | Value;
}

export type FilterTable = Readonly<Record<string, Filter>>;
export type TestTable = Readonly<Record<string, Test>>;

/** The keyword arguments that `**named` collects, by name. */
export type Named = Dict;
