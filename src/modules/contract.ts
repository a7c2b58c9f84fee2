/* Above 300 lines: all that a module agrees on with the engine, read as a whole. */
import type {Content, Request, Response, Script} from '../connection/connection.js';
import type {Value} from '../jinja/jinja.js';
import type {ArgumentRules, ArgumentSpecs} from './argument-spec.js';

/**
 * A module is three pure functions over data. It does no I/O, awaits nothing, reads no clock, and knows nothing of check mode,
 * diff, loops or become: `changed` is `before ≠ after`, `--check` is not running the steps, idempotence is `plan(args, after) = after`.
 */
export interface ModuleDefinition<A extends Args = Args, B extends States = States> {
	readonly kind: 'module';
	readonly name: string;
	/** Other names it answers to (`yum` for `dnf`, `systemd` for `systemd_service`), FQCNs excluded: those come from `collection`. */
	readonly aliases?: readonly string[];
	/** `ansible.builtin` unless said otherwise. */
	readonly collection?: string;
	readonly summary: string;
	readonly args: ArgumentSpecs;
	readonly rules?: ArgumentRules;
	/** What of the host must be known: named reads, each answered by the host overlaid with the forecast. */
	inspect(args: A): {readonly [K in keyof B]: Read<B[K]>};
	/** A further reading that depends on what the first one saw (an archive's listing, a package's candidate). */
	inspectMore?(args: A, before: B): Partial<{readonly [K in keyof B]: Read<B[K]>}> | undefined;
	/**
	 * Steps without which the host cannot be read as it must be (a package cache's update, `daemon-reload`): asked after a first
	 * reading, run in a real run only, and followed by a second reading, which is the `before` of `plan` and `apply`. They are no change
	 * by themselves: `changed` compares the first reading with `after`. Their outputs come first among `report`'s, and `plan` sees them.
	 */
	prelude?(args: A, before: B): readonly Step[];
	/** The states that shall be. Throws `ModuleFailure` when they cannot be. Fields left undefined are the host's to decide. `preluded` is empty when no prelude ran. */
	plan(args: A, before: B, preluded?: readonly unknown[]): Plan<B>;
	/** What leads from `before` to `after`, in order. Called only when they differ or there are impulses. */
	apply(args: A, change: Change<B>): readonly Step[];
	/** Return values beside `changed`, `diff` and `invocation`, in Ansible's names. In check mode `outputs` is empty and `after` the forecast. */
	report?(args: A, change: Change<B>, outputs: readonly unknown[]): Result;
	/** Whether a real change drops everything that was read of the host (a package's scripts, a service that starts). */
	readonly unmodelled?: boolean;
}

/** A task without state to compare. What it does in check mode is said, what it effects is data. */
export interface ActionDefinition<A extends Args = Args, B extends States = States> {
	readonly kind: 'action';
	readonly name: string;
	readonly aliases?: readonly string[];
	readonly collection?: string;
	readonly summary: string;
	readonly args: ArgumentSpecs;
	readonly rules?: ArgumentRules;
	/** The free-form text of `command: echo hi`, named as this argument (`_raw_params` in Ansible). */
	readonly freeForm?: string;
	/** The only `name=value` words of the free-form text that are arguments; without it every one is. */
	readonly freeFormKeys?: readonly string[];
	/** Makes more arguments of those that were read, before files of this side are opened (`script`'s file out of its command line). */
	prepare?(args: A): A;
	/** It is done once for all hosts of the batch (`pause`, `add_host`). */
	readonly oncePerBatch?: boolean;
	/** `environment:` does not reach it. */
	readonly ignoresEnvironment?: boolean;
	/** The action takes values that check mode cannot know (`debug`, `set_fact`): an unknown argument does not make the task unknown. */
	readonly takesUnknown?: boolean;
	/** The action takes any argument name (`set_fact`, `group_by`'s key, `add_host`). */
	readonly anyArguments?: boolean;
	/** What it does is seen by other hosts, or has them wait (`group_by`). */
	readonly concernsOthers?: boolean;
	/** Names of arguments whose text is an expression, not a template (`assert: that`, `debug: var`): they arrive as written. */
	readonly expressions?: readonly string[];
	/** `run`: it changes nothing on hosts. `skip`: Ansible skips it, its results are unknown. `decide`: `act` looks at `scope.checkMode`. */
	readonly inCheckMode: 'run' | 'skip' | 'decide';
	/** Whether it needs a host at all; `debug` and `set_fact` open no connection. */
	readonly needsHost: boolean;
	/** Its steps change nothing, and take no longer than reading does (`setup`, `ping`): what is known of hosts stays true. */
	readonly onlyReads?: boolean;
	inspect?(args: A): {readonly [K in keyof B]: Read<B[K]>};
	/** Says what to do on the host, or the outcome at once. */
	act(args: A, before: B, scope: ActionScope): {readonly steps: readonly Step[]} | Outcome;
	/** Makes the outcome of what the steps printed. */
	conclude?(args: A, before: B, outputs: readonly unknown[]): Outcome;
}

