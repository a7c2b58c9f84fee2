import pLimit from 'p-limit';
import type {Task} from '../playbook/playbook.js';
import type {HostRun} from './host-run.js';
import {announce, type Finished, notifyHandlers, outcomeOf, remember, runOn, settingOf, toOutcome} from './host-task.js';
import {type Included, includesOf, resolveIncludes} from './include.js';
import {performMeta} from './meta.js';
import type {PlayRun} from './play-run.js';
import {faultOf} from './task-fault.js';
import {failed} from './task-result.js';
import type {Position, Untold} from './turns.js';
import type {Outcome} from './walk.js';

/** Runs one task on the hosts whose turn it is, tells of it in their order, and says what each does next. */
export async function runRound(
	play: PlayRun,
	task: Task,
	hosts: readonly HostRun[],
	siblings: readonly HostRun[],
	position: Position,
	before: readonly Untold[],
): Promise<Map<HostRun, Outcome>> {
	const first = hosts[0]!;
	if (task.module === 'meta') {
		for (const {tell} of before) tell();
		return performMeta(play, task, hosts, siblings);
	}
	const facts = play.facts(task, first);
	const {stepper} = play.run;
	const alone = hosts.length === 1 && siblings.length > 1 ? first.name : undefined;
	if (stepper && !(await stepper.allows(facts.name, alone)))
		return new Map(hosts.map((host) => [host, {failed: false, unreachable: false, ran: false}]));
	play.begin(task, position, facts, play.run.now());
	const definition = play.run.definitions.get(task.module);
	const isForAll = settingOf(play, task, first, 'run_once') === true;
	const isOnce = isForAll || (definition?.kind === 'action' && definition.oncePerBatch === true);
	const acting = isOnce ? [first] : hosts;
	const throttle = Number(settingOf(play, task, first, 'throttle') ?? 0);
	const limit = throttle > 0 ? pLimit(Math.min(throttle, play.options.forks)) : play.limit;
	const told = inOrder([...acting.map((host) => play.placeOf(host)), ...before.map(({index}) => index)]);
	for (const {index, tell} of before) told(index, tell);
	const finished = await Promise.all(
		acting.map((host) =>
			limit(async () => {
				const one = await runOn(play, task, host, {isAhead: false});
				told(play.placeOf(host), () => announce(play, task, one));
				return one;
			}),
		),
	);
	const outcomes = new Map<HostRun, Outcome>();
	for (const one of finished) {
		// An action that is once by its nature leaves its result with the host that did it.
		for (const host of isForAll ? hosts : [one.host]) remember(play, task, host, one, 'all');
		notifyHandlers(play, task, one, play.emit);
	}
	const requests = new Map(
		finished.filter(({result}) => includesOf(result).length > 0).map((one) => [one.host, includesOf(one.result)] as const),
	);
	const included = requests.size > 0 ? await include(play, task, requests) : new Map();
	for (const one of finished)
		for (const host of isOnce ? hosts : [one.host]) outcomes.set(host, toOutcome(one, included.get(host)));
	failTogether(play, task, finished, siblings, isOnce || settingOf(play, task, first, 'any_errors_fatal') === true);
	return outcomes;
}

async function include(
	play: PlayRun,
	task: Task,
	requests: ReadonlyMap<HostRun, ReturnType<typeof includesOf>>,
): Promise<Map<HostRun, Included>> {
	const included = resolveIncludes(play, task, requests);
	await play.run.definitionsLoaded();
	for (const [host, {failure}] of included) {
		if (failure === undefined) continue;
		play.run.stats.count(host.name, 'failed');
		if (host.rescuers === 0) play.run.stats.markFailed(host.name);
		const outcome = outcomeOf(play, host, failed(failure.message, {}, {fault: faultOf(task, failure, [])}), 0);
		play.emit({type: 'result', task: play.facts(task, host), outcome, at: play.run.now()});
	}
	return included;
}

/** `any_errors_fatal` and a failed `run_once`: the other hosts of the batch fail with it. */
function failTogether(
	play: PlayRun,
	task: Task,
	finished: readonly Finished[],
	siblings: readonly HostRun[],
	fatal: boolean,
): void {
	const lost = finished.filter(
		({result, ignored}) => (result.status === 'failed' || result.status === 'unreachable') && !ignored,
	);
	if (lost.length === 0 || !fatal) return;
	const failing = new Set(lost.map(({host}) => host));
	for (const host of siblings) {
		if (failing.has(host) || play.run.stats.isLost(host.name)) continue;
		if (host.rescuers === 0) play.run.stats.markFailed(host.name);
		host.summons = play.summonsFor(task);
	}
}

/** Does what is given for each of some places in the order of the places, each as soon as all before it were done. */
function inOrder(places: readonly number[]): (place: number, act: () => void) => void {
	const order = [...places].sort((a, b) => a - b);
	const waiting = new Map<number, () => void>();
	let next = 0;
	return (place, act) => {
		waiting.set(place, act);
		for (let ready = waiting.get(order[next]!); ready; ready = waiting.get(order[next]!)) {
			next++;
			ready();
		}
	};
}
