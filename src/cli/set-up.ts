import {existsSync, mkdirSync, readFileSync, realpathSync, statSync, writeFileSync} from 'node:fs';
import {userInfo} from 'node:os';
import {dirname, join, parse, resolve} from 'node:path';
import {
	Connections,
	checkTasks,
	type Emit,
	Knowledge,
	Loader,
	nameKnowledge,
	type Run,
	type RunOptions,
	runPlays,
	Secrets,
	Stats,
	Stepper,
} from '../engine/engine.js';
import {type Inventory, loadInventory, loadVarsFiles, readLimit} from '../inventory/inventory.js';
import {type Dict, nodeToValue, Secret, Template, type Value} from '../jinja/jinja.js';
import {type Play, readPlaybook} from '../playbook/playbook.js';
import {
	type Diagnostic,
	DiagnosticError,
	inSourceOrder,
	type MapNode,
	type Node,
	type SourceFile,
	type Span,
} from '../source/source.js';
import {Variables} from '../vars/vars.js';
import {openVault, openVaultBytes, type VaultSecrets} from '../vault/vault.js';
import {CannotStart} from './cannot-start.js';
import {type Config, commas, isOn, keywordDefaultsOf} from './config.js';
import {readExtraVars} from './extra-vars.js';
import type {Interruptible} from './interrupt.js';
import {listPlays} from './listing.js';
import {lookupsOf} from './lookups.js';
import {openFile} from './open-file.js';
import type {Options} from './options.js';
import type {Manner} from './run.js';
import {evaluateNameWith} from './static-names.js';
import {vaultSecretsOf} from './vault-sources.js';

/** What a run is made of. */
export interface Wanted {
	readonly options: Options;
	readonly config: Config;
	readonly runOptions: RunOptions;
	readonly diagnose: (diagnostic: Diagnostic) => void;
	readonly emit: Emit;
	/** Asks the person at the terminal; undefined when nobody can answer. */
	readonly ask: ((question: string, options: {secret: boolean}) => Promise<string>) | undefined;
}

/** A run that is ready: everything is read but the playbooks. */
export class SetUp implements Interruptible {
	readonly #wanted: Wanted;
	readonly #loader: Loader;
	readonly #report: (found: Diagnostic) => void;
	readonly #inventory: Inventory;
	readonly #extra: Dict;
	readonly #secrets: Secrets;
	readonly #vault: VaultSecrets;
	readonly #connections: Connections;
	readonly #faults: Diagnostic[];
	readonly #stats = new Stats();
	#stopped = false;

