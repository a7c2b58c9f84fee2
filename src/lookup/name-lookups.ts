import {Marker, PythonError, pythonStr, searchRegex, TemplateError, typeName, type Value} from '../jinja/jinja.js';
import {type Lookup, lookupFault, textOption, textTerm} from './context.js';

/** Variables of this side's environment. */
export const env: Lookup = (terms, options, {environment}) =>
	terms.map((term) => {
		if (typeof term !== 'string') throw lookupFault(`'${typeName(term)}' object has no attribute 'split'`);
		const name = term.trim().split(/\s+/)[0]!;
		if (name === '') throw lookupFault('list index out of range');
		const value = environment[name];
		if (value !== undefined) return value;
		const fallback = options.get('default') ?? '';
		return fallback instanceof Marker ? undefinedValue(`The environment variable '${name}' is not set.`) : fallback;
	});

/** Variables by name. */
export const vars: Lookup = (terms, options, context) =>
	terms.map((term) => {
		if (typeof term !== 'string') throw lookupFault(`Variable name must be 'str' not '${typeName(term)}'.`);
		const value = context.resolve(term);
		if (value !== undefined) return value;
		const fallback = options.get('default');
		return fallback === undefined || fallback === null ? undefinedValue(`No variable named '${term}' was found.`) : fallback;
	});

/** The names of variables that regular expressions match. */
export const varnames: Lookup = (terms, _options, context) => {
	const names = [...context.variableNames()];
	return terms.flatMap((term) => {
		if (typeof term !== 'string')
			throw lookupFault(`Invalid setting identifier, "${pythonStr(term)}" is not a string, it is a ${typeName(term)}`);
		try {
			return names.filter((name) => searchRegex(term, name));
		} catch (error) {
			if (error instanceof PythonError) throw lookupFault(`Unable to use "${term}" as a search parameter: ${error.message}`);
			throw error;
		}
	});
};

/** The hosts that patterns mean; none when a pattern cannot be read. */
export const inventoryHostnames: Lookup = (terms, _options, context) => {
	try {
		return context.matchHosts(terms.map(textTerm));
	} catch {
		return [];
	}
};

/** Settings of ansible.cfg by their names. */
export const config: Lookup = (terms, options, context) => {
	if (options.get('plugin_type') || options.get('plugin_name')) throw lookupFault('settings of plugins cannot be looked up here');
	const missing = textOption(options, 'on_missing', 'error');
	return terms.flatMap((term) => {
		if (typeof term !== 'string')
			throw lookupFault(`Invalid setting identifier, ${pythonStr(term)} is not a string, its a ${typeName(term)}.`);
		const value = context.setting(term);
		if (value !== undefined) return [value];
		if (missing === 'error') throw lookupFault(`Requested entry (setting: ${term} ) was not defined in configuration.`);
		return [];
	});
};

function undefinedValue(message: string): Value {
	return new Marker(new TemplateError('undefined', message));
}
