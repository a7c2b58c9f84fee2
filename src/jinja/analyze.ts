import type {Span} from '../source/source.js';
import type {Arguments, Body, Expression, Position, Statement, Target} from './ast.js';
import {ansibleEnvironment} from './environment.js';
import type {FileOptions} from './evaluate.js';
import {PythonError} from './fault.js';
import {globalNames} from './globals.js';
import {readHeader, withChanges} from './header.js';
import {tokenize} from './lexer.js';
import {ExpressionParser} from './parser.js';
import {parseTemplate} from './program.js';
import {findFilter, findTest} from './registry.js';
import {bindArguments, type Parameters} from './signature.js';
import {errorOf, Unit} from './unit.js';
import {Template, TemplateError} from './value.js';
import {walk} from './walk.js';

/** A name that a template uses, and where. */
export interface Use {
	readonly name: string;
	/** The smallest place in the user's file that is known. */
	readonly span: Span | undefined;
}

/** What a template refers to, known without running it. */
export interface Analysis {
	/** Free variables, each use; names that the template sets itself and names of the language are not among them. */
	readonly variables: readonly Use[];
	readonly filters: readonly Use[];
	readonly tests: readonly Use[];
	/** Lookups whose name is a plain text. */
	readonly lookups: readonly Use[];
	/** Templates that are included, imported or extended by a plain text. */
	readonly templates: readonly Use[];
	/** Names that the template sets for itself, as far as files that it includes see them too. */
	readonly sets: readonly string[];
	/** Variables that are asked whether they are defined, or have a default: they may be undefined. */
	readonly optional: readonly string[];
	/** Filters and tests that do not exist. */
	readonly missing: readonly (Use & {readonly kind: 'filter' | 'test'})[];
	/** Filters and tests with arguments that they do not take, and what Python would say of it. */
	readonly misused: readonly (Use & {readonly kind: 'filter' | 'test'; readonly message: string})[];
	/** Whether its value can differ from one evaluation to the next with the same variables. */
	readonly pure: boolean;
}

const impure = new Set(['random', 'shuffle', 'password_hash']);
const impureLookups = new Set(['pipe', 'password', 'url', 'random_choice', 'lines', 'unvault']);

/** What a template (`Template`) or bare expression refers to. Throws `TemplateError` with the category `syntax`. */
export function analyze(
	source:
		| Template
		| {expression: string; origin?: Span; contentStart?: number}
		| {file: string; origin?: Span; options?: FileOptions},
): Analysis {
	let unit: Unit;
	let tree: Body | Expression;
	if ('expression' in source) {
		unit = new Unit(source.expression, source.origin, source.contentStart, true);
		tree = parsed(unit, () =>
			new ExpressionParser(
				tokenize(unit.source, {syntax: ansibleEnvironment.syntax, rawStrings: false, expression: true}),
			).parseWhole(),
		);
	} else {
		const text = source instanceof Template ? source.source : source.file;
		unit = new Unit(text, source.origin, source instanceof Template ? source.contentStart : source.origin?.start);
		tree = parsed(unit, () => {
			const given = withChanges(ansibleEnvironment.syntax, source instanceof Template ? {} : (source.options ?? {}));
			const header = readHeader(text, given);
			if (header.removed) {
				unit = new Unit(
					header.text,
					unit.origin,
					unit.contentStart === undefined ? undefined : unit.contentStart + header.removed,
				);
			}
			return parseTemplate(header.text, ansibleEnvironment, {syntax: header.syntax, rawStrings: source instanceof Template});
		});
	}
	return collect(tree, unit);
}

function parsed<T>(unit: Unit, read: () => T): T {
	try {
		return read();
	} catch (fault) {
		const error = errorOf(fault, unit);
		if (!error) throw fault;
		if (error.category === 'syntax') throw error;
		throw new TemplateError('syntax', `Syntax error in ${unit.kind}: ${(fault as Error).message}`, {
			span: unit.origin,
			cause: fault,
		});
	}
}

