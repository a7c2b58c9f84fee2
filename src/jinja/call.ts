import type {Position} from './ast.js';
import {isCallable} from './callable.js';
import {endsEvaluation, MarkerUsed, PythonError, UnknownUsed} from './fault.js';
import {Undefined} from './internal.js';
import {failureWork, spend, spendCall} from './limits.js';
import {firstTrouble} from './plugin-call.js';
import {typeName} from './python/type-name.js';
import {type Frame, valuesIn} from './run.js';
import {errorOf} from './unit.js';
import {type Callable, Internal, Marker, TemplateError, Unknown, type Value} from './value.js';

/** A callable that wants its arguments as they are, markers included (macros, lookups). */
export interface DirectCallable extends Callable {
	readonly direct: true;
	/** Called instead of `call`, with the frame of the caller. */
	callIn(frame: Frame, positional: readonly Value[], named: ReadonlyMap<string, Value>, at: Position): Value;
}

const noNames: ReadonlyMap<string, Value> = new Map();

/** `callee(...)`: markers among the arguments are the result, faults become markers. */
export function callValue(
	frame: Frame,
	callee: Value,
	positional: readonly Value[],
	named: ReadonlyMap<string, Value> | undefined,
	at: Position,
): Value {
	const {markers} = frame.context.environment;
	const direct = isCallable(callee) && 'direct' in callee ? (callee as DirectCallable) : undefined;
	try {
		if (direct) {
			const result = direct.callIn(frame, positional, named ?? noNames, at);
			return isMacro(callee) && result instanceof Marker ? result.via('called', frame.unit.span(at)) : result;
		}
		if (callee instanceof Marker) return callee;
		const trouble = markers ? firstTrouble(positional, named) : undefined;
		if (trouble) return trouble;
		if (callee instanceof Unknown) return callee;
		if (callee instanceof Undefined) callee.fail();
		if (!isCallable(callee))
			throw new PythonError(
				'TypeError',
				`'${callee instanceof Internal ? callee.pythonType : typeName(callee)}' object is not callable`,
			);
		spendCall(0);
		return callee.call(positional, named ?? noNames);
	} catch (fault) {
		if (fault instanceof UnknownUsed) return fault.unknown;
		if (!(fault instanceof MarkerUsed) && (!markers || endsEvaluation(fault))) throw fault;
		const marker = fault instanceof MarkerUsed ? fault.marker : failure(fault, frame, at);
		return isMacro(callee) ? marker.via('called', frame.unit.span(at)) : marker;
	}
}

function failure(fault: unknown, frame: Frame, at: Position): Marker {
	spend(failureWork);
	const error = errorOf(fault, frame.unit, at, {values: () => valuesIn(frame, at)});
	if (!error) throw fault;
	return new Marker(error);
}

/** What has a body in which something can fail. */
function isMacro(callee: Value): boolean {
	return callee instanceof Internal && callee.pythonType === 'Macro';
}

/** A global function of the language. */
export function makeGlobal(
	name: string,
	call: (positional: readonly Value[], named: ReadonlyMap<string, Value>) => Value,
): Callable {
	return {callableName: name, callableType: 'function', call};
}

/** A failed lookup as an error. */
export function pluginError(
	message: string,
	frame: Frame,
	at: Position,
	subject: string,
	category: 'plugin' | 'no_plugin' = 'plugin',
	cause?: unknown,
): TemplateError {
	return new TemplateError(category, message, {span: frame.unit.span(at), subject, cause});
}
