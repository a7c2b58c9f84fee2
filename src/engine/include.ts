import {Dict, pythonStr} from '../jinja/jinja.js';
import {
	type Block,
	findRole,
	findTaskFile,
	type Level,
	makeBlock,
	type Parameters,
	placeRole,
	readTaskFile,
	roleFolders,
	type Task,
} from '../playbook/playbook.js';
import {type Diagnostic, DiagnosticError, type Node} from '../source/source.js';
import type {TaskScope} from '../vars/vars.js';
import {evaluateNode} from './fields.js';
import type {HostRun} from './host-run.js';
import {resolving} from './invocation.js';
import type {PlayRun} from './play-run.js';
import {FieldError} from './task-error.js';
import type {IncludeRequest, TaskResult} from './task-result.js';

/** Evaluates what an `include_tasks` or `include_role` asks for on one host; the blocks are made for all hosts of the round together. */
export function requestInclude(play: PlayRun, task: Task, scope: TaskScope): TaskResult {
	const args = includeArguments(task, scope, play);
	const isRole = task.module === 'include_role';
	const nameValue = isRole ? (args.get('name') ?? args.get('role')) : (args.get('file') ?? args.get('_raw_params'));
	if (nameValue === undefined || nameValue === null || nameValue === '') {
		throw new FieldError(
			isRole ? "'name' is a required field for include_role." : 'No file specified for ansible.builtin.include_tasks',
		);
	}
	const name = pythonStr(nameValue);
	const path = isRole ? name : (findTaskFile(play.reading, task, name) ?? beside(task, name));
	const variables = new Dict();
	for (const variable of ['ansible_loop_var', 'ansible_index_var', 'ansible_loop'] as const) {
		const value = scope.local(variable);
		if (value === undefined) continue;
		variables.set(variable, value);
		if (variable !== 'ansible_loop' && typeof value === 'string') variables.set(value, scope.local(value) ?? null);
	}
	const loopVariable = variables.get('ansible_loop_var');
	const label = typeof loopVariable === 'string' ? variables.get(loopVariable) : undefined;
	const include: IncludeRequest = {kind: isRole ? 'role' : 'tasks', name: path, args, variables, label};
	const result = {changed: false, include: name, include_args: new Dict()};
	return {status: 'ok', result, diffs: [], effects: [], warnings: [], include};
}

/** The arguments of an include; `apply` stays as it is written, since its templates belong to the included tasks. */
function includeArguments(task: Task, scope: TaskScope, play: PlayRun): Dict {
	const args = new Dict();
	const module = `ansible.builtin.${task.module}`;
	for (const node of [task.extraArgs, task.moduleArgs]) {
		if (node?.kind === 'map') {
			for (const {key, value} of node.entries) {
				if (key.text === 'apply') continue;
				const argument = resolving(task, module, key.text, value.span, () => evaluateNode(value, scope, play.variables));
				if (argument !== undefined) args.set(key.text, argument);
			}
		} else if (node) {
			const file = resolving(task, module, '_raw_params', node.span, () => evaluateNode(node, scope, play.variables));
			args.set('_raw_params', file ?? null);
		}
	}
	return args;
}

/** What the includes of a round brought: blocks by host, or why one could not be included. */
export interface Included {
	readonly blocks: {readonly index: number; readonly block: Block}[];
	failure?: FieldError;
}

/** Makes the blocks that the hosts of a round asked for: hosts that ask for the same share one. Each is a task that went well. */
export function resolveIncludes(
	play: PlayRun,
	task: Task,
	requests: ReadonlyMap<HostRun, readonly IncludeRequest[]>,
): Map<HostRun, Included> {
	const shared: {key: string; hosts: HostRun[]; request: IncludeRequest}[] = [];
	for (const [host, asked] of requests) {
		for (const request of asked) {
			const key = identity(request);
			const same = shared.find((one) => one.key === key && !one.hosts.includes(host));
			if (same) same.hosts.push(host);
			else shared.push({key, hosts: [host], request});
		}
	}
	const included = new Map<HostRun, Included>([...requests.keys()].map((host) => [host, {blocks: []}]));
	for (const [index, {request, hosts}] of shared.entries()) {
		try {
			const block = makeIncluded(play, task, request);
			play.order.include(task, block);
			const label = request.label === undefined ? {} : {label: request.label};
			play.emit({type: 'included', file: request.name, hosts: hosts.map(({name}) => name), ...label});
			for (const host of hosts) {
				play.run.stats.count(host.name, 'ok');
				included.get(host)!.blocks.push({index, block});
			}
		} catch (error) {
			const failure = whyNotIncluded(error);
			for (const host of hosts) included.get(host)!.failure = failure;
		}
	}
	return included;
}

