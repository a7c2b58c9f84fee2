import {Dict, pythonStr, Template, type Value} from '../jinja/jinja.js';
import type {ArgumentRules, ArgumentSpec, ArgumentSpecs} from './argument-spec.js';
import {type ArgumentsOf, type ReadArguments, readBySpecs} from './arguments.js';
import {type ActionDefinition, type ModuleDefinition, ModuleFailure} from './contract.js';
import {parseFreeForm as parse} from './free-form.js';

// biome-ignore lint/suspicious/noExplicitAny: each definition has types of its own, which only its author knows
export type Definition = ModuleDefinition<any, any> | ActionDefinition<any, any>;

/** What became of a task's arguments; `problem` is the message with which the task fails. */
export interface TaskArguments extends ReadArguments {
	readonly problem: string | undefined;
	/** `noLogValues` as a list. */
	readonly secretValues: readonly string[];
}

/** Reads the arguments of a module or action. `written` is the name that the task gives it, for messages. */
export function readArguments(
	definition: Definition,
	given: ReadonlyMap<string, Value>,
	written = definition.name,
): TaskArguments {
	const action = definition.kind === 'action' ? definition : undefined;
	const of: ArgumentsOf = {
		module: definition.name === 'command' || definition.name === 'shell' ? 'ansible.legacy.command' : written,
		...(action?.anyArguments ? {anyArguments: true} : {}),
		...(action?.expressions ? {expressions: action.expressions} : {}),
	};
	const read = readBySpecs(definition.args, definition.rules, given, of);
	const problem = action?.anyArguments ? read.problems[0]?.message : firstMessage(definition, read);
	const task = {...read, problem, secretValues: [...read.noLogValues]};
	// At load a template has no value yet: there is nothing to prepare.
	if (!action?.prepare || problem !== undefined || [...given.values()].some((value) => value instanceof Template)) return task;
	try {
		return {...task, args: action.prepare(read.args)};
	} catch (error) {
		if (error instanceof ModuleFailure) return {...task, problem: error.message};
		throw error;
	}
}

/** Ansible's `fail` words strange arguments in a way of its own. */
function firstMessage({name}: Definition, {problems}: ReadArguments): string | undefined {
	const [first] = problems;
	if (first?.code !== 'module/unknown-argument' || name !== 'fail') return first?.message;
	return `Invalid options for fail: ${first.names
		.map((path) => path.join('.'))
		.sort()
		.join(',')}`;
}

/** The arguments in a free-form text (`command: echo hi chdir=/tmp`) as names and texts, what is raw under the action's own name for it. */
export function parseFreeForm(definition: Definition, text: string): (readonly [name: string, text: string])[] {
	const {args, raw} = parse(text, definition.kind === 'action' ? definition.freeFormKeys : undefined);
	const rawName = (definition.kind === 'action' && definition.freeForm) || '_raw_params';
	return [...args.map((one) => [one.name, one.text] as const), ...(raw ? [[rawName, raw.text] as const] : [])];
}

/** Checks a role's arguments by the `options` of its `meta/argument_specs.yml`; the messages are those of `validate_argument_spec`. */
export function validateSpec(options: Dict, given: Dict): string[] {
	const entries = new Map([...given.entries()].map(([name, value]) => [pythonStr(name), value] as const));
	return readBySpecs(toSpecs(options), undefined, entries).problems.map(({message}) => message);
}

const rulesOfOptions = ['required_if', 'mutually_exclusive', 'required_one_of', 'required_together', 'required_by'] as const;

/** The specs that a YAML text gives; what has no meaning in them is left out. */
export function toSpecs(options: Dict): ArgumentSpecs {
	return Object.fromEntries(
		[...options.entries()].map(([name, spec]) => [pythonStr(name), spec instanceof Dict ? toSpec(spec) : {}]),
	);
}

function toSpec(spec: Dict): ArgumentSpec {
	const get = (name: string) => spec.get(name);
	const list = (name: string) => {
		const value = get(name);
		return Array.isArray(value) ? value : undefined;
	};
	const options = get('options');
	const rules = Object.fromEntries(
		rulesOfOptions.map((name) => [name, toPlain(get(name))]).filter(([, value]) => value !== undefined),
	);
	return {
		...(typeof get('type') === 'string' ? {type: get('type') as ArgumentSpec['type']} : {}),
		...(typeof get('elements') === 'string' ? {elements: get('elements') as ArgumentSpec['elements']} : {}),
		...(get('required') === true ? {required: true} : {}),
		...(get('no_log') === true ? {no_log: true} : {}),
		...(get('default') === undefined ? {} : {default: get('default')}),
		...(list('choices') ? {choices: list('choices') as ArgumentSpec['choices']} : {}),
		...(list('aliases') ? {aliases: list('aliases')!.map((alias) => pythonStr(alias))} : {}),
		...(options instanceof Dict ? {options: toSpecs(options)} : {}),
		...(rules as ArgumentRules & object),
	};
}

function toPlain(value: Value | undefined): unknown {
	if (Array.isArray(value)) return value.map(toPlain);
	return value instanceof Dict
		? Object.fromEntries([...value.entries()].map(([key, item]) => [pythonStr(key), toPlain(item)]))
		: value;
}
