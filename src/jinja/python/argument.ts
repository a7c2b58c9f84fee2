import {MarkerUsed, typeError, UnknownUsed} from '../fault.js';
import {Marker, Unknown, type Value} from '../value.js';
import {textOf} from './compare.js';
import {floatOf, isInteger, isNumber} from './number.js';
import {typeName} from './type-name.js';

/** The text of an argument that must be one. */
export function textArgument(value: Value, name: string): string {
	const text = textOf(value);
	if (text !== undefined) return text;
	refuseUsed(value);
	throw typeError(`${name} must be str, not ${typeName(value)}`);
}

/** An argument that must be an integer, as a number. */
export function integerArgument(value: Value, name: string): number {
	if (isInteger(value)) return Number(value);
	refuseUsed(value);
	throw typeError(`${name} must be an integer, not ${typeName(value)}`);
}

/** An argument that must be a number, as a float. */
export function numberArgument(value: Value, name: string): number {
	if (isNumber(value)) return floatOf(value);
	refuseUsed(value);
	throw typeError(`${name} must be a real number, not ${typeName(value)}`);
}

/** Throws for what may not be looked at: a marker, an unknown value. */
export function refuseUsed(value: Value): void {
	if (value instanceof Marker) throw new MarkerUsed(value);
	if (value instanceof Unknown) throw new UnknownUsed(value);
}
