import type {Event} from '../engine/engine.js';
import type {Diagnostic} from '../source/source.js';

/** Something that listens to a run. Views ask the engine nothing. */
export interface View {
	handle(event: Event): void;
	/** Called once, when nothing will follow. */
	end?(): void | Promise<void>;
}

/** Where a view writes. */
export interface Streams {
	/** Text for standard output; line breaks included. */
	out(text: string): void;
	err(text: string): void;
}

/** What the text views can be told. */
export interface ViewOptions {
	readonly verbosity: number;
	readonly color: boolean;
	/** Columns of the terminal; 79 when it is none. */
	readonly columns: number;
	readonly showSkipped: boolean;
	readonly showOk: boolean;
	readonly showIncluded: boolean;
	readonly failedToStderr: boolean;
	readonly resultFormat: 'json' | 'yaml';
	readonly checkMarkers: boolean;
	readonly diffContext: number;
	/** A failure's diagnostic as text, in our words or Ansible's. */
	readonly renderFault: (fault: Diagnostic) => string;
	/** Whether a fault that several hosts have names them all; Ansible tells it once and says no more. */
	readonly namesHosts: boolean;
	/** Whether tasks are announced; not where another view shows them. */
	readonly showTasks: boolean;
	/** Whether diffs are shown (`--diff`). */
	readonly showDiffs: boolean;
	/** Whether the recap has the column `unknown` (`playbill check`). */
	readonly showUnknown: boolean;
}
