import {sh} from '../connection/connection.js';
import {defineAction} from './contract.js';
import {commandKeys} from './free-form.js';
import {outputResult} from './output-lines.js';

const runRaw = sh`
	# prints what the user's own text prints; $1 is the shell or nothing, $2 the text
	if [ -n "$1" ]; then exec "$1" -c "$2"; fi
	exec sh -c "$2"
`;

export default defineAction<{readonly _raw_params?: string; readonly executable?: string; readonly [other: string]: unknown}>({
	name: 'raw',
	summary: 'Run a command line through a shell, with nothing round it.',
	args: {
		_raw_params: {type: 'str', description: 'The command as free text.'},
		executable: {type: 'str', description: 'The shell to use, by its absolute path.'},
	},
	freeForm: '_raw_params',
	freeFormKeys: commandKeys,
	inCheckMode: 'skip',
	needsHost: true,
	ignoresEnvironment: true,
	act({_raw_params: text = '', executable = ''}) {
		return {steps: [{script: runRaw, args: [executable, text], shows: (line) => line, parse: (response) => response}]};
	},
	conclude(_args, _before, outputs) {
		const {stdout, stderr, status} = outputs[0] as {stdout: Buffer; stderr: Buffer; status: number};
		const result = {rc: status, ...outputResult(stdout.toString(), stderr.toString())};
		return status === 0 ? {result, changed: true} : {result, changed: true, failed: 'non-zero return code'};
	},
});
