import {Unknown} from '../jinja/jinja.js';
import type {ArgumentRules, ArgumentSpecs} from './argument-spec.js';
import {type CommandOutput, ownLine, parseCommandOutput, runCommand} from './command-script.js';
import {type ActionDefinition, defineAction, ModuleFailure, type Outcome, type Result, type Step} from './contract.js';
import {foretellCreated, type Guards, isThere, readGuards} from './creates.js';
import {commandKeys} from './free-form.js';
import {outputResult} from './output-lines.js';
import {CommandLineError, showCommandLine, splitCommandLine} from './shlex.js';

interface CommandArguments {
	readonly _raw_params?: string;
	readonly cmd?: string;
	readonly argv?: readonly string[];
	readonly chdir?: string;
	readonly creates?: string;
	readonly removes?: string;
	readonly executable?: string;
	readonly expand_argument_vars?: boolean;
	readonly stdin?: string;
	readonly stdin_add_newline?: boolean;
	readonly strip_empty_ends?: boolean;
	readonly [other: string]: unknown;
}

const args: ArgumentSpecs = {
	_raw_params: {type: 'str', description: 'The command as free text.'},
	_uses_shell: {type: 'bool', default: false, description: 'Known for the sake of Ansible’s messages, without effect.'},
	cmd: {type: 'str', description: 'The command.'},
	argv: {type: 'list', elements: 'str', description: 'The command as a list of words, of which none is split.'},
	chdir: {type: 'path', description: 'The folder to run it in.'},
	executable: {type: 'str', description: 'The shell to use instead of `/bin/sh`; without effect on `command`.'},
	expand_argument_vars: {
		type: 'bool',
		default: true,
		description: 'Whether variables and `~` in the words stand for their values.',
	},
	creates: {type: 'path', description: 'A path or pattern; when it exists the command is not run.'},
	removes: {type: 'path', description: 'A path or pattern; when it does not exist the command is not run.'},
	stdin: {type: 'str', description: 'What the command reads on its standard input.'},
	stdin_add_newline: {type: 'bool', default: true, description: 'Whether a newline is put after `stdin`.'},
	strip_empty_ends: {type: 'bool', default: true, description: 'Whether line ends at the end of the output are taken away.'},
};

const rules: ArgumentRules = {
	requiredOneOf: [['_raw_params', 'cmd', 'argv']],
	mutuallyExclusive: [['_raw_params', 'cmd', 'argv']],
};

/** `command` and `shell` differ in who reads the text alone. */
export function defineCommand(name: 'command' | 'shell', summary: string): ActionDefinition<CommandArguments, Guards> {
	const usesShell = name === 'shell';
	return defineAction<CommandArguments, Guards>({
		name,
		summary,
		args,
		rules,
		freeForm: '_raw_params',
		freeFormKeys: commandKeys,
		inCheckMode: 'decide',
		needsHost: true,
		inspect: readGuards,
		act(given, before, {checkMode}) {
			const words = commandWords(given, usesShell);
			const idle = unneeded(given, before, words, checkMode);
			if (idle) return idle;
			if (checkMode) return unrun(given, before, words);
			return {steps: [runStep(given, words, usesShell)]};
		},
		conclude(given, _before, outputs) {
			return concludeCommand(given, commandWords(given, usesShell), outputs[0] as CommandOutput);
		},
	});
}

type Words = string | readonly string[];

/** The command as the host gets it: one text for a shell, words for a program. Throws when it cannot be read. */
function commandWords({_raw_params, cmd, argv}: CommandArguments, usesShell: boolean): Words {
	const text = _raw_params || cmd;
	if (text && usesShell) return text;
	let words: readonly string[] | undefined = argv;
	try {
		if (text) words = splitCommandLine(text);
	} catch (error) {
		if (error instanceof CommandLineError) throw new ModuleFailure(error.message);
		throw error;
	}
	if (!words || words.length === 0)
		throw new ModuleFailure("Argument 'args' to run_command must be list or string", {cmd: null, rc: 257});
	return words;
}

const nothing: Result = {...outputResult('', ''), start: null, end: null, delta: null};

/** The outcome when `creates` or `removes` says that there is nothing to do. */
function unneeded({creates, removes}: CommandArguments, before: Guards, cmd: Words, checkMode: boolean): Outcome | undefined {
	const [path, state] =
		creates && isThere(before.creates)
			? [creates, 'exists']
			: removes && !isThere(before.removes)
				? [removes, 'does not exist']
				: [];
	if (path === undefined) return undefined;
	const stdout = `skipped, since ${path} ${state}`;
	const msg = `${checkMode ? 'Would' : 'Did'} not run command since '${path}' ${state}`;
	return {result: {...nothing, ...outputResult(stdout, ''), cmd, rc: 0, msg}, changed: false};
}

/** What check mode says of a command that it does not run. */
function unrun({creates, removes}: CommandArguments, before: Guards, cmd: Words): Outcome {
	const guarded = creates !== undefined || removes !== undefined;
	const hidden = new Unknown('a command is not run in check mode');
	return {
		result: {
			...nothing,
			...{rc: hidden, stdout: hidden, stdout_lines: hidden, stderr: hidden, stderr_lines: hidden},
			cmd,
			msg: 'Command would have run if not in check mode',
		},
		changed: guarded,
		...(guarded ? {planned: foretellCreated(before)} : {skipped: true}),
	};
}

function runStep(given: CommandArguments, words: Words, usesShell: boolean): Step {
	const {chdir = '', executable, expand_argument_vars: expands = true, stdin, stdin_add_newline: addsNewline = true} = given;
	// A list for a shell is run by it word for word.
	const rest = typeof words === 'string' ? [words] : usesShell ? ['"$@"', 'sh', ...words] : words;
	return {
		script: runCommand,
		args: [usesShell ? 'shell' : 'command', chdir, expands ? 'expand' : '', executable || '/bin/sh', ...rest],
		...(stdin ? {stdin: addsNewline ? `${stdin}\n` : stdin} : {}),
		shows: ownLine,
		parse({stdout, stderr, status}) {
			const output = parseCommandOutput(stdout, stderr);
			if (output) return output;
			throw new ModuleFailure('the shell that ran the command ended before it', {
				rc: status,
				...outputResult(stdout.toString(), stderr.toString()),
			});
		},
	};
}

const errors: Record<number, string> = {2: 'No such file or directory', 13: 'Permission denied', 20: 'Not a directory'};

function concludeCommand(given: CommandArguments, cmd: Words, output: CommandOutput): Outcome {
	if (output.kind === 'refused') {
		const {what, errno} = output;
		const program = typeof cmd === 'string' ? given.executable || '/bin/sh' : cmd[0]!;
		const cause = `[Errno ${errno}] ${errors[errno]}: b'${what === 'chdir' ? given.chdir : program}'`;
		if (what === 'chdir') return {result: {...nothing, cmd}, failed: 'Unable to change directory before execution.', cause};
		const shown = typeof cmd === 'string' ? showCommandLine([program, '-c', cmd]) : showCommandLine(cmd);
		return {result: {...outputResult('', ''), cmd: shown, rc: errno}, failed: 'Error executing command.', cause};
	}
	const {rc, times} = output;
	const trim = (text: string) => (given.strip_empty_ends === false ? text : text.replace(/[\r\n]+$/, ''));
	const result = {...outputResult(trim(output.stdout), trim(output.stderr)), cmd, rc, ...times};
	if (rc !== 0) return {result, changed: true, failed: 'The command exited with a non-zero return code.'};
	return {result: {...result, msg: ''}, changed: true};
}

export default defineCommand('command', 'Run a program without a shell.');
