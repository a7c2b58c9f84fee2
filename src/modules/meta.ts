import {defineAction, ModuleFailure} from './contract.js';

/** What `meta:` can be told to do; the engine does it. */
export const metaActions = [
	'noop',
	'flush_handlers',
	'refresh_inventory',
	'clear_facts',
	'clear_host_errors',
	'end_play',
	'end_batch',
	'end_host',
	'end_role',
	'reset_connection',
] as const;

export default defineAction<{readonly _raw_params?: string; readonly [other: string]: unknown}>({
	name: 'meta',
	summary: 'Tell the run itself to do something.',
	args: {_raw_params: {type: 'str', choices: metaActions, description: 'What to do.'}},
	freeForm: '_raw_params',
	inCheckMode: 'run',
	needsHost: false,
	act({_raw_params: action}) {
		throw new ModuleFailure(`invalid meta action requested: ${action ?? ''}`);
	},
});
