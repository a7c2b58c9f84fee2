import type {Span} from '../source/source.js';
import {ansibleEnvironment, type Environment} from './environment.js';
import {MarkerUsed, UnknownUsed} from './fault.js';
import {finalizeValue} from './finalize.js';
import {globalValue} from './globals.js';
import {readHeader, withChanges} from './header.js';
import {Undefined} from './internal.js';
import {joinPieces} from './join.js';
import {own} from './lazy.js';
import {refillWork} from './limits.js';
import {type Evaluator, Operation, Store} from './operation.js';
import {compileBare, compiledTemplate, compileTemplate, type Program, type ReadOptions} from './program.js';
import {pythonStr} from './python/text.js';
import {Context, Frame} from './run.js';
import type {Scope} from './scope.js';
import type {Syntax} from './syntax.js';
import {looksLikeTemplate} from './template-text.js';
import {errorOf, Unit} from './unit.js';
import {Marker, Omit, Secret, Template, TemplateError, Unknown, type Value} from './value.js';

/** Where a scope keeps its operation: a property, since entering a new object into a WeakMap costs more than most evaluations. */
const operationKey = Symbol('operation');
/** The operations of scopes that take no property. */
const operationsOfFrozen = new WeakMap<Scope, Operation>();

/** The operation of a scope: one for each scope object (a copy of a scope is another one, though it has the property too). */
export function operationOf(scope: Scope & {[operationKey]?: Operation}): Operation {
	refillWork();
	const known = scope[operationKey] ?? operationsOfFrozen.get(scope);
	if (known?.scope === scope) return known;
	const operation = new Operation(scope, ansibleEnvironment, ansibleEvaluator);
	if (Object.isExtensible(scope)) scope[operationKey] = operation;
	else operationsOfFrozen.set(scope, operation);
	return operation;
}

/** Compiles what a template includes: with the environment's own syntax, its backslashes meaning what they do in files. */
function compileIncluded(text: string, environment: Environment): Program {
	return compileTemplate(text, environment, {rawStrings: false, syntax: environment.syntax});
}

const variableOptions: ReadOptions = {rawStrings: true, syntax: ansibleEnvironment.syntax};

const fileOptions: ReadOptions = {rawStrings: false, syntax: ansibleEnvironment.syntax};

const ansibleEvaluator: Evaluator = {
	execute: (template, operation) => execute(template, operation, variableOptions),
	compile: compileIncluded,
	globalValue,
};

/** Plain Jinja knows no templates inside of variables. */
const plainEvaluator: Evaluator = {execute: (template) => template.source, compile: compileIncluded, globalValue};

function execute(template: Template, operation: Operation, options: ReadOptions): Value {
	const {source} = template;
	const {environment} = operation;
	let unit = new Unit(source, template.origin, template.contentStart);
	let program = compiledTemplate(source, environment, options);
	if (!program) {
		if (!hasDelimiter(source, options.syntax)) return source;
		try {
			const header = readHeader(source, options.syntax);
			if (header.removed) {
				const start = template.contentStart === undefined ? undefined : template.contentStart + header.removed;
				unit = new Unit(header.text, template.origin, start);
			}
			program = compileTemplate(header.text, environment, {syntax: header.syntax, rawStrings: options.rawStrings});
		} catch (fault) {
			return new Marker(syntaxError(fault, unit));
		}
	}
	const store = new Store(operation);
	const context = new Context(unit, store, store);
	return withNewlines(run(program, context, unit), source, options.syntax.newline_sequence);
}

/** Runs a program; faults are markers. */
function run(program: Program, context: Context, unit: Unit): Value {
	const {environment} = context;
	const out: Value[] = [];
	try {
		if (program.only && environment.join === 'native') out.push(program.only(new Frame(context, undefined)));
		else program.render(context, out);
	} catch (fault) {
		if (fault instanceof UnknownUsed) return fault.unknown;
		out.push(fault instanceof MarkerUsed ? fault.marker : new Marker(fatal(fault, unit)), '');
	}
	try {
		return joinPieces(out, environment, environment.autoescape);
	} catch (fault) {
		if (fault instanceof UnknownUsed) return fault.unknown;
		return fault instanceof MarkerUsed ? fault.marker : new Marker(fatal(fault, unit));
	}
}

