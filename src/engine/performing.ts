import type {Request, Shell} from '../connection/connection.js';
import type {ActionScope, Diff, Effect, Read, Result} from '../modules/modules.js';
import type {Claimable} from './claim.js';
import type {Forecast} from './forecast.js';
import type {ChangeUnderWay} from './known-readings.js';
import type {Readings, Viewpoint} from './readings.js';
import type {SentContent} from './sent-content.js';
import type {Companions, Joined, Leading} from './together.js';

/** The host that a task acts on: its shell as the task's user, opened when first needed, and what is known and foretold of it. */
export interface PerformHost extends Claimable {
	shell(): Promise<Shell>;
	readonly forecast: Forecast;
	readonly readings: Readings;
	/** Those of one task, which nobody else uses. */
	readonly ownReadings: Readings;
	readonly sent: SentContent;
	/** Tells the ways to look at this machine apart: the connection and the user. */
	readonly viewpoint: string;
	/** Something is changed, in these places or nobody knows where. Gives the viewpoints of which something was forgotten. */
	changed(places: readonly string[] | undefined, change: ChangeUnderWay): ReadonlySet<string>;
	/** Something is done of which nobody knows what it changes, on this host or another. */
	changedAnything(): void;
}

export interface PerformOptions {
	readonly check: boolean;
	readonly diff: boolean;
	readonly scope: ActionScope;
	/** `environment:` of the task. */
	readonly environment?: Readonly<Record<string, string>>;
	/** Milliseconds that are left for the task, when it has a limit. */
	readonly remaining?: () => number;
	/** The latest line of a running step, for the live view. */
	readonly onLine?: (line: string) => void;
	/** The task is done before its turn: what nobody knows the reach of must wait for it (`NeedsTurn`). */
	readonly isAhead?: boolean;
	/** The reads of the tasks that come next on this host from the same viewpoint, as far as they are known. */
	readonly coming?: Coming;
	/** What of the tasks that come next on this host may be done in the same script. */
	readonly companions?: (leading: Leading) => Promise<Companions>;
	/** Its work was sent with that of a task before it. */
	readonly joined?: Joined;
}

/** What became of one task on one host, before the task's own rules (`changed_when`, `failed_when`, loops) look at it. */
export interface Performed {
	readonly changed: boolean;
	/** The message of a failure. */
	readonly failed?: string;
	/** What lies behind that message. */
	readonly cause?: string;
	readonly skipped?: boolean;
	readonly result: Result;
	readonly diffs: readonly Diff[];
	readonly effects: readonly Effect[];
	readonly warnings: readonly string[];
}

/** What a task would do has to wait until all hosts have come as far. */
export class NeedsTurn extends Error {}

/** What comes next, seen from a viewpoint. */
export type Coming = (viewpoint: string) => Promise<readonly Read<unknown>[]>;

/** The readings as they are made when their differences are shown. */
export function asRead(reads: readonly Read<unknown>[], diff: boolean): Read<unknown>[] {
	return reads.map((read) => (diff && read.kind.forDiff ? read.kind.forDiff(read) : read));
}

/** Who looks at a host: its user, with the task's environment, by a shell that is open already if one is given. */
export function viewpointOf(host: PerformHost, {environment, remaining}: PerformOptions, shell?: Shell): Viewpoint {
	return {
		key: viewpointKey(host, environment),
		run: async (request: Request) => (shell ?? (await host.shell())).run({...request, environment, deadline: remaining?.()}),
	};
}

/** Tells viewpoints apart. */
export function viewpointKey({viewpoint}: PerformHost, environment: PerformOptions['environment']): string {
	return environment && Object.keys(environment).length > 0 ? `${viewpoint} ${JSON.stringify(environment)}` : viewpoint;
}
