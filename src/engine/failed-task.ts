import {Dict, finalize, type Value} from '../jinja/jinja.js';
import {accumulated, type Task} from '../playbook/playbook.js';
import type {Node} from '../source/source.js';
import type {HostRun} from './host-run.js';
import {actionName} from './invocation.js';
import type {PlayRun} from './play-run.js';
import {registered} from './register.js';
import {tagsOf} from './tags.js';

/** Tells the tasks of a rescue what failed: `ansible_failed_task`, as far as its keywords are of use, and `ansible_failed_result`. */
export function tellFailure(play: PlayRun, host: HostRun, task: Task): void {
	const {failure} = host;
	const scope = play.scope(host, task);
	const written = (node: Node | undefined): Value => (node ? play.variables.readRaw(node) : null);
	const plain = (keyword: string): Value => {
		const node = task.keywords.get(keyword);
		try {
			return node ? finalize(play.variables.read(node), scope) : null;
		} catch {
			return written(node);
		}
	};
	const resolved = play.run.definitions.get(task.module);
	const invocation = failure?.result['invocation'];
	const values: Record<string, Value> = {
		action: task.written,
		_resolved_action: resolved ? actionName(resolved) : `ansible.builtin.${task.module}`,
		args: invocation instanceof Dict ? (invocation.get('module_args') ?? new Dict()) : new Dict(),
		name: plain('name') ?? '',
		tags: tagsOf(task, scope, play.variables),
		vars: plain('vars') ?? new Dict(),
		when: accumulated(task, 'when').flatMap(written),
		register: plain('register'),
		notify: plain('notify'),
		delegate_to: plain('delegate_to'),
		ignore_errors: plain('ignore_errors') ?? false,
		loop: task.loop ? written(task.loop.node) : null,
	};
	const described = Dict.from(Object.entries(values));
	play.variables.setRegistered(host.name, 'ansible_failed_task', described);
	play.variables.setRegistered(host.name, 'ansible_failed_result', failure ? registered(failure) : new Dict());
}
