import {builtinName} from '../modules/modules.js';
import {didYouMean, getEntry, type MapNode, type Node, type SourceFile} from '../source/source.js';
import {checkKeywords} from './check-keywords.js';
import {asArguments, checkTask} from './check-task.js';
import {includeKeywords, keywords, keywordsOf} from './keywords.js';
import type {Level, Loop, Task} from './level.js';
import {complain, describeNode, type Reading, toKeywords} from './reading.js';

/** Which module a task names, and its value. */
interface Action {
	readonly name: string;
	readonly key: Node;
	readonly args: Node | undefined;
	readonly isLocal: boolean;
}

/** Reads one task; undefined (and reported) when it cannot be one. */
export function readTask(reading: Reading, map: MapNode, parent: Level, file: SourceFile, isHandler: boolean): Task | undefined {
	const action = findAction(reading, map);
	if (!action) return undefined;
	const module = action.name.replace(/^ansible\.(builtin|legacy)\./, '');
	checkKeywords(
		reading,
		map,
		isHandler ? 'handler' : 'task',
		(name) => isLoop(name) || name === action.key.text || (!(name in keywords) && isModuleName(name)),
	);
	if (module === 'include_tasks' || module === 'include_role') checkInclude(reading, map, module);
	reading.noteModule(module, action.key.span);
	const task: Task = {
		kind: 'task',
		id: reading.nextId(),
		span: map.span,
		keywords: toKeywords(map, isKeyword),
		parent,
		module,
		written: action.name,
		moduleSpan: action.key.span,
		moduleArgs: asArguments(module, action.args),
		extraArgs: getEntry(map, 'args')?.value,
		loop: findLoop(reading, map),
		file,
		isLocal: action.isLocal,
		isHandler,
	};
	checkTask(reading, task);
	return task;
}

function findAction(reading: Reading, map: MapNode): (Action & {key: Node & {text: string}}) | undefined {
	const found = map.entries.filter(({key}) => {
		if (key.text === 'action' || key.text === 'local_action') return true;
		return !isKeyword(key.text) && !isLoop(key.text);
	});
	const sure = found.filter(({key}) => !looksMisspelt(key.text));
	const [first, ...others] = sure.length > 0 ? sure : found;
	if (!first) {
		complain(reading, 'playbook/shape', map.span, 'this task names no module', {
			help: 'a task has one key that is a module, such as `copy:` or `command:`',
			ansible: 'no module/action detected in task.',
		});
		return undefined;
	}
	if (others.length > 0) {
		complain(
			reading,
			'playbook/shape',
			others[0]!.key.span,
			`a task has one module, this one names \`${first.key.text}\` and \`${others[0]!.key.text}\``,
			{
				text: others[0]!.key.text in keywords ? undefined : didYouMean(others[0]!.key.text, keywordsOf('task')),
				ansible: `conflicting action statements: ${[first, ...others].map(({key}) => key.text).join(', ')}`,
			},
		);
		return undefined;
	}
	if (first.key.text !== 'action' && first.key.text !== 'local_action') {
		const {value} = first;
		if (value.kind === 'seq' || (value.kind === 'scalar' && value.value !== null && typeof value.value !== 'string')) {
			complain(
				reading,
				'playbook/shape',
				value.span,
				`the arguments of \`${first.key.text}\` must be a mapping or a text, not ${describeNode(value)}`,
				{
					ansible: `unexpected parameter type in action: ${describeNode(value)}`,
				},
			);
			return undefined;
		}
		return {name: first.key.text, key: first.key, args: first.value, isLocal: false};
	}
	return actionKeyword(reading, first.key, first.value);
}

/** `action: copy src=a dest=b`, or `action: {module: copy, src: a}`. */
function actionKeyword(
	reading: Reading,
	key: MapNode['entries'][number]['key'],
	value: Node,
): (Action & {key: typeof key}) | undefined {
	const isLocal = key.text === 'local_action';
	if (value.kind === 'map') {
		const module = getEntry(value, 'module');
		if (module?.value.kind === 'scalar') {
			const args: MapNode = {...value, entries: value.entries.filter((entry) => entry !== module)};
			return {name: module.value.text.split(/\s/)[0]!, key, args, isLocal};
		}
	} else if (value.kind === 'scalar' && typeof value.value === 'string') {
		const [, name, rest] = /^\s*(\S+)\s*([\s\S]*)$/.exec(value.text) ?? [];
		if (name) {
			const at = value.contentStart === undefined ? undefined : value.contentStart + value.text.length - rest!.length;
			const args: Node = {
				...value,
				text: rest!,
				value: rest!,
				...(at === undefined ? {contentStart: undefined} : {contentStart: at}),
			};
			return {name, key, args: rest ? args : undefined, isLocal};
		}
	}
	complain(reading, 'playbook/shape', value.span, `\`${key.text}\` must name a module`);
	return undefined;
}

function findLoop(reading: Reading, map: MapNode): Loop | undefined {
	const loops = map.entries.filter(({key}) => key.text === 'loop' || isLoop(key.text));
	if (loops.length > 1)
		complain(reading, 'playbook/shape', loops[1]!.key.span, 'a task has one loop', {ansible: 'duplicate loop in task'});
	const first = loops[0];
	if (!first) return undefined;
	const lookup = first.key.text === 'loop' ? 'loop' : first.key.text.slice('with_'.length);
	return {lookup, keySpan: first.key.span, node: first.value};
}

function checkInclude(reading: Reading, map: MapNode, module: string): void {
	for (const {key} of map.entries) {
		if (!(key.text in keywords) || includeKeywords.has(key.text) || key.text === 'listen') continue;
		complain(reading, 'playbook/unknown-keyword', key.span, `\`${key.text}\` has no effect on \`${module}\` itself`, {
			help: `to give it to the included tasks, write it under \`apply:\` in the arguments of \`${module}\``,
			ansible: `'${key.text}' is not a valid attribute for a ${module === 'include_role' ? 'IncludeRole' : 'TaskInclude'}`,
		});
	}
}

/** `user` is a keyword of plays and a module: on a task it is the module. */
function isKeyword(name: string): boolean {
	return name in keywords && (keywords[name]!.places.includes('task') || builtinName(name) === undefined);
}

function isLoop(name: string): boolean {
	return name.startsWith('with_');
}

/** A module's name could stand here: a name with a collection, or one that is near no keyword. */
function isModuleName(name: string): boolean {
	return name.includes('.') || !looksMisspelt(name);
}

/** A playbook names few modules, again and again. */
const judged = new Map<string, boolean>();

function looksMisspelt(name: string): boolean {
	let misspelt = judged.get(name);
	if (misspelt === undefined) {
		misspelt = !name.includes('.') && !(name in keywords) && didYouMean(name, keywordsOf('task')) !== undefined;
		judged.set(name, misspelt);
	}
	return misspelt;
}
