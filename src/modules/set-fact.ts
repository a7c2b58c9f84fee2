import {Dict, isVariableName, type Value} from '../jinja/jinja.js';
import {defineAction, ModuleFailure, type Result} from './contract.js';
import {booleanOf} from './convert-argument.js';

export default defineAction<Readonly<Record<string, unknown>>>({
	name: 'set_fact',
	summary: 'Set variables of a host for the rest of the run.',
	args: {cacheable: {type: 'raw', default: false, description: 'Whether the values are kept as facts, also in the fact cache.'}},
	freeForm: '_raw_params',
	anyArguments: true,
	takesUnknown: true,
	inCheckMode: 'run',
	needsHost: false,
	act({cacheable, _raw_params: _, ...values}) {
		const facts = Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Result;
		const names = Object.keys(facts);
		if (names.length === 0)
			throw new ModuleFailure('No key/value pairs provided, at least one is required for this action to succeed');
		for (const name of names) if (!isVariableName(name)) throw new ModuleFailure(`Invalid variable name '${name}'.`);
		const kept = booleanOf((cacheable ?? false) as Value) === true;
		return {
			result: {ansible_facts: Dict.from(Object.entries(facts))},
			changed: false,
			effects: [{kind: 'variables', values: facts, cacheable: kept}],
		};
	},
});
