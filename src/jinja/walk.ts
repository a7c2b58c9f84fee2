import type {Expression, Statement} from './ast.js';

type Node = Expression | Statement;

/** Visits every statement and expression below some nodes, outer ones first. */
export function walk(nodes: unknown, visit: (node: Node) => void): void {
	if (Array.isArray(nodes)) {
		for (const node of nodes) walk(node, visit);
		return;
	}
	if (typeof nodes !== 'object' || nodes === null) return;
	const node = nodes as Record<string, unknown>;
	if (typeof node['kind'] === 'string') visit(nodes as Node);
	for (const key in node) if (key !== 'value' || node['kind'] !== 'constant') walk(node[key], visit);
}
