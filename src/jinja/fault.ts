import type {Marker, Unknown} from './value.js';

/** The Python exceptions that the language tells apart. */
export type PythonErrorType =
	| 'TypeError'
	| 'ValueError'
	| 'KeyError'
	| 'IndexError'
	| 'AttributeError'
	| 'ZeroDivisionError'
	| 'OverflowError'
	| 'UndefinedError'
	| 'SecurityError'
	| 'TemplateRuntimeError'
	| 'TemplateNotFound'
	| 'LimitError';

/**
 * What a Python operation fails with. A filter, test or call that throws one gives a `Marker` with this message; an operator that
 * throws one ends the innermost template. Filters throw it for whatever the user did wrong.
 */
export class PythonError extends Error {
	readonly type: PythonErrorType;
	constructor(type: PythonErrorType, message: string) {
		const limit = withoutStack();
		super(message);
		Error.stackTraceLimit = limit;
		this.name = type;
		this.type = type;
	}
}

/** Thrown where a marker is used: carries it to the nearest filter, call or template, which gives the marker as its result. */
export class MarkerUsed extends Error {
	readonly marker: Marker;
	constructor(marker: Marker) {
		const limit = withoutStack();
		super('an undefined or failed value was used');
		Error.stackTraceLimit = limit;
		this.marker = marker;
	}
}

/** Thrown where an unknown value is used: the nearest operator, filter, call or template then is unknown. */
export class UnknownUsed extends Error {
	readonly unknown: Unknown;
	constructor(unknown: Unknown) {
		const limit = withoutStack();
		super('an unknown value was used');
		Error.stackTraceLimit = limit;
		this.unknown = unknown;
	}
}

/**
 * Whether a fault ends the whole evaluation: a limit was reached. Were it a marker like other failures, what is behind it would go on and
 * reach the limit again, and that many times.
 */
export function endsEvaluation(fault: unknown): boolean {
	if (fault instanceof RangeError || (fault instanceof PythonError && fault.type === 'LimitError')) return true;
	return fault instanceof Error && fault.cause !== undefined && endsEvaluation(fault.cause);
}

/** Errors of templates are part of their evaluation, and frequent: no stack is recorded for the next one. Gives the limit to put back. */
function withoutStack(): number {
	const limit = Error.stackTraceLimit;
	Error.stackTraceLimit = 0;
	return limit;
}

/** Shorthand for the most common fault. */
export function typeError(message: string): PythonError {
	return new PythonError('TypeError', message);
}

/** Shorthand for a value that has the right type but is wrong. */
export function valueError(message: string): PythonError {
	return new PythonError('ValueError', message);
}
