import {childrenOf, type RegexNode} from './node.js';

/** From how many turns on a repeat counts as without bound. */
const many = 30;

/**
 * How the time of a search can grow with a text: its length to the power of this many (the places to start and each repeat count), or infinite
 * when it can double with each character.
 */
export function degreeOf(root: RegexNode): number {
	const visit = (node: RegexNode, inLoop: boolean): number => {
		const loops = node.kind === 'repeat' && node.max >= many;
		if (inLoop && (loops || (node.kind === 'repeat' && node.min !== node.max) || node.kind === 'choice'))
			return Number.POSITIVE_INFINITY;
		const inner = childrenOf(node).map((child) => visit(child, inLoop || loops));
		const together = node.kind === 'choice' ? Math.max(0, ...inner) : inner.reduce((sum, one) => sum + one, 0);
		return together + (loops ? 1 : 0);
	};
	return visit(root, false);
}
