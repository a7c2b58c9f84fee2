import {analyze, Template, TemplateError, type Value} from '../jinja/jinja.js';
import {type Definition, FreeFormError, parseFreeForm, readArguments} from '../modules/modules.js';
import {accumulated, type Entry, type Play, type Task} from '../playbook/playbook.js';
import type {Diagnostic, Node} from '../source/source.js';
import {hidden} from './secrets.js';
import {argumentDiagnostics, templateDiagnostic} from './task-fault.js';

/** What the check at load needs. */
export interface CheckSources {
	readonly definitions: ReadonlyMap<string, Definition>;
	/** A node's value, its texts templates. */
	readonly read: (node: Node) => Value;
	/** What is found are warnings (the task may never run) or errors. */
	readonly severity: Diagnostic['severity'];
}

/**
 * Looks at all tasks that are known before the run for what would fail them whatever the host: arguments that their modules do not
 * take, templates that cannot be parsed, filters and tests that do not exist. A template stands for any value.
 */
export function checkTasks(plays: readonly Play[], sources: CheckSources): Diagnostic[] {
	const tasks = plays.flatMap((play) =>
		[...play.preTasks, ...play.roles, ...play.tasks, ...play.postTasks, ...play.handlers].flatMap(tasksIn),
	);
	return tasks.flatMap((task) => [...checkArguments(task, sources), ...checkTemplates(task, sources)]);
}

function tasksIn(entry: Entry): Task[] {
	return entry.kind === 'task' ? [entry] : [...entry.block, ...entry.rescue, ...entry.always].flatMap(tasksIn);
}

function checkArguments(task: Task, sources: CheckSources): Diagnostic[] {
	const definition = sources.definitions.get(task.module);
	const given = definition && !task.implicit && argumentsOf(task, definition, sources);
	if (!definition || !given) return [];
	const {problems, noLogValues} = readArguments(definition, given, task.module);
	const hasDefaults = accumulated(task, 'module_defaults').length > 0;
	return problems
		.filter(({code}) => !(hasDefaults && code === 'module/missing-argument'))
		.flatMap((problem) => argumentDiagnostics(task, {...problem, message: hide(problem.message, noLogValues)}, sources.severity))
		.map((one) => ({...one, message: hide(one.message, noLogValues)}));
}

function hide(text: string, secrets: ReadonlySet<string>): string {
	return [...secrets].reduce((shown, secret) => shown.replaceAll(secret, hidden), text);
}

/** The arguments as far as they are known; undefined when even their names are not. */
function argumentsOf(task: Task, definition: Definition, {read}: CheckSources): Map<string, Value> | undefined {
	const given = new Map<string, Value>();
	const expressions: readonly string[] = (definition.kind === 'action' && definition.expressions) || [];
	try {
		for (const node of [task.extraArgs, task.moduleArgs]) {
			if (node?.kind === 'map') {
				for (const {key, value} of node.entries) {
					if (isTemplateText(key.text)) return undefined;
					given.set(key.text, expressions.includes(key.text) ? textOf(value) : read(value));
				}
			} else if (node?.kind === 'scalar' && typeof node.value === 'string') {
				if (/^\s*\{\{[\s\S]*\}\}\s*$/.test(node.text)) return undefined;
				for (const [name, part] of parseFreeForm(definition, node.text))
					given.set(name, isTemplateText(part) ? new Template(part, node.span) : part);
			} else if (node) return undefined;
		}
	} catch (error) {
		if (error instanceof FreeFormError) return undefined;
		throw error;
	}
	return given;
}

function textOf(node: Node): Value {
	if (node.kind === 'seq') return node.items.map(textOf);
	return node.kind === 'scalar' ? node.text : null;
}

/** Keywords whose texts are expressions. */
const conditions = ['when', 'changed_when', 'failed_when', 'until'];

function checkTemplates(task: Task, {definitions, read, severity}: CheckSources): Diagnostic[] {
	const definition = definitions.get(task.module);
	const expressions: readonly string[] = (definition?.kind === 'action' && definition.expressions) || [];
	const found: Diagnostic[] = [];
	const check = (source: Parameters<typeof analyze>[0], node: Scalar) => {
		const tell = (error: TemplateError) => found.push(templateDiagnostic(task, error, node.span, severity));
		try {
			for (const {kind, name, span} of analyze(source).missing)
				tell(new TemplateError('no_plugin', `No ${kind} named '${name}' found.`, {span: span ?? node.span}));
		} catch (error) {
			if (!(error instanceof TemplateError)) throw error;
			tell(error);
		}
	};
	const checkExpressions = (node: Node) => {
		for (const one of scalarsIn(node)) {
			const {text: expression, span: origin, contentStart} = one;
			if (typeof one.value === 'string' && isTemplateText(expression)) checkValues(one);
			else if (typeof one.value === 'string')
				check({expression, origin, ...(contentStart === undefined ? {} : {contentStart})}, one);
		}
	};
	const checkValues = (node: Node) => {
		for (const one of scalarsIn(node)) {
			if (typeof one.value !== 'string' || one.tag !== undefined || !isTemplateText(one.text)) continue;
			const value = read(one);
			if (value instanceof Template) check(value, one);
		}
	};
	for (const [name, node] of task.keywords) (conditions.includes(name) ? checkExpressions : checkValues)(node);
	if (task.loop) checkValues(task.loop.node);
	for (const node of [task.extraArgs, task.moduleArgs]) {
		const entries = node?.kind === 'map' ? node.entries : [];
		for (const {key, value} of entries) (expressions.includes(key.text) ? checkExpressions : checkValues)(value);
		if (node && node.kind !== 'map') checkValues(node);
	}
	return found;
}

/** `{{`, `{%` or `{#` makes a text a template. */
function isTemplateText(text: string): boolean {
	return /\{[{%#]/.test(text);
}

type Scalar = Extract<Node, {kind: 'scalar'}>;

function scalarsIn(node: Node): Scalar[] {
	if (node.kind === 'scalar') return [node];
	return node.kind === 'seq' ? node.items.flatMap(scalarsIn) : node.entries.flatMap(({value}) => scalarsIn(value));
}
