import {accumulated, type Task} from '../playbook/playbook.js';
import {judge} from './conditions.js';
import {Fields} from './fields.js';
import {HostEnded, type HostRun} from './host-run.js';
import type {PlayRun} from './play-run.js';
import {becomeOf, targetOf} from './target.js';
import type {Outcome} from './walk.js';

const passed: Outcome = {failed: false, unreachable: false, ran: false};

/** Does a `meta` action for the hosts of a round. Its texts are Ansible's, since scripts grep them. */
export async function performMeta(
	play: PlayRun,
	task: Task,
	hosts: readonly HostRun[],
	siblings: readonly HostRun[],
): Promise<Map<HostRun, Outcome>> {
	const action = task.moduleArgs?.kind === 'scalar' ? task.moduleArgs.text.trim() : '';
	const outcomes = new Map<HostRun, Outcome>();
	for (const host of hosts) {
		const applies =
			ignoresWhen.has(action) || judge(accumulated(task, 'when'), play.scope(host, task), play.variables).met === true;
		if (applies) say(play, `META: ${said(action, host.name)}`);
		else say(play, `META: ${action} conditional evaluated to False, continuing execution for ${host.name}`);
		outcomes.set(host, applies ? await perform(play, task, action, host, siblings) : passed);
	}
	return outcomes;
}

const ignoresWhen = new Set(['noop', 'refresh_inventory', 'reset_connection']);

function said(action: string, host: string): string {
	if (action === 'flush_handlers') return 'triggered running handlers';
	if (action === 'end_play') return `ending play for ${host}`;
	if (action === 'end_host') return `ending play for ${host}`;
	if (action === 'end_batch') return `ending batch for ${host}`;
	if (action === 'end_role') return `ending role for ${host}`;
	return action.replace(/_/g, ' ');
}

function say(play: PlayRun, text: string): void {
	play.emit({type: 'message', text, verbosity: 1});
}

async function perform(play: PlayRun, task: Task, action: string, host: HostRun, siblings: readonly HostRun[]): Promise<Outcome> {
	const {variables, run} = play;
	switch (action) {
		case 'noop':
			return passed;
		case 'flush_handlers':
			return {...passed, flush: true};
		case 'clear_facts':
			variables.clearFacts(host.name);
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
			const fields = new Fields(task, scope, variables);
			becomeOf(scope, fields, play.options.connection);
			await run.connections.reset(targetOf(host.name, scope, fields, play.options.connection));
			return passed;
		}
		case 'refresh_inventory':
			await run.refreshInventory();
			return passed;
		default:
			throw new Error(`invalid meta action requested: ${action}`);
	}
}
