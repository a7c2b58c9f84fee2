import {joinPieces} from './join.js';
import type {Frame} from './run.js';
import type {Value} from './value.js';

/** A compiled statement: appends its output; says whether a loop is to be left or continued. */
export type Execute = (frame: Frame, out: Value[]) => Flow;
export type Flow = undefined | 'break' | 'continue';

/** Runs a body apart: its output joined as a value. */
export function capture(body: Execute, frame: Frame, escaping = frame.autoescape): Value {
	const out: Value[] = [];
	body(frame, out);
	return joinPieces(out, frame.context.environment, escaping);
}
