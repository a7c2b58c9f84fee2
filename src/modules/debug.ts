import {pythonRepr, typeName, Unknown, type Value} from '../jinja/jinja.js';
import {defineAction, ModuleFailure, type Outcome} from './contract.js';

interface DebugArguments {
	readonly msg?: Value;
	readonly var?: Value;
	readonly verbosity?: number;
	readonly [other: string]: unknown;
}

export default defineAction<DebugArguments>({
	name: 'debug',
	summary: 'Print a message or a value.',
	args: {
		msg: {type: 'raw', default: 'Hello world!', description: 'What to print.'},
		var: {type: 'raw', description: 'The expression whose value is printed.'},
		verbosity: {type: 'int', default: 0, description: 'How many `-v` it takes before anything is printed.'},
	},
	rules: {mutuallyExclusive: [['msg', 'var']]},
	takesUnknown: true,
	inCheckMode: 'run',
	needsHost: false,
	act({msg, var: expression, verbosity = 0}, _before, scope): Outcome {
		if (verbosity > scope.verbosity) return {result: {skipped_reason: 'Verbosity threshold not met.'}, skipped: true};
		if (expression !== undefined && expression !== null && typeof expression !== 'string' && !(expression instanceof Unknown)) {
			throw new ModuleFailure(
				`argument 'var' is of type ${typeName(expression)} and we were unable to convert to _check_type_str_no_conversion: '${pythonRepr(expression)}' is not a string and conversion is not allowed`,
			);
		}
		if (expression instanceof Unknown) return {result: {msg: expression}, verbose: true};
		if (typeof expression === 'string' && expression !== '')
			return {result: {[expression]: scope.show(expression)}, verbose: true};
		return {result: {msg: msg ?? null}, verbose: true};
	},
});
