/* What the lookups of a vector see: its variables, the environment that its file names, this machine's files below `/` as the reference had it. */
import {Dict, evaluateFile, finalize, pythonStr, type Scope, type Value} from '../src/jinja/jinja.js';
import {delimitersOf, type LookupContext, runLookup} from '../src/lookup/lookup.js';
import {VaultSecrets} from '../src/vault/vault.js';

/** The lookups of a vector; `scope` is the one that they are called in. */
export function lookupsOf(scope: () => Scope, variables: ReadonlyMap<string, Value>, environ: Dict | undefined): Scope['lookup'] {
	const environment = Object.fromEntries(
		Array.from(environ?.entries() ?? [], ([name, value]) => [pythonStr(name), pythonStr(value)]),
	);
	const context: LookupContext = {
		folders: [],
		basedir: '/',
		home: environment['HOME'] ?? '/',
		environment,
		vault: new VaultSecrets([]),
		resolve(name) {
			const value = variables.get(name);
			return value === undefined ? undefined : finalize(value, scope());
		},
		variableNames: () => variables.keys(),
		matchHosts: () => [],
		render(file, options) {
			const own = options.get('template_vars');
			const outer = scope();
			const inner: Scope = {
				...outer,
				resolve: (name) => (own instanceof Dict ? own.get(name) : undefined) ?? outer.resolve(name),
			};
			return evaluateFile(file.text, inner, {options: delimitersOf(options), origin: {file, start: 0, end: file.text.length}});
		},
		setting: () => undefined,
	};
	return (name, terms, options) => runLookup(name, terms, options, context);
}
