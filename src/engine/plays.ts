import {pythonStr, TemplateError, type Value} from '../jinja/jinja.js';
import {type Entry, inherited, type Play, type Task} from '../playbook/playbook.js';
import type {Node} from '../source/source.js';
import {VaultError} from '../vault/vault.js';
import {cutBatches} from './batches.js';
import {tellBegun} from './companions.js';
import {tellFailure} from './failed-task.js';
import {evaluateNode} from './fields.js';
import {expandNotifications} from './handlers.js';
import {HostEnded, HostRun, TaskFailed} from './host-run.js';
import {PlayRun} from './play-run.js';
import {promptVariables} from './prompts.js';
import {runRound} from './round.js';
import type {Run} from './run.js';
import {runAhead} from './run-ahead.js';
import {RunFault} from './run-fault.js';
import {tasksBefore} from './start-at.js';
import {FieldError} from './task-error.js';
import {type Position, Turns, type Untold} from './turns.js';
import {type Outcome, type Walk, walkEntries, walkHandlers} from './walk.js';

/** Runs plays one after another; a host that is lost in one takes no part in the next. Gives false when a play ended the whole run. */
export async function runPlays(run: Run, plays: readonly Play[]): Promise<boolean> {
	for (const play of plays) {
		if (run.stopping.aborted) return false;
		try {
			if (!(await runPlay(run, play))) return false;
		} catch (error) {
			throw asRunFault(error, play);
		}
	}
	return true;
}

/** What is wrong with a play itself, or with tags and names that no task can fail of, ends the run. */
function asRunFault(error: unknown, play: Play): unknown {
	if (error instanceof TemplateError) return new RunFault(error.message, error.span ?? play.span, 'template/failed');
	if (error instanceof FieldError) return new RunFault(error.message, play.span, 'playbook/keyword-value');
	return error instanceof VaultError ? new RunFault(error.message, play.span, 'vault/no-secret') : error;
}

async function runPlay(run: Run, play: Play): Promise<boolean> {
	const {variables, start} = run;
	run.reading.beginPlaybook(play.span.file.path);
	variables.beginPlaybook(run.reading.playbookFolder);
	await promptVariables(run, play);
	const scope = variables.playScope(play);
	const field = (keyword: string): Value | undefined => {
		const node = play.keywords.get(keyword);
		return node && evaluateNode(node, scope, variables);
	};
	const pattern = field('hosts') ?? 'all';
	const matched = variables.matchHosts(pattern, run.limit, play.keywords.get('hosts')?.span ?? play.span);
	const hosts = inOrder(matched, String(field('order') ?? 'inventory'));
	const name = field('name') ?? (Array.isArray(pattern) ? pattern.join(',') : pattern);
	const begin = (of: readonly string[]) =>
		run.emit({
			type: 'play-start',
			name: run.secrets.shown(name),
			hosts: of,
			check: playChecks(run, play),
			inStep: isInStep(run, field),
		});
	if (hosts.length === 0) {
		begin(hosts);
		run.emit({type: 'no-hosts-matched'});
		return true;
	}
	const passedOver = start.task === undefined ? new Set<number>() : tasksBefore(play, start.task);
	if (!passedOver) {
		begin(hosts);
		return true;
	}
	start.task = undefined;
	variables.beginPlay(play);
	for (const batch of cutBatches(hosts, field('serial'))) {
		if (run.stopping.aborted) return false;
		begin(batch);
		const left = batch.filter((host) => !run.stats.isLost(host));
		if (left.length === 0) continue;
		const playRun = new PlayRun(run, play, left, matched, passedOver);
		const goesOn = await runBatch(playRun, field);
		if (!goesOn) return false;
		if (playRun.endsPlay) break;
	}
	return true;
}

