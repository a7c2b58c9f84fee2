import type {Body, Expression, Position, Signature, Statement} from './ast.js';
import type {DirectCallable} from './call.js';
import {compileExpression} from './compile-expression.js';
import type {Evaluate} from './compiled.js';
import {capture, type Execute} from './execute.js';
import {typeError} from './fault.js';
import {maximumDepth, spendCall} from './limits.js';
import {pythonRepr} from './python/text.js';
import {Frame, undefinedValue} from './run.js';
import {SyntaxFault} from './syntax-error.js';
import {Dict, Internal, Tuple, type Value} from './value.js';
import {walk} from './walk.js';

/** Compiles a macro, or the body of a `call` block, which has no name: gives the macro with its definition's names. */
export function compileMacro(name: string | null, signature: Signature, body: Body, run: Execute): (frame: Frame) => Macro {
	const defaults = signature.defaults.map((one) => compileExpression(one, {soft: false}));
	const used = namesIn(body);
	if (
		signature.names.includes('caller') &&
		signature.names.indexOf('caller') < signature.names.length - signature.defaults.length
	) {
		throw new SyntaxFault(
			'When defining macros or call blocks the special "caller" argument must be omitted or be given a default.',
			0,
		);
	}
	const shape: Shape = {
		name,
		names: signature.names,
		defaults,
		run,
		takesCaller: used.has('caller') && !signature.names.includes('caller'),
		takesRest: used.has('varargs'),
		takesNamed: used.has('kwargs'),
	};
	return (frame) => new Macro(shape, frame);
}

interface Shape {
	readonly name: string | null;
	readonly names: readonly string[];
	readonly defaults: readonly Evaluate[];
	readonly run: Execute;
	readonly takesCaller: boolean;
	readonly takesRest: boolean;
	readonly takesNamed: boolean;
}

function namesIn(body: Body): Set<string> {
	const names = new Set<string>();
	walk(body, (node: Expression | Statement) => {
		if (node.kind === 'name') names.add(node.name);
	});
	return names;
}

export class Macro extends Internal implements DirectCallable {
	readonly pythonType = 'Macro';
	readonly direct = true;
	readonly callableName: string;
	readonly #shape: Shape;
	readonly #frame: Frame;

	constructor(shape: Shape, frame: Frame) {
		super();
		this.callableName = shape.name ?? 'caller';
		this.#shape = shape;
		this.#frame = frame;
	}
	get #shown(): string {
		return pythonRepr(this.#shape.name);
	}
	override attribute(name: string): Value | undefined {
		const {names, takesCaller, takesRest, takesNamed} = this.#shape;
		switch (name) {
			case 'name':
				return this.#shape.name;
			case 'arguments':
				return new Tuple([...names]);
			case 'caller':
				return takesCaller;
			case 'catch_varargs':
				return takesRest;
			case 'catch_kwargs':
				return takesNamed;
			default:
				return undefined;
		}
	}
	call(positional: readonly Value[], named: ReadonlyMap<string, Value>): Value {
		return this.callIn(this.#frame, positional, named, {start: 0, end: 0});
	}
	callIn(caller: Frame, positional: readonly Value[], named: ReadonlyMap<string, Value>, at: Position): Value {
		const {names, defaults, run, takesCaller, takesRest, takesNamed} = this.#shape;
		const shown = this.#shown;
		const frame = new Frame(this.#frame.context, this.#frame, this.#frame.unit, false);
		const {operation} = frame.context.store;
		if (positional.length > names.length && !takesRest)
			throw typeError(`macro ${shown} takes not more than ${names.length} argument(s)`);
		const rest = new Dict();
		for (const [key, value] of named) {
			const index = names.indexOf(key);
			if (index !== -1 && index < positional.length) throw typeError(`macro ${shown} got multiple values for argument '${key}'`);
			if (index !== -1 || (key === 'caller' && takesCaller)) continue;
			if (!takesNamed) {
				if (key === 'caller')
					throw typeError(
						`macro ${shown} was invoked with two values for the special caller argument. This is most likely a bug.`,
					);
				throw typeError(`macro ${shown} takes no keyword argument '${key}'`);
			}
			rest.set(key, value);
		}
		for (const [index, parameter] of names.entries()) {
			const given = index < positional.length ? positional[index] : named.get(parameter);
			if (given !== undefined) {
				frame.define(parameter, given);
				continue;
			}
			const fallback = defaults[index - (names.length - defaults.length)];
			frame.define(
				parameter,
				fallback ? fallback(frame) : undefinedValue(frame, `parameter '${parameter}' was not provided`, at, parameter),
			);
		}
		if (takesCaller)
			frame.define(
				'caller',
				named.has('caller') ? named.get('caller')! : undefinedValue(frame, 'No caller defined', at, 'caller'),
			);
		if (takesRest) frame.define('varargs', new Tuple(positional.slice(names.length)));
		if (takesNamed) frame.define('kwargs', rest);
		spendCall(0);
		if (++operation.depth > maximumDepth) {
			operation.depth--;
			throw new RangeError('macros are nested too deeply');
		}
		try {
			return capture(run, frame, caller.autoescape);
		} finally {
			operation.depth--;
		}
	}
	override toString(): string {
		return `<Macro ${this.#shape.name === null ? 'anonymous' : this.#shown}>`;
	}
}