/** Whether a text has the start of a tag: without one it is its own value, whatever the options are. */
function hasDelimiter(source: string, syntax: Syntax): boolean {
	return (
		source.includes(syntax.variable_start_string) ||
		source.includes(syntax.block_start_string) ||
		source.includes(syntax.comment_start_string) ||
		source.startsWith('#jinja2:')
	);
}

/** The error of a fault; what is no error of the template is thrown on. */
function fatal(fault: unknown, unit: Unit): TemplateError {
	const error = errorOf(fault, unit);
	if (!error) throw fault;
	return error;
}

function syntaxError(fault: unknown, unit: Unit): TemplateError {
	if (fault instanceof RangeError)
		return new TemplateError('syntax', `Syntax error in ${unit.kind}: nested too deeply`, {span: unit.origin});
	const error = fatal(fault, unit);
	const plugin = (fault as {plugin?: string}).plugin;
	if (plugin !== undefined)
		return new TemplateError('no_plugin', error.message, {span: error.span, subject: plugin, cause: fault});
	if (error.category === 'runtime')
		return new TemplateError('syntax', `Syntax error in ${unit.kind}: ${(fault as Error).message}`, {
			span: unit.origin,
			cause: fault,
		});
	return error;
}

/** Puts back the line breaks at the end that reading drops. */
function withNewlines(result: Value, source: string, newline: string): Value {
	const text = typeof result === 'string' ? result : result instanceof Secret ? result.text : undefined;
	if (text === undefined) return result;
	const missing = endNewlines(source) - endNewlines(text);
	if (missing <= 0) return result;
	const whole = text + newline.repeat(missing);
	return result instanceof Secret ? new Secret(whole, result.pieces) : whole;
}

function endNewlines(text: string): number {
	let count = 0;
	while (count < text.length && text[text.length - 1 - count] === '\n') count++;
	return count;
}

/** Makes a result storable; a result that is nothing but `omit` stays `Omit`. Throws `TemplateError`. */
export function finished(value: Value, operation: Operation, origin: Span | undefined): Value {
	if ((typeof value !== 'object' && typeof value !== 'bigint') || value === null) return value;
	const store = new Store(operation);
	try {
		return finalizeValue(value, store, origin);
	} catch (fault) {
		if (fault instanceof MarkerUsed) throw fault.marker.error;
		throw errorOf(fault, new Unit('', origin)) ?? fault;
	}
}

/**
 * The value of a text of a playbook (module arguments, variables): native types, `Omit.omit` when the argument is not to be passed,
 * `Unknown` when it depends on what is not known yet. Throws `TemplateError`.
 */
export function evaluateTemplate(template: Template | string, scope: Scope): Value {
	const asTemplate = typeof template === 'string' ? new Template(template) : template;
	const operation = operationOf(scope);
	return finished(operation.evaluate(asTemplate), operation, asTemplate.origin);
}

/** What a result is found to be before it is finalized: for `is defined` and the like. Gives a `Marker` instead of throwing. */
export function evaluateLazily(value: Value, scope: Scope): Value {
	return own(value, new Store(operationOf(scope)));
}

/** Where an expression stands. */
export interface ExpressionOrigin {
	readonly origin?: Span | undefined;
	/** Where its text begins in the file when it stands there as it is. */
	readonly contentStart?: number | undefined;
	/** Strings keep their backslashes (`until`, `var` keep Ansible's rule: they do not). */
	readonly rawStrings?: boolean;
}

/** The value of a bare expression (`debug: var`, `until`). Throws `TemplateError`. */
export function evaluateExpression(source: string, scope: Scope, where: ExpressionOrigin = {}): Value {
	const operation = operationOf(scope);
	return finished(expressionValue(source, operation, where, false), operation, where.origin);
}

