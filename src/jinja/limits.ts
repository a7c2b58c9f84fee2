import {PythonError} from './fault.js';

/** The longest text or list a template may make: far above any real file, far below what hurts this machine. */
export const maximumLength = 8_000_000;
/** How often the loops of one evaluation may turn, all together. */
export const maximumIterations = 5_000_000;
/** How deep templates, macros and includes may nest. */
export const maximumDepth = 120;
/** How deep brackets, operators and statements may nest in one source. */
export const maximumNesting = 150;
/** How many bits an integer may have. */
export const maximumBits = 200_000;

/** Refuses, before it is allocated, what would be longer than `maximumLength`. */
export function checkLength(length: number): void {
	if (length > maximumLength) {
		throw new PythonError(
			'LimitError',
			`a template may not make a text or list longer than ${maximumLength} (this would have ${length})`,
		);
	}
}
