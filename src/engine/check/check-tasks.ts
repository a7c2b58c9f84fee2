import {Template, TemplateError, type Use, type Value} from '../../jinja/jinja.js';
import {lookupNames} from '../../lookup/lookup.js';
import {type Definition, FreeFormError, parseFreeForm, readArguments} from '../../modules/modules.js';
import {accumulated, type Entry, type Play, type Task} from '../../playbook/playbook.js';
import {type Diagnostic, didYouMean, type Node} from '../../source/source.js';
import {hidden} from '../secrets.js';
import {argumentDiagnostics, templateDiagnostic} from '../task-fault.js';
import {NameCheck, type NameKnowledge} from './names.js';
import {type Found, isTemplateText, templatesOfTask} from './task-templates.js';
import {type KnownTemplates, templateFilesOf} from './template-files.js';

/** What the check at load needs. */
export interface CheckSources {
	readonly definitions: ReadonlyMap<string, Definition>;
	/** A node's value, its texts templates. */
	readonly read: (node: Node) => Value;
	readonly playbookFolder: string;
	/** What gives names a value; undefined: names are not looked at. */
	readonly names?: NameKnowledge;
	/** Only what Playbill lacks is looked for. */
	readonly onlyLacking?: boolean;
	/** What is found are warnings (the task may never run) or errors. */
	readonly severity: Diagnostic['severity'];
}

/**
 * Looks at all tasks that are known before the run for what would fail them whatever the host: arguments that their modules do not
 * take, templates that cannot be parsed, filters, tests and lookups that do not exist or get arguments they do not take, names that
 * nothing defines; in the playbook and in the template files it names. A template stands for any value. What Playbill lacks is
 * an error in any case.
 */
export function checkTasks(plays: readonly Play[], sources: CheckSources): Diagnostic[] {
	const tasks = plays.flatMap((play) =>
		[...play.preTasks, ...play.roles, ...play.tasks, ...play.postTasks, ...play.handlers].flatMap(tasksIn),
	);
	if (sources.onlyLacking) {
		const lacks = tasks.flatMap((task) => checkArguments(task, sources)).filter(({code}) => code === lacking);
		return [...lacks, ...tasks.flatMap(unknownForm)];
	}
	const templates: KnownTemplates = new Map();
	const names = sources.names && new NameCheck(sources.names);
	return tasks.flatMap((task) => [...checkArguments(task, sources), ...checkTemplates(task, sources, templates, names)]);
}

const lacking = 'module/unsupported';

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
		.flatMap((problem) => {
			const severity = problem.code === lacking ? 'error' : sources.severity;
			return argumentDiagnostics(task, {...problem, message: hide(problem.message, noLogValues)}, severity);
		})
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

function checkTemplates(
	task: Task,
	{definitions, read, playbookFolder, severity}: CheckSources,
	templates: KnownTemplates,
	names: NameCheck | undefined,
): Diagnostic[] {
	const definition = definitions.get(task.module);
	const found = [...templatesOfTask(task, definition, read), ...templateFilesOf(task, definition, playbookFolder, templates)];
	const errors = found.flatMap((one) => errorsIn(one).map((error) => templateDiagnostic(task, error, one.span, severity)));
	return [...unknownForm(task), ...errors, ...(names?.undefinedIn(task, found, severity) ?? [])];
}

/** `with_NAME` where no lookup has that name: no keyword at all, as Ansible has it. */
function unknownForm({loop}: Task): Diagnostic[] {
	if (!loop || loop.lookup === 'loop' || isLookup(loop.lookup)) return [];
	const keyword = `with_${loop.lookup}`;
	const ansible = `'${keyword}' is not a valid attribute for a Task`;
	const text = didYouMean(loop.lookup, lookupNames);
	const message = `there is no lookup for \`${keyword}\``;
	return [{severity: 'error', code: 'playbook/unknown-keyword', message, labels: [{span: loop.keySpan, text}], ansible}];
}

function isLookup(name: string): boolean {
	return lookupNames.includes(name.replace(/^ansible\.(builtin|legacy)\./, ''));
}

/** What is wrong with a template whatever its names stand for. */
function errorsIn({analysis, span}: Found): TemplateError[] {
	if (analysis instanceof TemplateError) return [analysis];
	const error = (use: Use, message: string) =>
		new TemplateError('no_plugin', message, {span: use.span ?? span, subject: use.name});
	return [
		...analysis.missing.map((use) => error(use, `No ${use.kind} named '${use.name}' found.`)),
		...analysis.lookups
			.filter(({name}) => !isLookup(name))
			.map((use) => error(use, `The lookup plugin '${use.name}' was not found.`)),
		...analysis.misused.map(
			({kind, name, span: at, message}) =>
				new TemplateError('plugin', `The ${kind} plugin '${name}' failed: ${message}`, {span: at ?? span}),
		),
	];
}