/** The value of an expression before it is finalized, a marker when it fails. */
export function expressionValue(
	source: string,
	operation: Operation,
	{origin, contentStart, rawStrings = false}: ExpressionOrigin,
	rendersConstants: boolean,
): Value {
	const unit = new Unit(source, origin, contentStart, true);
	const {environment} = operation;
	let evaluate: ReturnType<typeof compileBare>;
	try {
		evaluate = compileBare(source, environment, rawStrings ? variableOptions : fileOptions);
	} catch (fault) {
		const error = syntaxError(fault, unit);
		if (error.category !== 'syntax' || !looksLikeTemplate(source)) return new Marker(error);
		const message = error.message.replace(
			'in expression:',
			'in expression. Template delimiters are not supported in expressions:',
		);
		return new Marker(new TemplateError('syntax', message, {span: error.span, cause: error}));
	}
	const store = new Store(operation, rendersConstants);
	try {
		return evaluate(new Frame(new Context(unit, store, store), undefined));
	} catch (fault) {
		if (fault instanceof MarkerUsed) return fault.marker;
		if (fault instanceof UnknownUsed) return fault.unknown;
		return new Marker(fatal(fault, unit));
	}
}

/** How a template file is to be read (the `template` action's arguments, under their names). */
export type FileOptions = Partial<Syntax>;

/** The value that a template file gives, of whatever type, before it is finalized; a marker when it fails (the lookup `template`). */
export function evaluateFile(
	text: string,
	scope: Scope,
	{options = {}, origin}: {options?: FileOptions; origin?: Span} = {},
): Value {
	const operation = operationOf(scope);
	let syntax: Syntax;
	try {
		syntax = withChanges(operation.environment.syntax, options);
	} catch (fault) {
		return new Marker(syntaxError(fault, new Unit(text, origin)));
	}
	const template = new Template(text, origin, origin?.start);
	return execute(template, operation, syntax === ansibleEnvironment.syntax ? fileOptions : {rawStrings: false, syntax});
}

/** The text that a template file gives: the result of its template as text. Throws `TemplateError`. */
export function renderFile(
	text: string,
	scope: Scope,
	how: {options?: FileOptions; origin?: Span} = {},
): string | Secret | Unknown {
	const {origin} = how;
	const value = finished(evaluateFile(text, scope, how), operationOf(scope), origin);
	if (value instanceof Omit) throw new TemplateError('omit', 'A template was resolved to an Omit scalar.', {span: origin});
	if (value instanceof Unknown) return value;
	if (value === null) return '';
	if (value instanceof Secret) return value;
	return pythonStr(value);
}

/**
 * A value with everything in it evaluated: what may be stored as a fact, a result or an argument. Throws `TemplateError`; a value that is
 * only `omit` stays `Omit.omit`.
 */
export function finalize(value: Value, scope: Scope): Value {
	if (typeof value !== 'object' || value === null) return value;
	const operation = operationOf(scope);
	return finished(own(value, new Store(operation)), operation, value instanceof Template ? value.origin : undefined);
}

/** Renders in another environment than Ansible's (plain Jinja). Throws `TemplateError` or what Python would. */
export function renderPlain(text: string, scope: Scope, environment: Environment): Value {
	const store = new Store(new Operation(scope, environment, plainEvaluator));
	const program = compileTemplate(text, environment, {syntax: environment.syntax, rawStrings: false});
	const out: Value[] = [];
	program.render(new Context(new Unit(text, undefined), store, store), out);
	return joinPieces(out, environment, false);
}

/** The value of a bare expression in another environment than Ansible's. */
export function evaluatePlain(source: string, scope: Scope, environment: Environment): Value {
	const store = new Store(new Operation(scope, environment, plainEvaluator));
	const evaluate = compileBare(source, environment, {syntax: environment.syntax, rawStrings: false});
	const context = new Context(new Unit(source, undefined, undefined, true), store, store);
	const value = evaluate(new Frame(context, undefined));
	return value instanceof Undefined ? null : value;
}