async function runBatch(play: PlayRun, field: (keyword: string) => Value | undefined): Promise<boolean> {
	const {run, batch} = play;
	const hosts = batch.map((name) => new HostRun(name));
	const limit = field('max_fail_percentage');
	const inStep = isInStep(run, field);
	const isLimited = limit !== undefined && limit !== null;
	const percentage = isLimited && inStep ? Number(String(limit).replace('%', '')) : undefined;
	if (isLimited && !inStep)
		play.warnOnce(
			'Using max_fail_percentage with the free strategy is not supported, as tasks are executed independently on each host',
		);
	let broken = false;
	const round = async (task: Task, group: readonly HostRun[], position: Position, before: readonly Untold[]) => {
		const outcomes = await runRound(play, task, group, hosts, position, before);
		const lost = hosts.filter((host) => run.stats.isLost(host.name)).length;
		if (percentage !== undefined && (lost / hosts.length) * 100 > percentage && lost > 0) {
			broken = true;
			for (const host of hosts) if (!run.stats.isLost(host.name)) host.summons = new HostEnded('stopped');
		}
		return outcomes;
	};
	// What counts the failures of all hosts task by task needs them side by side.
	play.isStrict = play.isLockstep || percentage !== undefined || run.options.anyErrorsFatal;
	const ahead = (task: Task, host: HostRun, position: Position) => runAhead(play, task, host, position);
	const turns = new Turns<Outcome>(hosts, inStep, round, play.isStrict ? undefined : ahead);
	const forceHandlers = run.options.forceHandlers || field('force_handlers') === true;
	const faults: unknown[] = [];
	const walk = (host: HostRun) =>
		walkPlay(play, host, turns, forceHandlers).catch((fault: unknown) => {
			faults.push(fault);
			for (const one of hosts) one.summons = new HostEnded('stopped');
			turns.stop(new HostEnded('stopped'));
		});
	await Promise.all(hosts.map(walk));
	turns.end();
	if (faults.length > 0) throw faults[0];
	const allLost = hosts.every((host) => run.stats.isLost(host.name));
	if (broken) {
		// As Ansible has it: once for the limit that was passed, once because nobody is left.
		run.emit({type: 'no-hosts-remaining'});
		run.emit({type: 'no-hosts-remaining'});
	}
	return !allLost && !broken;
}

/** Whether the hosts do each task together (strategy `linear`). */
function isInStep(run: Run, field: (keyword: string) => Value | undefined): boolean {
	const strategy = pythonStr(field('strategy') ?? run.options.strategy);
	return strategy.replace(/^ansible\.(builtin|legacy)\./, '') !== 'free';
}

/** One host's way through the play: facts, then each section with the handlers it notified. */
async function walkPlay(play: PlayRun, host: HostRun, turns: Turns<Outcome>, forceHandlers: boolean): Promise<void> {
	const walk: Walk = {
		host,
		play: play.play,
		turns,
		stopping: play.run.stopping,
		isSelected: (task) => play.isSelected(host, task),
		expandNotifications: () => expandNotifications(play, host),
		rescued: (task) => tellFailure(play, host, task),
	};
	const {preTasks, roles, tasks, postTasks} = play.play;
	const sections: (readonly Entry[])[] = [preTasks, [...roles, ...tasks], postTasks];
	try {
		const gather = gatherTask(play, host);
		if (gather) await walkEntries(walk, [gather], [0]);
		for (const [index, section] of sections.entries()) {
			const position = [index + 1];
			try {
				await walkEntries(walk, section, [...position, 0]);
			} catch (error) {
				if (error instanceof TaskFailed && forceHandlers) await walkHandlers(walk, [...position, 1]);
				throw error;
			}
			await walkHandlers(walk, [...position, 1]);
		}
	} catch (error) {
		if (!(error instanceof TaskFailed || error instanceof HostEnded)) throw error;
	} finally {
		turns.leave(host);
		await tellBegun(play, host);
	}
}

/** The task `Gathering Facts`, where the play wants facts of this host. */
function gatherTask(play: PlayRun, host: HostRun): Task | undefined {
	const {gathering} = play.options;
	const wanted = play.playField('gather_facts');
	const gathers =
		wanted === undefined || wanted === null
			? gathering === 'implicit' || (gathering === 'smart' && !play.variables.hasFacts(host.name))
			: wanted === true;
	return gathers ? play.factsTask() : undefined;
}

function playChecks(run: Run, play: Play): boolean {
	const node: Node | undefined = inherited(play, 'check_mode');
	return node?.kind === 'scalar' && typeof node.value === 'boolean' ? node.value : run.options.check;
}

/** The hosts of a play in the order it asks for. */
function inOrder(hosts: readonly string[], order: string): string[] {
	switch (order) {
		case 'reverse_inventory':
			return [...hosts].reverse();
		case 'sorted':
			return [...hosts].sort();
		case 'reverse_sorted':
			return [...hosts].sort().reverse();
		case 'shuffle':
			return [...hosts]
				.map((host) => [Math.random(), host] as const)
				.sort((a, b) => a[0] - b[0])
				.map(([, host]) => host);
		default:
			return [...hosts];
	}
}
