import {mkdirSync, writeFileSync} from 'node:fs';
import {dirname} from 'node:path';
import {Dict, type Value} from '../jinja/jinja.js';
import type {Effect} from '../modules/modules.js';
import type {Task} from '../playbook/playbook.js';
import {Fields} from './fields.js';
import type {HostRun} from './host-run.js';
import type {PlayRun} from './play-run.js';
import type {TaskResult} from './task-result.js';

/** Does the effects that take time or touch this machine, before the result is told: pauses, files of variables, fetched files. */
export async function carryOut(_play: PlayRun, _host: HostRun, _task: Task, result: TaskResult): Promise<TaskResult> {
	for (const effect of result.effects) {
		if (effect.kind === 'write-local') {
			mkdirSync(dirname(effect.path), {recursive: true});
			writeFileSync(effect.path, effect.content);
		}
	}
	return result;
}

/** Takes over what a result changes in the variables and the inventory. */
export function applyEffects(play: PlayRun, host: HostRun, task: Task, {effects, delegate}: TaskResult): void {
	for (const effect of effects) applyEffect(play, host, task, effect, delegate);
}

function applyEffect(play: PlayRun, host: HostRun, task: Task, effect: Effect, delegate: string | undefined): void {
	const {variables} = play;
	switch (effect.kind) {
		case 'variables':
			variables.setVariables(host.name, toDict(effect.values), effect.cacheable === true);
			break;
		case 'facts': {
			const scope = play.scope(host, task);
			const toDelegate = delegate !== undefined && new Fields(task, scope, variables).flag('delegate_facts') === true;
			variables.setFacts(toDelegate ? delegate : host.name, toDict(effect.facts));
			break;
		}
		case 'add-host':
			variables.addHost(effect.name, effect.groups, toDict(effect.variables));
			break;
		case 'group-by':
			variables.groupBy(host.name, effect.group, effect.parents);
			break;
	}
}

function toDict(values: Readonly<Record<string, Value>>): Dict {
	return Dict.from(Object.entries(values));
}
