import type {Refusal} from './names.js';
import type {Definition} from './read-arguments.js';

/** What this room offers: the modules and actions by name, and the reading of their arguments. */
export type {ArgumentRules, ArgumentSpec, ArgumentSpecs, ArgumentType, RequiredIf} from './argument-spec.js';
export {type ArgumentProblem, type ArgumentsOf, type ReadArguments, readBySpecs} from './arguments.js';
export {
	type ActionDefinition,
	type ActionScope,
	type Answer,
	type Args,
	type Change,
	type Diff,
	type Effect,
	type IncludeVars,
	type Joint,
	type Kind,
	type ModuleDefinition,
	ModuleFailure,
	type Outcome,
	type OwnFolder,
	type Plan,
	type Planned,
	type Probe,
	type Read,
	type Result,
	type SourceEntry,
	type SourceFiles,
	type States,
	type Step,
	type Unknowable,
	unknown,
} from './contract.js';
export {FreeFormError, splitArguments} from './free-form.js';
export {metaActions} from './meta.js';
export type {Refusal} from './names.js';
export {outputLines} from './output-lines.js';
export {type Definition, parseFreeForm, readArguments, type TaskArguments, toSpecs, validateSpec} from './read-arguments.js';

type Load = () => Promise<{default: unknown}>;

/** Each module's file, loaded when a playbook names it. */
const builtins: Readonly<Record<string, Load>> = {
	add_host: () => import('./add-host.js'),
	apt: () => import('./apt.js'),
	assert: () => import('./assert.js'),
	blockinfile: () => import('./blockinfile.js'),
	command: () => import('./command.js'),
	copy: () => import('./copy.js'),
	debug: () => import('./debug.js'),
	dnf: () => import('./dnf.js'),
	fail: () => import('./fail.js'),
	fetch: () => import('./fetch.js'),
	file: () => import('./file.js'),
	find: () => import('./find.js'),
	get_url: () => import('./get-url.js'),
	group: () => import('./group.js'),
	group_by: () => import('./group-by.js'),
	include_vars: () => import('./include-vars.js'),
	lineinfile: () => import('./lineinfile.js'),
	meta: () => import('./meta.js'),
	package: () => import('./package.js'),
	pause: () => import('./pause.js'),
	ping: () => import('./ping.js'),
	raw: () => import('./raw.js'),
	replace: () => import('./replace.js'),
	script: () => import('./script.js'),
	service: () => import('./service.js'),
	set_fact: () => import('./set-fact.js'),
	setup: () => import('./setup.js'),
	shell: () => import('./shell.js'),
	slurp: () => import('./slurp.js'),
	stat: () => import('./stat.js'),
	systemd_service: () => import('./systemd-service.js'),
	tempfile: () => import('./tempfile.js'),
	template: () => import('./template.js'),
	unarchive: () => import('./unarchive.js'),
	uri: () => import('./uri.js'),
	user: () => import('./user.js'),
	validate_argument_spec: () => import('./validate-argument-spec.js'),
	wait_for: () => import('./wait-for.js'),
	wait_for_connection: () => import('./wait-for-connection.js'),
};

const aliases: Readonly<Record<string, string>> = {systemd: 'systemd_service', yum: 'dnf'};

/** Modules of collections that are offered, by full name. */
const collections: Readonly<Record<string, Load>> = {};

/** Every name without collection that is a module here. */
export const moduleNames: readonly string[] = [...Object.keys(builtins), ...Object.keys(aliases)].sort();

const loaded = new Map<Load, Promise<Definition>>();

/**
 * Finds a module or action by the name that a task gives it: short, `ansible.builtin.NAME`, `ansible.legacy.NAME`, an alias, or the
 * full name of a collection's module. A name that is none of them gives the reason.
 */
export async function findModule(name: string): Promise<Definition | Refusal> {
	const load = loaderOf(name);
	if (!load) return (await import('./names.js')).refuseModule(name, moduleNames);
	let definition = loaded.get(load);
	if (!definition) {
		definition = load().then((file) => file.default as Definition);
		loaded.set(load, definition);
	}
	return definition;
}

/** The name without its collection when it is one of Ansible's own and offered here, aliases resolved (`ansible.builtin.yum` is `dnf`). */
export function builtinName(name: string): string | undefined {
	const short = name.replace(/^ansible\.(builtin|legacy)\./, '');
	const own = Object.hasOwn(aliases, short) ? aliases[short]! : short;
	return Object.hasOwn(builtins, own) ? own : undefined;
}

function loaderOf(name: string): Load | undefined {
	const own = builtinName(name);
	if (own) return builtins[own];
	return Object.hasOwn(collections, name) ? collections[name] : undefined;
}

/** Whether an answer of `findModule` is a refusal. */
export function isRefusal(found: Definition | Refusal): found is Refusal {
	return 'unsupported' in found;
}
