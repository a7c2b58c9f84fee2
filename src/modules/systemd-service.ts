import {defineModule, ModuleFailure, type Step} from './contract.js';
import {type UnitAddress, type UnitState, unitRead} from './kinds/unit.js';
import {unitArguments} from './kinds/unit-args.js';
import {planUnit, reportUnit, type UnitWish} from './kinds/unit-plan.js';
import {reloadSystemd, unitSteps} from './kinds/unit-steps.js';

export interface SystemdArgs extends Record<string, unknown> {
	readonly name?: string;
	readonly state?: UnitWish['state'];
	readonly enabled?: boolean;
	readonly force?: boolean;
	readonly masked?: boolean;
	readonly daemon_reload: boolean;
	readonly daemon_reexec: boolean;
	readonly scope: string;
	readonly no_block: boolean;
	readonly _unit_dir?: string;
}

export default defineModule<SystemdArgs, {unit: UnitState}>({
	name: 'systemd_service',
	aliases: ['systemd'],
	summary: 'Start, stop, enable, mask and reload units of systemd.',
	args: {
		name: {type: 'str', aliases: ['service', 'unit'], description: 'The unit; without a suffix a service is meant.'},
		state: {
			type: 'str',
			choices: ['reloaded', 'restarted', 'started', 'stopped'],
			description: 'Whether it runs; `restarted` always bounces it, `reloaded` starts it when it does not run.',
		},
		enabled: {type: 'bool', description: 'Whether it starts at boot.'},
		...unitArguments,
	},
	rules: {
		requiredOneOf: [['state', 'enabled', 'masked', 'daemon_reload', 'daemon_reexec']],
		requiredBy: {state: ['name'], enabled: ['name'], masked: ['name']},
	},
	unmodelled: true,
	inspect: (args) => (args.name === undefined ? ({} as {unit: never}) : {unit: unitRead(addressOf(args))}),
	prelude: (args, {unit}) => reloadSteps(args, unit),
	plan: (args, {unit}) => (args.name === undefined ? {after: {} as {unit: UnitState}} : planUnit(wishOf(args), unit)),
	apply: (args, change) => unitSteps(addressOf(args), change, {noBlock: args.no_block, force: args.force}),
	report: (args, {before}) =>
		args.name === undefined ? {name: null, status: reportUnit({name: ''}, {})['status']!} : reportUnit(wishOf(args), before.unit),
});

function addressOf({name = '', scope, daemon_reload, _unit_dir = ''}: SystemdArgs): UnitAddress {
	return {name, scope, directory: _unit_dir, use: _unit_dir ? 'process' : 'systemd', fresh: daemon_reload};
}

function wishOf({name = '', state, enabled, masked}: SystemdArgs): UnitWish {
	if (/[*?[]/.test(name)) {
		const pattern = ['*', '?', '['].find((sign) => name.includes(sign));
		throw new ModuleFailure(
			`This module does not currently support using glob patterns, found '${pattern}' in service name: ${name}`,
		);
	}
	return {name, state, enabled, masked};
}

/**
 * `daemon-reload` before the unit is read. Where a unit is named and systemd says that it has read all unit files as they stand, there is
 * nothing to do and the task stays one round trip.
 */
export function reloadSteps(
	args: Pick<SystemdArgs, 'daemon_reload' | 'daemon_reexec' | 'scope'>,
	unit: UnitState | undefined,
): Step[] {
	if (unit && unit.manager !== 'systemd') return [];
	const verbs = [
		...(args.daemon_reload && (!unit || unit.stale || unit.properties?.['ActiveState'] === undefined) ? ['daemon-reload'] : []),
		...(args.daemon_reexec ? ['daemon-reexec'] : []),
	];
	return verbs.map((verb) => ({
		script: reloadSystemd,
		args: [verb, args.scope],
		parse({status, stdout, stderr}) {
			if (status !== 0 && !stdout.toString().startsWith('offline')) {
				throw new ModuleFailure(`failure ${status} during ${verb}: ${stderr.toString()}`);
			}
		},
	}));
}
