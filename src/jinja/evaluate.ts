import type {Span} from '../source/source.js';
import {looksLikeTemplate} from './compile-expression.js';
import {ansibleEnvironment, type Environment} from './environment.js';
import {MarkerUsed, UnknownUsed} from './fault.js';
import {finalizeValue} from './finalize.js';
import {globalValue} from './globals.js';
import {readHeader, withChanges} from './header.js';
import {Undefined} from './internal.js';
import {own} from './lazy.js';
import {refillWork} from './limits.js';
import {compileBare, compileTemplate, type Program} from './program.js';
import {isTruthy} from './python/compare.js';
import {pythonStr} from './python/text.js';
import {typeName} from './python/type-name.js';
import {Context, errorOf, Frame, joinPieces, Operation, Store, Unit} from './run.js';
import type {Scope} from './scope.js';
import type {Syntax} from './syntax.js';
import {Marker, Omit, Secret, Template, TemplateError, Unknown, type Value} from './value.js';

const operations = new WeakMap<Scope, Operation>();

/** The operation of a scope: one for each scope object. */
function operationOf(scope: Scope, environment = ansibleEnvironment): Operation {
	refillWork();
	let operation = operations.get(scope);
	if (!operation) {
		operation = new Operation(scope, environment, executeTemplate, includer(environment));
		operations.set(scope, operation);
	}
	return operation;
}

/** Compiles what a template includes: with the environment's own syntax, its backslashes meaning what they do in files. */
function includer(environment: Environment): (text: string) => Program {
	return (text) => compileTemplate(text, environment, {rawStrings: false, syntax: environment.syntax});
}

/** Runs a template that a variable holds: its value, a marker when it fails. */
function executeTemplate(template: Template, operation: Operation): Value {
	return execute(template, operation, {rawStrings: true, syntax: operation.environment.syntax, trailingNewlines: true});
}

interface ExecuteOptions {
	readonly rawStrings: boolean;
	readonly syntax: Syntax;
	readonly trailingNewlines: boolean;
}

function execute(template: Template, operation: Operation, {rawStrings, syntax, trailingNewlines}: ExecuteOptions): Value {
	if (!hasDelimiter(template.source, syntax)) return template.source;
	let unit = new Unit(template.source, template.origin, template.contentStart);
	const {environment} = operation;
	let program: Program;
	let options = syntax;
	try {
		const header = readHeader(template.source, syntax);
		options = header.syntax;
		if (header.removed) {
			const start = template.contentStart === undefined ? undefined : template.contentStart + header.removed;
			unit = new Unit(header.text, template.origin, start);
		}
		program = compileTemplate(header.text, environment, {syntax: options, rawStrings});
	} catch (fault) {
		return new Marker(syntaxError(fault, unit));
	}
	const store = new Store(operation, globalValue);
	const context = new Context(unit, store, (name) => store.resolve(name));
	const out: Value[] = [];
	try {
		program.render(context, out);
	} catch (fault) {
		if (fault instanceof UnknownUsed) return fault.unknown;
		out.push(fault instanceof MarkerUsed ? fault.marker : new Marker(fatal(fault, unit)), '');
	}
	let result: Value;
	try {
		result = joinPieces(out, environment, environment.autoescape);
	} catch (fault) {
		if (fault instanceof UnknownUsed) return fault.unknown;
		return fault instanceof MarkerUsed ? fault.marker : new Marker(fatal(fault, unit));
	}
	return trailingNewlines ? withNewlines(result, template.source, options.newline_sequence) : result;
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
	return result instanceof Secret ? new Secret(whole) : whole;
}

function endNewlines(text: string): number {
	let count = 0;
	while (count < text.length && text[text.length - 1 - count] === '\n') count++;
	return count;
}

