import {metaActions, splitArguments} from '../modules/modules.js';
import {didYouMean, getEntry, type MapNode, type Node, type ScalarNode} from '../source/source.js';
import type {Task} from './level.js';
import {complain, describeNode, type Reading} from './reading.js';
import {checkVariableName} from './variable-names.js';

const roleArguments = [
	'name',
	'role',
	'tasks_from',
	'vars_from',
	'defaults_from',
	'handlers_from',
	'allow_duplicates',
	'public',
	'rolespec_validate',
];

/** The arguments of the modules that this room and the engine do themselves. */
const ownArguments: Readonly<Record<string, readonly string[]>> = {
	include_tasks: ['file', 'apply'],
	import_tasks: ['file'],
	include_role: [...roleArguments, 'apply'],
	import_role: roleArguments,
};

const loopControls = ['loop_var', 'index_var', 'label', 'pause', 'extended', 'extended_allitems', 'break_when'];

/** Checks what is said of a task beyond its keywords' names: `register`, `loop_control`, the arguments of includes, `meta`, what a handler may be. */
export function checkTask(reading: Reading, task: Task): void {
	checkRegister(reading, task.keywords.get('register'));
	checkLoopControl(reading, task);
	checkArguments(reading, task);
	if (task.module === 'meta') checkMeta(reading, task);
	if (task.isHandler && task.module === 'include_role')
		complain(reading, 'playbook/unsupported', task.moduleSpan, 'a handler cannot include a role', {
			ansible: "Using 'include_role' as a handler is not supported.",
		});
}

/** `register` holds a name, or names with the expressions whose values they keep. */
function checkRegister(reading: Reading, node: Node | undefined): void {
	const names = node?.kind === 'map' ? node.entries.map(({key}) => key) : [node];
	for (const name of names) {
		if (name && !(name.kind === 'scalar' && name.value === null))
			checkVariableName(reading, name, "Invalid 'register' specified: ");
	}
	for (const {value} of node?.kind === 'map' ? node.entries : [])
		if (value.kind !== 'scalar' || typeof value.value !== 'string')
			complain(reading, 'playbook/keyword-value', value.span, `an expression must stand here, not ${describeNode(value)}`);
}

function checkLoopControl(reading: Reading, task: Task): void {
	const control = task.keywords.get('loop_control');
	if (control?.kind !== 'map') return;
	for (const {key, value} of control.entries) {
		if (!loopControls.includes(key.text)) {
			complain(reading, 'playbook/unknown-keyword', key.span, `\`loop_control\` has no \`${key.text}\``, {
				text: didYouMean(key.text, loopControls),
				help: `it has ${loopControls.join(', ')}`,
				ansible: `'${key.text}' is not a valid attribute for a LoopControl`,
			});
		} else if (['loop_var', 'index_var'].includes(key.text) && value.kind === 'scalar' && !value.text.includes('{{')) {
			checkVariableName(reading, value, `Invalid '${key.text}': `);
		} else if (key.text === 'pause' && !(value.kind === 'scalar' && (value.text.includes('{{') || isNumber(value)))) {
			complain(
				reading,
				'playbook/keyword-value',
				value.span,
				`\`pause\` must be a number of seconds, not ${describeNode(value)}`,
			);
		}
	}
}

function isNumber({text}: ScalarNode): boolean {
	return text.trim() !== '' && !Number.isNaN(Number(text));
}

function checkArguments(reading: Reading, {module, moduleArgs, extraArgs}: Task): void {
	const known = ownArguments[module];
	for (const node of [moduleArgs, extraArgs]) {
		if (!known || node?.kind !== 'map') continue;
		for (const {key} of node.entries) {
			if (known.includes(key.text)) continue;
			complain(reading, 'module/unknown-argument', key.span, `\`${module}\` has no argument \`${key.text}\``, {
				text: didYouMean(key.text, known),
				help: `\`${module}\` takes ${known.join(', ')}`,
				ansible: `Invalid options for ${module.endsWith('tasks') ? 'ansible.builtin.' : ''}${module}: ${key.text}`,
			});
		}
	}
}

function checkMeta(reading: Reading, {moduleArgs, moduleSpan, isHandler}: Task): void {
	const action = moduleArgs?.kind === 'scalar' ? moduleArgs.text.trim() : '';
	if (!(metaActions as readonly string[]).includes(action))
		complain(reading, 'module/argument-value', moduleArgs?.span ?? moduleSpan, `\`meta\` has no action \`${action}\``, {
			text: didYouMean(action, metaActions),
			help: `it has ${metaActions.join(', ')}`,
			ansible: `invalid meta action requested: ${action}`,
		});
	else if (isHandler && action === 'flush_handlers')
		complain(reading, 'playbook/unsupported', moduleSpan, '`flush_handlers` cannot be a handler', {
			ansible: 'flush_handlers cannot be used as a handler',
		});
}

/** The arguments of `include_role: name=x tasks_from=y` as a mapping; any other text stays what it is. */
export function asArguments(module: string, node: Node | undefined): Node | undefined {
	if (!(module in ownArguments) || node?.kind !== 'scalar' || typeof node.value !== 'string') return node;
	const words = splitArguments(node.text).map((word) => /^(\w+)=([\s\S]*)$/.exec(word.trim()));
	if (words.length === 0 || words.some((word) => !word)) return node;
	const scalar = (text: string): ScalarNode => ({kind: 'scalar', span: node.span, value: text, text, style: 'plain'});
	const entries = words.map((word) => ({key: scalar(word![1]!), value: scalar(word![2]!.replace(/^(["'])(.*)\1$/s, '$2'))}));
	const map: MapNode = {kind: 'map', span: node.span, entries, duplicates: []};
	return getEntry(map, 'file') || module.endsWith('role') ? map : node;
}
