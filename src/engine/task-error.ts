import type {ArgumentProblem} from '../modules/modules.js';
import type {Span} from '../source/source.js';

/** A task cannot even begin on a host (a field's value, an argument, a file of this side): a failure of the task, in Ansible's words. */
export class FieldError extends Error {
	/** What it is about, where that is not the task. */
	readonly span: Span | undefined;
	readonly help: string | undefined;
	/** The result's `msg` is this message alone, without what Ansible says before it. */
	readonly bare: boolean;
	constructor(
		message: string,
		options: ErrorOptions & {readonly span?: Span | undefined; readonly help?: string; readonly bare?: boolean} = {},
	) {
		super(message, options);
		this.name = 'FieldError';
		this.span = options.span;
		this.help = options.help;
		this.bare = options.bare ?? false;
	}
}

/** A task's arguments are not what its module takes. */
export class ArgumentError extends FieldError {
	readonly problem: ArgumentProblem;
	/** Ansible hears of it from the module on the host, and not from an action beside itself. */
	readonly byModule: boolean;
	constructor(message: string, problem: ArgumentProblem, byModule: boolean) {
		super(message, {bare: true});
		this.problem = problem;
		this.byModule = byModule;
	}
}

/** The time of a task is over. */
export class TimeoutError extends FieldError {
	/** The limit, in seconds. */
	readonly seconds: number;
	constructor(seconds: number) {
		super(`Timed out after ${seconds} second(s).`);
		this.seconds = seconds;
	}
}
