import {getAttribute, getItem} from './access.js';
import type {Arguments, Expression, Position} from './ast.js';
import {SelfReference} from './block.js';
import {callValue} from './call.js';
import {MarkerUsed, PythonError, UnknownUsed} from './fault.js';
import type {Filter, Test} from './filters/filter.js';
import {Undefined} from './internal.js';
import {callFilter, callTest} from './plugin-call.js';
import {add, concatenate, divide, floorDivide, modulo, multiply, negate, positive, power, subtract} from './python/arithmetic.js';
import {compare, contains, isTruthy, pythonEquals} from './python/compare.js';
import {iterateRaw} from './python/iterate.js';
import {sliceOf} from './python/subscript.js';
import {typeName} from './python/type-name.js';
import {findFilter, findTest, type Registered} from './registry.js';
import {type Frame, located, undefinedValue} from './run.js';
import {fallbacksAfter} from './signature.js';
import {SyntaxFault} from './syntax-error.js';
import {looksLikeTemplate} from './template-text.js';
import {Dict, Marker, Template, TemplateError, Tuple, Unknown, type Value} from './value.js';

/** A compiled expression: its value in a frame. */
export type Evaluate = (frame: Frame) => Value;

/** What the compiler knows of the place it is at. */
export interface Place {
	/** Inside an `if`: unknown filters and tests are errors only when reached. */
	readonly soft: boolean;
}

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
				return value === undefined ? undefinedValue(frame, message, node, name) : value;
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
			const args = compileArguments(node.arguments, place, lookup ? renderedConstant : undefined);
			return guarded(node, (frame) => {
				const target = callee(frame);
				const {positional, named} = args(frame);
				return callValue(frame, target, positional, named, node);
			});
		}
		case 'filter':
			return compileFilter(node, place);
		case 'test':
			return compileTest(node, place);
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

/** Runs an operator; what it throws gets its place. Unknown operands make the result unknown. */
function guarded(node: Position, evaluate: Evaluate): Evaluate {
	return (frame) => {
		try {
			return evaluate(frame);
		} catch (fault) {
			return recovered(fault, frame, node);
		}
	};
}

/** The result of an operator that threw: unknown, or it throws again with its place. The most frequent operators call it themselves. */
function recovered(fault: unknown, frame: Frame, node: Position): Unknown {
	if (fault instanceof UnknownUsed) return fault.unknown;
	throw located(fault, frame, node);
}

function compileConstant(node: Expression & {kind: 'constant'}): Evaluate {
	const {value} = node;
	if (typeof value !== 'string' || !looksLikeTemplate(value)) return () => value;
	return (frame) => (frame.context.store.rendersConstants ? renderConstant(frame, value) : value);
}

/** A string constant with `{{ }}` inside, which Ansible still renders in conditions and in the arguments of lookups. */
function renderConstant(frame: Frame, text: string): Value {
	const {store} = frame.context;
	store.operation.warn(
		'Jinja constant strings should not contain embedded templates. This feature will be disabled by default in ansible-core 2.23.',
		frame.unit.origin,
	);
	return store.evaluate(new Template(text, frame.unit.origin));
}

function renderedConstant(node: Expression): Evaluate | undefined {
	if (node.kind === 'constant' && typeof node.value === 'string' && looksLikeTemplate(node.value)) {
		const text = node.value;
		return (frame) => (frame.context.environment.markers ? renderConstant(frame, text) : text);
	}
	return undefined;
}

