import {accumulated, inherited, rolesOf, type Task} from '../playbook/playbook.js';
import {judge} from './conditions.js';
import {Fields} from './fields.js';
import {HostEnded, type HostRun} from './host-run.js';
import type {PlayRun} from './play-run.js';
import {RunFault} from './run-fault.js';
import type {Outcome} from './walk.js';

const passed: Outcome = {failed: false, unreachable: false, ran: false};

/** Actions that look at no condition, and those that are done by the first host of a round for all. */
const ignoresWhen = new Set(['noop', 'refresh_inventory', 'reset_connection']);
const perHost = new Set(['noop', 'reset_connection', 'end_host', 'flush_handlers', 'end_role']);

/** Does a `meta` action for the hosts of a round (ansible/plugins/strategy `_execute_meta`). Its texts are Ansible's, since scripts grep them. */
export async function performMeta(
	play: PlayRun,
	task: Task,
	hosts: readonly HostRun[],
	siblings: readonly HostRun[],
): Promise<Map<HostRun, Outcome>> {
	const action = metaAction(task);
	const isOnce = !perHost.has(action);
	const outcomes = new Map<HostRun, Outcome>(hosts.map((host) => [host, passed]));
	if (ignoresWhen.has(action) && inherited(task, 'when')) play.warnOnce(`${action} task does not support when conditional`);
	for (const host of isOnce ? hosts.slice(0, 1) : hosts) {
		const facts = {...play.facts(task, host), id: play.reading.nextId()};
		play.emit({type: 'task-start', task: facts, at: play.run.now()});
		const applies =
			ignoresWhen.has(action) || judge('when', accumulated(task, 'when'), play.scope(host, task), play.variables).met === true;
		if (applies) {
			const outcome = await perform(play, task, action, host, siblings);
			for (const one of isOnce ? hosts : [host]) outcomes.set(one, outcome);
			say(play, saidOf(action, task, host.name));
			continue;
		}
		const reason = `${action} conditional evaluated to False${continuing(action, task, host.name)}`;
		say(play, reason);
		const result = {changed: false, skipped: true, skip_reason: reason};
		const outcome = {host: host.name, status: 'skipped', result, diffs: [], duration: 0} as const;
		play.emit({type: 'result', task: facts, outcome, at: play.run.now()});
	}
	return outcomes;
}

/** What a `meta` task asks for. */
export function metaAction({moduleArgs}: Task): string {
	return moduleArgs?.kind === 'scalar' ? moduleArgs.text.trim() : '';
}

function say(play: PlayRun, text: string): void {
	play.emit({type: 'message', text: `META: ${text}`, verbosity: 2});
}

function saidOf(action: string, task: Task, host: string): string {
	const texts: Readonly<Record<string, string>> = {
		flush_handlers: `triggered running handlers for ${host}`,
		refresh_inventory: 'inventory successfully refreshed',
		clear_facts: 'facts cleared',
		clear_host_errors: 'cleared host errors',
		end_batch: 'ending batch',
		end_play: 'ending play',
		end_host: `ending play for ${host}`,
		end_role: `ending role ${rolesOf(task).at(-1)?.name ?? ''} for ${host}`,
		reset_connection: 'reset connection',
	};
	return texts[action] ?? action;
}

function continuing(action: string, task: Task, host: string): string {
	const texts: Readonly<Record<string, string>> = {
		flush_handlers: `, not running handlers for ${host}`,
		clear_facts: `, not clearing facts and fact cache for ${host}`,
		clear_host_errors: `, not clearing host error state for ${host}`,
		end_batch: ', continuing current batch',
		end_play: ', continuing play',
		end_host: `, continuing execution for ${host}`,
		end_role: `, continuing role ${rolesOf(task).at(-1)?.name ?? ''} for ${host}`,
	};
	return texts[action] ?? '';
}

async function perform(play: PlayRun, task: Task, action: string, host: HostRun, siblings: readonly HostRun[]): Promise<Outcome> {
	const {variables, run} = play;
	switch (action) {
		case 'noop':
			return passed;
		case 'flush_handlers':
			return {...passed, flush: true};
		case 'clear_facts':
			for (const name of play.all) variables.clearFacts(name);
			return passed;
		case 'clear_host_errors':
			run.stats.clearErrors();
			return passed;
		case 'end_host':
			return {...passed, end: new HostEnded('ended')};
		case 'end_role':
			return {...passed, endRole: true};
		case 'end_batch':
		case 'end_play':
			play.endsPlay = play.endsPlay || action === 'end_play';
			for (const sibling of siblings) if (!run.stats.isLost(sibling.name)) sibling.summons = new HostEnded('ended');
			return {...passed, end: new HostEnded('ended')};
		case 'reset_connection': {
			const scope = play.scope(host, task);
			const {target} = play.wayTo(host, undefined, task, scope, new Fields(task, scope, variables));
			await run.connections.reset(target);
			return passed;
		}
		case 'refresh_inventory':
			await run.refreshInventory();
			return passed;
		default:
			throw new RunFault(`invalid meta action requested: ${action}`, task.moduleArgs?.span ?? task.span, 'module/argument-value');
	}
}
