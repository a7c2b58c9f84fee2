import {defineModule, ModuleFailure} from './contract.js';
import {type UnitAddress, type UnitState, unitRead} from './kinds/unit.js';
import {unitArguments} from './kinds/unit-args.js';
import {planUnit, reportUnit, type UnitWish} from './kinds/unit-plan.js';
import {unitSteps} from './kinds/unit-steps.js';
import {reloadSteps, type SystemdArgs} from './systemd-service.js';

interface ServiceArgs extends SystemdArgs {
	readonly name?: string;
	readonly pattern?: string;
	readonly sleep?: number;
	readonly runlevel: string;
	readonly arguments: string;
	readonly use: string;
}

export default defineModule<ServiceArgs, {unit: UnitState}>({
	name: 'service',
	summary: 'Start, stop and enable services by whatever service manager the host has.',
	args: {
		name: {type: 'str', description: 'The service; not needed where only `daemon_reload` or `daemon_reexec` is asked for.'},
		state: {
			type: 'str',
			choices: ['reloaded', 'restarted', 'started', 'stopped'],
			description: 'Whether it runs; `restarted` always bounces it, `reloaded` starts it when it does not run.',
		},
		pattern: {
			type: 'str',
			description: 'A text among the running processes that shows it runs; of init scripts, and not offered there.',
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
	rules: {
		requiredOneOf: [
			['state', 'enabled', 'masked', 'daemon_reload', 'daemon_reexec'],
			['name', 'daemon_reload', 'daemon_reexec'],
		],
	},
	unmodelled: true,
	inspect: (args) => (args.name === undefined ? ({} as {unit: never}) : {unit: unitRead(addressOf(args))}),
	prelude: (args, {unit}) => reloadSteps(args, unit),
	plan(args, {unit}) {
		if (args.name === undefined) return {after: {} as {unit: UnitState}};
		if (args.pattern !== undefined && unit.manager !== 'systemd')
			throw new ModuleFailure('the argument pattern is not offered by Playbill: init scripts are asked for their status');
		const {warnings = [], ...planned} = planUnit(wishOf(args), unit);
		return {...planned, warnings: [...warnings, ...(unit.manager === 'systemd' ? unusedBySystemd(args) : [])]};
	},
	apply: (args, change) =>
		unitSteps(addressOf(args), change, {
			noBlock: args.no_block,
			force: args.force,
			runlevel: args.runlevel,
			arguments: args.arguments,
			sleep: args.sleep,
		}),
	report: (args, {before}) =>
		args.name === undefined ? {name: null, status: reportUnit({name: ''}, {})['status']!} : reportUnit(wishOf(args), before.unit),
});

function wishOf({name = '', state, enabled, masked}: ServiceArgs): UnitWish {
	return {name, state, enabled, masked};
}

/** What Ansible says of arguments that are for other managers. */
function unusedBySystemd({pattern, runlevel, sleep, arguments: words}: ServiceArgs): string[] {
	const given = {pattern, runlevel: runlevel === 'default' ? undefined : runlevel, sleep, arguments: words || undefined};
	return Object.entries(given)
		.filter(([, value]) => value !== undefined)
		.map(([name]) => `Ignoring "${name}" as it is not used in "systemd"`);
}

/** Ansible's names of managers; one that is none of ours is found out, as Ansible's own `service` does. */
function addressOf({name = '', scope, use, daemon_reload, _unit_dir = ''}: ServiceArgs): UnitAddress {
	const short = use.replace(/^ansible\.(builtin|legacy)\./, '').toLowerCase();
	const manager =
		{systemd: 'systemd', systemd_service: 'systemd', openrc: 'openrc', sysvinit: 'sysvinit', process: 'process'}[short] ?? 'auto';
	return {name, scope, use: manager, directory: manager === 'process' ? _unit_dir : '', fresh: daemon_reload};
}
