import {sh} from '../connection/connection.js';
import {defineAction, ModuleFailure} from './contract.js';

const answer = sh`
	# prints nothing: that the shell answers is all
	:
`;

export default defineAction<{readonly data?: string; readonly [other: string]: unknown}>({
	name: 'ping',
	summary: 'See whether a host can be reached and has a shell.',
	args: {data: {type: 'str', default: 'pong', description: 'What is returned as `ping`; `crash` fails.'}},
	inCheckMode: 'run',
	needsHost: true,
	onlyReads: true,
	act({data}) {
		if (data === 'crash') throw new ModuleFailure('boom');
		return {steps: [{script: answer}]};
	},
	conclude({data = 'pong'}) {
		return {result: {ping: data}, changed: false};
	},
});
