import {realpathSync, statSync} from 'node:fs';
import {basename, dirname, join} from 'node:path';
import {type Event, RunFault} from '../engine/engine.js';
import {type Diagnostic, DiagnosticError, renderAnsible, renderDiagnostic} from '../source/source.js';
import {askQuestion, canAsk} from './ask.js';
import {CannotStart} from './cannot-start.js';
import {type Config, isOn, readConfig} from './config.js';
import {Interrupted, interruptible} from './interrupt.js';
import {type Options, readOptions} from './options.js';
import {runOptionsOf} from './run-options.js';
import {type SetUp, setUp} from './set-up.js';
import {UsageError} from './usage-error.js';
import {type Aside, makeViews} from './views.js';
import type {Wanted} from './wanted.js';

/** Under which name the program runs: it decides whose words diagnostics have, and what the recap shows. */
export type Manner = 'run' | 'check' | 'ansible-playbook';

/** `playbill run`: everything from the command line to the exit status (0 ok, 1 error, 2 failed hosts, 4 unreachable or unreadable, 5 wrong settings, 99 interrupted). */
export async function runCommand(argv: readonly string[], manner: Manner): Promise<number> {
	const given = readOptions(argv);
	const options: Options = manner === 'check' ? {...given, check: true, diff: true} : given;
	const found: Diagnostic[] = [];
	const config = readConfig(process.env, process.cwd(), (diagnostic) => found.push(diagnostic));
	const diagnose = diagnosticPrinter(manner, useColor(process.stderr.isTTY === true, config));
	try {
		for (const diagnostic of found) if (diagnostic.severity === 'warning') diagnose(diagnostic);
		const wrong = found.filter(({severity}) => severity === 'error');
		if (wrong.length > 0) throw new DiagnosticError(...wrong);
		return await runChecked(options, config, manner, diagnose);
	} catch (error) {
		if (!(error instanceof DiagnosticError)) throw error;
		for (const diagnostic of error.diagnostics) diagnose(diagnostic);
		if (error.diagnostics.some(({code}) => code === 'config/value')) return 5;
		return error instanceof RunFault || error instanceof CannotStart ? 1 : 4;
	}
}

type Diagnose = (diagnostic: Diagnostic) => void;

/** Prints diagnostics, each once. */
function diagnosticPrinter(manner: Manner, color: boolean): Diagnose {
	const printed = new Set<string>();
	return (diagnostic) => {
		const text =
			manner === 'ansible-playbook' ? renderAnsible(diagnostic) : renderDiagnostic(diagnostic, {color, folder: process.cwd()});
		if (printed.has(text)) return;
		printed.add(text);
		// Ansible's form has the line breaks behind it that it needs.
		process.stderr.write(manner === 'ansible-playbook' ? text : `${text}\n`);
	};
}

async function runChecked(options: Options, config: Config, manner: Manner, diagnose: Diagnose): Promise<number> {
	if (options.playbooks.length === 0) throw new UsageError('the following arguments are required: playbook');
	const missing = options.playbooks.find((path) => !exists(path));
	if (missing !== undefined)
		throw new CannotStart('file/not-found', `the playbook \`${missing}\` could not be found`, {
			ansible: `the playbook: ${missing} could not be found`,
		});
	const folder = options.playbooks.find((path) => !isFile(path));
	if (folder !== undefined)
		throw new CannotStart('file/not-found', `\`${folder}\` is a folder, and no playbook`, {
			ansible: `the playbook: ${folder} does not appear to be a file`,
		});
	if (options.step && !canAsk())
		throw new CannotStart('cli/usage', '`--step` asks before each task, but there is no terminal to ask at');
	let aside: Aside = (work) => work();
	const say = (text: string) => void aside(async () => void process.stderr.write(text));
	return interruptible(say, async (begins) => {
		const isRun = !options.list && !options.syntaxCheck;
		const runOptions = await runOptionsOf(options, config, isRun);
		const made = await makeViews({
			options,
			config,
			manner,
			verbosity: Math.max(options.verbosity, Number(config.settings.verbosity ?? 0)),
			columns: process.stdout.columns,
			color: useColor(process.stdout.isTTY === true, config),
		});
		aside = made.aside;
		const emit = (event: Event): void => {
			for (const view of made.views) view.handle(event);
		};
		const said = config.file ? `Using ${config.file} as config file` : 'No config file found; using defaults';
		emit({type: 'message', text: said, verbosity: 1});
		const ask = canAsk() ? askAside(aside) : undefined;
		const up = await setUp({options, config, runOptions, diagnose, emit, ask});
		begins(up);
		try {
			return await play(up, options, manner);
		} finally {
			await up.close();
			for (const view of made.views) await view.end?.();
			made.flush();
		}
	});
}

/** Asks where the views leave room for it. Ctrl-C, of which the run hears by itself, is an empty answer. */
function askAside(aside: Aside): NonNullable<Wanted['ask']> {
	return async (question, options) => {
		try {
			return await aside(() => askQuestion(question, options));
		} catch (error) {
			if (error instanceof Interrupted) return '';
			throw error;
		}
	};
}

async function play(up: SetUp, options: Options, manner: Manner): Promise<number> {
	const playbooks = await up.readPlaybooks(
		options.playbooks.map((path) => join(realpathSync(dirname(path)), basename(path))),
		manner,
	);
	const faults = up.faults();
	const fatal = faults.filter(({severity}) => severity === 'error');
	if (fatal.length > 0) return 4;
	if (options.syntaxCheck) return up.syntaxCheck(playbooks, options.playbooks);
	if (!up.hasHosts()) {
		throw new CannotStart('inventory/pattern', '`--limit` leaves no host to run on', {
			ansible: 'Specified inventory, host pattern and/or --limit leaves us with no hosts to target.',
		});
	}
	if (options.list) return up.list(playbooks, options);
	return up.run(playbooks, manner);
}

/** A pipe may be one too (`<(…)`). */
function isFile(path: string): boolean {
	const stat = statSync(path);
	return stat.isFile() || stat.isFIFO() || stat.isCharacterDevice();
}

function exists(path: string): boolean {
	try {
		realpathSync(path);
		return true;
	} catch {
		return false;
	}
}

/** Colours are for terminals; NO_COLOR and ANSIBLE_NOCOLOR turn them off, ANSIBLE_FORCE_COLOR on, as do their settings. */
function useColor(isTerminal: boolean, config: Config): boolean {
	if (isOn(config, 'forceColor', false)) return true;
	if (process.env['NO_COLOR'] || isOn(config, 'noColor', false)) return false;
	return isTerminal && process.env['TERM'] !== 'dumb';
}
