import {defineModule} from './contract.js';
import {type UnitAddress, type UnitState, unitRead} from './kinds/unit.js';
import {unitArguments} from './kinds/unit-args.js';
import {planUnit, reportUnit} from './kinds/unit-plan.js';
import {unitSteps} from './kinds/unit-steps.js';
import {reloadSteps, type SystemdArgs} from './systemd-service.js';

interface ServiceArgs extends SystemdArgs {
	readonly name: string;
	readonly sleep?: number;
	readonly runlevel: string;
	readonly arguments: string;
	readonly use: string;
}

export default defineModule<ServiceArgs, {unit: UnitState}>({
	name: 'service',
	summary: 'Start, stop and enable services by whatever service manager the host has.',
	args: {
		name: {type: 'str', required: true, description: 'The service.'},
		state: {
			type: 'str',
			choices: ['reloaded', 'restarted', 'started', 'stopped'],
			description: 'Whether it runs; `restarted` always bounces it, `reloaded` starts it when it does not run.',
		},
		sleep: {type: 'int', description: 'Seconds between stopping and starting at a restart; for init scripts only.'},
		enabled: {type: 'bool', description: 'Whether it starts at boot.'},
		runlevel: {type: 'str', default: 'default', description: 'The runlevel it belongs to; for OpenRC only.'},
		arguments: {type: 'str', default: '', aliases: ['args'], description: 'Further words for an init script.'},
		use: {
			type: 'str',
			default: 'auto',
			description:
				'The service manager, when it shall not be found out: systemd, openrc, sysvinit, or process (a unit file run without any).',
		},
		...unitArguments,
	},
	rules: {requiredOneOf: [['state', 'enabled', 'masked', 'daemon_reload', 'daemon_reexec']]},
	unmodelled: true,
	inspect: (args) => ({unit: unitRead(addressOf(args))}),
	prelude: (args, {unit}) => reloadSteps(args, unit),
	plan: (args, {unit}) => planUnit(args, unit),
	apply: (args, change) =>
		unitSteps(addressOf(args), change, {
			noBlock: args.no_block,
			force: args.force,
			runlevel: args.runlevel,
			arguments: args.arguments,
			sleep: args.sleep,
		}),
	report: (args, {before}) => reportUnit(args, before.unit),
});

/** Ansible's names of managers; one that is none of ours is found out, as Ansible's own `service` does. */
function addressOf({name, scope, use, daemon_reload, _unit_dir = ''}: ServiceArgs): UnitAddress {
	const short = use.replace(/^ansible\.(builtin|legacy)\./, '').toLowerCase();
	const manager =
		{systemd: 'systemd', systemd_service: 'systemd', openrc: 'openrc', sysvinit: 'sysvinit', process: 'process'}[short] ?? 'auto';
	return {name, scope, use: manager, directory: manager === 'process' ? _unit_dir : '', fresh: daemon_reload};
}
