import {finalize, Omit, pythonStr, TemplateError, type Value} from '../jinja/jinja.js';
import {accumulated, inherited, type Level} from '../playbook/playbook.js';
import type {Node} from '../source/source.js';
import type {TaskScope, Variables} from '../vars/vars.js';
import {FieldError} from './task-error.js';

/** Keywords that are asked for where a wrong value could not be told. */
const flags = ['run_once', 'any_errors_fatal', 'ignore_errors', 'ignore_unreachable', 'delegate_facts', 'no_log'] as const;

/** The keywords of a task as they stand for one host and item: inherited, evaluated, of the right type. */
export class Fields {
	readonly #level: Level;
	readonly #scope: TaskScope;
	readonly #variables: Variables;

	constructor(level: Level, scope: TaskScope, variables: Variables) {
		this.#level = level;
		this.#scope = scope;
		this.#variables = variables;
	}

	/** The evaluated value of an inherited keyword; undefined when no level has it or it was omitted. */
	value(keyword: string): Value | undefined {
		const node = inherited(this.#level, keyword);
		return node && this.#evaluate(keyword, node);
	}

	/** The evaluated value of a keyword of the task itself. */
	own(keyword: string): Value | undefined {
		const node = this.#level.keywords.get(keyword);
		return node && this.#evaluate(keyword, node);
	}

	/** The evaluated values of a keyword that adds up, outermost first. */
	all(keyword: string): Value[] {
		return accumulated(this.#level, keyword).flatMap((node) => this.#evaluate(keyword, node) ?? []);
	}

	text(keyword: string): string | undefined {
		const value = this.value(keyword);
		if (value === undefined || value === null) return undefined;
		return String(value);
	}

	/** Ansible's boolean fields take YAML's and the words of `bool`. */
	flag(keyword: string): boolean | undefined {
		const value = this.value(keyword);
		if (value === undefined || value === null) return undefined;
		const truth = toFlag(value);
		if (truth === undefined) throw this.#misfit(keyword, value, 'bool');
		return truth;
	}

	number(keyword: string): number | undefined {
		const value = this.value(keyword);
		if (value === undefined || value === null) return undefined;
		const number = Number(typeof value === 'object' && 'value' in value ? value.value : value);
		if (Number.isNaN(number)) throw this.#misfit(keyword, value, keyword === 'delay' ? 'float' : 'int');
		return number;
	}

	/** Throws where one of the flags that are asked for later has a wrong value: the task fails of it first. */
	check(): void {
		for (const keyword of flags) this.flag(keyword);
		this.number('throttle');
	}

	/** Evaluates a keyword's value; what is wrong with it is told with the keyword's name. */
	#evaluate(keyword: string, node: Node): Value | undefined {
		try {
			return evaluateNode(node, this.#scope, this.#variables);
		} catch (error) {
			if (!(error instanceof TemplateError) || keyword === 'delegate_to') throw error;
			throw new FieldError(`Error processing keyword '${keyword}'.`, {span: node.span, cause: error});
		}
	}

	#misfit(keyword: string, value: Value, type: string): FieldError {
		const span = inherited(this.#level, keyword)?.span;
		const cause = new FieldError(`The value '${pythonStr(value)}' could not be converted to '${type}'.`);
		return new FieldError(`Error processing keyword '${keyword}'.`, {span, cause});
	}
}

/** Evaluates a node of the user's files to a plain value; undefined when it was omitted. */
export function evaluateNode(node: Node, scope: TaskScope, variables: Variables): Value | undefined {
	const value = finalize(variables.read(node), scope);
	return value instanceof Omit ? undefined : value;
}

/** What Ansible takes a word or number for, true or false; undefined for any other. */
export function toFlag(value: Value): boolean | undefined {
	if (typeof value === 'boolean') return value;
	const text = String(value).toLowerCase();
	if (['yes', 'on', '1', 'true', 't', 'y', '1.0'].includes(text)) return true;
	return ['no', 'off', '0', 'false', 'f', 'n', '0.0', ''].includes(text) ? false : undefined;
}
