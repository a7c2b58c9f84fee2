import type {DiagnosticCode} from './codes.js';
import type {Span} from './file.js';

/** Something that is wrong (or worth a word) in what the user wrote. Data: rendered last, by `renderDiagnostic`. */
export interface Diagnostic {
	readonly severity: 'error' | 'warning';
	readonly code: DiagnosticCode;
	/** Lower-case, no full stop, backticks round names. */
	readonly message: string;
	/** The first is the primary one, the place to mend. Empty only for what has no place in a file (the command line). */
	readonly labels: readonly Label[];
	/** Facts that help to understand. */
	readonly notes?: readonly string[];
	/** What to do. */
	readonly help?: string;
	/** Ansible's own sentence for this fault, for the renderer that speaks its words; undefined: `message` serves. */
	readonly ansible?: string;
	/** The help that Ansible prints with its sentence; undefined: `help` serves when there is no `ansible` sentence. */
	readonly ansibleHelp?: string;
	/** The errors that Ansible tells one behind the other, outermost first, each with the place it is about; `ansible` is their sum. None: Ansible says nothing. */
	readonly ansibleCauses?: readonly Cause[];
}

/** One of several errors, of which each is the cause of the one before. */
export interface Cause {
	readonly message: string;
	readonly span?: Span;
	readonly help?: string;
}

/** A span with the words that stand beside its underline. */
export interface Label {
	readonly span: Span;
	readonly text?: string;
}

/** Thrown where work cannot go on without what is wrong; carries every diagnostic found so far. */
export class DiagnosticError extends Error {
	readonly diagnostics: readonly Diagnostic[];

	constructor(...diagnostics: Diagnostic[]) {
		super(diagnostics.map((one) => one.message).join('; '));
		this.name = 'DiagnosticError';
		this.diagnostics = diagnostics;
	}
}

/** Where diagnostics go while reading goes on, so that all of them are found and printed together. */
export type Report = (diagnostic: Diagnostic) => void;

/** Diagnostics in the order of the sources: files as they first come up, within a file from top to bottom; what has no place comes first. */
export function inSourceOrder(diagnostics: readonly Diagnostic[]): Diagnostic[] {
	const files = new Map<string, number>();
	for (const {labels} of diagnostics) {
		const path = labels[0]?.span.file.path;
		if (path !== undefined && !files.has(path)) files.set(path, files.size);
	}
	const place = ({labels: [first]}: Diagnostic): readonly [number, number] =>
		first ? [files.get(first.span.file.path)!, first.span.start] : [-1, 0];
	return [...diagnostics].sort((a, b) => place(a)[0] - place(b)[0] || place(a)[1] - place(b)[1]);
}
