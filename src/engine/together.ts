import type {Response} from '../connection/connection.js';
import type {Args, Joint, Step} from '../modules/modules.js';
import type {Claim} from './claim.js';
import type {Decision} from './decision.js';
import {type Coming, type PerformHost, type PerformOptions, viewpointOf} from './performing.js';
import {meaningOf, readBehind, runStep} from './run-steps.js';

/** A change that others may join. */
export interface Leading {
	readonly viewpoint: string;
	readonly joint: Joint;
	readonly places: readonly string[];
}

/** What a coming task, or an item of its loop, will come to when nothing fails before it. */
export interface Companion {
	readonly args: Args;
	readonly decision: Decision;
	/** Undefined where nothing is to be changed. */
	readonly step: Step | undefined;
	/** Whether what it was decided on is still believed. */
	holds(): boolean;
}

/** Those that join a change, in order, and what comes behind them. */
export interface Companions {
	readonly all: readonly Companion[];
	readonly coming: Coming;
	/** Told for each of them when it was sent, for its own turn. */
	begun(companion: Companion, joined: Joined): void;
}

/** A task whose work was sent with that of a task before it. */
export interface Joined extends Pick<Companion, 'decision' | 'step'> {
	/** What its step gave, or undefined if it was not done: something before it failed, or it could not be done in this way. */
	readonly done: Promise<{readonly output: unknown} | undefined>;
}

/**
 * Does the step of a change and those of coming tasks in one script, which stops before the first that cannot be done. Gives what the first
 * one means, or undefined if it was not done; the others are asked by their own tasks (`PerformOptions.joined`). Nothing is done where another task changes,
 * or has changed, what the others rest on.
 */
export async function runTogether(
	step: Step,
	{all, coming, begun}: Companions,
	claim: Claim,
	host: PerformHost,
	options: PerformOptions,
	places: readonly string[],
): Promise<{readonly output: unknown} | undefined> {
	const steps = [step, ...all.flatMap((one) => one.step ?? [])];
	const others = all.flatMap(({step: own, decision}) => (own ? (decision.places as readonly string[]) : []));
	const changed = [...places, ...others];
	const change = {answers: steps.flatMap(({answers = []}) => answers)};
	const shell = await host.shell();
	if (!all.every((one) => one.holds()) || !claim.extend(others)) return undefined;
	const view = viewpointOf(host, options, shell);
	const doubtful = host.changed(changed, change);
	const whole = step.joint!.join(steps);
	const responses = runStep(whole, shell, options).then((response) => meaningOf(whole)(response) as readonly Response[]);
	const outcomes = steps.map((one, index) =>
		responses.then((answered) => (answered[index] ? {output: meaningOf(one)(answered[index])} : undefined)),
	);
	for (const [index, {answers = []}] of steps.entries()) {
		const output = outcomes[index]!.then(outputOf);
		output.catch(() => {});
		host.readings.tell(view, output, answers, change);
	}
	let last = 0;
	for (const companion of all) {
		if (companion.step) last++;
		const done = companion.step ? outcomes[last]! : outcomes[last]!.then((before) => before && {output: undefined});
		done.catch(() => {});
		begun(companion, {...companion, done});
	}
	if (doubtful.has(view.key)) void readBehind(host, view, coming, change);
	try {
		return await outcomes[0];
	} finally {
		host.changed(changed, change);
	}
}

function outputOf(outcome: {readonly output: unknown} | undefined): unknown {
	if (!outcome) throw new Error('it was not done');
	return outcome.output;
}
