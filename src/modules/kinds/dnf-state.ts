import type {Result} from '../contract.js';

/** What dnf would do in answer to a command: nothing when it has been done. */
export interface Transaction {
	readonly comes: readonly RpmPackage[];
	readonly goes: readonly RpmPackage[];
	/** Names that nothing is to be had for, or nothing is there for, and that dnf passes over. */
	readonly unmatched: readonly string[];
	/** Why it would do nothing at all. */
	readonly failure?: {readonly message: string; readonly result: Result};
	/** It would not do it now, which is not believed: earlier tasks are foretold to change what there is to be had. */
	readonly doubted?: boolean;
	/** What is foretold of packages: in a reading by earlier tasks, in a plan by its own too. */
	readonly foretold?: Foretold;
}

export interface RpmPackage {
	readonly name: string;
	/** `name-[epoch:]version-release.arch`. */
	readonly full: string;
	/** `[epoch:]version-release`. */
	readonly version: string;
}

export const nothingToDo: Transaction = {comes: [], goes: [], unmatched: []};

export function isIdle({comes, goes}: Transaction): boolean {
	return comes.length === 0 && goes.length === 0;
}

/** Packages by their names as earlier tasks are foretold to leave them; null: removed. What is not named is as the host has it. */
export type Foretold = ReadonlyMap<string, RpmPackage | null>;
