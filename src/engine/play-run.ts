import pLimit, {type LimitFunction} from 'p-limit';
import {finalize, type Value} from '../jinja/jinja.js';
import type {Definition} from '../modules/modules.js';
import {type Entry, inherited, type Play, type Reading, rolesOf, type Task} from '../playbook/playbook.js';
import {formatSpan, getEntry, type Node} from '../source/source.js';
import type {PlayHosts, TaskScope, Variables, Watch} from '../vars/vars.js';
import {connectionVariablesOf} from './connection-variables.js';
import type {Emit, ResultDict, TaskFacts} from './events.js';
import {makeFactsTask} from './facts-task.js';
import {evaluateNode, Fields, toFlag} from './fields.js';
import {Forecast} from './forecast.js';
import {type HostRun, TaskFailed} from './host-run.js';
import type {Lease} from './leases.js';
import {delegateOf} from './manner.js';
import type {PerformHost} from './performing.js';
import {isPrivate} from './private-task.js';
import type {Readings} from './readings.js';
import type {Run} from './run.js';
import type {RunOptions} from './run-options.js';
import type {Secrets} from './secrets.js';
import {selectsTask, tagsOf} from './tags.js';
import {TaskOrder} from './task-order.js';
import {comparePositions, type Position} from './turns.js';
import {type Way, Ways} from './ways.js';

/** A host that a task acts on, whose connection can be tried anew. */
export interface ReachableHost extends PerformHost {
	/** Where it is reached: `ansible_host`, or its name; its name too where no network is needed, as in Ansible. */
	readonly address: string;
	/** It is this machine. */
	readonly isHere: boolean;
	/** The task is over: its shell is free for others. */
	release(): void;
	/** Throws `UnreachableError` when the host does not answer within so many milliseconds. */
	reopen(connectTimeout: number): Promise<void>;
}

/** One play on one batch of hosts. */
export class PlayRun implements PlayHosts {
	readonly run: Run;
	readonly play: Play;
	/** All hosts of the batch, and of the play. */
	readonly batch: readonly string[];
	readonly all: string[];
	/** `meta: end_play` was met: no further batch begins. */
	endsPlay = false;
	/** Hosts do nothing before the others have come as far: the failures of all are counted task by task. */
	isStrict = false;
	/** In which order tasks come. */
	readonly order: TaskOrder;
	/** Tasks before the one of `--start-at-task`, by id. */
	readonly #passedOver: ReadonlySet<number>;
	readonly #selected = new Map<number, boolean>();
	readonly #warned = new Set<string>();
	/** What was told of tasks, where no host differs, and how many secrets there were to hide. */
	readonly #told = new Map<number, {readonly facts: TaskFacts; readonly secrets: number}>();
	#facts: Task | undefined;
	readonly #places: ReadonlyMap<string, number>;
	readonly #private = new Map<number, boolean>();
	readonly #ways: Ways;
	#begun: {readonly task: Task; readonly position: Position} | undefined;
	/** As many hosts at once as there are forks. */
	readonly limit: LimitFunction;
	/** Every host waits for the others at each task (`playbill_lockstep: true`, `--step`). */
	readonly isLockstep: boolean;
	/** Each task reads for itself: in lockstep, since then hosts may see each other's files, and with `playbill_batch: false`. */
	readonly readsSingly: boolean;

	constructor(
		run: Run,
		play: Play,
		batch: readonly string[],
		all: readonly string[],
		passedOver: ReadonlySet<number> = new Set(),
	) {
		this.run = run;
		this.play = play;
		this.batch = batch;
		this.all = [...all];
		this.#passedOver = passedOver;
		this.order = new TaskOrder(play);
		this.#places = new Map(batch.map((name, index) => [name, index]));
		this.#ways = new Ways(run.variables, run.options.connection);
		this.limit = pLimit(Math.max(1, run.options.forks));
		const scope = run.variables.playScope(play);
		this.isLockstep = run.stepper !== undefined || toFlag(scope.value('playbill_lockstep') ?? false) === true;
		this.readsSingly = this.isLockstep || toFlag(scope.value('playbill_batch') ?? true) === false;
	}

