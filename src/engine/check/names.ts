import {type Analysis, TemplateError, type Use, type Value} from '../../jinja/jinja.js';
import type {Task} from '../../playbook/playbook.js';
import {type Diagnostic, didYouMean, type Node} from '../../source/source.js';
import {isMagicName} from '../../vars/vars.js';
import {whereIs} from '../task-fault.js';
import type {Harvest} from './harvest.js';
import {type Found, scalarsIn, templatesIn} from './task-templates.js';

/** What the check of names rests on. */
export interface NameKnowledge {
	/** What the files say that were read anyway. */
	readonly read: Harvest;
	/** What all files of the project say; asked for when those do not suffice. */
	whole(): Harvest;
	/** Whether the inventory or the command line gives the name a value. */
	isGiven(name: string): boolean;
	readonly value: (node: Node) => Value;
}

/** Keywords whose value may be undefined without a failure, or is evaluated only where something uses it. */
const tolerant = new Set(['name', 'vars', 'module_defaults', 'label', 'listen']);

/** Finds the names in templates that nothing gives a value to. */
export class NameCheck {
	readonly #knowledge: NameKnowledge;
	#whole: Harvest | undefined;
	/** The templates in values that were looked at, since many names may lead to one. */
	readonly #templates = new Map<Node, Omit<Found, 'of'>[]>();

	constructor(knowledge: NameKnowledge) {
		this.#knowledge = knowledge;
	}

	/** The undefined names in a task's templates, each place of use. */
	undefinedIn(task: Task, found: readonly Found[], severity: Diagnostic['severity']): Diagnostic[] {
		return found
			.filter(({of}) => !tolerant.has(of))
			.flatMap(({analysis}) => (analysis instanceof TemplateError ? [] : this.#undefined(analysis, new Set())))
			.map((use) => this.#tell(task, use, severity));
	}

	/** The free names without a value. A value that is written may itself be a template with such a name: then that is told. */
	#undefined(analysis: Analysis, seen: ReadonlySet<string>): Use[] {
		const optional = new Set(analysis.optional);
		return analysis.variables.flatMap((use) => {
			if (optional.has(use.name) || seen.has(use.name) || isMagicName(use.name)) return [];
			return this.#lacking(use, this.#knowledge.read, seen) ? (this.#lacking(use, this.#all(), seen) ?? []) : [];
		});
	}

	/** Undefined when the name has a value by what these files say; else what is to be told. */
	#lacking(use: Use, {open, names, values, optional}: Harvest, seen: ReadonlySet<string>): Use[] | undefined {
		const {name} = use;
		if (open || names.has(name) || optional.has(name) || this.#knowledge.isGiven(name)) return undefined;
		const written = values.get(name) ?? [];
		const inside = written.map((node) => this.#undefinedInValue(node, new Set([...seen, name])));
		if (inside.some((uses) => uses.length === 0)) return undefined;
		return inside[0] ?? [use];
	}

	#undefinedInValue(node: Node, seen: ReadonlySet<string>): Use[] {
		if (scalarsIn(node).some((one) => one.tag !== undefined)) return [];
		const templates = this.#templates.get(node) ?? templatesIn(node, this.#knowledge.value);
		this.#templates.set(node, templates);
		return templates.flatMap(({analysis}) => (analysis instanceof TemplateError ? [] : this.#undefined(analysis, seen)));
	}

	#all(): Harvest {
		this.#whole ??= this.#knowledge.whole();
		return this.#whole;
	}

	#tell(task: Task, {name, span}: Use, severity: Diagnostic['severity']): Diagnostic {
		const {names, values} = this.#all();
		const text = didYouMean(name, [...names, ...values.keys()]);
		return {
			severity,
			code: 'template/undefined',
			message: `nothing defines \`${name}\``,
			labels: [{span: span ?? task.moduleSpan, ...(text ? {text} : {})}],
			notes: [whereIs(task)],
			ansible: `'${name}' is undefined`,
		};
	}
}