export type Args = Readonly<Record<string, unknown>>;
export type States = Readonly<Record<string, unknown>>;
export type Result = Readonly<Record<string, Value>>;

/** What an action may ask of the play, without I/O. */
export interface ActionScope {
	readonly checkMode: boolean;
	/** Evaluates an expression text of the task. Throws `TemplateError`. */
	evaluate(expression: string): Value;
	/** Like `evaluate`, but what is undefined or fails is shown in place as `debug: var` shows it. */
	show(expression: string): Value;
	/** The host's variable of that name with all templates evaluated, undefined when there is none. */
	variable(name: string): Value | undefined;
	/** Evaluates a condition to true or false. */
	test(condition: Value): boolean;
	readonly hostName: string;
	readonly verbosity: number;
}

export interface Outcome {
	/** Ansible's result dict without `changed`/`failed`, which stand beside it. */
	readonly result: Result;
	readonly changed?: boolean;
	/** The message when the task failed. */
	readonly failed?: string;
	readonly skipped?: boolean;
	readonly effects?: readonly Effect[];
	readonly warnings?: readonly string[];
	/** What lies behind the message of a failure (`[Errno 2] No such file or directory: b'nosuch'`), shown after it and kept out of the result. */
	readonly cause?: string;
	/** What the action is foretold to leave, by the names of its reads: remembered in check mode. */
	readonly planned?: States;
	/** The result is shown in full whatever the verbosity (`debug`, `assert`). */
	readonly verbose?: boolean;
}

/** What an outcome does to the run, as data. */
export type Effect =
	| {readonly kind: 'variables'; readonly values: Result; readonly cacheable?: boolean}
	| {readonly kind: 'facts'; readonly facts: Result}
	| {readonly kind: 'add-host'; readonly name: string; readonly groups: readonly string[]; readonly variables: Result}
	| {readonly kind: 'group-by'; readonly group: string; readonly parents: readonly string[]}
	/** Writes a file of this side where it differs; `whenWritten` joins the result then. */
	| {readonly kind: 'write-local'; readonly path: string; readonly content: Buffer; readonly whenWritten: Result}
	/** Waits so many seconds, or until the person answers; the engine adds `start stop delta user_input stdout` to the result. */
	| {
			readonly kind: 'pause';
			readonly seconds?: number;
			readonly unit: 'minutes' | 'seconds';
			readonly prompt?: string;
			readonly echo: boolean;
	  }
	| IncludeVars
	/** Tries, every `sleep` seconds after `delay`, to open the host's connection anew; fails after `timeout` (all in seconds). The engine adds `elapsed`. */
	| {
			readonly kind: 'wait-for-connection';
			readonly connectTimeout: number;
			readonly delay: number;
			readonly sleep: number;
			readonly timeout: number;
	  };

/** Reads files of variables of this side; the engine finds and reads them and adds `ansible_included_var_files` to the result. */
export interface IncludeVars {
	readonly kind: 'include-vars';
	/** One file, or all files of a folder. */
	readonly file?: string;
	readonly dir?: string;
	/** The one variable that holds what was read, instead of many. */
	readonly name?: string;
	/** How deep to go into folders, 0 without limit. */
	readonly depth: number;
	/** Regular expressions in Python's form, of file names. */
	readonly ignoreFiles: readonly string[];
	readonly filesMatching?: string;
	/** Names' ends without dot. */
	readonly extensions: readonly string[];
	readonly ignoreUnknownExtensions: boolean;
	readonly hashBehaviour?: 'replace' | 'merge';
}

/** One reading of one resource. */
export interface Read<S> {
	readonly kind: Kind<S>;
	/** Names the resource within its kind (`/etc/hosts`, `tar`). */
	readonly key: string;
	/** What of it is wanted (`{content: true}`); compared by JSON when readings are merged. */
	readonly wants?: Readonly<Record<string, string | number | boolean>>;
}

/** A sort of resource that several modules share: how it is read, compared and shown. */
export interface Kind<S> {
	readonly name: string;
	/** One probe for many resources: one process on the host for all of them. `parse` gives their states in the order asked. */
	probe(reads: readonly Read<S>[]): Probe<readonly S[]>;
	/** Whether the host is as planned. Fields that `planned` leaves undefined are the host's to decide. */
	equal(actual: S, planned: S): boolean;
	/** The two sides of `--diff`; undefined when there is nothing to show. Texts end in a newline unless the file does not. */
	diff?(key: string, before: S, after: S): Diff | undefined;
	/** The same reading with what `--diff` shows beside it (texts up to 104,448 bytes). */
	forDiff?(read: Read<S>): Read<S>;
	/**
	 * The state that a read sees on top of what the host has, given what earlier tasks are foretold to leave: the planned state
	 * of this key, of its parents, of other kinds (a unit's file). Without it: `planned` of the same kind and key, else `actual`.
	 */
	overlay?(actual: S, read: Read<S>, planned: Planned): S;
	/** The places of the file system that a reading rests on: what changes elsewhere leaves it true. Without them it may rest on anything. */
	places?(read: Read<S>, state: S): readonly (string | OwnFolder)[] | undefined;
	/** The places that a change of such a resource touches; undefined, or without it, when it may touch more. */
	changes?(read: Read<S>, before: S, planned: S): readonly string[] | undefined;
}