	get variables(): Variables {
		return this.run.variables;
	}
	get options(): RunOptions {
		return this.run.options;
	}
	get secrets(): Secrets {
		return this.run.secrets;
	}
	get reading(): Reading {
		return this.run.reading;
	}
	get emit(): Emit {
		return this.run.emit;
	}

	readonly addHandlers = (handlers: readonly Entry[]): void => {
		this.play.handlers.push(...handlers);
	};

	loading<T>(read: () => T): T {
		return this.run.loadMore(read);
	}

	/** A host's place in the batch. */
	placeOf(host: HostRun): number {
		return this.#places.get(host.name)!;
	}

	/** Time passes, in which hosts may change by themselves. */
	sleep(milliseconds: number, limit?: AbortSignal): Promise<void> {
		this.run.knowledge.forgetAll();
		return this.run.sleep(milliseconds, limit);
	}

	isLost(host: string): boolean {
		return this.run.stats.isLost(host);
	}

	/** The variables of a task on a host; ahead of the task's turn, with somebody who looks on. */
	scope(host: HostRun, task: Task, watch?: Watch): TaskScope {
		const fallback = connectionVariablesOf((scope) => {
			const fields = new Fields(task, scope, this.variables);
			return this.wayTo(host, delegateOf(task, fields), task, scope, fields).target;
		});
		return this.variables.taskScope(host.name, this.play, task, this, {watch, fallback});
	}

	/** The variables that the play knows without a host, for the names of handlers. */
	playScope(task: Task): TaskScope {
		return this.variables.taskScope(this.batch[0], this.play, task, this);
	}

	/** Whether tags let a task run; judged once, as tags do not differ between hosts. */
	isSelected(host: HostRun, task: Task): boolean {
		const known = this.#selected.get(task.id);
		if (known !== undefined) return known;
		const selected =
			!this.#passedOver.has(task.id) && selectsTask(tagsOf(task, this.scope(host, task), this.variables), this.options);
		this.#selected.set(task.id, selected);
		return selected;
	}

	/** Whether a task may be done on a host before the others have come as far, by how it is written; judged once. */
	mayRunAhead(task: Task): boolean {
		const known = this.#private.get(task.id);
		if (known !== undefined) return known;
		const may = isPrivate(this, task);
		this.#private.set(task.id, may);
		return may;
	}

