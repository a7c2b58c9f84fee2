import {assignName, checkTarget, compileTarget} from './assign.js';
import type {Body, Expression, Statement, Target} from './ast.js';
import {BlockReference} from './block.js';
import {compileExpression} from './compile-expression.js';
import {blockText} from './compile-plugin.js';
import type {Evaluate, Place} from './compiled.js';
import {Printable} from './environment.js';
import {capture, type Execute, type Flow} from './execute.js';
import {PythonError} from './fault.js';
import {extendWith, importInto, includeInto} from './include.js';
import {escapeHtml, Markup, Undefined} from './internal.js';
import {joinPieces} from './join.js';
import {LoopContext} from './loop.js';
import {compileMacro} from './macro.js';
import {isTruthy} from './python/compare.js';
import {iterateRaw} from './python/iterate.js';
import {pythonStr} from './python/text.js';
import {type Frame, located} from './run.js';
import type {Value} from './value.js';
import {walk} from './walk.js';

export function compileBody(body: Body, place: Place): Execute {
	const statements = body.map((statement) => compileStatement(statement, place));
	if (statements.length === 1) return statements[0]!;
	return (frame, out) => {
		for (const statement of statements) {
			const flow = statement(frame, out);
			if (flow) return flow;
		}
		return undefined;
	};
}

function compileStatement(node: Statement, place: Place): Execute {
	switch (node.kind) {
		case 'data': {
			const {text} = node;
			return (frame, out) => {
				if (!isSilent(frame)) out.push(text);
				return undefined;
			};
		}
		case 'output': {
			const value = compileExpression(node.value, place);
			return (frame, out) => {
				if (isSilent(frame)) return undefined;
				const piece = value(frame);
				out.push(frame.context.environment.join === 'text' ? printed(piece, frame) : piece);
				return undefined;
			};
		}
		case 'for':
			return compileFor(node);
		case 'if': {
			const branches = node.branches.map(({test, body}) => ({
				test: compileExpression(test, {soft: true}),
				body: compileBody(body, {soft: true}),
			}));
			const otherwise = compileBody(node.otherwise, {soft: true});
			return (frame, out) => {
				for (const {test, body} of branches) if (isTruthy(test(frame))) return body(frame, out);
				return otherwise(frame, out);
			};
		}
		case 'set': {
			const value = compileExpression(node.value, place);
			const assign = compileTarget(node.target);
			return (frame) => {
				checkTarget(frame, node.target);
				assign(frame, value(frame));
				return undefined;
			};
		}
		case 'set-block': {
			const body = compileBody(node.body, {soft: false});
			const filter = node.filter && compileExpression(node.filter, {soft: false});
			const assign = compileTarget(node.target);
			return (frame) => {
				let value = capture(body, frame.captured());
				if (filter) value = withText(frame, value, filter);
				assign(frame, value);
				return undefined;
			};
		}
		case 'with': {
			const bindings = node.bindings.map(([target, value]) => [compileTarget(target), compileExpression(value, place)] as const);
			const body = compileBody(node.body, {soft: false});
			return (frame, out) => {
				const inner = frame.child();
				for (const [assign, value] of bindings) assign(inner, value(frame));
				return body(inner, out);
			};
		}
		case 'macro': {
			const define = compileMacro(node.name, node.signature, node.body, compileBody(node.body, {soft: false}));
			return (frame) => {
				assignName(frame, node.name, define(frame));
				return undefined;
			};
		}
		case 'call-block':
			return compileCallBlock(node, place);
		case 'filter-block': {
			const body = compileBody(node.body, {soft: false});
			const filter = compileExpression(node.filter, {soft: false});
			return (frame, out) => {
				if (!isSilent(frame)) out.push(withText(frame, capture(body, frame.captured()), filter));
				return undefined;
			};
		}
		case 'block': {
			const {name, scoped} = node;
			return (frame, out) => {
				if (!isSilent(frame)) new BlockReference(frame.context, name, 0, scoped ? frame : undefined).render(out);
				return undefined;
			};
		}
		case 'extends':
			return compileExtends(node.template, place);
		case 'include': {
			const template = compileExpression(node.template, place);
			return (frame, out) => {
				if (!isSilent(frame)) includeInto(frame, template(frame), node, out);
				return undefined;
			};
		}
		case 'import': {
			const template = compileExpression(node.template, place);
			return (frame) => {
				assignName(frame, node.name, importInto(frame, template(frame), node.withContext, node), false);
				return undefined;
			};
		}
		case 'from': {
			const template = compileExpression(node.template, place);
			return (frame) => {
				const module = importInto(frame, template(frame), node.withContext, node);
				for (const [name, alias] of node.names) assignName(frame, alias, module.exported(name, frame, node), false);
				return undefined;
			};
		}
		case 'do': {
			const value = compileExpression(node.value, place);
			return (frame) => {
				value(frame);
				return undefined;
			};
		}
		case 'autoescape': {
			const value = compileExpression(node.value, place);
			const body = compileBody(node.body, {soft: false});
			return (frame, out) => {
				const inner = frame.child();
				inner.autoescape = isTruthy(value(frame)) && frame.context.environment.join === 'text';
				return body(inner, out);
			};
		}
		case 'break':
		case 'continue': {
			const flow = node.kind;
			return () => flow;
		}
	}
}

