import type {Expression, Position} from './ast.js';
import {compileArguments} from './compile-arguments.js';
import {type Compile, type Evaluate, guarded, type Place, recovered} from './compiled.js';
import type {Filter, Test} from './filters/filter.js';
import {callFilter, callTest} from './plugin-call.js';
import {findFilter, findTest, type Registered} from './registry.js';
import type {Frame} from './run.js';
import {fallbacksAfter} from './signature.js';
import {SyntaxFault} from './syntax-error.js';
import {TemplateError, type Value} from './value.js';

/** The name under which a filter block puts the text that its filter gets. */
export const blockText = ' text';

/** `value | name(…)` */
export function compileFilter(node: Expression & {kind: 'filter'}, place: Place, compile: Compile): Evaluate {
	const {name, nameAt} = node;
	const value = node.value ? compile(node.value) : (frame: Frame) => frame.resolve(blockText)!;
	const filter = findFilter(name);
	if (!filter) return missingPlugin('filter', name, nameAt, place);
	const at = {start: nameAt.start, end: node.end};
	return compilePluginCall(node, value, filter, compile, (frame, positional, named) =>
		callFilter(frame, at, filter, positional, named),
	);
}

/** `value is name …` */
export function compileTest(node: Expression & {kind: 'test'}, place: Place, compile: Compile): Evaluate {
	const {name, nameAt} = node;
	const value = compile(node.value);
	const test = findTest(name);
	if (!test) return missingPlugin('test', name, nameAt, place);
	const at = {start: nameAt.start, end: node.end};
	return compilePluginCall(node, value, test, compile, (frame, positional, named) =>
		callTest(frame, at, test, positional, named),
	);
}

/** Evaluates the value and the arguments of a filter or test, and calls it. */
function compilePluginCall(
	node: Expression & {kind: 'filter' | 'test'},
	value: Evaluate,
	plugin: Registered<Filter | Test>,
	compile: Compile,
	call: (frame: Frame, positional: readonly Value[], named?: ReadonlyMap<string, Value>) => Value,
): Evaluate {
	const {positional, named, rest, namedRest} = node.arguments;
	if (named.length || rest || namedRest) {
		const args = compileArguments(node.arguments, compile);
		return guarded(node, (frame) => {
			const first = value(frame);
			const given = args(frame);
			return call(frame, [first, ...given.positional], given.named);
		});
	}
	const values = positional.map(compile);
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
