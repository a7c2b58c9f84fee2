import type {Definition} from '../modules/modules.js';
import type {Reading} from '../playbook/playbook.js';
import type {Variables} from '../vars/vars.js';
import type {Connections} from './connections.js';
import type {Emit} from './events.js';
import type {Forecast} from './forecast.js';
import type {Knowledge} from './knowledge.js';
import type {RunOptions} from './run-options.js';
import type {Secrets} from './secrets.js';
import type {Stats} from './stats.js';
import type {Stepper} from './stepper.js';

/** What every play of a run shares. */
export interface Run {
	readonly variables: Variables;
	readonly connections: Connections;
	readonly options: RunOptions;
	readonly reading: Reading;
	readonly secrets: Secrets;
	/** The patterns of `--limit`. */
	readonly limit: readonly string[] | undefined;
	readonly stats: Stats;
	/** The definitions of the modules that the playbooks name, loaded before the run. */
	readonly definitions: Map<string, Definition>;
	/** Reads what a dynamic include brings; throws a `DiagnosticError` when its files are faulty. */
	loadMore<T>(read: () => T): T;
	/** Loads the definitions of the modules that were named since; throws a `DiagnosticError` when there is no such module. */
	definitionsLoaded(): Promise<void>;
	/** Reads the inventory again (`meta: refresh_inventory`). */
	refreshInventory(): Promise<void>;
	/** Asks the person at the terminal; undefined when nobody can answer. */
	readonly ask: ((question: string, options: {secret: boolean}) => Promise<string>) | undefined;
	/** The name of `--start-at-task`, until a play has that task. */
	readonly start: {task: string | undefined};
	/** Asks before each task (`--step`). */
	readonly stepper: Stepper | undefined;
	readonly emit: Emit;
	/** Milliseconds since the epoch. */
	now(): number;
	/** Ends early when the run is to end, or when `limit` is reached. */
	sleep(milliseconds: number, limit?: AbortSignal): Promise<void>;
	/** Aborted when the run is to end: no further task begins. */
	readonly stopping: AbortSignal;
	/** What is foretold of each machine, by the way to it. */
	readonly forecasts: Map<string, Forecast>;
	/** What is known of each machine without asking again. */
	readonly knowledge: Knowledge;
}