/** Behind `extends` the top level of a template prints nothing any more. */
function isSilent(frame: Frame): boolean {
	return frame.context.parent !== undefined && frame.printsNothing;
}

/** A value as text output has it: escaped where that is on. */
function printed(value: Value, frame: Frame): Value {
	if (value instanceof Printable) return value;
	if (value instanceof Undefined && value.policy === 'strict') value.fail();
	return frame.autoescape && !(value instanceof Markup) ? escapeHtml(pythonStr(value)) : pythonStr(value);
}

function withText(frame: Frame, value: Value, filter: Evaluate): Value {
	const inner = frame.child();
	inner.define(blockText, value);
	return filter(inner);
}

/**
 * The names that a loop's body may set, and whether something in it holds on to the names of a turn (macros, blocks, other templates): if
 * not, all turns share one frame.
 */
function namesOf(body: Body): {names: string[]; keepsFrames: boolean} {
	const names = new Set<string>();
	let keepsFrames = false;
	const note = (target: Target): void => {
		if (target.kind === 'name') names.add(target.name);
		else if (target.kind === 'tuple') target.items.forEach(note);
	};
	walk(body, (node) => {
		if (keepingKinds.has(node.kind)) keepsFrames = true;
		if (node.kind === 'set' || node.kind === 'set-block') note(node.target);
	});
	// The loop's own variable is set anew in each turn anyway.
	if (names.delete('loop')) keepsFrames = true;
	return {names: [...names], keepsFrames};
}
const keepingKinds: ReadonlySet<string> = new Set(['macro', 'call-block', 'block', 'include', 'import', 'from', 'extends']);

function compileFor(node: Statement & {kind: 'for'}): Execute {
	const hard: Place = {soft: false};
	const iterable = compileExpression(node.iterable, hard);
	const assign = compileTarget(node.target);
	const filter = node.filter && compileExpression(node.filter, hard);
	const body = compileBody(node.body, hard);
	const otherwise = compileBody(node.otherwise, hard);
	const {names, keepsFrames} = namesOf(node.body);
	const run = (frame: Frame, source: Value, out: Value[], depth: number): Flow => {
		let items: readonly Value[];
		try {
			items = iterateRaw(source).slice();
		} catch (fault) {
			throw located(fault, frame, node.iterable);
		}
		const {operation} = frame.context.store;
		if (filter) {
			items = items.filter((item) => {
				operation.countIteration();
				const inner = frame.child();
				assign(inner, item);
				return isTruthy(filter(inner));
			});
		}
		if (!items.length) return otherwise(frame, out);
		const loop = new LoopContext(items, depth);
		let inner = frame.child();
		inner.define('loop', loop);
		if (node.recursive) {
			loop.recurse = (children) => {
				const inside: Value[] = [];
				const inner = frame.child();
				if (depth > 100) throw new RangeError('a recursive loop is too deep');
				run(inner, children, inside, depth + 1);
				return joinPieces(inside, frame.context.environment, frame.autoescape);
			};
		}
		for (let index = 0; index < items.length; index++) {
			operation.countIteration();
			loop.index = index;
			if (index > 0 && !keepsFrames) inner.forget(names);
			else if (index > 0) {
				inner = frame.child();
				inner.define('loop', loop);
			}
			assign(inner, items[index]!);
			if (body(inner, out) === 'break') break;
		}
		return undefined;
	};
	if (!node.recursive) return (frame, out) => run(frame, iterable(frame), out, 0);
	// A recursive loop is a function in Jinja: what it prints is one piece.
	return (frame, out) => {
		const inside: Value[] = [];
		const flow = run(frame, iterable(frame), inside, 0);
		out.push(joinPieces(inside, frame.context.environment, frame.autoescape));
		return flow;
	};
}

function compileCallBlock(node: Statement & {kind: 'call-block'}, place: Place): Execute {
	const call = node.call as Expression & {kind: 'call'};
	const define = compileMacro(null, node.signature, node.body, compileBody(node.body, {soft: false}));
	const value = compileExpression(
		{
			...call,
			arguments: {
				...call.arguments,
				named: [
					...call.arguments.named,
					{name: 'caller', value: {kind: 'name', name: ' caller', start: call.start, end: call.end}},
				],
			},
		},
		place,
	);
	return (frame, out) => {
		if (isSilent(frame)) return undefined;
		const inner = frame.child();
		inner.define(' caller', define(frame));
		const piece = value(inner);
		out.push(frame.context.environment.join === 'text' ? printed(piece, frame) : piece);
		return undefined;
	};
}

function compileExtends(template: Expression, place: Place): Execute {
	const value = compileExpression(template, place);
	return (frame) => {
		if (frame.context.parent) throw new PythonError('TemplateRuntimeError', 'extended multiple times');
		extendWith(frame, value(frame), template);
		return undefined;
	};
}
