import type {Value} from '../jinja/jinja.js';
import type {Diff} from '../modules/modules.js';
import type {Diagnostic} from '../source/source.js';

/**
 * Everything that happens in a run, as data; every view, the recap and the log are fed by this alone. Secrets are hidden before an
 * event is emitted. Task texts are the evaluated ones.
 */
export type Event =
	| {readonly type: 'run-start'; readonly playbooks: readonly string[]; readonly check: boolean; readonly at: number}
	| {readonly type: 'playbook-start'; readonly path: string; readonly plays: number}
	| {
			readonly type: 'play-start';
			readonly name: string;
			readonly hosts: readonly string[];
			readonly check: boolean;
			/** The hosts do each task together (strategy `linear`). */
			readonly inStep: boolean;
	  }
	| {readonly type: 'no-hosts-matched'}
	| {readonly type: 'no-hosts-remaining'}
	| {readonly type: 'task-start'; readonly task: TaskFacts; readonly at: number}
	| {readonly type: 'host-start'; readonly task: number; readonly host: string; readonly at: number}
	| {readonly type: 'line'; readonly task: number; readonly host: string; readonly line: string}
	| {readonly type: 'result'; readonly task: TaskFacts; readonly outcome: HostOutcome; readonly at: number}
	| {readonly type: 'item'; readonly task: TaskFacts; readonly outcome: HostOutcome; readonly label: Value}
	| {
			readonly type: 'retry';
			readonly task: TaskFacts;
			readonly host: string;
			readonly left: number;
			readonly attempts: number;
			readonly result: ResultDict;
	  }
	| {readonly type: 'included'; readonly file: string; readonly hosts: readonly string[]; readonly label?: Value}
	| {readonly type: 'notified'; readonly handler: string; readonly host: string}
	| {readonly type: 'message'; readonly text: string; readonly verbosity: number}
	/** `diagnostic`: the same with its place in the user's text. */
	| {readonly type: 'warning'; readonly text: string; readonly diagnostic?: Diagnostic}
	| {readonly type: 'deprecation'; readonly text: string}
	/** The counts so far, of this and the playbooks before it. */
	| {readonly type: 'playbook-end'; readonly hosts: Readonly<Record<string, HostCounts>>; readonly check: boolean}
	| {
			readonly type: 'run-end';
			readonly hosts: Readonly<Record<string, HostCounts>>;
			readonly check: boolean;
			/** How often a host was asked for something and waited for, over all connections. */
			readonly roundTrips: number;
			readonly at: number;
	  };

export type ResultDict = Readonly<Record<string, Value>>;

/** What a view may know of a task. */
export interface TaskFacts {
	readonly id: number;
	/** With the role in front (`kafka : Write server.properties`), as Ansible shows it. */
	readonly name: string;
	readonly module: string;
	readonly handler: boolean;
	readonly check: boolean;
	/** `path:line` of the task. */
	readonly path: string;
	readonly role?: string;
	/** Loops show their items and not their sum. */
	readonly loops: boolean;
}

export type Status = 'ok' | 'changed' | 'failed' | 'skipped' | 'unreachable';

export interface HostOutcome {
	readonly host: string;
	/** The host the task was delegated to, when it was another. */
	readonly delegate?: string;
	/** Where that one is reached. */
	readonly delegateAddress?: string;
	readonly status: Status;
	/** A failure that `ignore_errors` or `ignore_unreachable` passed over. */
	readonly ignored?: boolean;
	/** The outcome cannot be foretold in check mode, and why. */
	readonly unknown?: string;
	/** Ansible's result dict. */
	readonly result: ResultDict;
	readonly diffs: readonly Diff[];
	readonly warnings?: readonly string[];
	/** Why it failed, with the place in the user's text. */
	readonly fault?: Diagnostic;
	/** Milliseconds. */
	readonly duration: number;
}

/** The recap's columns for one host. */
export interface HostCounts {
	ok: number;
	changed: number;
	unreachable: number;
	failed: number;
	skipped: number;
	rescued: number;
	ignored: number;
	/** Tasks whose outcome check mode cannot foretell; shown by `playbill check`. */
	unknown: number;
}

export type Emit = (event: Event) => void;