	/** Tells that a task begins, once for the place that it has in the play. */
	begin(task: Task, position: Position, facts: TaskFacts, at: number): void {
		if (this.#begun?.task === task && comparePositions(this.#begun.position, position) === 0) return;
		this.#begun = {task, position};
		this.emit({type: 'task-start', task: facts, at});
	}

	/** Why the other hosts of a batch stop when one failed for all. */
	summonsFor(task: Task): TaskFailed {
		return new TaskFailed(task);
	}

	/** The evaluated value of a keyword of the play. */
	playField(keyword: string): Value | undefined {
		const node = this.play.keywords.get(keyword);
		return node && evaluateNode(node, this.variables.playScope(this.play), this.variables);
	}

	/** The task that gathers facts at the beginning of the play. */
	factsTask(): Task {
		this.#facts ??= makeFactsTask(this.play, this.reading.nextId());
		return this.#facts;
	}

	definition(task: Task): Definition {
		const definition = this.run.definitions.get(task.module);
		if (!definition) throw new Error(`the module ${task.module} was not loaded`);
		return definition;
	}

	/** The way to the host that a task acts on. Throws `FieldError`. */
	wayTo(host: HostRun, delegate: string | undefined, task: Task, scope: TaskScope, fields: Fields): Way {
		if (delegate === undefined || delegate === host.name) return this.#ways.toOwn(host.name, scope, fields);
		return this.#ways.to(delegate, this.variables.delegateScope(delegate, scope, task), fields);
	}

	/** The host that a task acts on: its own, or the one it is delegated to, with that one's variables for the connection. */
	performHost(host: HostRun, delegate: string | undefined, task: Task, scope: TaskScope, fields: Fields): ReachableHost {
		const {target, become, key, viewpoint} = this.wayTo(host, delegate, task, scope, fields);
		for (const secret of [target.password, become?.password]) if (secret) this.secrets.add(secret);
		const forecast = this.run.forecasts.get(key) ?? new Forecast();
		this.run.forecasts.set(key, forecast);
		const {connections, knowledge} = this.run;
		let lease: Promise<Lease> | undefined;
		let apart: {readonly readings: Readings; leave(): void} | undefined;
		const {readsSingly} = this;
		return {
			address: target.transport === 'local' ? target.name : target.address,
			isHere: knowledge.meet(target),
			forecast,
			get readings() {
				return readsSingly ? this.ownReadings : knowledge.of(target);
			},
			get ownReadings() {
				apart ??= knowledge.apart(target);
				return apart.readings;
			},
			sent: knowledge.sentTo(target),
			viewpoint,
			claim: (places) => knowledge.claim(target, places),
			changed: (places, change) => knowledge.changed(target, places, change),
			changedAnything: () => knowledge.forgetAll(),
			shell: async () => (await (lease ??= connections.lease(target, become))).shell,
			release: () => {
				void lease?.then(({release}) => release()).catch(() => {});
				lease = undefined;
				apart?.leave();
				apart = undefined;
			},
			reopen: (connectTimeout) => connections.reopen({...target, connectTimeout}, become),
		};
	}

	/** What views are told of a task; its name is evaluated for the first host, as Ansible does. */
	facts(task: Task, host: HostRun | undefined): TaskFacts {
		const known = this.#told.get(task.id);
		if (known?.secrets === this.secrets.count) return known.facts;
		const own = task.keywords.get('name');
		const written = own?.kind === 'scalar' && own.value !== null ? own.text : defaultName(task);
		const isConstant = !own || !written.includes('{{');
		const role = rolesOf(task).at(-1)?.name;
		const name = isConstant || !host ? written : this.#evaluatedName(own, written, this.scope(host, task));
		const facts: TaskFacts = {
			id: task.id,
			name: this.secrets.hideText((role ? `${role} : ${name}` : name).trim()),
			module: task.module,
			handler: task.isHandler,
			check: this.checks(task, host),
			path: formatSpan(task.span).replace(/:\d+$/, ''),
			...(role ? {role} : {}),
			loops: task.loop !== undefined,
		};
		if (isConstant && !inherited(task, 'check_mode')) this.#told.set(task.id, {facts, secrets: this.secrets.count});
		return facts;
	}

	#evaluatedName(own: Node, written: string, scope: TaskScope): string {
		try {
			return this.secrets.shown(finalize(this.variables.read(own), scope));
		} catch {
			// An unknown name is shown as it is written.
			return written;
		}
	}

	/** Whether the task only foretells. */
	private checks(task: Task, host: HostRun | undefined): boolean {
		const node = inherited(task, 'check_mode');
		if (!node || !host) return this.options.check;
		try {
			return new Fields(task, this.scope(host, task), this.variables).flag('check_mode') ?? this.options.check;
		} catch {
			return this.options.check;
		}
	}

	/** A warning that is worth saying once in a play. */
	warnOnce(text: string): void {
		if (this.#warned.has(text)) return;
		this.#warned.add(text);
		this.emit({type: 'warning', text: this.secrets.hideText(text)});
	}

	line(host: HostRun, task: Task, line: string): void {
		this.emit({type: 'line', task: task.id, host: host.name, line: this.secrets.hideText(line)});
	}

	retrying(host: HostRun, task: Task, result: ResultDict, left: number, attempts: number): void {
		const hidden = Object.fromEntries(Object.entries(result).map(([key, value]) => [key, this.secrets.hide(value)]));
		this.emit({type: 'retry', task: this.facts(task, host), host: host.name, left, attempts, result: hidden});
	}
}

/** The name of a task that has none: its module, and the role that it includes. */
function defaultName(task: Task): string {
	if (task.module !== 'include_role' || task.moduleArgs?.kind !== 'map') return task.written;
	const role = getEntry(task.moduleArgs, 'name')?.value ?? getEntry(task.moduleArgs, 'role')?.value;
	return role?.kind === 'scalar' ? `include_role : ${role.text}` : task.written;
}
