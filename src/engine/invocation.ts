import {
	Dict,
	evaluateCondition,
	evaluateExpression,
	finalize,
	Omit,
	secretTexts,
	Template,
	TemplateError,
	type Unknown,
	type Value,
} from '../jinja/jinja.js';
import {type ActionScope, type Args, type Definition, parseFreeForm, readArguments} from '../modules/modules.js';
import {accumulated, type Task} from '../playbook/playbook.js';
import type {Node, Span} from '../source/source.js';
import type {TaskScope, Variables} from '../vars/vars.js';
import {isControllerAction} from './controller-actions.js';
import {evaluateNode} from './fields.js';
import {openLocal} from './local-files.js';
import {ArgumentError, FieldError} from './task-error.js';

/** A module with the arguments it gets on one host. */
export interface Invocation {
	readonly definition: Definition;
	readonly args: Args;
	/** The arguments as they were given, for `invocation` and messages; secrets stay secret. */
	readonly given: ReadonlyMap<string, Value>;
	/** Secret texts among the arguments and in what is rendered of them, which no output of the run may show. */
	readonly secrets: readonly string[];
	/** These and the values of `no_log` arguments, which this task's result may not show. */
	readonly hidden: readonly string[];
	/** What it brings to the host lay in a vault: no diff may show it. */
	readonly isSealed: boolean;
}

/** The arguments of a task for one host and item; an `Unknown` when check mode cannot know one of them. */
export async function invoke(
	task: Task,
	definition: Definition,
	scope: TaskScope,
	variables: Variables,
): Promise<Invocation | Unknown> {
	const given = givenArguments(task, definition, scope, variables);
	const {args, problem, problems, secretValues, unknown} = readArguments(definition, given, task.written);
	const [unforeseen] = unknown.values();
	if (unforeseen && !(definition.kind === 'action' && definition.takesUnknown)) return unforeseen;
	if (problem !== undefined)
		throw problems[0] ? new ArgumentError(problem, problems[0], !isControllerAction(definition)) : new FieldError(problem);
	const opened = await openLocal(definition, args, scope, variables, task);
	const secrets = [...secretTexts([...given.values()]), ...opened.secrets];
	return {definition, args: opened.args, given, secrets, hidden: [...secretValues, ...secrets], isSealed: opened.isSealed};
}

/** `module_defaults`, `args:` and the module's own value, in rising precedence; what is omitted takes a default away. An argument `_x` is Playbill's own and comes from the variable `playbill_x`. */
function givenArguments(task: Task, definition: Definition, scope: TaskScope, variables: Variables): Map<string, Value> {
	const given = new Map<string, Value>();
	for (const [name, value] of moduleDefaults(task, definition, scope, variables)?.entries() ?? []) given.set(String(name), value);
	for (const node of [task.extraArgs, task.moduleArgs]) if (node) addArguments(given, node, {task, definition, scope, variables});
	for (const name of Object.keys(definition.args).filter((one) => one.startsWith('_'))) {
		const value = scope.value(`playbill${name}`);
		if (value !== undefined) given.set(name, value);
	}
	return given;
}

/** Where arguments are evaluated. */
interface Evaluation {
	readonly task: Task;
	readonly definition: Definition;
	readonly scope: TaskScope;
	readonly variables: Variables;
}

function addArguments(given: Map<string, Value>, node: Node, evaluation: Evaluation): void {
	const {task, definition, scope, variables} = evaluation;
	const expressions = definition.kind === 'action' ? (definition.expressions ?? []) : [];
	if (node.kind === 'map') {
		for (const {key, value} of node.entries) {
			const name = String(evaluateNode(key, scope, variables) ?? '');
			const argument = expressions.includes(name)
				? variables.readRaw(value)
				: resolving(task, actionName(definition), name, value.span, () => evaluateNode(value, scope, variables));
			if (argument === undefined) given.delete(name);
			else given.set(name, argument);
		}
		return;
	}
	const text = node.kind === 'scalar' ? node.value : undefined;
	if (typeof text !== 'string') return;
	const whole = /^\s*\{\{[\s\S]*\}\}\s*$/.test(text) ? evaluateNode(node, scope, variables) : undefined;
	if (whole instanceof Dict) {
		for (const [name, value] of whole.entries()) given.set(String(name), value);
		return;
	}
	for (const [name, part] of parseFreeForm(definition, text)) {
		if (name === '_raw_params' && !(definition.kind === 'action' && definition.freeForm))
			throw new FieldError(`Action '${actionName(definition)}' does not support raw params.`, {span: task.moduleSpan});
		if (expressions.includes(name)) given.set(name, part);
		else {
			const source = isTemplate(part) ? new Template(part, node.span) : part;
			const value = resolving(task, actionName(definition), name, node.span, () => finalize(source, scope));
			if (value instanceof Omit) given.delete(name);
			else given.set(name, value);
		}
	}
}

/** `{{`, `{%` or `{#` makes a text a template. */
function isTemplate(text: string): boolean {
	return /\{[{%#]/.test(text);
}

/** Evaluates an argument; what is wrong with it is told with its name. */
export function resolving<T>(task: Task, module: string, name: string, span: Span, evaluate: () => T): T {
	try {
		return evaluate();
	} catch (error) {
		if (!(error instanceof Error)) throw error;
		const argument = new FieldError(`Error while resolving value for '${name}'.`, {span, cause: error});
		throw new FieldError(`Finalization of task args for '${module}' failed.`, {
			span: task.moduleSpan,
			cause: argument,
		});
	}
}

/** A module's name with its collection. */
export function actionName({collection = 'ansible.builtin', name}: Definition): string {
	return `${collection}.${name}`;
}

/** The arguments that `module_defaults` gives to a module: those of the innermost level that names it, and no other's. */
function moduleDefaults(task: Task, definition: Definition, scope: TaskScope, variables: Variables): Dict | undefined {
	const nodes = accumulated(task, 'module_defaults');
	if (nodes.length === 0) return undefined;
	const collection = definition.collection ?? 'ansible.builtin';
	const names = [definition.name, ...(definition.aliases ?? [])].flatMap((name) => [
		name,
		`${collection}.${name}`,
		`ansible.legacy.${name}`,
	]);
	let found: Dict | undefined;
	for (const node of nodes) {
		const value = evaluateNode(node, scope, variables);
		for (const defaults of Array.isArray(value) ? value : [value]) {
			if (!(defaults instanceof Dict)) continue;
			for (const name of names) {
				const one = defaults.get(name);
				if (one instanceof Dict) found = one;
			}
		}
	}
	return found;
}

/** What an action may ask of the play. */
export function actionScope(scope: TaskScope, hostName: string, checkMode: boolean, verbosity: number): ActionScope {
	return {
		checkMode,
		hostName,
		verbosity,
		show: (expression) => showExpression(expression, scope),
		variable: (name) => scope.value(name),
		evaluate: (expression) => finalize(evaluateExpression(expression, scope), scope),
		test: (condition) => evaluateCondition(condition, scope) === true,
	};
}

/** What `debug: var` shows: a fault is shown in the value's place. */
function showExpression(expression: string, scope: TaskScope): Value {
	try {
		return finalize(evaluateExpression(expression, scope), scope);
	} catch (error) {
		if (!(error instanceof TemplateError)) throw error;
		return `<< error 1 - ${error.message} >>`;
	}
}
