import {execFileSync} from 'node:child_process';
import {existsSync, readdirSync} from 'node:fs';
import {join} from 'node:path';
import type {Inventory} from './lab.js';
import type {Paths} from './scenario.js';

/** A program that is measured, and how its users would run it: pipelining on, as many hosts at once as there are. */
export interface Tool {
	readonly name: string;
	readonly title: string;
	/** The command for a scenario's folder, which is the working directory. */
	command(inventory: Inventory): readonly string[];
	readonly environment?: Readonly<Record<string, string>>;
	/** It runs in the root of lab/ansible-root. */
	readonly isInRoot: boolean;
	/** How many tasks changed something, over all hosts; undefined when the run failed. */
	changes(output: string): number | undefined;
	version(): string;
}

/** Playbill, and its rivals as bench/install-rivals installs them. */
export function toolsOf(paths: Paths): readonly Tool[] {
	const rivals = join(paths.cache, 'rivals');
	const playbill = join(paths.cache, 'program/bin/playbill.js');
	const program = (rival: string, name: string) => join(rivals, rival, 'bin', name);
	const forks = ({ini, count}: Inventory) => ['-i', ini, '-f', String(count)];
	const pipelining = {ANSIBLE_PIPELINING: '1'};
	return [
		{
			name: 'playbill',
			title: 'Playbill',
			command: (inventory) => [process.execPath, playbill, 'run', ...forks(inventory), 'site.yml'],
			isInRoot: false,
			changes: recapChanges,
			version: () => say(process.execPath, playbill, '--version').replace('playbill ', ''),
		},
		{
			name: 'ansible',
			title: 'ansible-core',
			command: (inventory) => [program('ansible', 'ansible-playbook'), ...forks(inventory), 'site.yml'],
			environment: pipelining,
			isInRoot: true,
			changes: recapChanges,
			version: () => packageVersion(join(rivals, 'ansible'), 'ansible_core'),
		},
		{
			name: 'mitogen',
			title: 'ansible-core + mitogen',
			command: (inventory) => [program('mitogen', 'ansible-playbook'), ...forks(inventory), 'site.yml'],
			get environment() {
				const plugins = join(sitePackages(join(rivals, 'mitogen')), 'ansible_mitogen/plugins/strategy');
				return {...pipelining, ANSIBLE_STRATEGY: 'mitogen_linear', ANSIBLE_STRATEGY_PLUGINS: plugins};
			},
			isInRoot: true,
			changes: recapChanges,
			version: () => packageVersion(join(rivals, 'mitogen'), 'mitogen'),
		},
		{
			name: 'rs',
			title: 'ansible-core-rs',
			command: (inventory) => [program('rs', 'ansible'), 'playbook', ...forks(inventory), 'site.yml'],
			environment: pipelining,
			isInRoot: true,
			changes: recapChanges,
			version: () => packageVersion(join(rivals, 'rs'), 'ansible_core_rs'),
		},
		{
			name: 'pyinfra',
			title: 'pyinfra',
			command: ({py}) => [program('pyinfra', 'pyinfra'), '-y', py, 'deploy.py'],
			isInRoot: true,
			changes: pyinfraChanges,
			version: () => packageVersion(join(rivals, 'pyinfra'), 'pyinfra'),
		},
	];
}

/** Ansible's recap: a line a host. */
function recapChanges(output: string): number | undefined {
	const recap = [...output.matchAll(/^\S+\s*:\s*ok=\d+\s+changed=(\d+)\s+unreachable=(\d+)\s+failed=(\d+)/gm)];
	if (recap.length === 0 || recap.some(([, , unreachable, failed]) => unreachable !== '0' || failed !== '0')) return undefined;
	return recap.reduce((sum, [, changed]) => sum + Number(changed), 0);
}

/** pyinfra's last table: hosts, success, error, no change; without operations there is none. */
function pyinfraChanges(output: string): number | undefined {
	const total = /Grand total\s+(\S+)\s+(\S+)\s+(\S+)\s+(\S+)/.exec(output);
	if (!total) return /Disconnecting/.test(output) ? 0 : undefined;
	const [, , success, error] = total.map((cell) => (cell === '-' ? 0 : Number(cell)));
	return error === 0 ? success : undefined;
}

function sitePackages(environment: string): string {
	const lib = join(environment, 'lib');
	const python = existsSync(lib) ? readdirSync(lib).find((name) => name.startsWith('python')) : undefined;
	if (!python) throw new Error(`nothing is installed in ${environment}`);
	return join(lib, python, 'site-packages');
}

function packageVersion(environment: string, name: string): string {
	const found = readdirSync(sitePackages(environment)).find((one) => one.startsWith(`${name}-`) && one.endsWith('.dist-info'));
	if (!found) throw new Error(`${name} is not installed in ${environment}`);
	return found.slice(name.length + 1, -'.dist-info'.length);
}

function say(...command: readonly string[]): string {
	return execFileSync(command[0]!, command.slice(1), {encoding: 'utf8'}).trim();
}
