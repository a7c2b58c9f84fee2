import type {Span} from '../source/source.js';

/** Why a parser gave up on a source: Ansible's words and, where it is known, the place. What was read before stays read, as in Ansible. */
export class SourceFault extends Error {
	readonly span: Span | undefined;
	readonly help: string | undefined;
	constructor(message: string, span?: Span, help?: string) {
		super(message);
		this.name = 'SourceFault';
		this.span = span;
		this.help = help;
	}
}
