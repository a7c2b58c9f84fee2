import {pythonStr, type Value} from '../jinja/jinja.js';
import {defineAction} from './contract.js';

export default defineAction<{readonly msg?: Value; readonly [other: string]: unknown}>({
	name: 'fail',
	summary: 'Fail with a message.',
	args: {msg: {type: 'raw', default: 'Failed as requested from task', description: 'The message.'}},
	inCheckMode: 'run',
	needsHost: false,
	act({msg = 'Failed as requested from task'}) {
		return {result: {msg}, failed: pythonStr(msg)};
	},
});
