import type {Body} from './ast.js';
import {compileExpression} from './compile-expression.js';
import {compileBody} from './compile-statement.js';
import type {Evaluate} from './compiled.js';
import type {Environment} from './environment.js';
import type {Execute} from './execute.js';
import {tokenize} from './lexer.js';
import {ExpressionParser} from './parser.js';
import {type CompiledTemplate, type Context, Frame} from './run.js';
import {TemplateParser} from './statement-parser.js';
import type {Syntax} from './syntax.js';
import type {Unit} from './unit.js';
import type {Value} from './value.js';
import {walk} from './walk.js';

/** How a source is to be read, beside the environment. */
export interface ReadOptions {
	readonly syntax: Syntax;
	readonly rawStrings: boolean;
}

/** A compiled template. */
export class Program implements CompiledTemplate {
	readonly #body: Execute;
	readonly #blocks: ReadonlyMap<string, {required: boolean; execute: Execute}>;
	/** The expression of a template that is nothing but `{{ … }}`. */
	readonly only: Evaluate | undefined;

	constructor(body: Body) {
		const [first] = body;
		this.only = body.length === 1 && first?.kind === 'output' ? compileExpression(first.value, {soft: false}) : undefined;
		this.#body = compileBody(body, {soft: false});
		const blocks = new Map<string, {required: boolean; execute: Execute}>();
		walk(body, (node) => {
			if (node.kind === 'block') blocks.set(node.name, {required: node.required, execute: compileBody(node.body, {soft: false})});
		});
		this.#blocks = blocks;
	}

	defineBlocks(context: Context, unit: Unit): void {
		for (const [name, {required, execute}] of this.#blocks) {
			const block = {
				required,
				render(frame: Frame, out: Value[]): void {
					execute(new Frame(frame.context, frame, unit, false), out);
				},
			};
			const known = context.blocks.get(name);
			if (known) known.push(block);
			else context.blocks.set(name, [block]);
		}
	}

	render(context: Context, out: Value[]): void {
		this.defineBlocks(context, context.unit);
		this.renderIn(context, context.unit, out);
	}

	renderIn(context: Context, unit: Unit, out: Value[]): void {
		context.parent = undefined;
		const frame = new Frame(context, undefined, unit, true);
		this.#body(frame, out);
		// Running the body may have set it.
		const {parent} = context as Context;
		if (parent) parent.render(context, out);
	}
}

/** What was compiled for one environment, syntax and meaning of backslashes, by source. */
interface Cache {
	readonly programs: Map<string, Program>;
	readonly expressions: Map<string, Evaluate>;
}

/** By environment, then by syntax: without and with `rawStrings`. */
const caches = new WeakMap<Environment, WeakMap<Syntax, readonly [Cache, Cache]>>();
/** How many compiled sources are kept of each. */
const cacheLimit = 20_000;

function cacheOf(environment: Environment, {syntax, rawStrings}: ReadOptions): Cache {
	let bySyntax = caches.get(environment);
	if (!bySyntax) {
		bySyntax = new WeakMap();
		caches.set(environment, bySyntax);
	}
	let pair = bySyntax.get(syntax);
	if (!pair) {
		pair = [
			{programs: new Map(), expressions: new Map()},
			{programs: new Map(), expressions: new Map()},
		];
		bySyntax.set(syntax, pair);
	}
	return pair[rawStrings ? 1 : 0];
}

/** The program of a template's text if it was compiled before. */
export function compiledTemplate(source: string, environment: Environment, options: ReadOptions): Program | undefined {
	return cacheOf(environment, options).programs.get(source);
}

/** The program of a template's text, compiled once. Throws `SyntaxFault`. */
export function compileTemplate(source: string, environment: Environment, options: ReadOptions): Program {
	const {programs} = cacheOf(environment, options);
	const known = programs.get(source);
	if (known) return known;
	const program = new Program(parseTemplate(source, environment, options));
	if (programs.size >= cacheLimit) programs.clear();
	programs.set(source, program);
	return program;
}

/** The syntax tree of a template's text. Throws `SyntaxFault`. */
export function parseTemplate(source: string, environment: Environment, {syntax, rawStrings}: ReadOptions): Body {
	return new TemplateParser(tokenize(source, {syntax, rawStrings, expression: false}), environment.extensions).parseTemplate();
}

/** The closure of a bare expression, compiled once. Throws `SyntaxFault`. */
export function compileBare(source: string, environment: Environment, options: ReadOptions): Evaluate {
	const {expressions} = cacheOf(environment, options);
	const known = expressions.get(source);
	if (known) return known;
	const tree = new ExpressionParser(tokenize(source, {...options, expression: true})).parseWhole();
	const evaluate = compileExpression(tree, {soft: false});
	if (expressions.size >= cacheLimit) expressions.clear();
	expressions.set(source, evaluate);
	return evaluate;
}
