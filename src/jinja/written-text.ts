import type {Expression} from './ast.js';
import {ansibleEnvironment} from './environment.js';
import {parseTemplate} from './program.js';
import type {Scope} from './scope.js';
import {SyntaxFault} from './syntax-error.js';
import {Dict, Template, type Value} from './value.js';

/** How many templates may lead to each other. */
const maximumSteps = 20;

/**
 * Whether a text that a template gave stands as it is in the user's files: behind names whose values were written there, reached by names, keys
 * and choices between them. Such a text may be evaluated as an expression (`when: "{{ condition }}"`); a text that was put together, or that
 * came from a host, may not.
 */
export function isWrittenText(text: string, template: Template, scope: Scope): boolean {
	return valuesOf(template, scope, maximumSteps).includes(text);
}

/** The values that a template may have without computing anything. */
function valuesOf(template: Template, scope: Scope, steps: number): readonly Value[] {
	if (steps === 0) return [];
	try {
		const [first, ...rest] = parseTemplate(template.source, ansibleEnvironment, {
			syntax: ansibleEnvironment.syntax,
			rawStrings: true,
		});
		return first?.kind === 'output' && !rest.length ? reached(first.value, scope, steps - 1) : [];
	} catch (fault) {
		if (fault instanceof SyntaxFault) return [];
		throw fault;
	}
}

function reached(node: Expression, scope: Scope, steps: number): readonly Value[] {
	const settle = (value: Value | undefined): readonly Value[] =>
		value === undefined ? [] : value instanceof Template ? valuesOf(value, scope, steps) : [value];
	switch (node.kind) {
		case 'name':
			return scope.isWritten?.(node.name) ? settle(scope.resolve(node.name)) : [];
		case 'attribute':
			return reached(node.object, scope, steps).flatMap((value) => settle(member(value, node.name)));
		case 'item': {
			const {key} = node;
			if (key.kind !== 'constant') return [];
			return reached(node.object, scope, steps).flatMap((value) => settle(member(value, key.value)));
		}
		case 'conditional':
			return [node.value, node.otherwise].flatMap((one) => (one ? reached(one, scope, steps) : []));
		case 'logic':
			return [node.left, node.right].flatMap((one) => reached(one, scope, steps));
		case 'filter':
			if (!choosing.has(node.name)) return [];
			return [node.value, ...node.arguments.positional].flatMap((one) => (one ? reached(one, scope, steps) : []));
		default:
			return [];
	}
}

/** Filters that give one of their arguments. */
const choosing: ReadonlySet<string> = new Set([
	'default',
	'd',
	'ansible.builtin.default',
	'mandatory',
	'ansible.builtin.mandatory',
]);

function member(value: Value, key: Value): Value | undefined {
	if (value instanceof Dict) return typeof key === 'string' ? value.get(key) : undefined;
	return Array.isArray(value) && typeof key === 'number' ? value.at(key) : undefined;
}
