import type {TemplateError} from '../jinja/jinja.js';
import type {ArgumentProblem} from '../modules/modules.js';
import {lineage, type Task} from '../playbook/playbook.js';
import {
	type Cause,
	type Diagnostic,
	didYouMean,
	formatSpan,
	getEntry,
	joinMessages,
	type Node,
	type Span,
} from '../source/source.js';
import {causesOf} from './causes.js';
import {ArgumentError} from './task-error.js';
import {templateErrorIn, templateFault} from './template-fault.js';

/** A failure of a task as a diagnostic; the message is Ansible's, with its heads `Task failed: Module failed:`. */
export function faultAt(task: Task, message: string): Diagnostic {
	return faultFrom(task, [{message, span: task.span}], task.moduleSpan);
}

/** What keeps a host from doing a task at all, which is not to be mended in the text: it has a place in Ansible's form alone. */
export function hostFault(task: Task, message: string): Diagnostic {
	return {...faultAt(task, message), message, labels: []};
}

function faultFrom(task: Task, causes: readonly Cause[], span: Span): Diagnostic {
	const message = joinMessages(causes);
	const help = causes.find((cause) => cause.help !== undefined)?.help;
	return {
		severity: 'error',
		code: 'task/failed',
		message: message.replace(/^Task failed: ((Module|Action) failed: )?/, ''),
		labels: [{span}],
		...(help === undefined ? {} : {help}),
		ansible: message,
		ansibleCauses:
			task.implicit === 'facts'
				? causes.map(({span: _, ...cause}) => cause)
				: [{span: task.span, ...causes[0]!}, ...causes.slice(1)],
	};
}

/** What kept a task from doing its work, as a diagnostic; `heads` is what Ansible says before it. */
export function faultOf(task: Task, error: Error, heads: readonly string[]): Diagnostic {
	const template = templateErrorIn(error);
	const causes = [...heads.map((message) => ({message})), ...causesOf(error)];
	const plain = faultFrom(task, causes, template?.span ?? task.moduleSpan);
	if (template) {
		const {notes, ...told} = templateFault(template, plain.labels[0]!.span);
		return {...plain, ...told, notes: [...notes, whereIs(task)]};
	}
	return error instanceof ArgumentError ? {...plain, ...argumentFault(task, error.problem), notes: [whereIs(task)]} : plain;
}

/** Wrong arguments as diagnostics of their own, before the task runs: each unknown name has its own place. */
export function argumentDiagnostics(task: Task, problem: ArgumentProblem, severity: Diagnostic['severity']): Diagnostic[] {
	const parts =
		problem.code === 'module/unknown-argument' ? problem.names.map((name) => ({...problem, names: [name]})) : [problem];
	return parts.map((part) => ({
		severity,
		labels: [{span: task.moduleSpan}],
		...argumentFault(task, part),
		notes: [whereIs(task)],
		ansible: problem.message,
	}));
}

/** What is wrong with a template that nobody has evaluated yet. */
export function templateDiagnostic(task: Task, error: TemplateError, span: Span, severity: Diagnostic['severity']): Diagnostic {
	const {notes, ...told} = templateFault(error, error.span ?? span);
	return {
		severity,
		...told,
		notes: [...notes, whereIs(task)],
		ansible: error.message,
	};
}

/** The first wrong argument with its place. */
function argumentFault(task: Task, problem: ArgumentProblem): Pick<Diagnostic, 'code' | 'message'> & Partial<Diagnostic> {
	const names = problem.names.map((path) => path.join('.'));
	const quoted = names.map((name) => `\`${name}\``).join(', ');
	const node = problem.names[0] && keyOf(task, problem.names[0]);
	const span = node?.span ?? wordSpan(task, problem.names[0]?.[0]) ?? task.moduleSpan;
	const plural = names.length > 1 ? 's' : '';
	switch (problem.code) {
		case 'module/unknown-argument': {
			if (names[0] === '_raw_params')
				return {
					code: problem.code,
					message: `\`${task.module}\` takes arguments as \`name=value\` or as a mapping, not as a text`,
				};
			const text = didYouMean(names[0]!, problem.candidates ?? []);
			return {
				code: problem.code,
				message: `the \`${task.module}\` module has no argument${plural} ${quoted}`,
				labels: [text ? {span, text} : {span}],
				...(problem.candidates ? {help: `\`${task.module}\` takes ${problem.candidates.join(', ')}`} : {}),
			};
		}
		case 'module/missing-argument':
			return {
				code: problem.code,
				message: problem.message.startsWith('missing required arguments')
					? `the \`${task.module}\` module needs the argument${plural} ${quoted}`
					: problem.message,
			};
		default:
			return {code: problem.code, message: problem.message, labels: [{span: valueSpan(task, node) ?? span}]};
	}
}

/** The key of an argument, or of an option within one. */
function keyOf(task: Task, path: readonly string[]): Node | undefined {
	for (const node of [task.moduleArgs, task.extraArgs]) {
		let at = node;
		let key: Node | undefined;
		for (const name of path) {
			const entry = at?.kind === 'map' ? getEntry(at, name) : undefined;
			if (!entry) break;
			({key, value: at} = entry);
		}
		if (key) return key;
	}
	return undefined;
}

/** The place of `name=` in the free-form text of a task. */
function wordSpan({moduleArgs}: Task, name: string | undefined): Span | undefined {
	if (name === undefined || moduleArgs?.kind !== 'scalar' || moduleArgs.contentStart === undefined) return undefined;
	const found = ` ${moduleArgs.text}`.search(new RegExp(`\\s${name.replace(/\W/g, '\\$&')}=`));
	if (found < 0) return undefined;
	const start = moduleArgs.contentStart + found;
	return {file: moduleArgs.span.file, start, end: start + name.length};
}

function valueSpan(task: Task, key: Node | undefined): Span | undefined {
	const entries = [task.moduleArgs, task.extraArgs].flatMap((node) => (node?.kind === 'map' ? node.entries : []));
	const value = entries.find((entry) => entry.key === key)?.value;
	return value?.kind === 'scalar' ? value.span : undefined;
}

/** `in task …, role …, play … (file:line:column)`. */
export function whereIs(task: Task): string {
	const name = task.keywords.get('name');
	const levels = lineage(task);
	const role = levels.findLast((level) => level.role)?.role;
	const play = levels.find((level) => level.keywords.has('hosts')) ?? levels[0]!;
	const title = play.keywords.get('name') ?? play.keywords.get('hosts');
	return [
		name?.kind === 'scalar' ? `in task \`${name.text}\`` : `in a task \`${task.module}\``,
		...(role ? [`role \`${role.name}\``] : []),
		`play ${title?.kind === 'scalar' ? `\`${title.text}\` ` : ''}(${formatSpan(play.span)})`,
	].join(', ');
}
