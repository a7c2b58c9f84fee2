import type {ActionDefinition, Args, Read, States, Step} from '../modules/modules.js';
import {ModuleFailure} from '../modules/modules.js';
import {type Claim, Turn} from './claim.js';
import {type AnyModule, concluded, type Decision, decide, furtherReads, observedBy, type Reads} from './decision.js';
import {asRead, type Performed, type PerformHost, type PerformOptions, viewpointOf} from './performing.js';
import type {Readings} from './readings.js';
import {runSteps} from './run-steps.js';
import {runTogether} from './together.js';

type AnyAction = ActionDefinition<Args, States>;

/**
 * Runs one module or action on one host. Failures of the module are in the outcome; an unreachable host is thrown
 * (`UnreachableError`), as are faults of the program itself.
 */
export async function perform(
	definition: AnyModule | AnyAction,
	args: Args,
	host: PerformHost,
	options: PerformOptions,
): Promise<Performed> {
	try {
		return definition.kind === 'module'
			? await performModule(definition, args, host, options)
			: await performAction(definition, args, host, options);
	} catch (error) {
		if (!(error instanceof ModuleFailure)) throw error;
		return {
			changed: error.result.changed === true,
			failed: error.message,
			result: error.result,
			diffs: [],
			effects: [],
			warnings: [],
		};
	}
}

async function performModule(module: AnyModule, args: Args, host: PerformHost, options: PerformOptions): Promise<Performed> {
	const {joined} = options;
	const done = await joined?.done;
	if (joined && done) {
		const [steps, outputs] = joined.step ? [[joined.step], [done.output]] : [[], []];
		host.forecast.forget(joined.decision.reads);
		return concluded(module, args, joined.decision, outputs, observedBy(steps, outputs));
	}
	const turn = new Turn(host);
	try {
		for (;;) {
			const {reads, decision, preluded, look} = await consider(module, args, host, options);
			if (!decision.isChange || options.check) {
				if (decision.isChange) host.forecast.record(reads, decision.change.after);
				return concluded(module, args, decision, preluded, {});
			}
			const {places} = decision;
			if (look && places !== 'anything' && !(await turn.comes(look, places))) continue;
			const steps = module.apply(args, decision.change);
			const outputs = await change(steps, decision, turn.claim, host, options);
			host.forecast.forget(reads);
			return concluded(module, args, decision, [...preluded, ...outputs], observedBy(steps, outputs));
		}
	} finally {
		turn.end();
	}
}

/** Looks at the host and decides; `look` is what that rests on, undefined where something was done before (the module's prelude). */
async function consider(
	module: AnyModule,
	args: Args,
	host: PerformHost,
	options: PerformOptions,
): Promise<{reads: Reads; decision: Decision; preluded: readonly unknown[]; look: Look | undefined}> {
	const look = new Look(host, options);
	const own: Reads = module.inspect(args);
	const seen = await look.at(own);
	const further = furtherReads(module, args, seen);
	const first = {...seen, ...(await look.at(further))};
	const reads = {...own, ...further};
	const prelude = options.check ? [] : (module.prelude?.(args, first) ?? []);
	const preluded = await runSteps(prelude, host, options, 'anything');
	const before = prelude.length > 0 ? await new Look(host, options).at(reads) : first;
	const decision = decide(module, args, reads, {first, before, preluded}, options.diff);
	return {reads, decision, preluded, look: prelude.length > 0 ? undefined : look};
}

/** Does what was decided, together with what may share its script. */
async function change(
	steps: readonly Step[],
	{places}: Decision,
	claim: Claim | undefined,
	host: PerformHost,
	options: PerformOptions,
): Promise<unknown[]> {
	const [step] = steps;
	if (claim && step?.joint && steps.length === 1 && Array.isArray(places) && options.companions && !options.remaining) {
		const {key: viewpoint} = viewpointOf(host, options);
		const companions = await options.companions({viewpoint, joint: step.joint, places});
		const done = companions.all.length > 0 && (await runTogether(step, companions, claim, host, options, places));
		if (done) return [done.output];
	}
	return runSteps(steps, host, options, places);
}

async function performAction(action: AnyAction, args: Args, host: PerformHost, options: PerformOptions): Promise<Performed> {
	if (options.check && action.inCheckMode === 'skip') {
		return {changed: false, skipped: true, result: {}, diffs: [], effects: [], warnings: []};
	}
	const reads = action.inspect?.(args) ?? {};
	const before = await new Look(host, options).at(reads);
	const acted = action.act(args, before, options.scope);
	const places = action.onlyReads ? 'none' : 'anything';
	const outcome = 'steps' in acted ? action.conclude!(args, before, await runSteps(acted.steps, host, options, places)) : acted;
	if (options.check && outcome.planned) host.forecast.record(reads, outcome.planned);
	return {
		changed: outcome.changed ?? false,
		...(outcome.failed === undefined ? {} : {failed: outcome.failed}),
		...(outcome.cause === undefined ? {} : {cause: outcome.cause}),
		...(outcome.skipped ? {skipped: true} : {}),
		result: outcome.verbose ? {...outcome.result, _ansible_verbose_always: true} : outcome.result,
		diffs: [],
		effects: outcome.effects ?? [],
		warnings: outcome.warnings ?? [],
	};
}

/** What a task sees of its host. */
class Look {
	readonly #host: PerformHost;
	readonly #options: PerformOptions;
	readonly #readings: Readings;
	readonly #seen: {readonly asked: readonly Read<unknown>[]; readonly actual: readonly unknown[]}[] = [];

	constructor(host: PerformHost, options: PerformOptions) {
		this.#host = host;
		this.#options = options;
		// A task with a limit asks for itself, so that nothing else is ended with it.
		this.#readings = options.remaining === undefined ? host.readings : host.ownReadings;
	}

	/** Reads what is not known yet; in check mode with the forecast laid over it. What is really done must not rest on what is only foretold. */
	async at(reads: Reads): Promise<States> {
		const names = Object.keys(reads);
		if (names.length === 0) return {};
		const {check, diff, remaining, coming} = this.#options;
		const asked = asRead(Object.values(reads), diff);
		const view = viewpointOf(this.#host, this.#options);
		const actual = await this.#readings.states(view, asked, async () =>
			remaining === undefined ? ((await coming?.(view.key)) ?? []) : [],
		);
		this.#seen.push({asked, actual});
		const seen = (index: number) => (check ? this.#host.forecast.overlay(actual[index], asked[index]!) : actual[index]);
		return Object.fromEntries(names.map((name, index) => [name, seen(index)]));
	}

	/** Whether nothing has been changed since that it may have seen. */
	holds(): boolean {
		const {key} = viewpointOf(this.#host, this.#options);
		return this.#seen.every(({asked, actual}) => this.#readings.holds(key, asked, actual));
	}
}