/** A folder that a reading rests on without all that lies below it. */
export interface OwnFolder {
	readonly folder: string;
	/** Its entries matter too, since its times and its count of links change with them. */
	readonly entries: boolean;
}

/** What earlier tasks are foretold to leave on a host. */
export interface Planned {
	/** The planned state of a resource (`path`, `/etc/hosts`), or undefined when nothing is foretold of it. */
	get(kind: string, key: string): unknown;
	/** Every planned resource of a kind, in the order planned. */
	entries(kind: string): Iterable<readonly [key: string, state: unknown]>;
}

export interface Probe<T> {
	readonly script: Script;
	readonly args: readonly string[];
	readonly stdin?: string;
	/** Throws `ModuleFailure` when the host could not answer. */
	parse(response: Response): T;
}

export interface Plan<B extends States> {
	readonly after: B;
	/** What is done beside a change of state (`restarted`, `reloaded`, `touched`): the task is changed though before = after. */
	readonly impulses?: readonly string[];
	readonly warnings?: readonly string[];
}

export interface Change<B extends States> {
	readonly before: B;
	readonly after: B;
	readonly impulses: readonly string[];
}

/** One constant script with its arguments that changes the host. */
export interface Step extends Omit<Request, 'changes' | 'onLine' | 'script'> {
	readonly script: Script;
	readonly args?: readonly string[];
	readonly stdin?: string | Uint8Array | Content;
	/** What the response means; the engine collects it into `outputs`. Throws `ModuleFailure`. Without it a status but 0 is a failure whose message is stderr. */
	parse?(response: Response): unknown;
	/** `parse` gives the new state of this named read, which stands in `after`'s place from then on. */
	readonly observes?: string;
	/** Readings that its output answers too: they need not be made behind it. */
	readonly answers?: readonly Answer[];
	/** It leaves its content at a path. `instead` is the same step that takes the content from another path of the host, and fails where that has not just that content. */
	readonly leaves?: {readonly content: Pick<Content, 'size' | 'sha1'>; readonly at: string; instead(from: string): Step};
	/** It may share a script with steps that neither see nor change what it changes. */
	readonly joint?: Joint;
	/** What is shown while it runs, from its beginning: what it does or waits for. */
	readonly says?: string;
	/** What is shown for a line of its output; nothing of it is without this. */
	shows?(line: string): string | undefined;
}

/** How steps share a script: those do whose `join` is the same. */
export interface Joint {
	/** Bytes that it sends, about. */
	readonly size: number;
	/** The step that does as many of these as it can, in order, and stops before the first that it cannot. It gives the response of each that was done; the others are as if they had not begun. */
	join(steps: readonly Step[]): Step;
}

/** A reading that is answered by what a step's `parse` gave; undefined when that is not what it was to be. */
export interface Answer {
	readonly read: Read<unknown>;
	stateIn(output: unknown): unknown;
}

export interface Diff {
	readonly beforeHeader: string;
	readonly afterHeader: string;
	readonly before: string;
	readonly after: string;
}

/** A module's own failure: `msg` in Ansible's words, further return values beside it. */
export class ModuleFailure extends Error {
	readonly result: Result;
	constructor(message: string, result: Result = {}) {
		super(message);
		this.name = 'ModuleFailure';
		this.result = result;
	}
}

/** What stands in a state where check mode cannot know (the digest of a download, the id of a user to be made). */
export const unknown: unique symbol = Symbol('unknown');
export type Unknowable<T> = T | typeof unknown;

/** Files of this side, as `copy`, `unarchive` and `script` get them: one file, or a tree. */
export interface SourceFiles {
	/** The absolute path here. */
	readonly path: string;
	/** The name as the user wrote it, with its trailing slash if any. */
	readonly name: string;
	readonly type: 'file' | 'directory';
	/** Permission bits here, for `mode: preserve`. */
	readonly mode: number;
	/** Of a single file. */
	readonly content: Content | undefined;
	/** Of a directory: its files and folders with paths relative to it, parents first. */
	readonly entries: readonly SourceEntry[];
}

export interface SourceEntry {
	readonly path: string;
	readonly type: 'file' | 'directory' | 'link';
	readonly mode: number;
	readonly content?: Content;
	readonly target?: string;
}

/** Names a module's parts in their usual order; the types follow from `args` where the author gives them. */
export function defineModule<A extends Args, B extends States>(
	definition: Omit<ModuleDefinition<A, B>, 'kind'>,
): ModuleDefinition<A, B> {
	return {kind: 'module', ...definition};
}

export function defineAction<A extends Args, B extends States = Record<never, never>>(
	definition: Omit<ActionDefinition<A, B>, 'kind'>,
): ActionDefinition<A, B> {
	return {kind: 'action', ...definition};
}
