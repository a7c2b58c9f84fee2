import type {Callable, Value} from './value.js';

/** Whether a value can be called. */
export function isCallable(value: Value): value is Callable {
	return typeof value === 'object' && value !== null && 'callableName' in value && typeof (value as Callable).call === 'function';
}
