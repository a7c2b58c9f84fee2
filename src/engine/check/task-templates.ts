import {type Analysis, analyze, Template, TemplateError, type Value} from '../../jinja/jinja.js';
import type {Definition} from '../../modules/modules.js';
import type {Task} from '../../playbook/playbook.js';
import type {Node, Span} from '../../source/source.js';

/** A template or bare expression of the user's files, and what it refers to or why it cannot be read. */
export interface Found {
	readonly analysis: Analysis | TemplateError;
	/** The text it stands in. */
	readonly span: Span;
	/** The keyword or argument whose value it is (part of). */
	readonly of: string;
}

/** Keywords whose texts are expressions. */
const conditions = new Set(['when', 'changed_when', 'failed_when', 'until']);

/** Every template and expression of a task, as far as it is written in the playbook: keywords, loop, arguments. */
export function templatesOfTask(task: Task, definition: Definition | undefined, read: (node: Node) => Value): Found[] {
	const expressions: readonly string[] = (definition?.kind === 'action' && definition.expressions) || [];
	const found: Found[] = [];
	const add = (of: string, node: Node, isExpression: boolean) => {
		const more = isExpression ? expressionsIn(node, read) : templatesIn(node, read);
		found.push(...more.map((one) => ({...one, of})));
	};
	for (const [name, node] of task.keywords) {
		if (name === 'register' && node.kind === 'map') for (const {value} of node.entries) add(name, value, true);
		else if (name === 'loop_control' && node.kind === 'map')
			for (const {key, value} of node.entries) add(key.text, value, key.text === 'break_when');
		else if (name !== 'loop') add(name, node, conditions.has(name));
	}
	if (task.loop) add('loop', task.loop.node, false);
	for (const node of [task.extraArgs, task.moduleArgs]) {
		for (const {key, value} of node?.kind === 'map' ? node.entries : []) {
			add('', key, false);
			add(key.text, value, expressions.includes(key.text));
		}
		if (node && node.kind !== 'map') add('', node, false);
	}
	return found;
}

/** The templates in a value. */
export function templatesIn(node: Node, read: (node: Node) => Value): Omit<Found, 'of'>[] {
	return scalarsIn(node).flatMap((one) => {
		if (typeof one.value !== 'string' || one.tag !== undefined || !isTemplateText(one.text)) return [];
		const value = read(one);
		return value instanceof Template ? [{analysis: analysisOf(value), span: one.span}] : [];
	});
}

/** The expressions in a value: each text is one, unless it is a template. */
function expressionsIn(node: Node, read: (node: Node) => Value): Omit<Found, 'of'>[] {
	return scalarsIn(node).flatMap((one) => {
		if (typeof one.value !== 'string') return [];
		if (isTemplateText(one.text)) return templatesIn(one, read);
		const {text: expression, span: origin, contentStart} = one;
		return [{analysis: analysisOf({expression, origin, ...(contentStart === undefined ? {} : {contentStart})}), span: one.span}];
	});
}

export function analysisOf(source: Parameters<typeof analyze>[0]): Analysis | TemplateError {
	try {
		return analyze(source);
	} catch (error) {
		if (error instanceof TemplateError) return error;
		throw error;
	}
}

/** `{{`, `{%` or `{#` makes a text a template. */
export function isTemplateText(text: string): boolean {
	return /\{[{%#]/.test(text);
}

type Scalar = Extract<Node, {kind: 'scalar'}>;

/** The texts and numbers in a value, keys left out. */
export function scalarsIn(node: Node): Scalar[] {
	if (node.kind === 'scalar') return [node];
	return node.kind === 'seq' ? node.items.flatMap(scalarsIn) : node.entries.flatMap(({value}) => scalarsIn(value));
}
