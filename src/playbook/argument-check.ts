import {getEntry, type Node} from '../source/source.js';
import type {Block, Task} from './level.js';
import type {Reading} from './reading.js';
import type {Role} from './role.js';

/** The task that checks a role's arguments, put first when the role declares them. */
export function argumentCheck(reading: Reading, role: Role, tasksFrom: string, block: Block): Task[] {
	const entryPoint = tasksFrom.replace(/\.(ya?ml|json)$/, '');
	const spec = role.argumentSpecs && getEntry(role.argumentSpecs, entryPoint);
	if (!spec) return [];
	const scalar = (text: string): Node => ({kind: 'scalar', span: spec.key.span, value: text, text, style: 'double'});
	const short = spec.value.kind === 'map' ? getEntry(spec.value, 'short_description')?.value : undefined;
	const suffix = short?.kind === 'scalar' ? ` - ${short.text}` : '';
	return [
		{
			kind: 'task',
			id: reading.nextId(),
			span: spec.key.span,
			keywords: new Map([
				['name', scalar(`Validating arguments against arg spec '${entryPoint}'${suffix}`)],
				['tags', scalar('always')],
			]),
			parent: block,
			module: 'validate_argument_spec',
			written: 'validate_argument_spec',
			moduleSpan: spec.key.span,
			moduleArgs: spec.value,
			extraArgs: undefined,
			loop: undefined,
			file: spec.key.span.file,
			isLocal: false,
			isHandler: false,
			implicit: 'argument-spec',
		},
	];
}
