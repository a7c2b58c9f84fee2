import type {Body} from './ast.js';
import {compileExpression, type Evaluate} from './compile-expression.js';
import {compileBody} from './compile-statement.js';
import type {Environment} from './environment.js';
import type {Execute} from './execute.js';
import {tokenize} from './lexer.js';
import {ExpressionParser} from './parser.js';
import {type Context, Frame, type Unit} from './run.js';
import {TemplateParser} from './statement-parser.js';
import type {Syntax} from './syntax.js';
import type {Value} from './value.js';
import {walk} from './walk.js';

/** How a source is to be read, beside the environment. */
export interface ReadOptions {
	readonly syntax: Syntax;
	readonly rawStrings: boolean;
}

/** A compiled template. */
export class Program {
	readonly #body: Execute;
	readonly #blocks: ReadonlyMap<string, {required: boolean; execute: Execute}>;

	constructor(body: Body) {
		this.#body = compileBody(body, {soft: false});
		const blocks = new Map<string, {required: boolean; execute: Execute}>();
		walk(body, (node) => {
			if (node.kind === 'block') blocks.set(node.name, {required: node.required, execute: compileBody(node.body, {soft: false})});
		});
		this.#blocks = blocks;
	}

	/** Adds this template's blocks behind those of templates that extend it. */
	defineBlocks(context: Context, unit: Unit): void {
		for (const [name, {required, execute}] of this.#blocks) {
			const block = {
				required,
				render(frame: Frame, out: Value[]): void {
					execute(new Frame(frame.context, frame, new Map(), unit, false), out);
				},
			};
			const known = context.blocks.get(name);
			if (known) known.push(block);
			else context.blocks.set(name, [block]);
		}
	}

	/** Appends the whole output, of the template it extends if it does. */
	render(context: Context, out: Value[]): void {
		this.defineBlocks(context, context.unit);
		this.renderIn(context, context.unit, out);
	}

	/** Renders the main text in a context whose blocks are defined. */
	renderIn(context: Context, unit: Unit, out: Value[]): void {
		context.parent = undefined;
		const frame = new Frame(context, undefined, context.variables, unit, true);
		this.#body(frame, out);
		// Running the body may have set it.
		const {parent} = context as Context;
		if (parent) parent.render(context, out);
	}
}

const programs = new Map<string, Program>();
const expressions = new Map<string, Evaluate>();
const environments = new WeakMap<object, number>();
let environmentCount = 0;
/** How many compiled sources are kept. */
const cacheLimit = 20_000;

function keyOf(source: string, environment: Environment, {syntax, rawStrings}: ReadOptions): string {
	return `${idOf(environment)}:${idOf(syntax)}:${rawStrings ? 1 : 0}:${source}`;
}

function idOf(object: object): number {
	let id = environments.get(object);
	if (id === undefined) {
		id = ++environmentCount;
		environments.set(object, id);
	}
	return id;
}

/** The program of a template's text, compiled once. Throws `SyntaxFault`. */
export function compileTemplate(source: string, environment: Environment, options: ReadOptions): Program {
	const key = keyOf(source, environment, options);
	const known = programs.get(key);
	if (known) return known;
	const program = new Program(parseTemplate(source, environment, options));
	if (programs.size >= cacheLimit) programs.clear();
	programs.set(key, program);
	return program;
}

/** The syntax tree of a template's text. Throws `SyntaxFault`. */
export function parseTemplate(source: string, environment: Environment, {syntax, rawStrings}: ReadOptions): Body {
	return new TemplateParser(tokenize(source, {syntax, rawStrings, expression: false}), environment.extensions).parseTemplate();
}

/** The closure of a bare expression, compiled once. Throws `SyntaxFault`. */
export function compileBare(source: string, environment: Environment, options: ReadOptions): Evaluate {
	const key = keyOf(source, environment, options);
	const known = expressions.get(key);
	if (known) return known;
	const tree = new ExpressionParser(tokenize(source, {...options, expression: true})).parseWhole();
	const evaluate = compileExpression(tree, {soft: false});
	if (expressions.size >= cacheLimit) expressions.clear();
	expressions.set(key, evaluate);
	return evaluate;
}
