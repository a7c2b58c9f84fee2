import {Dict, pythonStr, type Value} from '../jinja/jinja.js';
import {defineAction, ModuleFailure, type Result} from './contract.js';

export default defineAction<Readonly<Record<string, unknown>>>({
	name: 'add_host',
	summary: 'Add a host, with groups and variables, for the rest of the run.',
	args: {
		name: {type: 'raw', aliases: ['hostname'], description: 'The host’s name, with `:PORT` where it has one of its own.'},
		groups: {type: 'raw', aliases: ['groupname'], description: 'The groups it shall be in, as a list or with commas.'},
	},
	freeForm: '_raw_params',
	anyArguments: true,
	inCheckMode: 'run',
	needsHost: false,
	concernsOthers: true,
	oncePerBatch: true,
	act({name, groups, _raw_params: _, ...others}) {
		const given = (name ?? others['host']) as Value | undefined;
		if (given === undefined || given === null) throw new ModuleFailure('name, host or hostname needs to be provided');
		const [host, port] = splitPort(pythonStr(given));
		const named = groupNames((groups ?? others['group'] ?? '') as Value);
		const values = Object.entries(others).filter(([, value]) => value !== undefined) as [string, Value][];
		const variables: Result = {...Object.fromEntries(values), ...(port === undefined ? {} : {ansible_ssh_port: port})};
		return {
			result: {
				add_host: Dict.from(Object.entries({host_name: host, groups: named, host_vars: Dict.from(Object.entries(variables))})),
			},
			changed: true,
			effects: [{kind: 'add-host', name: host, groups: named, variables}],
		};
	},
});

/** `host:22`, `[::1]:22`, or a name alone. */
function splitPort(name: string): [host: string, port: number | undefined] {
	const [, bracketed, plain, port] = /^(?:\[([^\]]+)\]|([^:]+)):(\d+)$/.exec(name) ?? [];
	return port === undefined ? [name.replace(/^\[(.*)\]$/, '$1'), undefined] : [(bracketed ?? plain)!, Number(port)];
}

function groupNames(groups: Value): string[] {
	if (groups === null || groups === '') return [];
	if (typeof groups !== 'string' && !Array.isArray(groups)) throw new ModuleFailure('Groups must be specified as a list.');
	const names = Array.isArray(groups) ? groups.map((group: Value) => pythonStr(group)) : (groups as string).split(',');
	return [...new Set(names.map((name) => name.trim()))];
}
