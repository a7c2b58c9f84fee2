import type {Expression} from './ast.js';
import type {Evaluate} from './compiled.js';
import type {Frame} from './run.js';
import {looksLikeTemplate} from './template-text.js';
import {Template, type Value} from './value.js';

/** A constant: its value, except for texts that are themselves rendered. */
export function compileConstant(node: Expression & {kind: 'constant'}): Evaluate {
	const {value} = node;
	if (typeof value !== 'string' || !looksLikeTemplate(value)) return () => value;
	return (frame) => (frame.context.store.rendersConstants ? renderConstant(frame, value) : value);
}

/** A string constant with `{{ }}` inside, which Ansible still renders in conditions and in the arguments of lookups. */
function renderConstant(frame: Frame, text: string): Value {
	const {store} = frame.context;
	store.operation.warn(
		'Jinja constant strings should not contain embedded templates. This feature will be disabled by default in ansible-core 2.23.',
		frame.unit.origin,
	);
	return store.evaluate(new Template(text, frame.unit.origin));
}

/** A text with `{{ }}` as an argument of a lookup; undefined for any other expression. */
export function renderedConstant(node: Expression): Evaluate | undefined {
	if (node.kind === 'constant' && typeof node.value === 'string' && looksLikeTemplate(node.value)) {
		const text = node.value;
		return (frame) => (frame.context.environment.markers ? renderConstant(frame, text) : text);
	}
	return undefined;
}
