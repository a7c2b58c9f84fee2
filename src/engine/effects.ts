import {existsSync, mkdirSync, readFileSync, writeFileSync} from 'node:fs';
import {dirname} from 'node:path';
import {Dict, hide, type Value} from '../jinja/jinja.js';
import type {Effect} from '../modules/modules.js';
import type {Task} from '../playbook/playbook.js';
import {type Diagnostic, DiagnosticError, getEntry, type Span} from '../source/source.js';
import type {SeenBy, TaskScope} from '../vars/vars.js';
import {Fields} from './fields.js';
import type {HostRun} from './host-run.js';
import {readIncludedVars} from './included-vars.js';
import type {PlayRun, ReachableHost} from './play-run.js';
import {FieldError} from './task-error.js';
import {faultAt} from './task-fault.js';
import {failed, type TaskResult} from './task-result.js';
import {waitForConnection} from './wait-for-connection.js';

/** Does the effects that take time or touch this machine, before the result is judged and told: pauses, files of variables, fetched files. */
export async function carryOut(
	play: PlayRun,
	task: Task,
	scope: TaskScope,
	host: ReachableHost,
	result: TaskResult,
	limit?: AbortSignal,
): Promise<TaskResult> {
	let after = result;
	for (const effect of result.effects) {
		if (effect.kind === 'write-local') after = writeLocal(play, effect, after);
		else if (effect.kind === 'pause') after = {...after, result: {...after.result, ...(await pause(play, effect, limit))}};
		else if (effect.kind === 'wait-for-connection') after = await waitForConnection(play, task, host, effect, after, limit);
		else if (effect.kind === 'include-vars') {
			try {
				const {values, files} = readIncludedVars(play, task, scope, effect);
				after = {...after, result: {...after.result, ansible_facts: values, ansible_included_var_files: files}};
			} catch (error) {
				const {message, ...place} = whyUnread(error);
				const fault = {...faultAt(task, `Task failed: Action failed: ${message}`), ...place};
				after = failed(message, {message, ansible_facts: new Dict(), ansible_included_var_files: []}, {fault});
			}
		}
	}
	return after;
}

/** Why a file of variables gives none, with the place in it where there is one. Throws what is no fault of the file. */
function whyUnread(error: unknown): Pick<Diagnostic, 'message'> & Partial<Diagnostic> {
	if (error instanceof FieldError) return {message: error.message};
	if (!(error instanceof DiagnosticError)) throw error;
	const {code, labels, message, ansible} = error.diagnostics[0]!;
	return {message: ansible ?? message, code, labels};
}

/** Writes a fetched file where it differs from what is there; check mode only says so. */
function writeLocal(
	play: PlayRun,
	{path, content, whenWritten}: Extract<Effect, {kind: 'write-local'}>,
	result: TaskResult,
): TaskResult {
	if (existsSync(path) && readFileSync(path).equals(content)) return result;
	if (!play.options.check) {
		mkdirSync(dirname(path), {recursive: true});
		writeFileSync(path, content);
		play.run.knowledge.localChanges++;
	}
	return {...result, status: 'changed', result: {...result.result, ...whenWritten, changed: true}};
}

/** Waits for a time or for an answer, and says in Ansible's words how long it was. */
async function pause(
	play: PlayRun,
	effect: Extract<Effect, {kind: 'pause'}>,
	limit: AbortSignal | undefined,
): Promise<Record<string, Value>> {
	const started = play.run.now();
	const {seconds, prompt, unit, echo} = effect;
	let answer = '';
	if (prompt !== undefined || seconds === undefined) {
		const question = prompt ?? 'Press enter to continue, Ctrl+C to interrupt';
		if (play.run.ask && seconds === undefined)
			answer = await play.run.ask(`${question}${echo ? ':' : ' (output is hidden):'}\n`, {secret: !echo});
		else if (seconds === undefined)
			play.emit({type: 'warning', text: 'Not waiting for response to prompt as stdin is not interactive'});
	}
	if (seconds !== undefined) {
		play.emit({type: 'message', text: `Pausing for ${seconds} seconds`, verbosity: 0});
		await play.sleep(seconds * 1000, limit);
	}
	const ended = play.run.now();
	const lasted = (ended - started) / 1000;
	const shown = unit === 'minutes' ? Math.round((lasted / 60) * 100) / 100 : Math.round(lasted * 100) / 100;
	return {
		user_input: answer,
		start: localTime(started),
		stop: localTime(ended),
		delta: Math.trunc(lasted),
		stdout: `Paused for ${Number.isInteger(shown) ? shown.toFixed(1) : shown} ${unit}`,
	};
}

