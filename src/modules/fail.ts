import {isTruthy, pythonStr, type Value} from '../jinja/jinja.js';
import {defineAction} from './contract.js';

export default defineAction<{readonly msg?: Value; readonly [other: string]: unknown}>({
	name: 'fail',
	summary: 'Fail with a message.',
	args: {msg: {type: 'raw', default: 'Failed as requested from task', description: 'The message.'}},
	inCheckMode: 'run',
	needsHost: false,
	act({msg = 'Failed as requested from task'}) {
		// What counts as nothing is no message.
		return isTruthy(msg)
			? {result: {msg}, failed: pythonStr(msg)}
			: {result: {msg: 'Task failed: Action failed: Unknown error.'}, failed: 'Unknown error.'};
	},
});
