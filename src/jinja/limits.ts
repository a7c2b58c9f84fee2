import {PythonError} from './fault.js';

/** The longest text a template may make: far above any real file, far below what hurts this machine. */
export const maximumLength = 8_000_000;
/** How often the loops of one evaluation may turn, all together. */
export const maximumIterations = 2_000_000;
/** The longest list a template may make. */
export const maximumItems = 1_000_000;
/**
 * How much one evaluation may do, all together: an element visited while containers are compared, copied or printed and a turn of a loop
 * count 1, a call 8, a text that is changed 1 for 4 characters. It is some tenths of a second on a usual machine; counted
 * rather than timed, so that a run does not fail because its machine is busy.
 */
const maximumWork = 3_000_000;
const callWork = 8;
/** What a call that fails and an undefined name count more: they are remembered with all that is needed to tell of them. */
export const failureWork = 50;
export const undefinedWork = 16;
/** What a list or dict that is copied or printed counts beside its elements. */
export const containerWork = 8;
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

/** Refuses, before it is allocated, a list of more than `maximumItems`. */
export function checkItems(length: number): void {
	if (length > maximumItems) {
		throw new PythonError('LimitError', `a template may not make a list longer than ${maximumItems} (this would have ${length})`);
	}
}

let work = 0;

/** Counts visited elements, so that lists of shared lists cannot keep this side busy for ever. */
export function spend(elements: number): void {
	work += elements;
	if (work > maximumWork) throw new PythonError('LimitError', 'a template does too much: it works on too many values');
}

/** Counts a call that works on a value. */
export function spendCall(size: number): void {
	spend(callWork + (size >> 6));
}

/** A new evaluation begins. */
export function refillWork(): void {
	work = 0;
}
