import type {ArgumentProblem} from '../modules/modules.js';

/** A task cannot even begin on a host (a field's value, an argument, a file of this side): a failure of the task, in Ansible's words. */
export class FieldError extends Error {
	constructor(message: string, options?: ErrorOptions) {
		super(message, options);
		this.name = 'FieldError';
	}
}

/** A task's arguments are not what its module takes. */
export class ArgumentError extends FieldError {
	readonly problem: ArgumentProblem;
	constructor(message: string, problem: ArgumentProblem) {
		super(message);
		this.problem = problem;
	}
}