function collect(tree: Body | Expression, unit: Unit): Analysis {
	const bound = new Set<string>();
	const variables: Use[] = [];
	const filters: Use[] = [];
	const tests: Use[] = [];
	const lookups: Use[] = [];
	const templates: Use[] = [];
	const optional: string[] = [];
	const missing: (Use & {kind: 'filter' | 'test'})[] = [];
	const misused: (Use & {kind: 'filter' | 'test'; message: string})[] = [];
	let pure = true;
	const use = (name: string, at: Position): Use => ({name, span: unit.span(at)});
	const bind = (target: Target): void => {
		if (target.kind === 'name') bound.add(target.name);
		else if (target.kind === 'tuple') target.items.forEach(bind);
	};
	walk(tree, (node: Expression | Statement) => {
		switch (node.kind) {
			case 'name':
				if (!('attribute' in node)) variables.push(use(node.name, node));
				if (node.name === 'now') pure = false;
				break;
			case 'filter':
			case 'test': {
				const {kind, name} = node;
				const at = use(name, node.nameAt);
				(kind === 'filter' ? filters : tests).push(at);
				const found = kind === 'filter' ? findFilter(name) : findTest(name);
				const message = found && misfit(name, found.parameters, node.arguments);
				if (!found) missing.push({...at, kind});
				else if (message !== undefined) misused.push({...at, kind, message});
				if (kind === 'filter' && impure.has(name)) pure = false;
				const root = toleratesUndefined.has(`${kind} ${name}`) && node.value ? rootOf(node.value) : undefined;
				if (root !== undefined) optional.push(root);
				break;
			}
			case 'call': {
				const {callee} = node;
				const first = node.arguments.positional[0];
				if (callee.kind !== 'name' || !['lookup', 'query', 'q'].includes(callee.name)) break;
				if (first?.kind === 'constant' && typeof first.value === 'string') {
					lookups.push(use(first.value, first));
					if (impureLookups.has(first.value.replace(/^.*\./, ''))) pure = false;
				} else pure = false;
				break;
			}
			case 'for':
			case 'set':
			case 'set-block':
				bind(node.target);
				break;
			case 'with':
				for (const [target] of node.bindings) bind(target);
				break;
			case 'macro':
			case 'call-block':
				if (node.kind === 'macro') bound.add(node.name);
				for (const name of node.signature.names) bound.add(name);
				break;
			case 'import':
				bound.add(node.name);
				break;
			case 'from':
				for (const [, alias] of node.names) bound.add(alias);
				break;
		}
		if (
			(node.kind === 'include' || node.kind === 'import' || node.kind === 'from' || node.kind === 'extends') &&
			node.template.kind === 'constant'
		) {
			if (typeof node.template.value === 'string') templates.push(use(node.template.value, node.template));
		}
	});
	const free = variables.filter((one) => !bound.has(one.name) && !ownNames().has(one.name));
	return {variables: free, sets: [...bound], filters, tests, lookups, templates, optional, missing, misused, pure};
}

let known: ReadonlySet<string> | undefined;
/** Names of the language: globals, and what loops, blocks and macros have. */
function ownNames(): ReadonlySet<string> {
	known ??= new Set(['loop', 'self', 'super', 'caller', 'varargs', 'kwargs', ...globalNames()]);
	return known;
}

/** Filters and tests whose value may be undefined. */
const toleratesUndefined = new Set(['test defined', 'test undefined', 'filter default', 'filter d']);

/** The variable that `a.b[c]` begins with. */
function rootOf(expression: Expression): string | undefined {
	if (expression.kind === 'attribute' || expression.kind === 'item') return rootOf(expression.object);
	return expression.kind === 'name' ? expression.name : undefined;
}

/** What is wrong with the arguments of a filter or test, as far as that can be seen without their values. */
function misfit(name: string, parameters: Parameters, {positional, named, rest, namedRest}: Arguments): string | undefined {
	if (rest || namedRest) return undefined;
	try {
		bindArguments(name, parameters, [null, ...positional.map(() => null)], new Map(named.map((one) => [one.name, null])));
		return undefined;
	} catch (fault) {
		if (fault instanceof PythonError) return fault.message;
		throw fault;
	}
}
