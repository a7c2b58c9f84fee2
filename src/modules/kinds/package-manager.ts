import type {Script} from '../../connection/connection.js';
import type {Plan, Planned, Read, Result, States, Step} from '../contract.js';
import type {PackageState, PackageTask} from './package-state.js';

/** What a package manager can do: one file each, and a row in `packageManagers`. */
export type PackageManager = CandidateManager | TransactionManager;

interface AnyManager {
	/**
	 * Defines three functions of the host's shell: `has_NAME` (is it here?), `index_NAME` (prints `index` and `clock`) and `query_NAME`
	 * (prints the facts of every package in `$names`, one a line; `$candidates` is `yes` when those are wanted of installed ones too).
	 */
	readonly query: Script;
	/** Brings the index up to date. */
	update(options: InstallOptions): Step;
}

/** One that tells which versions could be installed; what is to be done is decided here. */
export interface CandidateManager extends AnyManager {
	readonly tells: 'candidates';
	/** Less than, equal to, or greater than 0, by the manager's own rules. */
	compare(one: string, other: string): number;
	/** How a package of a version is named to it. */
	withVersion(name: string, version: string): string;
	/** Ansible's failure for a name that it does not know. */
	unavailable(name: string): {readonly message: string; readonly result?: Result};
	install(packages: readonly string[], options: InstallOptions): Step;
	remove(packages: readonly string[], options: InstallOptions): Step;
	/** Marks packages as wanted for their own sake. */
	keep?(packages: readonly string[]): Step;
}

/** One that tells what it would do for a task, with all dependencies and conflicts, and why it would not. */
export interface TransactionManager extends AnyManager {
	readonly tells: 'transactions';
	/** What it is to be asked, by what is known of the task's packages. */
	reads(task: PackageTask, before: States): Readonly<Record<string, Read<unknown>>>;
	/** The state that a name has after what is foretold. */
	overlay(actual: PackageState, name: string, planned: Planned): PackageState;
	plan(task: PackageTask, before: States): Plan<States>;
	steps(task: PackageTask, before: States): Step[];
	report(task: PackageTask, before: States): Result;
}

/** The arguments that reach a manager, under their names in Ansible; each takes those that it knows. */
export type InstallOptions = Readonly<Record<string, unknown>>;
