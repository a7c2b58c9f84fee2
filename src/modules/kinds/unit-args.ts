import type {ArgumentSpecs} from '../argument-spec.js';

/** What `service` and `systemd_service` share beyond a unit's name and state, in the words of `systemd_service`. */
export const unitArguments = {
	force: {type: 'bool', description: 'Whether to override existing symlinks.'},
	masked: {type: 'bool', description: 'Whether the unit is masked, so that nothing can start it.'},
	daemon_reload: {
		type: 'bool',
		default: false,
		aliases: ['daemon-reload'],
		description: 'Let systemd read its unit files again before anything else.',
	},
	daemon_reexec: {
		type: 'bool',
		default: false,
		aliases: ['daemon-reexec'],
		description: 'Let systemd start itself anew before anything else.',
	},
	scope: {
		type: 'str',
		choices: ['system', 'user', 'global'],
		default: 'system',
		description: "The system's manager, the user's own, or that of all users.",
	},
	no_block: {type: 'bool', default: false, description: 'Do not wait until the unit has started or stopped.'},
	_unit_dir: {
		type: 'path',
		description:
			'The folder of unit files and records for hosts without a service manager; comes from the variable `playbill_unit_dir`.',
	},
} as const satisfies ArgumentSpecs;
