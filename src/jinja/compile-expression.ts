import {getAttribute, getItem} from './access.js';
import type {Expression, Position} from './ast.js';
import {SelfReference} from './block.js';
import {callValue} from './call.js';
import {compileArguments} from './compile-arguments.js';
import {compileFilter, compileTest} from './compile-plugin.js';
import {type Evaluate, guarded, type Place, recovered} from './compiled.js';
import {compileConstant, renderedConstant} from './constant.js';
import {PythonError} from './fault.js';
import {Undefined} from './internal.js';
import {add, concatenate, divide, floorDivide, modulo, multiply, negate, positive, power, subtract} from './python/arithmetic.js';
import {compare, contains, isTruthy, pythonEquals} from './python/compare.js';
import {sliceOf} from './python/subscript.js';
import {typeName} from './python/type-name.js';
import {type Frame, undefinedValue} from './run.js';
import {type Circumstances, Dict, Marker, Tuple, Unknown, type Value} from './value.js';

const binary = {'+': add, '-': subtract, '*': multiply, '/': divide, '//': floorDivide, '%': modulo, '**': power};

/** Makes a closure of an expression. Throws `SyntaxFault` for filters and tests that do not exist. */
export function compileExpression(node: Expression, place: Place): Evaluate {
	switch (node.kind) {
		case 'constant':
			return compileConstant(node);
		case 'name': {
			const {name} = node;
			if (name === 'self') return (frame) => valueOr(frame.resolve(name), () => new SelfReference(frame.context));
			const message = `'${name}' is undefined`;
			return (frame) => {
				const value = frame.resolve(name);
				if (value === undefined) return undefinedValue(frame, message, node, name, lackOf(name, frame));
				return value instanceof Marker ? value.via('read', frame.unit.span(node)) : value;
			};
		}
		case 'list':
		case 'tuple': {
			const items = node.items.map((item) => compileExpression(item, place));
			if (node.kind === 'list') return (frame) => items.map((item) => item(frame));
			return (frame) => new Tuple(items.map((item) => item(frame)));
		}
		case 'dict': {
			const pairs = node.pairs.map(([key, value]) => [compileExpression(key, place), compileExpression(value, place)] as const);
			return guarded(node, (frame) => {
				const dict = new Dict();
				for (const [key, value] of pairs) dict.set(key(frame), value(frame));
				return dict;
			});
		}
		case 'attribute': {
			const object = compileExpression(node.object, place);
			const {name} = node;
			return (frame) => {
				try {
					return getAttribute(frame, object(frame), name, node);
				} catch (fault) {
					return recovered(fault, frame, node);
				}
			};
		}
		case 'item': {
			const object = compileExpression(node.object, place);
			const key = compileExpression(node.key, place);
			return (frame) => {
				try {
					return getItem(frame, object(frame), key(frame), node);
				} catch (fault) {
					return recovered(fault, frame, node);
				}
			};
		}
		case 'slice': {
			const object = compileExpression(node.object, place);
			const [from, to, step] = [node.from, node.to, node.step].map((part) =>
				part ? compileExpression(part, place) : () => null,
			) as [Evaluate, Evaluate, Evaluate];
			return guarded(node, (frame) => {
				const value = object(frame);
				if (value instanceof Marker) return value;
				return sliceOf(value, from(frame), to(frame), step(frame));
			});
		}
		case 'call': {
			const callee = compileExpression(node.callee, place);
			const lookup = node.callee.kind === 'name' && ['lookup', 'query', 'q'].includes(node.callee.name);
			const args = compileArguments(
				node.arguments,
				(one) => compileExpression(one, place),
				lookup ? renderedConstant : undefined,
			);
			return guarded(node, (frame) => {
				const target = callee(frame);
				const {positional, named} = args(frame);
				return callValue(frame, target, positional, named, node);
			});
		}
		case 'filter':
			return compileFilter(node, place, (one) => compileExpression(one, place));
		case 'test':
			return compileTest(node, place, (one) => compileExpression(one, place));
		case 'unary': {
			const value = compileExpression(node.value, place);
			if (node.operator === 'not') {
				return guarded(node, (frame) => {
					const operand = value(frame);
					return operand instanceof Unknown ? operand : !isTruthy(operand);
				});
			}
			const operate = node.operator === '-' ? negate : positive;
			return guarded(node, (frame) => operate(value(frame)));
		}
		case 'binary': {
			const folded = foldedNumber(node);
			if (folded !== undefined) return () => folded;
			const operate = binary[node.operator];
			const left = compileExpression(node.left, place);
			const right = compileExpression(node.right, place);
			return (frame) => {
				try {
					return operate(left(frame), right(frame));
				} catch (fault) {
					return recovered(fault, frame, node);
				}
			};
		}
		case 'concat': {
			const items = node.items.map((item) => compileExpression(item, place));
			return guarded(node, (frame) =>
				concatenate(
					items.map((item) => item(frame)),
					frame.autoescape,
				),
			);
		}
		case 'compare':
			return compileComparison(node, place);
		case 'logic':
			return compileLogic(node, place);
		case 'conditional': {
			const soft = {soft: true};
			const test = compileExpression(node.test, soft);
			const then = compileExpression(node.value, soft);
			const otherwise = node.otherwise
				? compileExpression(node.otherwise, soft)
				: (frame: Frame) => lenientUndefined(frame, node);
			return guarded(node, (frame) => {
				const decided = test(frame);
				if (decided instanceof Unknown) return joinWorlds(decided, then(frame), otherwise(frame));
				return isTruthy(decided) ? then(frame) : otherwise(frame);
			});
		}
	}
}

