import type {Script} from '../../connection/connection.js';
import type {Result, Step} from '../contract.js';

/** What a package manager can do: one file each, and a row in `packageManagers`. */
export interface PackageManager {
	/**
	 * Defines three functions of the host's shell: `has_NAME` (is it here?), `index_NAME` (prints `index` and `clock`) and `query_NAME`
	 * (prints the facts of every package in `$names`, one a line; `$candidates` is `yes` when those are wanted of installed ones too).
	 */
	readonly query: Script;
	/** Less than, equal to, or greater than 0, by the manager's own rules. */
	compare(one: string, other: string): number;
	/** How a package of a version is named to it. */
	withVersion(name: string, version: string): string;
	/** Ansible's failure for a name that it does not know. */
	unavailable(name: string): {readonly message: string; readonly result?: Result};
	install(packages: readonly string[], options: InstallOptions): Step;
	remove(packages: readonly string[], options: InstallOptions): Step;
	/** Brings the index up to date. */
	update(options: InstallOptions): Step;
	/** Marks packages as wanted for their own sake. */
	keep?(packages: readonly string[]): Step;
}

/** The arguments that reach a manager, under their names in Ansible; each takes those that it knows. */
export type InstallOptions = Readonly<Record<string, unknown>>;
