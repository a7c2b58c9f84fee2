import {Dict, typeName, type Value} from '../jinja/jinja.js';
import type {Task} from '../playbook/playbook.js';
import {getEntry, type Node} from '../source/source.js';
import type {TaskScope, Variables} from '../vars/vars.js';
import {evaluateNode, toFlag} from './fields.js';
import {FieldError} from './task-error.js';

/** How a loop names and shows its items. */
export interface LoopControl {
	readonly variable: string;
	readonly index: string | undefined;
	readonly label: Node | undefined;
	readonly pause: number;
	readonly extended: boolean;
	readonly allItems: boolean;
	readonly breakWhen: Node | undefined;
}

/** Evaluates `loop:` or `with_NAME:` to its items. */
export function loopItems(task: Task, scope: TaskScope, variables: Variables): readonly Value[] {
	const {lookup, node} = task.loop!;
	if (lookup !== 'loop') return variables.lookupItems(lookup, node, scope);
	const value = evaluateNode(node, scope, variables);
	if (Array.isArray(value)) return value;
	const type = value === undefined ? '_OmitType' : typeName(value);
	throw new FieldError(`The \`loop\` value must resolve to a 'list', not '${type}'.`, {
		span: node.span,
		help: 'Provide a list of items/templates, or a template resolving to a list.',
	});
}

export function readLoopControl(task: Task, scope: TaskScope, variables: Variables): LoopControl {
	const node = task.keywords.get('loop_control');
	const map = node?.kind === 'map' ? node : undefined;
	const entry = (name: string) => (map ? getEntry(map, name)?.value : undefined);
	const text = (name: string) => {
		const found = entry(name);
		const value = found && evaluateNode(found, scope, variables);
		return value === undefined || value === null ? undefined : String(value);
	};
	const flag = (name: string, fallback: boolean) => {
		const value = text(name);
		return value === undefined ? fallback : toFlag(value) === true;
	};
	return {
		variable: text('loop_var') ?? 'item',
		index: text('index_var'),
		label: entry('label'),
		pause: Number(text('pause') ?? 0),
		extended: flag('extended', false),
		allItems: flag('extended_allitems', true),
		breakWhen: entry('break_when'),
	};
}

/** The variables that one item of a loop adds. */
export function itemVariables(control: LoopControl, items: readonly Value[], index: number): Dict {
	const dict = Dict.from([
		[control.variable, items[index]!],
		['ansible_loop_var', control.variable],
	]);
	if (control.index !== undefined) {
		dict.set(control.index, index);
		dict.set('ansible_index_var', control.index);
	}
	if (control.extended) dict.set('ansible_loop', extended(control, items, index));
	return dict;
}

function extended({allItems}: LoopControl, items: readonly Value[], index: number): Dict {
	const {length} = items;
	return Dict.from([
		...(allItems ? ([['allitems', items]] as [Value, Value][]) : []),
		['index', index + 1],
		['index0', index],
		['first', index === 0],
		['last', index + 1 === length],
		['length', length],
		['revindex', length - index],
		['revindex0', length - index - 1],
		...(index + 1 < length ? ([['nextitem', items[index + 1]!]] as [Value, Value][]) : []),
		...(index > 0 ? ([['previtem', items[index - 1]!]] as [Value, Value][]) : []),
	]);
}
