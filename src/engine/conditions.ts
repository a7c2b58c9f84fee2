import {evaluateCondition, type Unknown, type Value} from '../jinja/jinja.js';
import type {Node} from '../source/source.js';
import type {TaskScope, Variables} from '../vars/vars.js';

/** What a list of conditions came to: true, the first that is false (as written), or unknown. */
export type Verdict =
	| {readonly met: true}
	| {readonly met: false; readonly condition: Value}
	| {readonly met: 'unknown'; readonly unknown: Unknown};

/** Evaluates conditions (all must hold, the first false one ends it). An unknown one leaves open what no false one decides. */
export function judge(nodes: readonly Node[], scope: TaskScope, variables: Variables): Verdict {
	let unknown: Unknown | undefined;
	for (const node of nodes.flatMap(conditionsIn)) {
		const value = variables.readCondition(node);
		const holds = evaluateCondition(value, scope);
		if (holds === false) return {met: false, condition: node.kind === 'scalar' ? (node.value as Value) : true};
		if (holds !== true) unknown = holds;
	}
	return unknown ? {met: 'unknown', unknown} : {met: true};
}

function conditionsIn(node: Node): readonly Node[] {
	return node.kind === 'seq' ? node.items.flatMap(conditionsIn) : [node];
}
