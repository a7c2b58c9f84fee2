import type {Target} from './ast.js';
import {PythonError} from './fault.js';
import {Namespace} from './internal.js';
import {iterateRaw} from './python/iterate.js';
import {typeName} from './python/type-name.js';
import {type Frame, located} from './run.js';
import type {Value} from './value.js';

/** Sets a name in a frame; on the top level it becomes visible to blocks and importers. */
export function assignName(frame: Frame, name: string, value: Value, exported = true): void {
	frame.define(name, value);
	if (!frame.isTop) return;
	if (exported && !name.startsWith('_')) frame.context.exports.add(name);
	else frame.context.exports.delete(name);
}

function namespaceOf(frame: Frame, target: Target & {kind: 'namespace'}): Namespace {
	const object = frame.resolve(target.name);
	if (object instanceof Namespace) return object;
	throw located(new PythonError('TemplateRuntimeError', 'cannot assign attribute on non-namespace object'), frame, target);
}

/** Fails when a target names an attribute of what is no namespace: Jinja looks before it computes the value. */
export function checkTarget(frame: Frame, target: Target): void {
	if (target.kind === 'namespace') namespaceOf(frame, target);
	else if (target.kind === 'tuple') for (const item of target.items) checkTarget(frame, item);
}

/** What gives the names of a target their values. */
export function compileTarget(target: Target): (frame: Frame, value: Value) => void {
	if (target.kind === 'name') {
		const {name} = target;
		return (frame, value) => assignName(frame, name, value);
	}
	if (target.kind === 'namespace') return (frame, value) => namespaceOf(frame, target).values.set(target.attribute, value);
	const items = target.items.map(compileTarget);
	return (frame, value) => {
		let values: readonly Value[];
		try {
			values = iterateRaw(value);
			const expected = items.length;
			if (values.length < expected)
				throw new PythonError('ValueError', `not enough values to unpack (expected ${expected}, got ${values.length})`);
			if (values.length > expected) throw new PythonError('ValueError', `too many values to unpack (expected ${expected})`);
		} catch (fault) {
			if (fault instanceof PythonError && fault.message.endsWith('object is not iterable')) {
				throw located(new PythonError('TypeError', `cannot unpack non-iterable ${typeName(value)} object`), frame, target);
			}
			throw located(fault, frame, target);
		}
		for (const [index, assign] of items.entries()) assign(frame, values[index]!);
	};
}
