import {Dict} from '../../jinja/jinja.js';
import {ModuleFailure, type Plan, type Result} from '../contract.js';
import type {UnitState} from './unit.js';

/** What a task may want of a unit; what it leaves out stays as it is. */
export interface UnitWish {
	readonly name: string;
	readonly state?: 'started' | 'stopped' | 'restarted' | 'reloaded';
	readonly enabled?: boolean;
	readonly masked?: boolean;
}

/** The state that a unit shall have, by the rules of Ansible's `systemd_service`: masking needs no unit, everything else does. */
export function planUnit({name, state, enabled, masked}: UnitWish, before: UnitState): Plan<{unit: UnitState}> {
	const {LoadError: fault} = before.properties ?? {};
	if (before.exists && !before.masked && fault) throw new ModuleFailure(`Error loading unit file '${name}': ${fault}`);
	if ((enabled !== undefined || state !== undefined) && !before.exists) {
		throw new ModuleFailure(`Could not find the requested service ${name}: host`);
	}
	const offline = state !== undefined && before.manager === 'systemd' && before.properties?.['ActiveState'] === undefined;
	const running = before.active === 'yes';
	const bounce = state === 'restarted' || state === 'reloaded';
	const active = state === undefined || offline ? undefined : state === 'stopped' ? 'no' : 'yes';
	return {
		after: {
			unit: {
				...before,
				...(enabled === undefined ? {} : {enabled}),
				...(masked === undefined ? {} : {masked}),
				...(active === undefined ? {} : {active}),
			},
		},
		impulses: bounce && running && !offline ? [state] : [],
		warnings: [
			...(before.initScript && before.manager === 'systemd' && before.properties?.['LoadState'] === 'not-found'
				? [`The service (${name}) is actually an init script but the system is managed by systemd`]
				: []),
			...(offline
				? [
						'Target is a chroot or systemd is offline. This can lead to false positives or prevent the init system tools from working.',
					]
				: []),
		],
	};
}

/** The return values that Ansible gives. `status` is what `systemctl show` told before. */
export function reportUnit({name, state, enabled}: UnitWish, before: UnitState): Result {
	return {
		name,
		status: Dict.from(Object.entries(before.properties ?? {})),
		...(enabled === undefined ? {} : {enabled}),
		...(state === undefined ? {} : {state: state === 'stopped' ? 'stopped' : 'started'}),
	};
}