/** `YYYY-MM-DD HH:MM:SS.ffffff` in this machine's time zone. */
function localTime(milliseconds: number): string {
	const date = new Date(milliseconds - new Date(milliseconds).getTimezoneOffset() * 60_000);
	return `${date.toISOString().replace('T', ' ').replace('Z', '')}000`;
}

/** Takes over what a result changes in the variables and the inventory. */
export function applyEffects(play: PlayRun, host: HostRun, task: Task, result: TaskResult, seenBy: SeenBy): void {
	for (const one of result.items ?? [result])
		for (const effect of one.effects) applyEffect(play, host, task, effect, one, seenBy);
}

function applyEffect(
	play: PlayRun,
	host: HostRun,
	task: Task,
	effect: Effect,
	{delegate, result, noLog}: TaskResult,
	seenBy: SeenBy,
): void {
	const {variables} = play;
	const kept = (values: Dict) => (noLog ? (hide(values) as Dict) : values);
	switch (effect.kind) {
		case 'variables':
			for (const name of Object.keys(effect.values)) variables.noteName(name, argumentSpan(task, name));
			variables.setVariables(ownerOf(play, host, task, delegate), kept(toDict(effect.values)), effect.cacheable === true, seenBy);
			break;
		case 'include-vars':
			if (result['ansible_facts'] instanceof Dict)
				variables.setIncluded(ownerOf(play, host, task, delegate), kept(result['ansible_facts']), seenBy);
			break;
		case 'facts':
			variables.setFacts(ownerOf(play, host, task, delegate), toDict(effect.facts), seenBy);
			break;
		case 'add-host':
			variables.addHost(effect.name, effect.groups, toDict(effect.variables));
			// The play counts it among its hosts from now on, though it runs nothing there.
			if (!play.all.includes(effect.name)) play.all.push(effect.name);
			break;
		case 'group-by':
			variables.groupBy(host.name, effect.group, effect.parents);
			break;
	}
}

/** Where the name of an argument stands, or the name of the module. */
function argumentSpan({moduleArgs, moduleSpan}: Task, name: string): Span {
	const key = moduleArgs?.kind === 'map' ? getEntry(moduleArgs, name)?.key : undefined;
	return key?.span ?? moduleSpan;
}

/** Whose the facts are that a task found: the host it was delegated to has them only with `delegate_facts`. */
function ownerOf(play: PlayRun, host: HostRun, task: Task, delegate: string | undefined): string {
	if (delegate === undefined) return host.name;
	return new Fields(task, play.scope(host, task), play.variables).flag('delegate_facts') === true ? delegate : host.name;
}

/** The variables that a result gives, for the items of a loop that come after it. */
export function variablesOf({effects, result}: TaskResult): Dict {
	const found = new Dict();
	const add = (dict: Dict) => {
		for (const [name, value] of dict.entries()) found.set(name, value);
	};
	for (const effect of effects) {
		if (effect.kind === 'variables') add(toDict(effect.values));
		else if (effect.kind === 'include-vars' && result['ansible_facts'] instanceof Dict) add(result['ansible_facts']);
	}
	return found;
}

function toDict(values: Readonly<Record<string, Value>>): Dict {
	return Dict.from(Object.entries(values));
}
