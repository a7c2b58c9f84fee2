import type {Value} from '../jinja/jinja.js';
import {defineAction, ModuleFailure} from './contract.js';

interface AssertArguments {
	readonly that: Value;
	readonly fail_msg?: Value;
	readonly success_msg?: Value;
	readonly quiet?: boolean;
	readonly [other: string]: unknown;
}

export default defineAction<AssertArguments>({
	name: 'assert',
	summary: 'Fail unless conditions hold.',
	args: {
		that: {type: 'raw', required: true, description: 'A condition, or a list of them.'},
		fail_msg: {type: 'raw', aliases: ['msg'], default: 'Assertion failed', description: 'The message when one does not hold.'},
		success_msg: {type: 'raw', default: 'All assertions passed', description: 'The message when all hold.'},
		quiet: {type: 'bool', default: false, description: 'Whether the result is left out of the output.'},
	},
	expressions: ['that'],
	inCheckMode: 'run',
	needsHost: false,
	act({that, fail_msg = 'Assertion failed', success_msg = 'All assertions passed', quiet = false}, _before, scope) {
		const failMessage = message('fail_msg', fail_msg);
		const successMessage = message('success_msg', success_msg);
		const shown = quiet ? {} : {verbose: true};
		for (const condition of Array.isArray(that) ? (that as readonly Value[]) : [that]) {
			if (scope.test(condition)) continue;
			const result = {assertion: textOf(condition), evaluated_to: false, msg: failMessage};
			return {
				result,
				changed: false,
				failed: typeof failMessage === 'string' ? failMessage : `[${failMessage.map((one) => `'${one}'`).join(', ')}]`,
				...shown,
			};
		}
		return {result: {msg: successMessage}, changed: false, ...shown};
	},
});

/** A text or a list of texts, as Ansible wants it. */
function message(name: string, value: Value): string | readonly string[] {
	if (typeof value === 'string') return value;
	if (Array.isArray(value) && value.every((item) => typeof item === 'string')) return value as readonly string[];
	const type = typeof value === 'number' ? 'int' : value === null ? 'NoneType' : typeof value === 'boolean' ? 'bool' : 'dict';
	throw new ModuleFailure(
		`argument '${name}' is of type ${type} and we were unable to convert to str_or_list_of_str: a string or list of strings is required`,
	);
}

/** A condition as the user wrote it. */
function textOf(condition: Value): Value {
	return condition !== null && typeof condition === 'object' && 'source' in condition
		? (condition as {source: string}).source
		: condition;
}
