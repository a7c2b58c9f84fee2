import {Dict, pythonStr, type Value} from '../jinja/jinja.js';
import type {Task} from '../playbook/playbook.js';
import type {TaskScope} from '../vars/vars.js';
import type {Fields} from './fields.js';
import type {HostRun} from './host-run.js';
import type {PlayRun, ReachableHost} from './play-run.js';
import {FieldError} from './task-error.js';

/** How a task is done on a host: where, as whom, for real or not. */
export interface Manner {
	readonly check: boolean;
	readonly diff: boolean;
	/** The host it is delegated to. */
	readonly delegate: string | undefined;
	/** Seconds. */
	readonly timeout: number | undefined;
	readonly environment: Readonly<Record<string, string>>;
	readonly reached: ReachableHost;
}

/** The manner that the keywords ask for. Throws `FieldError`. */
export function mannerOf(play: PlayRun, host: HostRun, task: Task, scope: TaskScope, fields: Fields): Manner {
	const delegate = delegateOf(task, fields);
	return {
		check: fields.flag('check_mode') ?? play.options.check,
		diff: fields.flag('diff') ?? play.options.diff,
		delegate,
		timeout: fields.number('timeout') || undefined,
		environment: environmentOf(fields),
		reached: play.performHost(host, delegate, task, scope, fields),
	};
}

/** The host that a task is delegated to. Throws `FieldError`. */
export function delegateOf(task: Task, fields: Fields): string | undefined {
	return task.isLocal ? 'localhost' : fields.text('delegate_to') || undefined;
}

/** `environment:` of all levels, the inner over the outer. */
function environmentOf(fields: Fields): Record<string, string> {
	const environment: Record<string, string> = {};
	for (const value of fields.all('environment').flat() as Value[]) {
		if (!(value instanceof Dict)) {
			if (value === null || value === '') continue;
			throw new FieldError(`environment must be a dictionary, received ${String(value)}`);
		}
		for (const [name, text] of value.entries()) environment[String(name)] = text === null ? '' : pythonStr(text);
	}
	return environment;
}
