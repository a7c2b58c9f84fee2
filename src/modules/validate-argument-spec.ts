import {Dict, typeName, type Value} from '../jinja/jinja.js';
import {defineAction, ModuleFailure, type Outcome} from './contract.js';
import {validateSpec} from './read-arguments.js';

interface ValidateArguments {
	readonly argument_spec?: Value;
	readonly provided_arguments?: Value;
	readonly validate_args_context?: Value;
	readonly [other: string]: unknown;
}

export default defineAction<ValidateArguments>({
	name: 'validate_argument_spec',
	summary: 'Check values against argument specs.',
	args: {
		argument_spec: {type: 'raw', required: true, description: 'The specs, by argument.'},
		provided_arguments: {type: 'raw', description: 'Values that stand above the variables of the same names.'},
		validate_args_context: {type: 'raw', description: 'Where the specs come from, for the result.'},
	},
	inCheckMode: 'run',
	needsHost: false,
	act(
		{argument_spec: spec, provided_arguments: provided = new Dict(), validate_args_context: context = new Dict()},
		_before,
		scope,
	): Outcome {
		if (!(spec instanceof Dict))
			throw new ModuleFailure(`Incorrect type for argument_spec, expected dict and got ${classOf(spec ?? null)}`);
		if (!(provided instanceof Dict))
			throw new ModuleFailure(`Incorrect type for provided_arguments, expected dict and got ${classOf(provided)}`);
		const given = new Dict();
		for (const name of spec.keys()) {
			const value = provided.has(name) ? provided.get(name) : scope.variable(String(name));
			if (value !== undefined) given.set(name, value);
		}
		for (const [name, value] of provided.entries()) given.set(name, value);
		const problems = validateSpec(spec, given);
		if (problems.length === 0)
			return {result: {msg: 'The arg spec validation passed', validate_args_context: context}, changed: false};
		const msg = `Validation of arguments failed:\n${problems.join('\n')}`;
		return {result: {msg, argument_errors: problems, argument_spec_data: spec, validate_args_context: context}, failed: msg};
	},
});

function classOf(value: Value): string {
	return `<class '${typeName(value)}'>`;
}
