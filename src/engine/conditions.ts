import {evaluateCondition, TemplateError, type Unknown, type Value} from '../jinja/jinja.js';
import type {Node} from '../source/source.js';
import type {TaskScope, Variables} from '../vars/vars.js';
import {FieldError} from './task-error.js';

/** What a list of conditions came to: true, the first that is false (as written), or unknown. */
export type Verdict =
	| {readonly met: true}
	| {readonly met: false; readonly condition: Value}
	| {readonly met: 'unknown'; readonly unknown: Unknown};

/** The keywords that hold conditions. */
type ConditionKeyword = 'when' | 'changed_when' | 'failed_when' | 'until' | 'break_when';

/**
 * Evaluates the conditions of a keyword: all must hold, the first false one ends it. An unknown one leaves open what no false one decides.
 * Throws `FieldError`.
 */
export function judge(keyword: ConditionKeyword, nodes: readonly Node[], scope: TaskScope, variables: Variables): Verdict {
	let unknown: Unknown | undefined;
	for (const node of nodes.flatMap(conditionsIn)) {
		const holds = holdsFor(keyword, node, scope, variables);
		if (holds === false) return {met: false, condition: node.kind === 'scalar' ? (node.value as Value) : true};
		if (holds !== true) unknown = holds;
	}
	return unknown ? {met: 'unknown', unknown} : {met: true};
}

function holdsFor(keyword: ConditionKeyword, node: Node, scope: TaskScope, variables: Variables): boolean | Unknown {
	try {
		return evaluateCondition(variables.readCondition(node), scope);
	} catch (error) {
		if (!(error instanceof TemplateError)) throw error;
		const article = /^[aeiou]/.test(keyword) ? 'An' : 'A';
		throw new FieldError(`${article} '${keyword}' expression failed.`, {span: node.span, cause: error});
	}
}

function conditionsIn(node: Node): readonly Node[] {
	return node.kind === 'seq' ? node.items.flatMap(conditionsIn) : [node];
}
