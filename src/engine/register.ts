import {Dict, evaluateExpression, hide, Template, TemplateError, type Value} from '../jinja/jinja.js';
import type {Task} from '../playbook/playbook.js';
import type {Node} from '../source/source.js';
import {dictLayer, type Layer, lazyLayer, type TaskScope} from '../vars/vars.js';
import {variablesOf} from './effects.js';
import {faultAt} from './task-fault.js';
import {exceptionOf, type TaskResult} from './task-result.js';

/** The names that see a result while it is judged: the one of `register`, or those whose expressions ask for `_task`. */
export function withResult(task: Task, scope: TaskScope, result: TaskResult): TaskScope {
	const register = task.keywords.get('register');
	const seeing = scope.over(dictLayer('set_fact', variablesOf(result))).over(taskLayer(result));
	if (register?.kind === 'scalar') return seeing.over(dictLayer('result', Dict.from([[register.text, registered(result)]])));
	const names = register?.kind === 'map' ? register.entries : [];
	const values = names.map(({key, value}) => [key.text, () => evaluate(value, seeing)] as const);
	return seeing.over(lazyLayer('result', Object.fromEntries(values)));
}

/**
 * What a task registers, by name. An expression that fails fails the task, and its name is undefined from then on, with the reason.
 */
export function registering(task: Task, scope: TaskScope, result: TaskResult): TaskResult {
	const register = task.keywords.get('register');
	if (register?.kind === 'scalar') return {...result, registered: Dict.from([[register.text, registered(result)]])};
	if (register?.kind !== 'map') return result;
	const seeing = scope.over(taskLayer(result));
	const values = new Dict();
	let faults = 0;
	for (const {key, value} of register.entries) {
		try {
			values.set(key.text, evaluate(value, seeing));
		} catch (error) {
			if (!(error instanceof TemplateError)) throw error;
			faults++;
			const reason = `The variable '${key.text}' is undefined because its register expression failed: ${error.message}`;
			values.set(key.text, new Template(`{{ undef(${JSON.stringify(reason)}) }}`, value.span));
		}
	}
	if (faults === 0) return {...result, registered: values};
	const message = `Task failed due to errors in ${faults} out of ${register.entries.length} register projections.`;
	return {
		...result,
		registered: values,
		status: 'failed',
		result: {msg: message, ...result.result, failed: true},
		fault: faultAt(task, message),
	};
}

/** What the expressions of `register` ask for: `_task.result`, of a loop `_task.loop_result`, and whichever of them there is. */
function taskLayer(result: TaskResult): Layer {
	const whole = registered(result);
	const last = result.items?.at(-1);
	const task = Dict.from([
		...(last ? [['loop_result', whole] as const] : []),
		['result', last ? registered(last) : whole],
		['polymorphic_result', whole],
	]);
	return dictLayer('result', Dict.from([['_task', task]]));
}

function evaluate(node: Node, scope: TaskScope): Value {
	const {text, contentStart} = node as Extract<Node, {kind: 'scalar'}>;
	return evaluateExpression(text, scope, {origin: node.span, ...(contentStart === undefined ? {} : {contentStart})});
}

/**
 * The value that `register` keeps: a failure's flags are always there to ask for, what is for views alone never. The texts of a task with
 * `no_log` are secret.
 */
export function registered(of: TaskResult): Dict {
	return of.noLog ? (hide(allRegistered(of)) as Dict) : allRegistered(of);
}

function allRegistered(of: TaskResult): Dict {
	const flags = {changed: false, failed: of.status === 'failed'};
	const values = Object.entries({...flags, ...of.result, ...exceptionOf(of)});
	const dict = Dict.from(values.filter(([key]) => key !== 'invocation' && !key.startsWith('_ansible_')));
	if (of.items) dict.set('results', of.items.map(registered));
	return dict;
}