/** Makes a result storable; a result that is nothing but `omit` stays `Omit`. Throws `TemplateError`. */
function finished(value: Value, operation: Operation, origin: Span | undefined): Value {
	const store = new Store(operation, globalValue);
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
	return own(value, new Store(operationOf(scope), globalValue));
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

function expressionValue(
	source: string,
	operation: Operation,
	{origin, contentStart, rawStrings = false}: ExpressionOrigin,
	rendersConstants: boolean,
): Value {
	const unit = new Unit(source, origin, contentStart, true);
	const {environment} = operation;
	let evaluate: ReturnType<typeof compileBare>;
	try {
		evaluate = compileBare(source, environment, {syntax: environment.syntax, rawStrings});
	} catch (fault) {
		const error = syntaxError(fault, unit);
		if (error.category !== 'syntax' || !looksLikeTemplate(source)) return new Marker(error);
		const message = error.message.replace(
			'in expression:',
			'in expression. Template delimiters are not supported in expressions:',
		);
		return new Marker(new TemplateError('syntax', message, {span: error.span, cause: error}));
	}
	const store = new Store(operation, globalValue, rendersConstants);
	try {
		return evaluate(new Frame(new Context(unit, store, (name) => store.resolve(name)), undefined, new Map()));
	} catch (fault) {
		if (fault instanceof MarkerUsed) return fault.marker;
		if (fault instanceof UnknownUsed) return fault.unknown;
		return new Marker(fatal(fault, unit));
	}
}

/**
 * Whether a condition (`when`, `failed_when`, ...) holds. It must give a boolean; `Unknown` when it depends on what is not known yet.
 * `condition` is the value as it stands in the playbook: a text, a template around one, or a boolean. Throws `TemplateError`.
 */
export function evaluateCondition(condition: Value, scope: Scope, where: ExpressionOrigin = {}): boolean | Unknown {
	const operation = operationOf(scope);
	const origin = where.origin ?? (condition instanceof Template ? condition.origin : undefined);
	const contentStart = where.contentStart ?? (condition instanceof Template ? condition.contentStart : undefined);
	try {
		const value = conditionValue(condition, operation, {...where, origin, contentStart});
		if (typeof value === 'boolean' || value instanceof Unknown) return value;
		if (value instanceof Omit) throw new TemplateError('omit', 'A template was resolved to an Omit scalar.', {span: origin});
		const message = `Conditional result (${isTruthy(value) ? 'True' : 'False'}) was derived from value of type '${typeName(value)}'. Conditionals must have a boolean result.`;
		throw new TemplateError('conditional', message, {span: origin});
	} catch (fault) {
		if (fault instanceof TemplateError && fault.category === 'undefined') {
			const {span, subject, help} = fault;
			throw new TemplateError('undefined', `Error while evaluating conditional: ${fault.message}`, {
				span,
				...(subject === undefined ? {} : {subject}),
				...(help === undefined ? {} : {help}),
				cause: fault,
			});
		}
		throw fault;
	}
}

function conditionValue(condition: Value, operation: Operation, where: ExpressionOrigin): Value {
	if (typeof condition === 'boolean' || condition instanceof Unknown) return condition;
	const given = condition instanceof Template ? condition.source : condition;
	if (given === null)
		throw new TemplateError('conditional', 'Empty conditional expressions are not allowed.', {span: where.origin});
	if (typeof given !== 'string')
		throw new TemplateError('conditional', 'Conditional expressions must be strings.', {span: where.origin});
	const source = given.trim();
	if (!source) throw new TemplateError('conditional', 'Empty conditional expressions are not allowed.', {span: where.origin});
	const contentStart = where.contentStart === undefined ? undefined : where.contentStart + given.indexOf(source);
	const place = {...where, contentStart};
	if (!isAllTemplate(source)) return finished(expressionValue(source, operation, place, true), operation, where.origin);
	const raw = operation.evaluate(new Template(source, where.origin, contentStart));
	const result = finished(raw, operation, where.origin);
	if (typeof result !== 'string') {
		if (result === null)
			throw new TemplateError('conditional', 'Empty conditional expressions are not allowed.', {span: where.origin});
		operation.deprecate(
			'Conditionals should not be surrounded by templating delimiters such as {{ }} or {% %}.',
			'2.23',
			where.origin,
		);
		return result;
	}
	if (!result.trim())
		throw new TemplateError('conditional', 'Empty conditional expressions are not allowed.', {span: where.origin});
	throw new TemplateError('untrusted', 'Encountered untrusted template or expression.', {span: where.origin});
}

function isAllTemplate(source: string): boolean {
	return source.startsWith('#jinja2:') || (/^\{[{%#]/.test(source) && /[}%#]\}$/.test(source));
}

/** How a template file is to be read (the `template` action's arguments, under their names). */
export type FileOptions = Partial<Syntax>;

/** The text that a template file gives: the result of its template as text. Throws `TemplateError`. */
export function renderFile(
	text: string,
	scope: Scope,
	{options = {}, origin}: {options?: FileOptions; origin?: Span} = {},
): string | Secret | Unknown {
	const operation = operationOf(scope);
	let syntax: Syntax;
	try {
		syntax = withChanges(operation.environment.syntax, options);
	} catch (fault) {
		throw syntaxError(fault, new Unit(text, origin));
	}
	const template = new Template(text, origin, origin?.start);
	const value = finished(execute(template, operation, {rawStrings: false, syntax, trailingNewlines: true}), operation, origin);
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
	const operation = operationOf(scope);
	return finished(own(value, new Store(operation, globalValue)), operation, value instanceof Template ? value.origin : undefined);
}

/** Renders in another environment than Ansible's (plain Jinja). Throws `TemplateError` or what Python would. */
export function renderPlain(text: string, scope: Scope, environment: Environment): Value {
	const operation = new Operation(scope, environment, (template) => template.source, includer(environment));
	const unit = new Unit(text, undefined);
	const program = compileTemplate(text, environment, {syntax: environment.syntax, rawStrings: false});
	const store = new Store(operation, globalValue);
	const context = new Context(unit, store, (name) => store.resolve(name));
	const out: Value[] = [];
	program.render(context, out);
	return joinPieces(out, environment, false);
}

/** The value of a bare expression in another environment than Ansible's. */
export function evaluatePlain(source: string, scope: Scope, environment: Environment): Value {
	const operation = new Operation(scope, environment, (template) => template.source, includer(environment));
	const store = new Store(operation, globalValue);
	const evaluate = compileBare(source, environment, {syntax: environment.syntax, rawStrings: false});
	const context = new Context(new Unit(source, undefined, undefined, true), store, (name) => store.resolve(name));
	const value = evaluate(new Frame(context, undefined, new Map()));
	return value instanceof Undefined ? null : value;
}
