import type {Expression, Position} from './ast.js';
import {UnknownUsed} from './fault.js';
import {type Frame, located} from './run.js';
import type {Unknown, Value} from './value.js';

/** A compiled expression: its value in a frame. */
export type Evaluate = (frame: Frame) => Value;

/** What the compiler knows of the place it is at. */
export interface Place {
	/** Inside an `if`: unknown filters and tests are errors only when reached. */
	readonly soft: boolean;
}

/** Makes a closure of an expression: what the parts of the compiler call for the expressions inside theirs. */
export type Compile = (node: Expression) => Evaluate;

/** Runs an operator; what it throws gets its place. Unknown operands make the result unknown. */
export function guarded(node: Position, evaluate: Evaluate): Evaluate {
	return (frame) => {
		try {
			return evaluate(frame);
		} catch (fault) {
			return recovered(fault, frame, node);
		}
	};
}

/** The result of an operator that threw: unknown, or it throws again with its place. The most frequent operators call it themselves. */
export function recovered(fault: unknown, frame: Frame, node: Position): Unknown {
	if (fault instanceof UnknownUsed) return fault.unknown;
	throw located(fault, frame, node);
}
