import {realpathSync} from 'node:fs';
import {userInfo} from 'node:os';
import {dirname} from 'node:path';
import {setTimeout as sleep} from 'node:timers/promises';
import {
	Connections,
	checkTasks,
	Knowledge,
	Loader,
	nameKnowledge,
	type Run,
	runPlays,
	Secrets,
	Stats,
	Stepper,
} from '../engine/engine.js';
import {type Inventory, loadVarsFiles} from '../inventory/inventory.js';
import type {Dict, Value} from '../jinja/jinja.js';
import {type Play, readPlaybook} from '../playbook/playbook.js';
import {type Diagnostic, DiagnosticError, inSourceOrder, type MapNode, type Node, type SourceFile} from '../source/source.js';
import {Variables} from '../vars/vars.js';
import {openVaultBytes, type VaultSecrets} from '../vault/vault.js';
import {isOn, keywordDefaultsOf} from './config.js';
import {noSuchTask, reservedName} from './diagnostics.js';
import {readExtraVars} from './extra-vars.js';
import type {Interruptible} from './interrupt.js';
import {limitOf} from './limit.js';
import {listPlays} from './listing.js';
import {lookupsOf} from './lookups.js';
import {readCondition, readNode} from './node-values.js';
import {openFile} from './open-file.js';
import type {Options} from './options.js';
import {readInventory} from './read-inventory.js';
import {writeRetryFile} from './retry-file.js';
import type {Manner} from './run.js';
import {rolesPathOf, settingOf} from './standard-places.js';
import {evaluateNameWith} from './static-names.js';
import {vaultSecretsOf} from './vault-sources.js';
import type {Wanted} from './wanted.js';

/** A run that is ready: everything is read but the playbooks. */
export class SetUp implements Interruptible {
	readonly #wanted: Wanted;
	readonly #loader: Loader;
	readonly #report: (found: Diagnostic) => void;
	readonly #inventory: Inventory;
	readonly #extra: Dict;
	readonly #secrets = new Secrets();
	readonly #vault: VaultSecrets;
	readonly #connections: Connections;
	readonly #faults: Diagnostic[] = [];
	readonly #stats = new Stats();
	#stopped = false;

	constructor(wanted: Wanted, vault: VaultSecrets) {
		const {config, options, diagnose} = wanted;
		this.#wanted = wanted;
		this.#vault = vault;
		const strict = options.strict || options.syntaxCheck;
		const report = (found: Diagnostic) => {
			// What would fail only when a task runs is a warning at load, unless nothing but a check is wanted.
			const diagnostic: Diagnostic = strict && /^(module|template)\//.test(found.code) ? {...found, severity: 'error'} : found;
			this.#faults.push(diagnostic);
			if (this.#held) this.#held.push(diagnostic);
			else diagnose(diagnostic);
		};
		this.#extra = readExtraVars(options.extraVars, {
			open: (path) => this.#open(path),
			read: (node) => this.#read(node),
			report,
		});
		this.#loader = new Loader({
			rolesPath: rolesPathOf(config),
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
			environment: process.env,
			...(wanted.ask ? {ask: wanted.ask} : {}),
			met: (target, machine) => this.#knowledge.identify(target, machine),
			log: (line, verbosity = 2) => wanted.emit({type: 'message', text: line, verbosity}),
		});
	}

	#readInventory(): Inventory {
		const {options, config} = this.#wanted;
		return readInventory(options, config, {report: this.#report, vault: this.#vault});
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
			writeRetryFile(path, this.#stats.lost(), this.#wanted.config, emit);
			if (!goesOn || this.#stopped || this.#stats.lost().size > 0) break;
		}
		if (this.#start.task !== undefined) this.#wanted.diagnose(noSuchTask(this.#start.task));
		const roundTrips = await this.#connections.roundTrips();
		emit({type: 'run-end', hosts: this.#stats.summary(), check: runOptions.check, roundTrips, at: Date.now()});
		if (this.#stats.unreachable.size > 0) return 4;
		return this.#stats.failed.size > 0 ? 2 : 0;
	}

	readonly #knowledge = new Knowledge();
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
		this.#knowledge.forgetAll();
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
			sleep: async (milliseconds, limit) => {
				const signal = AbortSignal.any([this.#stopping.signal, ...(limit ? [limit] : [])]);
				// It rejects only when the signal ends it.
				await sleep(milliseconds, undefined, {signal}).catch(() => {});
			},
			stopping: this.#stopping.signal,
			forecasts: new Map(),
			start: this.#start,
			stepper: this.#stepper,
			knowledge: this.#knowledge,
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

	#read(node: Node): Value {
		return readNode(node, this.#vault, this.#secrets);
	}
}

/** Reads what a run needs beside its playbooks: passwords, inventory, extra variables. */
export async function setUp(wanted: Wanted): Promise<SetUp> {
	return new SetUp(wanted, await vaultSecretsOf(wanted.options, wanted.config));
}
