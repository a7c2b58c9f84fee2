import {realpathSync} from 'node:fs';
import {basename, dirname, join} from 'node:path';
import {type Event, RunFault} from '../engine/engine.js';
import {type Diagnostic, DiagnosticError, renderAnsible, renderDiagnostic} from '../source/source.js';
import {askQuestion, canAsk} from './ask.js';
import {readConfig} from './config.js';
import {Interrupted, interruptible} from './interrupt.js';
import {type Options, readOptions} from './options.js';
import {runOptionsOf} from './run-options.js';
import {type SetUp, setUp, type Wanted} from './set-up.js';
import {UsageError} from './usage-error.js';
import {type Aside, makeViews} from './views.js';

/** Under which name the program runs: it decides whose words diagnostics have, and what the recap shows. */
export type Manner = 'run' | 'check' | 'ansible-playbook';

/** `playbill run`: everything from the command line to the exit status (0 ok, 1 error, 2 failed hosts, 4 unreachable or unreadable, 5 wrong settings, 99 interrupted). */
export async function runCommand(argv: readonly string[], manner: Manner): Promise<number> {
	const given = readOptions(argv);
	const options: Options = manner === 'check' ? {...given, check: true, diff: true} : given;
	const diagnose = diagnosticPrinter(manner);
	try {
		return await runChecked(options, manner, diagnose);
	} catch (error) {
		if (!(error instanceof DiagnosticError)) throw error;
		for (const diagnostic of error.diagnostics) diagnose(diagnostic);
		if (error.diagnostics.some(({code}) => code === 'config/value')) return 5;
		return error instanceof RunFault ? 1 : 4;
	}
}

type Diagnose = (diagnostic: Diagnostic) => void;

/** Prints diagnostics, each once. */
function diagnosticPrinter(manner: Manner): Diagnose {
	const printed = new Set<string>();
	const color = useColor(process.stderr.isTTY === true);
	return (diagnostic) => {
		const text =
			manner === 'ansible-playbook' ? renderAnsible(diagnostic) : renderDiagnostic(diagnostic, {color, folder: process.cwd()});
		if (printed.has(text)) return;
		printed.add(text);
		process.stderr.write(`${text}\n`);
	};
}

async function runChecked(options: Options, manner: Manner, diagnose: Diagnose): Promise<number> {
	if (options.playbooks.length === 0) throw new UsageError('the following arguments are required: playbook');
	const wrong: Diagnostic[] = [];
	const config = readConfig(process.env, process.cwd(), (diagnostic) => {
		if (diagnostic.severity === 'error') wrong.push(diagnostic);
		else diagnose(diagnostic);
	});
	if (wrong.length > 0) throw new DiagnosticError(...wrong);
	const missing = options.playbooks.find((path) => !exists(path));
	if (missing !== undefined) {
		diagnose({
			severity: 'error',
			code: 'file/not-found',
			message: `the playbook \`${missing}\` could not be found`,
			labels: [],
			ansible: `the playbook: ${missing} could not be found`,
		});
		return 1;
	}
	if (options.step) {
		diagnose({
			severity: 'error',
			code: 'cli/usage',
			message: '`--step` is not done here',
			labels: [],
			help: 'use `--start-at-task`, `--tags` or `--check`',
		});
		return 2;
	}
	let aside: Aside = (work) => work();
	const say = (text: string) => void aside(async () => void process.stderr.write(text));
	return interruptible(say, async (begins) => {
		const runOptions = await runOptionsOf(options, config);
		const made = await makeViews({
			options,
			config,
			manner,
			verbosity: Math.max(options.verbosity, Number(config.settings.verbosity ?? 0)),
			columns: process.stdout.columns,
			color: useColor(process.stdout.isTTY === true),
		});
		aside = made.aside;
		const emit = (event: Event): void => {
			for (const view of made.views) view.handle(event);
		};
		const ask = canAsk() ? askAside(aside) : undefined;
		const up = await setUp({options, config, runOptions, diagnose, emit, ask});
		begins(up);
		try {
			return await play(up, options, manner, diagnose);
		} finally {
			await up.close();
			for (const view of made.views) await view.end?.();
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

async function play(up: SetUp, options: Options, manner: Manner, diagnose: Diagnose): Promise<number> {
	const playbooks = await up.readPlaybooks(
		options.playbooks.map((path) => join(realpathSync(dirname(path)), basename(path))),
		manner,
	);
	const faults = up.faults();
	const fatal = faults.filter(({severity}) => severity === 'error');
	if (fatal.length > 0) return 4;
	if (options.syntaxCheck) return up.syntaxCheck(playbooks, options.playbooks);
	if (!up.hasHosts()) {
		diagnose({
			severity: 'error',
			code: 'inventory/pattern',
			message: '`--limit` leaves no host to run on',
			labels: [],
			ansible: 'Specified inventory, host pattern and/or --limit leaves us with no hosts to target.',
		});
		return 1;
	}
	if (options.list) return up.list(playbooks, options);
	return up.run(playbooks, manner);
}

function exists(path: string): boolean {
	try {
		realpathSync(path);
		return true;
	} catch {
		return false;
	}
}

/** Colours are for terminals; NO_COLOR and ANSIBLE_NOCOLOR turn them off, ANSIBLE_FORCE_COLOR on. */
function useColor(isTerminal: boolean): boolean {
	const {NO_COLOR, ANSIBLE_NOCOLOR, ANSIBLE_FORCE_COLOR, TERM} = process.env;
	if (ANSIBLE_FORCE_COLOR && !/^(0|no|false|off)$/i.test(ANSIBLE_FORCE_COLOR)) return true;
	if (NO_COLOR || (ANSIBLE_NOCOLOR && !/^(0|no|false|off)$/i.test(ANSIBLE_NOCOLOR))) return false;
	return isTerminal && TERM !== 'dumb';
}
