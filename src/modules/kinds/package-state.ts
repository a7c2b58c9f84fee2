import type {Unknowable} from '../contract.js';
import type {InstallOptions} from './package-manager.js';

/** A package (or the manager's own index, under the key '') as the host has it. What a plan leaves undefined is the host's to decide. */
export interface PackageState {
	readonly manager?: string;
	/** Installed, or an installed package provides it. */
	readonly present?: boolean;
	/** The installed version; undefined for what another package provides. */
	readonly version?: Unknowable<string>;
	/** What would be installed now; told where it was wanted or the package is absent. */
	readonly candidate?: string;
	readonly versions?: readonly string[];
	/** Packages that provide this name, which is no package itself. */
	readonly providers?: readonly string[];
	/** Removed, with its configuration left behind. */
	readonly residue?: boolean;
	/** Came as a dependency of others. */
	readonly automatic?: boolean;
	/** Names that a pattern stands for, or the name inside a package file. */
	readonly matches?: readonly string[];
	/** An installed version is newer than the one that the name asks for. */
	readonly newer?: boolean;
	/** An earlier task is foretold to bring the index up to date: what it does not tell of now may be there then. */
	readonly pending?: boolean;
	/** An earlier task is foretold to have made it so. */
	readonly foretold?: boolean;
	/** Of the index: when it was brought up to date and what the clock says, in seconds since 1970. */
	readonly time?: Unknowable<number>;
	readonly now?: number;
}

export interface PackageWants {
	/** A manager's name, or `auto`. */
	readonly use: string;
	/** What would be installed is wanted for installed packages too. */
	readonly candidates: boolean;
	readonly release?: string;
}

/** What a task wants of packages, whatever the manager. */
export interface PackageTask {
	readonly use: string;
	readonly names: readonly string[];
	readonly state: 'present' | 'latest' | 'absent';
	/** The index is brought up to date first when it is older than so many seconds; undefined: never. */
	readonly maximumAge?: number;
	readonly options: InstallOptions;
}

/** Readings by their names: packages, and under `#index` the manager's index. */
export type PackageStates = Readonly<Record<string, PackageState>>;
