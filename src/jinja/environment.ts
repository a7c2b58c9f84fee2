import type {UndefinedPolicy} from './internal.js';
import type {Extensions} from './statement-parser.js';
import {ansibleSyntax, type Syntax} from './syntax.js';
import type {Value} from './value.js';
import {Internal} from './value.js';

/** How templates are read and what their parts mean together. There is one for playbooks; others exist to speak Jinja as it is by itself. */
export interface Environment {
	readonly syntax: Syntax;
	/** Errors are values until used, results keep their type (Ansible); else errors end the template. */
	readonly markers: boolean;
	/** How the pieces of a template become its result. */
	readonly join: 'native' | 'text' | 'literal';
	readonly undefined: UndefinedPolicy;
	readonly autoescape: boolean;
	readonly immutable: boolean;
	readonly extensions: Extensions;
	/** Names beside those of the language; only for plain Jinja. */
	readonly globals: ReadonlyMap<string, Value>;
}

/** Ansible's environment. */
export const ansibleEnvironment: Environment = {
	syntax: ansibleSyntax,
	markers: true,
	join: 'native',
	undefined: 'lenient',
	autoescape: false,
	immutable: false,
	extensions: {do: false, loopControls: false},
	globals: new Map(),
};

/** A value that prints as the template it came from (an imported module, `self.block`). */
export abstract class Printable extends Internal {
	/** The pieces of the output. */
	abstract pieces(): readonly Value[];
}