	constructor(wanted: Wanted, vault: VaultSecrets) {
		const {config, options, diagnose} = wanted;
		this.#wanted = wanted;
		this.#vault = vault;
		this.#faults = [];
		const strict = options.strict || options.syntaxCheck;
		const report = (found: Diagnostic) => {
			// What would fail only when a task runs is a warning at load, unless nothing but a check is wanted.
			const diagnostic: Diagnostic = strict && /^(module|template)\//.test(found.code) ? {...found, severity: 'error'} : found;
			this.#faults.push(diagnostic);
			if (this.#held) this.#held.push(diagnostic);
			else diagnose(diagnostic);
		};
		this.#secrets = new Secrets();
		this.#extra = readExtraVars(options.extraVars, {
			open: (path) => this.#open(path),
			read: (node) => this.#read(node),
			report,
		});
		this.#loader = new Loader({
			rolesPath: (config.settings.rolesPath ?? defaultRolesPath()).split(':').filter(Boolean),
			keywordDefaults: keywordDefaultsOf(config),
			report,
			open: (path) => this.#open(path),
			evaluateName: evaluateNameWith(this.#extra, (node) => this.#read(node), report),
		});
		this.#report = report;
		this.#start = {task: options.startAtTask};
		this.#stepper = options.step && wanted.ask ? new Stepper(wanted.ask) : undefined;
		this.#inventory = this.#readInventory();
		this.#connections = new Connections({
			home: process.env['HOME'] ?? '/',
			user: userInfo().username,
			...(process.env['SSH_AUTH_SOCK'] ? {agentSocket: process.env['SSH_AUTH_SOCK']} : {}),
			...(wanted.ask ? {ask: wanted.ask} : {}),
			log: (line, verbosity = 2) => wanted.emit({type: 'message', text: line, verbosity}),
		});
	}

	#readInventory(): Inventory {
		const {options, config} = this.#wanted;
		const {ignoreExtensions, ignorePatterns} = config.settings;
		return loadInventory(inventorySources(options, config), {
			report: this.#report,
			vault: this.#vault,
			unparsedIsFailed: isOn(config, 'unparsedIsFailed', false),
			anyUnparsedIsFailed: isOn(config, 'anyUnparsedIsFailed', false),
			warnsOfNone: isOn(config, 'unparsedWarning', true),
			...(ignoreExtensions === undefined ? {} : {ignoreExtensions: commas(ignoreExtensions)}),
			...(ignorePatterns === undefined ? {} : {ignorePatterns: commas(ignorePatterns).map((one) => new RegExp(one))}),
		});
	}

	/** Diagnostics of the playbooks that are being read: printed together, in the order of the sources. */
	#held: Diagnostic[] | undefined;

	/** What was found wrong so far. */
	faults(): readonly Diagnostic[] {
		return this.#faults;
	}

	/** Reads the playbooks, with all that they name before the run, and checks their tasks. */
	async readPlaybooks(paths: readonly string[], manner: Manner): Promise<Play[][]> {
		const held: Diagnostic[] = [];
		this.#held = held;
		try {
			const playbooks = paths.map((path) => {
				this.#loader.beginPlaybook(path);
				return readPlaybook(this.#loader, path);
			});
			for (const diagnostic of await this.#loader.loadDefinitions()) this.#loader.report(diagnostic);
			this.#check(playbooks.flat(), manner);
			return playbooks;
		} finally {
			this.#held = undefined;
			for (const diagnostic of inSourceOrder(held)) this.#wanted.diagnose(diagnostic);
		}
	}

	/** Ansible's own name keeps Ansible's silence about what a task may fail of when it comes to run. */
	#check(plays: readonly Play[], manner: Manner): void {
		const {strict, syntaxCheck} = this.#wanted.options;
		const severity = strict || syntaxCheck ? 'error' : 'warning';
		const {definitions} = this.#loader;
		const read = (node: Node) => this.#read(node);
		const onlyLacking = manner === 'ansible-playbook' && !strict && !syntaxCheck;
		for (const path of new Set(plays.map(({span}) => span.file.path))) {
			const own = plays.filter(({span}) => span.file.path === path);
			this.#loader.beginPlaybook(path);
			const {playbookFolder} = this.#loader;
			const names = nameKnowledge(plays, this.#loader, this.#inventory, this.#extra, read);
			for (const found of checkTasks(own, {definitions, read, playbookFolder, names, severity, onlyLacking}))
				this.#loader.report(found);
		}
	}

	syntaxCheck(_playbooks: readonly Play[][], names: readonly string[]): number {
		for (const name of names) process.stdout.write(`\nplaybook: ${name}\n`);
		return this.#faults.some(({severity}) => severity === 'error') ? 4 : 0;
	}

	/** Whether `--limit` leaves a host of the inventory; one without hosts still has `localhost`. */
	hasHosts(): boolean {
		const limit = limitOf(this.#wanted.options.limit);
		return limit === undefined || this.#inventory.hosts.size === 0 || this.#inventory.match('all', {limit}).length > 0;
	}

	list(playbooks: readonly Play[][], options: Options): number {
		const variables = this.#variables(options.playbooks[0]!);
		process.stdout.write(listPlays(playbooks, options, this.#wanted.runOptions, variables, limitOf(options.limit)));
		return 0;
	}

	/** Runs the plays; the exit status is Ansible's. */
	async run(playbooks: readonly Play[][], _manner: Manner): Promise<number> {
		const {emit, runOptions, options} = this.#wanted;
		const started = Date.now();
		emit({type: 'run-start', playbooks: options.playbooks, check: runOptions.check, at: started});
		for (const [index, plays] of playbooks.entries()) {
			const path = options.playbooks[index]!;
			emit({type: 'playbook-start', path, plays: plays.length});
			const goesOn = await runPlays(this.#run(this.#variables(path)), plays);
			emit({type: 'playbook-end', hosts: this.#stats.summary(), check: runOptions.check});
			this.#writeRetryFile(path);
			if (!goesOn || this.#stopped || this.#stats.lost().size > 0) break;
		}
		if (this.#start.task !== undefined) this.#wanted.diagnose(noSuchTask(this.#start.task));
		const roundTrips = await this.#connections.roundTrips();
		emit({type: 'run-end', hosts: this.#stats.summary(), check: runOptions.check, roundTrips, at: Date.now()});
		if (this.#stats.unreachable.size > 0) return 4;
		return this.#stats.failed.size > 0 ? 2 : 0;
	}

	/** `retry_files_enabled`: the hosts that were lost, in a file that `--limit @FILE` reads. */
	#writeRetryFile(playbook: string): void {
		const {config, emit} = this.#wanted;
		const lost = [...this.#stats.lost()].sort();
		if (!isOn(config, 'retryFiles', false) || lost.length === 0) return;
		const file = join(config.settings.retryFolder ?? dirname(resolve(playbook)), `${parse(playbook).name}.retry`);
		try {
			mkdirSync(dirname(file), {recursive: true});
			writeFileSync(file, lost.map((host) => `${host}\n`).join(''));
			emit({type: 'message', text: `\tto retry, use: --limit @${file}\n`, verbosity: 0});
		} catch (error) {
			emit({type: 'warning', text: `Could not create retry file '${file}'.\n\t${(error as Error).message}`});
		}
	}

	readonly #start: {task: string | undefined};
	/** One for all plays, since the answer may be to ask no more. */
	readonly #stepper: Stepper | undefined;

	stop(): void {
		this.#stopped = true;
		this.#stopping.abort();
		void this.#connections.stop();
	}
	readonly #stopping = new AbortController();

	describeHosts(): string {
		return [...this.#stats.interrupted].map(([host, task]) => `${host}: interrupted in \`${task}\`\n`).join('');
	}

	close(): Promise<void> {
		return this.#connections.close();
	}

	#variablesMade: Variables | undefined;
	#variables(playbook: string): Variables {
		const playbookFolder = realpathSync(dirname(playbook));
		if (this.#variablesMade) {
			this.#variablesMade.beginPlaybook(playbookFolder);
			return this.#variablesMade;
		}
		const {runOptions, config, emit} = this.#wanted;
		this.#variablesMade = new Variables({
			inventory: this.#inventory,
			extra: this.#extra,
			facts: {
				playbookFolder,
				inventorySources: this.#inventory.sources,
				check: runOptions.check,
				diff: runOptions.diff,
				verbosity: runOptions.verbosity,
				forks: runOptions.forks,
				limit: runOptions.limit,
				tags: runOptions.tags,
				skipTags: runOptions.skipTags,
				configFile: config.file,
			},
			read: (node) => this.#read(node),
			readCondition,
			readVarsFile: (path) => this.#loader.collecting(() => this.#loader.readVarsFile(path)),
			readVarsFiles: (folder, kind, name) => this.#readVarsFiles(folder, kind, name),
			lookup: lookupsOf({
				inventory: this.#inventory,
				vault: this.#vault,
				environment: process.env,
				home: process.env['HOME'] ?? '/',
				setting: (name) => settingOf(config, name),
			}),
			openVault: (sealed) => openVaultBytes(sealed.toString('latin1'), this.#vault),
			home: process.env['HOME'] ?? '/',
			warn: (text) => emit({type: 'warning', text: this.#secrets.hideText(text)}),
			reservedName: (name, span) => {
				const text = `Found variable using reserved name '${name}'.`;
				emit({type: 'warning', text, ...(span ? {diagnostic: reservedName(name, text, span)} : {})});
			},
			injectFacts: isOn(config, 'injectFacts', true),
		});
		return this.#variablesMade;
	}

	#run(variables: Variables): Run {
		const {emit, runOptions} = this.#wanted;
		return {
			variables,
			connections: this.#connections,
			options: runOptions,
			reading: this.#loader,
			secrets: this.#secrets,
			limit: limitOf(runOptions.limit),
			stats: this.#stats,
			definitions: this.#loader.definitions,
			loadMore: (read) => this.#loader.collecting(read),
			definitionsLoaded: async () => {
				const missing = await this.#loader.loadDefinitions();
				if (missing.length > 0) throw new DiagnosticError(...missing);
			},
			refreshInventory: async () => {
				this.#inventory.become(this.#readInventory());
				variables.inventoryChanged();
			},
			ask: this.#wanted.ask,
			emit,
			now: () => Date.now(),
			sleep: (milliseconds, limit) => pause(milliseconds, this.#stopping.signal, limit),
			stopping: this.#stopping.signal,
			forecasts: new Map(),
			start: this.#start,
			stepper: this.#stepper,
			knowledge: new Knowledge(),
		};
	}

	/** group_vars and host_vars; throws a `DiagnosticError` when one cannot be read, since a run without its values would do something else. */
	#readVarsFiles(folder: string, kind: 'group_vars' | 'host_vars', name: string): readonly MapNode[] {
		const {report} = this.#loader;
		return this.#loader.collecting(() => loadVarsFiles(folder, kind, name, {report, vault: this.#vault}).map(({map}) => map));
	}

	#open(path: string): SourceFile {
		return openFile(path, this.#vault);
	}

	/** A node's value; `!vault` texts are opened and secret, as are those of vault files. */
	#read(node: Node): Value {
		if (node.span.file.isSecret) this.#secrets.addLong(...textsIn(node));
		return nodeToValue(node, {
			trusted: true,
			vault: (sealed) => {
				if (sealed.kind !== 'scalar') return null;
				const text = openVault(sealed.text, this.#vault);
				this.#secrets.add(text);
				return /\{[{%#]/.test(text) ? new Template(text, sealed.span, undefined, true) : new Secret(text);
			},
		});
	}
}

/** A variable is called like a keyword or a function of templates. */
function reservedName(name: string, ansible: string, span: Span): Diagnostic {
	return {
		severity: 'warning',
		code: 'playbook/reserved-name',
		message: `the variable \`${name}\` has a name that means something else already`,
		labels: [{span}],
		ansible,
	};
}

/** `--start-at-task` named a task that no play has; Ansible goes no further and is content. */
function noSuchTask(name: string): Diagnostic {
	return {
		severity: 'error',
		code: 'cli/usage',
		message: `no task is called \`${name}\`, so none was run`,
		labels: [],
		help: '`--list-tasks` shows the names; tasks that an `include_` brings cannot be started at',
		ansible: `No matching task "${name}" found. Note: --start-at-task can only follow static includes.`,
	};
}

/** Reads what a run needs beside its playbooks: passwords, inventory, extra variables. */
export async function setUp(wanted: Wanted): Promise<SetUp> {
	return new SetUp(wanted, await vaultSecretsOf(wanted.options, wanted.config));
}

/** A condition as it is evaluated: a text is an expression with its place. */
function readCondition(node: Node): Value {
	if (node.kind !== 'scalar') return nodeToValue(node, {trusted: true});
	if (typeof node.value !== 'string') return nodeToValue(node, {trusted: true});
	return new Template(node.text, node.span, node.contentStart);
}

/** A setting of ansible.cfg as the lookup `config` names it (`DEFAULT_FORKS`). */
function settingOf(config: Config, name: string): Value | undefined {
	const values: Record<string, Value> = {
		DEFAULT_FORKS: Number(config.settings.forks ?? 5),
		DEFAULT_REMOTE_USER: config.settings.remoteUser ?? null,
		DEFAULT_ROLES_PATH: (config.settings.rolesPath ?? defaultRolesPath()).split(':'),
	};
	return values[name];
}

function limitOf(limit: string | undefined): string[] | undefined {
	return limit === undefined ? undefined : readLimit(limit, limitFile);
}

function limitFile(path: string): string {
	const stat = statSync(path, {throwIfNoEntry: false});
	if (stat?.isFile()) return readFileSync(path, 'utf8');
	const ansible = stat ? `Limit starting with "@" must be a file, not a directory: ${path}` : `Unable to find limit file ${path}`;
	throw new CannotStart('file/not-found', `there is no file \`${path}\` of hosts`, {ansible});
}

/** All texts in a node. */
function textsIn(node: Node): string[] {
	if (node.kind === 'scalar') return typeof node.value === 'string' ? [node.value] : [];
	return node.kind === 'seq' ? node.items.flatMap(textsIn) : node.entries.flatMap(({value}) => textsIn(value));
}

function inventorySources(options: Options, config: Config): string[] {
	if (options.inventory.length > 0) return [...options.inventory];
	const named = config.settings.inventory;
	if (named === undefined) return existsSync('/etc/ansible/hosts') ? ['/etc/ansible/hosts'] : [];
	return named.endsWith(',') ? [named] : named.split(',');
}

function defaultRolesPath(): string {
	const home = process.env['HOME'] ?? '';
	return `${home}/.ansible/roles:/usr/share/ansible/roles:/etc/ansible/roles`;
}

function pause(milliseconds: number, ...signals: (AbortSignal | undefined)[]): Promise<void> {
	return new Promise((resolve) => {
		const timer = setTimeout(done, milliseconds);
		function done(): void {
			clearTimeout(timer);
			for (const signal of signals) signal?.removeEventListener('abort', done);
			resolve();
		}
		for (const signal of signals) signal?.addEventListener('abort', done);
	});
}
