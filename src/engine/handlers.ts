import {finalize, type Value} from '../jinja/jinja.js';
import {rolesOf, type Task} from '../playbook/playbook.js';
import type {Node} from '../source/source.js';
import type {HostRun} from './host-run.js';
import type {PlayRun} from './play-run.js';
import {tasksOf} from './walk.js';

/**
 * Notifies handlers by name or topic: of those with the name the one loaded last, and every one that listens. Gives the notifications
 * that no handler answers to.
 */
export function notify(play: PlayRun, host: HostRun, names: readonly string[]): string[] {
	const handlers = play.play.handlers.flatMap(tasksOf);
	return names.filter((name) => {
		const named = handlers.findLast((handler) => handlerNames(play, handler).includes(name));
		const listening = handlers.filter((handler) => topics(play, handler).includes(name));
		for (const handler of new Set([...(named ? [named] : []), ...listening])) {
			host.notified.add(handler.id);
			play.emit({type: 'notified', handler: handlerNames(play, handler)[0] ?? name, host: host.name});
		}
		return !named && listening.length === 0;
	});
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
		return (Array.isArray(value) ? value : [value]).map((one: Value) => String(one));
	} catch {
		return [];
	}
}
