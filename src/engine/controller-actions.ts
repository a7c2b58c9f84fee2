import type {Definition} from '../modules/modules.js';

/** What Ansible does on the controller: what goes wrong there is told as an action's failure, and not as a module's. */
const controllerActions = new Set([
	'add_host',
	'assert',
	'debug',
	'fail',
	'group_by',
	'include_vars',
	'pause',
	'raw',
	'reboot',
	'script',
	'set_fact',
	'validate_argument_spec',
	'wait_for_connection',
]);

export function isControllerAction({kind, name}: Definition): boolean {
	return kind === 'action' && controllerActions.has(name);
}