/** The value of arithmetic on nothing but numbers of the source, when it has one. */
function foldedNumber(node: Expression): Value | undefined {
	if (node.kind === 'constant') return typeof node.value === 'number' ? node.value : undefined;
	if (node.kind !== 'binary') return undefined;
	const left = foldedNumber(node.left);
	const right = left === undefined ? undefined : foldedNumber(node.right);
	if (left === undefined || right === undefined) return undefined;
	try {
		return binary[node.operator](left, right);
	} catch (fault) {
		if (fault instanceof PythonError) return undefined;
		throw fault;
	}
}

function valueOr(value: Value | undefined, otherwise: () => Value): Value {
	return value === undefined ? otherwise() : value;
}

/** What two possible values agree on, else unknown. */
function joinWorlds(unknown: Unknown, a: Value, b: Value): Value {
	if (
		a instanceof Marker ||
		b instanceof Marker ||
		a instanceof Unknown ||
		b instanceof Unknown ||
		a instanceof Undefined ||
		b instanceof Undefined
	)
		return unknown;
	return pythonEquals(a, b) && typeName(a) === typeName(b) ? a : unknown;
}

/** An inline `if` that is false and has no `else`: an undefined that even Ansible prints as nothing. */
function lenientUndefined(frame: Frame, node: Position): Value {
	const {source} = frame.unit;
	return new Undefined('lenient', () => {
		const line = source.slice(0, node.start).split('\n').length;
		return `the inline if-expression on line ${line} evaluated to false and no else section was defined.`;
	});
}

const comparisons: Record<string, (a: Value, b: Value) => boolean> = {
	'==': pythonEquals,
	'!=': (a, b) => !pythonEquals(a, b),
	'<': (a, b) => compare(a, b, '<') < 0,
	'<=': (a, b) => compare(a, b, '<=') <= 0,
	'>': (a, b) => compare(a, b, '>') > 0,
	'>=': (a, b) => compare(a, b, '>=') >= 0,
	in: (a, b) => contains(b, a),
	'not in': (a, b) => !contains(b, a),
};

function compileComparison(node: Expression & {kind: 'compare'}, place: Place): Evaluate {
	const first = compileExpression(node.first, place);
	const rest = node.rest.map(({operator, value}) => ({holds: comparisons[operator]!, value: compileExpression(value, place)}));
	const [only] = rest;
	if (rest.length === 1 && only) {
		const {holds, value} = only;
		return guarded(node, (frame) => holds(first(frame), value(frame)));
	}
	return guarded(node, (frame) => {
		let left = first(frame);
		for (const {holds, value} of rest) {
			const right = value(frame);
			if (!holds(left, right)) return false;
			left = right;
		}
		return true;
	});
}

/** `and` and `or` give operands as in Python; with unknown ones they are three-valued. */
function compileLogic(node: Expression & {kind: 'logic'}, place: Place): Evaluate {
	const left = compileExpression(node.left, place);
	const right = compileExpression(node.right, place);
	const stopsAt = node.operator === 'or';
	return guarded(node, (frame) => {
		const value = left(frame);
		if (!(value instanceof Unknown)) return isTruthy(value) === stopsAt ? value : right(frame);
		const other = right(frame);
		if (other instanceof Unknown || other instanceof Marker) return value;
		return isTruthy(other) === stopsAt ? other : value;
	});
}

/** What a name may have meant that has no value here: a variable of a like name, or the very one where an import does not see it. */
function lackOf(name: string, frame: Frame): Circumstances {
	const {scope} = frame.context.store.operation;
	const isThere = () => scope.resolve(name) !== undefined;
	return {
		candidates: () => (isThere() ? [] : (scope.names?.() ?? [])),
		help: () =>
			isThere()
				? `what is imported sees \`${name}\` only if the import ends in \`with context\`; or give it as an argument`
				: undefined,
	};
}