/** Arguments as values; `special` may compile some of them (also inside lists and dicts) in its own way. */
export function compileArguments(
	{positional, named, rest, namedRest}: Arguments,
	place: Place,
	special?: (node: Expression) => Evaluate | undefined,
): (frame: Frame) => {positional: Value[]; named: Map<string, Value> | undefined} {
	const compileOne = (node: Expression): Evaluate => {
		const own = special?.(node);
		if (own) return own;
		if (special && node.kind === 'list') {
			const items = node.items.map(compileOne);
			return (frame) => items.map((item) => item(frame));
		}
		return compileExpression(node, place);
	};
	const values = positional.map(compileOne);
	const keywords = named.map(({name, value}) => [name, compileExpression(value, place)] as const);
	const more = rest && compileExpression(rest, place);
	const moreNamed = namedRest && compileExpression(namedRest, place);
	if (!keywords.length && !more && !moreNamed)
		return (frame) => ({positional: values.map((value) => value(frame)), named: undefined});
	return (frame) => {
		const given = values.map((value) => value(frame));
		if (more) given.push(...iterateRaw(more(frame)));
		const all = new Map<string, Value>();
		for (const [name, value] of keywords) all.set(name, value(frame));
		if (moreNamed) {
			const mapping = moreNamed(frame);
			if (mapping instanceof Marker) throw new MarkerUsed(mapping);
			if (!(mapping instanceof Dict))
				throw new PythonError('TypeError', `argument after ** must be a mapping, not ${typeName(mapping)}`);
			for (const [key, value] of mapping.entries()) {
				if (typeof key !== 'string') throw new PythonError('TypeError', 'keywords must be strings');
				if (all.has(key)) throw new PythonError('TypeError', `got multiple values for keyword argument '${key}'`);
				all.set(key, value);
			}
		}
		return {positional: given, named: all};
	};
}

/** The name under which a filter block puts the text that its filter gets. */
export const blockText = ' text';

function compileFilter(node: Expression & {kind: 'filter'}, place: Place): Evaluate {
	const {name, nameAt} = node;
	const value = node.value ? compileExpression(node.value, place) : (frame: Frame) => frame.resolve(blockText)!;
	const filter = findFilter(name);
	if (!filter) return missingPlugin('filter', name, nameAt, place);
	const at = {start: nameAt.start, end: node.end};
	return compilePluginCall(node, value, filter, place, (frame, positional, named) =>
		callFilter(frame, at, filter, positional, named),
	);
}

function compileTest(node: Expression & {kind: 'test'}, place: Place): Evaluate {
	const {name, nameAt} = node;
	const value = compileExpression(node.value, place);
	const test = findTest(name);
	if (!test) return missingPlugin('test', name, nameAt, place);
	const at = {start: nameAt.start, end: node.end};
	return compilePluginCall(node, value, test, place, (frame, positional, named) => callTest(frame, at, test, positional, named));
}

/** Evaluates the value and the arguments of a filter or test, and calls it. */
function compilePluginCall(
	node: Expression & {kind: 'filter' | 'test'},
	value: Evaluate,
	plugin: Registered<Filter | Test>,
	place: Place,
	call: (frame: Frame, positional: readonly Value[], named?: ReadonlyMap<string, Value>) => Value,
): Evaluate {
	const {positional, named, rest, namedRest} = node.arguments;
	if (named.length || rest || namedRest) {
		const args = compileArguments(node.arguments, place);
		return guarded(node, (frame) => {
			const first = value(frame);
			const given = args(frame);
			return call(frame, [first, ...given.positional], given.named);
		});
	}
	const values = positional.map((one) => compileExpression(one, place));
	let fallbacks: readonly Value[] | undefined;
	return (frame) => {
		try {
			const given = [value(frame)];
			for (const one of values) given.push(one(frame));
			fallbacks ??= fallbacksAfter(plugin.parameters, given.length);
			for (const one of fallbacks) given.push(one);
			return call(frame, given);
		} catch (fault) {
			return recovered(fault, frame, node);
		}
	};
}

/** Thrown for a filter or test that does not exist, where Jinja looks at once. */
export class UnknownPlugin extends SyntaxFault {
	readonly kind: 'filter' | 'test';
	readonly plugin: string;
	constructor(kind: 'filter' | 'test', plugin: string, at: Position) {
		super(`No ${kind} named '${plugin}'.`, at.start, at.end);
		this.kind = kind;
		this.plugin = plugin;
	}
}

function missingPlugin(kind: 'filter' | 'test', name: string, at: Position, place: Place): Evaluate {
	if (!place.soft) throw new UnknownPlugin(kind, name, at);
	return (frame) => {
		const {unit} = frame;
		throw new TemplateError('no_plugin', `Error rendering ${unit.kind}: No ${kind} named '${name}' found.`, {
			span: unit.span(at),
			subject: name,
		});
	};
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
