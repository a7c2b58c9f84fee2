import type {Response, Shell} from '../connection/connection.js';
import {ModuleFailure, type Step} from '../modules/modules.js';
import type {ChangeUnderWay} from './known-readings.js';
import {type Coming, NeedsTurn, type PerformHost, type PerformOptions, viewpointOf} from './performing.js';
import type {Viewpoint} from './readings.js';

/**
 * Runs steps, and forgets what they make doubtful: `places` (undefined: everything of the machine), `anything` on whichever host, or `none`.
 * What later tasks will want to know again is read behind the last step, in the same trip. Gives what the steps mean.
 */
export async function runSteps(
	steps: readonly Step[],
	host: PerformHost,
	options: PerformOptions,
	places: readonly string[] | undefined | 'anything' | 'none',
): Promise<unknown[]> {
	if (steps.length === 0) return [];
	if (options.isAhead && places === 'anything') throw new NeedsTurn();
	const change = {answers: steps.at(-1)!.answers ?? []};
	const forget = () => {
		if (places === 'anything') host.changedAnything();
		else if (places !== 'none') return host.changed(places, change);
		return undefined;
	};
	const outputs: unknown[] = [];
	const shell = await host.shell();
	const doubtful = forget();
	const view = viewpointOf(host, options, shell);
	try {
		for (const [index, step] of steps.entries()) {
			if (step.says) options.onLine?.(step.says);
			const instead = host.sent.instead(step);
			const taken = instead && (await runStep(instead, shell, options));
			const answer = taken?.status === 0 ? Promise.resolve(taken) : runStep(step, shell, options);
			const isLast = index === steps.length - 1;
			const isTimed = step.deadline !== undefined || options.remaining !== undefined;
			const told = answer.then(meaningOf(step));
			if (isLast) host.readings.tell(view, told, change.answers, change);
			if (isLast && !isTimed && doubtful?.has(view.key)) void readBehind(host, view, options.coming, change);
			outputs.push(await told);
			host.sent.note(step);
		}
	} finally {
		forget();
	}
	return outputs;
}

export function runStep(
	{script, args, stdin, cwd, repeatable, shows, ...step}: Step,
	shell: Shell,
	options: PerformOptions,
): Promise<Response> {
	const environment = step.environment ? {...options.environment, ...step.environment} : options.environment;
	const deadline = step.deadline ?? options.remaining?.();
	const onLine = shows && options.onLine && showing(shows, options.onLine);
	return shell.run({script, args, stdin, cwd, repeatable, environment, deadline, changes: true, onLine});
}

/** What a step's response means. Throws `ModuleFailure`. */
export function meaningOf({parse = failOnStatus}: Step): (response: Response) => unknown {
	return parse;
}

/** Passes on what is to be shown of a step's output. */
function showing(shows: NonNullable<Step['shows']>, onLine: (line: string) => void): (line: string) => void {
	return (line) => {
		const shown = shows(line)?.trim();
		if (shown) onLine(shown);
	};
}

/** Reads what comes next and is not known (any more), behind a change that is under way. */
export async function readBehind(
	host: PerformHost,
	view: Viewpoint,
	coming: Coming | undefined,
	change: ChangeUnderWay,
): Promise<void> {
	const reads = await coming?.(view.key);
	if (reads) host.readings.readBehind(view, reads, change);
}

/** The meaning of a step that does not say its own: a status but 0 is a failure, told by what it wrote on stderr. */
function failOnStatus({status, stdout, stderr}: Response): string {
	const text = stdout.toString();
	if (status === 0) return text;
	const said = stderr.toString().trim() || text.trim() || `the script ended with status ${status}`;
	throw new ModuleFailure(said, {rc: status, stdout: text, stderr: stderr.toString()});
}
