/* The lookups that vectors use and that need no file: what the runner's own lookups do belongs to its room. */
import {Dict, PythonError, pythonStr, type Scope, TemplateError, type Value} from '../src/jinja/jinja.js';

interface Surroundings {
	readonly scope: Scope;
	readonly environ: Dict;
	names(): string[];
}

export function vectorLookup(
	name: string,
	terms: readonly Value[],
	options: ReadonlyMap<string, Value>,
	{scope, environ, names}: Surroundings,
): readonly Value[] | undefined {
	switch (name) {
		case 'env':
			return terms.map((term) => environ.get(term) ?? options.get('default') ?? '');
		case 'vars':
			return terms.map((term) => {
				const value = typeof term === 'string' ? scope.resolve(term) : undefined;
				if (typeof term !== 'string') throw new PythonError('TypeError', `Variable name must be 'str' not '${pythonStr(term)}'.`);
				if (value !== undefined) return value;
				const fallback = options.get('default');
				if (fallback === undefined)
					throw new TemplateError('undefined', `No variable named '${term}' was found.`, {subject: term});
				return fallback;
			});
		case 'varnames':
			return names().filter((one) => terms.some((term) => new RegExp(pythonStr(term)).test(one)));
		case 'items':
			return terms.flatMap((term) => (Array.isArray(term) ? term : [term]));
		case 'list':
			return terms;
		case 'dict':
			return terms.flatMap((term) => {
				if (!(term instanceof Dict)) throw new PythonError('TypeError', 'with_dict expects a dict');
				return Array.from(term.entries(), ([key, value]) =>
					Dict.from([
						['key', key],
						['value', value],
					]),
				);
			});
		default:
			return undefined;
	}
}
