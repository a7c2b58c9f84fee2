import type {Span} from '../source/source.js';
import type {Position} from './ast.js';
import {Printable} from './environment.js';
import {MarkerUsed, PythonError} from './fault.js';
import {maximumDepth} from './limits.js';
import {textOf} from './python/compare.js';
import {isSequence, iterate} from './python/iterate.js';
import {type CompiledTemplate, Context, type Frame, located, type Names, undefinedValue} from './run.js';
import {fileOf, Unit} from './unit.js';
import {Marker, TemplateError, type Value} from './value.js';

/** A template that was found: its program and where its text stands. */
interface Found {
	readonly program: CompiledTemplate;
	readonly unit: Unit;
}

/** Finds the first of the templates that a value names. */
function find(frame: Frame, named: Value, at: Position): Found | undefined {
	if (named instanceof Marker) throw new MarkerUsed(named);
	const {operation} = frame.context.store;
	const names = isSequence(named) ? iterate(named) : [named];
	for (const one of names) {
		const name = textOf(one);
		if (name === undefined) throw located(new PythonError('TypeError', 'a template is named by a text'), frame, at);
		const file = operation.scope.load?.(name, fileOf(frame.unit));
		if (!file) continue;
		const origin: Span = {file, start: 0, end: file.text.length};
		const unit = new Unit(file.text, origin, 0, false, name);
		return {
			program: operation.evaluator.compile(file.text, operation.environment),
			unit,
		};
	}
	return undefined;
}

function findOrFail(frame: Frame, named: Value, at: Position): Found {
	const found = find(frame, named, at);
	if (found) return found;
	const names = isSequence(named) ? iterate(named).map((one) => textOf(one) ?? '') : [textOf(named) ?? ''];
	const message = isSequence(named) ? `none of the templates given were found: ${names.join(', ')}` : names[0]!;
	throw located(new PythonError('TemplateNotFound', message), frame, at);
}

/** A context for an included or imported template: with the names around it, or only with the language's own. */
function contextFor(frame: Frame, unit: Unit, withContext: boolean): Context {
	const {store} = frame.context;
	const outer: Names = withContext ? frame : {resolve: (name) => store.global(name)};
	return new Context(unit, store, outer);
}

function nested(frame: Frame, run: () => void): void {
	const {operation} = frame.context.store;
	if (++operation.depth > maximumDepth) {
		operation.depth--;
		throw new RangeError('templates include each other too deeply');
	}
	try {
		run();
	} finally {
		operation.depth--;
	}
}

/** `{% include %}`: appends the output of another template. */
export function includeInto(
	frame: Frame,
	named: Value,
	node: Position & {ignoreMissing: boolean; withContext: boolean},
	out: Value[],
): void {
	const found = node.ignoreMissing ? find(frame, named, node) : findOrFail(frame, named, node);
	if (!found) return;
	const before = out.length;
	const span = frame.unit.span(node);
	try {
		nested(frame, () => found.program.render(contextFor(frame, found.unit, node.withContext), out));
	} catch (fault) {
		if (fault instanceof MarkerUsed) throw new MarkerUsed(fault.marker.via('included', span));
		throw fault instanceof TemplateError && span ? fault.via({how: 'included', span}) : fault;
	}
	for (let index = before; index < out.length; index++) {
		const piece = out[index]!;
		if (piece instanceof Marker) out[index] = piece.via('included', span);
	}
}

/** `{% import %}`: runs another template for what its top level sets. */
export function importInto(frame: Frame, named: Value, withContext: boolean, at: Position): Module {
	const found = findOrFail(frame, named, at);
	const context = contextFor(frame, found.unit, withContext);
	const out: Value[] = [];
	nested(frame, () => found.program.render(context, out));
	return new Module(context, out);
}

/** `{% extends %}`: the rest of the template only sets names and blocks, then the parent is rendered. */
export function extendWith(frame: Frame, named: Value, at: Position): void {
	const {context} = frame;
	const found = findOrFail(frame, named, at);
	found.program.defineBlocks(context, found.unit);
	context.parent = {
		render: (_context, out) => nested(frame, () => found.program.renderIn(context, found.unit, out)),
	};
}

/** An imported template: its exported names; prints as its output. */
export class Module extends Printable {
	readonly pythonType = 'TemplateModule';
	readonly #context: Context;
	readonly #pieces: readonly Value[];
	constructor(context: Context, pieces: readonly Value[]) {
		super();
		this.#context = context;
		this.#pieces = pieces;
	}
	override attribute(name: string): Value | undefined {
		return this.#context.exports.has(name) ? this.#context.own(name) : undefined;
	}
	pieces(): readonly Value[] {
		return this.#pieces;
	}
	/** A name that `from … import` asks for. */
	exported(name: string, frame: Frame, at: Position): Value {
		const value = this.attribute(name);
		if (value !== undefined) return value;
		const line = frame.unit.source.slice(0, at.start).split('\n').length;
		const message = `the template '${this.#context.unit.name}' (imported on line ${line}) does not export the requested name '${name}'`;
		return undefinedValue(frame, message, at, name);
	}
}
