import {sh} from '../connection/connection.js';
import {defineAction, ModuleFailure, type Outcome, type SourceFiles, type Step} from './contract.js';
import {foretellCreated, type Guards, isThere, readGuards} from './creates.js';
import {commandKeys} from './free-form.js';
import {outputResult} from './output-lines.js';
import {CommandLineError, firstWord} from './shlex.js';

interface ScriptArguments {
	readonly _raw_params?: string;
	readonly cmd?: string;
	readonly _script?: SourceFiles;
	readonly creates?: string;
	readonly removes?: string;
	readonly chdir?: string;
	readonly executable?: string;
	readonly [other: string]: unknown;
}

/** Runs a file of this side. $1 is its name, $2 the folder to start in, $3 a command line in which `"$0"` is the file; stdin is the file. */
const runScript = sh`
	# prints what the script prints
	umask 077
	folder=$(mktemp -d) || exit 1
	trap 'trap "" HUP INT PIPE TERM; rm -rf -- "$folder"' EXIT
	trap 'trap "" HUP INT PIPE TERM; exit 143' HUP INT PIPE TERM
	file=$folder/$1
	cat >"$file" && chmod 0700 "$file" || exit 1
	if [ ! -x "$file" ]; then # a folder from which nothing may be run
		other=$(mktemp -d "$HOME/.playbill-XXXXXX") && mv -- "$file" "$other/" && rm -rf -- "$folder" || exit 1
		folder=$other file=$folder/$1
	fi
	unset CDPATH
	if [ -n "$2" ] && ! cd -- "$2"; then exit 1; fi
	sh -c "$3" "$file" </dev/null
`;

export default defineAction<ScriptArguments, Guards>({
	name: 'script',
	summary: 'Run a script of this side on a host.',
	args: {
		_raw_params: {type: 'str', description: 'The script’s file and its arguments as free text.'},
		cmd: {type: 'str', description: 'The same.'},
		_script: {type: 'str', local: 'source', description: 'The script’s file, taken out of the text.'},
		creates: {type: 'str', description: 'A path; when it exists the script is not run.'},
		removes: {type: 'str', description: 'A path; when it does not exist the script is not run.'},
		chdir: {type: 'str', description: 'The folder on the host to run it in, an absolute path.'},
		executable: {type: 'str', description: 'The program to run it with.'},
	},
	rules: {requiredOneOf: [['_raw_params', 'cmd']], mutuallyExclusive: [['_raw_params', 'cmd']]},
	freeForm: '_raw_params',
	freeFormKeys: commandKeys,
	prepare: (args) => ({...args, _script: commandOf(args).word as unknown as SourceFiles}),
	inCheckMode: 'decide',
	needsHost: true,
	inspect: ({creates, removes}) => readGuards({creates, removes}),
	act(args, before, {checkMode}): Outcome | {steps: readonly Step[]} {
		const {creates, removes, chdir, executable, _script: file} = args;
		if (creates && isThere(before.creates)) return {result: {msg: `${creates} exists, matching creates option`}, skipped: true};
		if (removes && !isThere(before.removes))
			return {result: {msg: `${removes} does not exist, matching removes option`}, skipped: true};
		if (chdir && !chdir.startsWith('/'))
			throw new ModuleFailure(`chdir ${chdir} must be an absolute path for a Unix-aware remote node`);
		if (checkMode) {
			if (creates || removes) return {result: {}, changed: true, planned: foretellCreated(before)};
			return {result: {msg: 'Check mode is not supported for this task.'}, changed: false, skipped: true};
		}
		const line = `${executable ? `${executable} ` : ''}"$0"${commandOf(args).rest}`;
		const name = file!.path.slice(file!.path.lastIndexOf('/') + 1);
		return {
			steps: [
				{
					script: runScript,
					args: [name, chdir ?? '', line],
					stdin: file!.content,
					shows: (line) => line,
					parse: (response) => response,
				},
			],
		};
	},
	conclude(_args, _before, outputs) {
		const {stdout, stderr, status} = outputs[0] as {stdout: Buffer; stderr: Buffer; status: number};
		const result = {rc: status, ...outputResult(stdout.toString(), stderr.toString())};
		return status === 0 ? {result, changed: true} : {result, changed: true, failed: 'non-zero return code'};
	},
});

/** The script's file and the text after it; its quotes and blanks are the shell's to read, as in Ansible. */
function commandOf({_raw_params, cmd}: ScriptArguments): {readonly word: string; readonly rest: string} {
	try {
		const command = firstWord((_raw_params || cmd || '').trim());
		if (command) return command;
	} catch (error) {
		if (!(error instanceof CommandLineError)) throw error;
		throw new ModuleFailure(error.message);
	}
	throw new ModuleFailure('the script has no name');
}
