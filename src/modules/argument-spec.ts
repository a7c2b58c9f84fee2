/** Ansible's own vocabulary for arguments: modules declare it here, roles in `meta/argument_specs.yml`. */
export interface ArgumentSpec {
	readonly type?: ArgumentType;
	readonly required?: boolean;
	readonly default?: unknown;
	readonly choices?: readonly (string | number | boolean)[];
	readonly aliases?: readonly string[];
	readonly elements?: ArgumentType;
	readonly no_log?: boolean;
	readonly options?: ArgumentSpecs;
	readonly required_if?: readonly RequiredIf[];
	readonly mutually_exclusive?: readonly (readonly string[])[];
	readonly required_one_of?: readonly (readonly string[])[];
	readonly required_together?: readonly (readonly string[])[];
	readonly required_by?: Readonly<Record<string, readonly string[]>>;
	readonly description?: string;
	/** The only values of Ansible's that Playbill offers, where it lacks others: none at all for `[]`. */
	readonly offered?: readonly unknown[];
	/**
	 * A name of a file of this side: the engine finds it (role's and play's `files/` or `templates/`) and the module gets a
	 * `SourceFiles` (`source`) or the rendered `Content` (`template`) in its place.
	 */
	readonly local?: 'source' | 'template';
}

export type ArgumentSpecs = Readonly<Record<string, ArgumentSpec>>;

/** `[name, value, [required names], anyOf?]`, as Ansible writes it. */
export type RequiredIf = readonly [name: string, value: unknown, required: readonly string[], any?: boolean];

/** Ansible's argument types; `path` is a str in which `~` and `$VAR` are expanded on the host. */
export type ArgumentType =
	| 'str'
	| 'path'
	| 'int'
	| 'float'
	| 'bool'
	| 'list'
	| 'dict'
	| 'raw'
	| 'json'
	| 'jsonarg'
	| 'bytes'
	| 'bits'
	| 'sid';

/** Rules over several arguments of one module. */
export interface ArgumentRules {
	readonly mutuallyExclusive?: readonly (readonly string[])[];
	readonly requiredOneOf?: readonly (readonly string[])[];
	readonly requiredTogether?: readonly (readonly string[])[];
	readonly requiredIf?: readonly RequiredIf[];
	readonly requiredBy?: Readonly<Record<string, readonly string[]>>;
}
