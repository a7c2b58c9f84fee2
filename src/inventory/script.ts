import {spawnSync} from 'node:child_process';
import {type MapNode, type Node, parseYaml, type Report, SourceFile} from '../source/source.js';
import {GroupFault, type Inventory} from './hosts-and-groups.js';
import {SourceFault} from './source-fault.js';

/** How inventory scripts are run. */
export interface ScriptOptions {
	readonly environment?: NodeJS.ProcessEnv | undefined;
	readonly report: Report;
}

/**
 * Reads what an executable prints for `--list` (JSON: groups with `hosts`, `children`, `vars`; `_meta.hostvars`) into `inventory`, by the rules
 * of Ansible's plugins/inventory/script.py; without `_meta` it is asked for each host with `--host`. Throws `SourceFault`.
 */
export function readScript(path: string, source: string, inventory: Inventory, options: ScriptOptions): void {
	const root = runForJson(path, ['--list'], options);
	if (root?.kind !== 'map') throw new SourceFault('Inventory script result could not be parsed as JSON.', root?.span);
	const hosts = new Set<string>();
	let hostvars: MapNode | undefined;
	for (const {key, value} of root.entries) {
		if (key.text !== '_meta') {
			readGroup(key.text, value, source, inventory, hosts);
			continue;
		}
		const entry = value.kind === 'map' ? value.entries.find((one) => one.key.text === 'hostvars')?.value : undefined;
		if (entry?.kind !== 'map') throw new SourceFault("Value contains '_meta.hostvars' which is not a 'dict'.", value.span);
		hostvars = entry;
	}
	const known = new Map(hostvars?.entries.map(({key, value}) => [key.text, value]));
	for (const name of hosts) {
		const variables = hostvars ? known.get(name) : runForJson(path, ['--host', name], options);
		if (variables?.kind !== 'map') continue;
		const host = inventory.addHost(name, {file: source});
		for (const {key, value} of variables.entries) host.setVariable({name: key.text, node: value, span: value.span});
	}
}

function readGroup(name: string, content: Node, source: string, inventory: Inventory, hosts: Set<string>): void {
	const group = inventory.addGroup(name);
	const parts =
		content.kind === 'map' ? new Map(content.entries.map(({key, value}) => [key.text, value])) : new Map([['hosts', content]]);
	const known = ['hosts', 'vars', 'children'].some((part) => parts.has(part));
	const addHost = (host: string) => {
		hosts.add(host);
		inventory.addHost(host, {group, file: source});
	};
	// An old form: a group that is a mapping of variables is a host of that name.
	if (!known) addHost(name);
	const variables = known ? parts.get('vars') : content;
	const listed = parts.get('hosts');
	if (listed && listed.kind !== 'seq')
		throw new SourceFault(`Value contains '${name}.hosts' which is not a 'list'.`, listed.span);
	for (const item of listed?.items ?? []) if (item.kind === 'scalar') addHost(item.text);
	if (variables && variables.kind !== 'map')
		throw new SourceFault(`Value contains '${name}.vars' which is not a 'dict'.`, variables.span);
	for (const {key, value} of variables?.entries ?? []) {
		const variable = {name: key.text, node: value, span: value.span};
		if (known) group.setVariable(variable);
		else inventory.addHost(name).setVariable(variable);
	}
	const children = parts.get('children');
	if (children?.kind !== 'seq') return;
	for (const child of children.items) {
		if (child.kind !== 'scalar') continue;
		try {
			inventory.addChild(group, inventory.addGroup(child.text));
		} catch (error) {
			if (error instanceof GroupFault) throw new SourceFault(error.message, child.span);
			throw error;
		}
	}
}

/** The output of a script as nodes whose places are in that output; undefined when it prints nothing for `--host`. */
function runForJson(path: string, args: string[], {environment, report}: ScriptOptions): Node | undefined {
	const result = spawnSync(path, args, {
		encoding: 'utf8',
		maxBuffer: 1024 * 1024 * 1024,
		...(environment ? {env: environment} : {}),
	});
	const command = [path, ...args].join(' ');
	if (result.error)
		throw new SourceFault(`Failed to execute inventory script command '${command}'.`, undefined, result.error.message);
	const stderr = result.stderr.trim();
	if (result.status !== 0) {
		const help = stderr === '' ? undefined : `it said: ${stderr}`;
		throw new SourceFault(`Inventory script returned non-zero exit code ${result.status}.`, undefined, help);
	}
	if (result.stdout.trim() === '' && args[0] === '--host') return undefined;
	try {
		JSON.parse(result.stdout);
	} catch (error) {
		const why = error instanceof Error ? error.message : '';
		throw new SourceFault(
			'Inventory script result could not be parsed as JSON.',
			undefined,
			stderr === '' ? why : `it said: ${stderr}`,
		);
	}
	return parseYaml(new SourceFile(`<output of ${command}>`, result.stdout), report);
}