/** The failure of the hosts that asked: what is not there, or stays shut. Throws what is wrong in the text, as that ends the run. */
function whyNotIncluded(error: unknown): FieldError {
	if (error instanceof FieldError) return error;
	if (!(error instanceof DiagnosticError) || !error.diagnostics.every(({code}) => code.startsWith('vault/'))) throw error;
	const [{ansible, message, labels}] = error.diagnostics as [Diagnostic];
	return new FieldError(ansible ?? message, {span: labels[0]?.span});
}

/** Where a file of tasks that cannot be found should have been. */
function beside({file}: Task, name: string): string {
	return name.startsWith('/') ? name : `${file.path.replace(/\/?[^/]*$/, '') || '.'}/${name}`;
}

function identity({name, args, variables}: IncludeRequest): string {
	return `${name} ${pythonStr(args)} ${pythonStr(variables)}`;
}

/** The block of an include: its parent is the include's own parent, since an include's keywords do not reach what it brings. */
function makeIncluded(play: PlayRun, task: Task, request: IncludeRequest): Block {
	const apply = applied(task);
	const own = task.keywords.get('vars');
	const params: Parameters[] = [
		...(own?.kind === 'map' ? [{kind: 'include' as const, values: own}] : []),
		...(request.variables.size > 0 ? [{kind: 'include' as const, values: request.variables}] : []),
	];
	const level: Level = {span: task.span, keywords: apply, parent: task.parent, params};
	const place = {
		reading: play.reading,
		isHandler: task.isHandler,
		addHandlers: play.addHandlers,
		publish: (block: Block) => play.play.published.push(block),
		chain: [] as readonly string[],
	};
	if (request.kind === 'tasks') {
		if (!play.reading.isFile(request.name))
			throw new FieldError(
				`Unable to retrieve file contents. Could not find or access '${request.name}' on the Ansible Controller: [Errno 2] No such file or directory: '${request.name}'`,
				{help: 'If you are using a module and expect the file to exist on the remote, see the remote_src option.'},
			);
		return makeBlock(level, (block) => ({block: play.loading(() => readTaskFile(place, request.name, block, task.span))}));
	}
	const text = (key: string) => {
		const value = request.args.get(key);
		return value === undefined || value === null ? undefined : pythonStr(value);
	};
	const from = {
		tasks: text('tasks_from'),
		vars: text('vars_from'),
		defaults: text('defaults_from'),
		handlers: text('handlers_from'),
	} as const;
	const use = {
		name: request.name,
		span: task.span,
		level,
		from,
		...(request.args.get('allow_duplicates') === false ? {identity: request.name} : {}),
		skipsValidation: request.args.get('rolespec_validate') === false,
	};
	const folder = findRole(play.reading, request.name, level);
	if (!folder) throw new FieldError(`The role '${request.name}' was not found in: ${roleFolders(play.reading).join(':')}`);
	const block = play.loading(() => placeRole(place, use))!;
	if (request.args.get('public') === true) play.play.published.push(block);
	return block;
}

/** The keywords under `apply:`. */
function applied(task: Task): ReadonlyMap<string, Node> {
	for (const node of [task.extraArgs, task.moduleArgs]) {
		const apply = node?.kind === 'map' ? node.entries.find(({key}) => key.text === 'apply')?.value : undefined;
		if (apply?.kind === 'map') return new Map(apply.entries.map(({key, value}) => [key.text, value]));
	}
	return new Map();
}

/** What a result dict says of an include (for `register`). */
export function includesOf(result: TaskResult): IncludeRequest[] {
	if (result.include) return [result.include];
	return (result.items ?? []).flatMap((item) => (item.include && item.status === 'ok' ? [item.include] : []));
}
