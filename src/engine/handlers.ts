import {finalize, pythonStr, type Value} from '../jinja/jinja.js';
import {accumulated, type Entry, rolesOf, type Task} from '../playbook/playbook.js';
import type {Node} from '../source/source.js';
import type {Emit} from './events.js';
import type {HostRun} from './host-run.js';
import type {PlayRun} from './play-run.js';
import {RunFault} from './run-fault.js';
import {tasksOf} from './walk.js';

/**
 * Notes what a task notifies; which handlers that means is looked up when they run, so that the last one loaded counts. Throws
 * `RunFault` when no handler answers to a name.
 */
export function notify(play: PlayRun, host: HostRun, task: Task, names: readonly string[], emit: Emit): void {
	for (const name of names) {
		const found = search(play, name);
		if (found.length === 0) {
			throw new RunFault(
				`The requested handler '${name}' was not found in either the main handlers list nor in the listening handlers list`,
				task.keywords.get('notify')?.span ?? task.span,
			);
		}
		if (host.isFlushing) mark(play, host, found, emit);
		else host.notifications.add(name);
	}
}

/** Whether there is a handler for all that a task notifies, where that is written without templates. */
export function findsHandlers(play: PlayRun, task: Task): boolean {
	return accumulated(task, 'notify').every((node) => texts(play, task, node).every((name) => search(play, name).length > 0));
}

/** Looks up the handlers for all that was notified since the last flush. */
export function expandNotifications(play: PlayRun, host: HostRun): void {
	for (const name of host.notifications) mark(play, host, search(play, name), play.emit);
	host.notifications.clear();
}

function mark(play: PlayRun, host: HostRun, handlers: readonly Task[], emit: Emit): void {
	for (const handler of handlers) {
		if (host.notified.has(handler.id)) continue;
		host.notified.add(handler.id);
		emit({type: 'notified', handler: play.facts(handler, host).name, host: host.name});
	}
}

/**
 * The handlers that a notification means: of those with the name the first of the list loaded last, and every one that listens, but
 * only one of those that have the same name (ansible/plugins/strategy `search_handlers_by_notification`).
 */
function search(play: PlayRun, notification: string): Task[] {
	const handlers = lastListFirst(play.play.handlers).flatMap(tasksOf);
	const named = handlers.find((handler) => handlerNames(play, handler).includes(notification));
	const seen = new Set<string>();
	const listening = handlers.filter((handler) => {
		const [name = ''] = handlerNames(play, handler);
		if ((name !== '' && seen.has(name)) || !topics(play, handler).includes(notification)) return false;
		seen.add(name);
		return true;
	});
	return [...new Set([...(named ? [named] : []), ...listening])];
}

/** The lists of handlers (a role's, the play's), the last one loaded first, each in its own order. */
function lastListFirst(handlers: readonly Entry[]): Entry[] {
	const lists: Entry[][] = [];
	for (const entry of handlers) {
		const last = lists.at(-1);
		if (last && last[0]!.parent === entry.parent) last.push(entry);
		else lists.push([entry]);
	}
	return lists.reverse().flat();
}

/** `name`, and `role : name` for a role's handler. */
export function handlerNames(play: PlayRun, handler: Task): string[] {
	const [name] = texts(play, handler, handler.keywords.get('name'));
	if (name === undefined) return [];
	const role = rolesOf(handler).at(-1)?.name;
	return role ? [name, `${role} : ${name}`] : [name];
}

function topics(play: PlayRun, handler: Task): string[] {
	return texts(play, handler, handler.keywords.get('listen'));
}

/** The texts of a node; names may be templates over what the play knows, one that cannot be evaluated names nothing. */
function texts(play: PlayRun, handler: Task, node: Node | undefined): string[] {
	if (!node) return [];
	try {
		const scope = play.playScope(handler);
		const value = finalize(play.variables.read(node), scope);
		return (Array.isArray(value) ? value : [value]).map((one: Value) => pythonStr(one));
	} catch (error) {
		if (node === handler.keywords.get('name') && !handler.keywords.has('listen')) play.warnOnce(unusable(node, error));
		return [];
	}
}

function unusable(name: Node, error: unknown): string {
	const text = name.kind === 'scalar' ? name.text : '';
	return `Handler '${text}' is unusable because it has no listen topics and the name could not be templated (host-specific variables are not supported in handler names). The error: ${error instanceof Error ? error.message : ''}`;
}
