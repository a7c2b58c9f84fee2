import {suggest} from '../source/source.js';
import {collectionModules} from './collection-names.js';

/** Why a name is no module here. */
export interface Refusal {
	/** `unsupported`: Ansible has it and Playbill does not; `unknown`: nobody has it. */
	readonly unsupported: 'unsupported' | 'unknown';
	/** In our words, without a full stop. */
	readonly message: string;
	/** Ansible's sentence for a name that cannot be resolved. */
	readonly ansible: string;
	readonly help?: string;
	/** Names that would have been right, nearest first. */
	readonly nearest: readonly string[];
}

/** Modules of ansible-core that Playbill lacks. */
export const lackingBuiltins: readonly string[] =
	'apt_key apt_repository assemble async_status async_wrapper cron deb822_repository debconf dnf5 dpkg_selections expect gather_facts getent git hostname iptables known_hosts mount_facts package_facts pip rpm_key service_facts set_stats subversion sysvinit yum_repository'.split(
		' ',
	);

/** What ansible-core's playbook language has under the name of a module. */
const keywords = 'import_playbook import_role import_tasks include_role include_tasks'.split(' ');

let routes: Map<string, string> | undefined;

/** The full name that ansible-core redirects a short name to. */
function routeOf(name: string): string | undefined {
	routes ??= new Map(
		collectionModules
			.trim()
			.split('\n')
			.flatMap((line) => {
				const [collection, names] = line.split(': ') as [string, string];
				return names.split(' ').map((entry): [string, string] => {
					const [old, current = old] = entry.split('>') as [string, string?];
					return [old, `${collection}.${current}`];
				});
			}),
	);
	return routes.get(name);
}

/** Says why a name is no module of Playbill's. `offered` are the names that are. */
export function refuseModule(name: string, offered: readonly string[]): Refusal {
	const ansible = `couldn't resolve module/action '${name}'. This often indicates a misspelling, missing collection, or incorrect module path.`;
	const parts = name.split('.');
	const short = parts.at(-1)!;
	const collection = parts.length > 2 ? parts.slice(0, -1).join('.') : undefined;
	const isBuiltin = collection === undefined || collection === 'ansible.builtin' || collection === 'ansible.legacy';
	const refuse = (message: string, nearest: readonly string[] = []): Refusal => ({
		unsupported: 'unsupported',
		message,
		ansible,
		help: 'modules.md of the documentation lists what Playbill offers; `command` and `shell` reach the rest',
		nearest,
	});
	if (isBuiltin && lackingBuiltins.includes(short)) return refuse(`Playbill does not offer Ansible's module \`${short}\` yet`);
	if (isBuiltin && keywords.includes(short)) return refuse(`\`${short}\` stands alone in a task and cannot be used here`);
	const route = isBuiltin ? routeOf(short) : undefined;
	if (route) return refuse(`\`${name}\` is \`${route}\` of a collection, which Playbill does not offer`);
	const home = routeOf(short);
	if (!isBuiltin && home?.startsWith(`${collection}.`)) return refuse(`Playbill does not offer \`${name}\``);
	const nearest = suggest(short, [...offered, ...lackingBuiltins]);
	if (!isBuiltin) {
		const here = offered.includes(short) ? [`ansible.builtin.${short}`] : nearest;
		return refuse(`Playbill offers no module \`${name}\`: it does not load collections`, here);
	}
	return {
		unsupported: 'unknown',
		message: `there is no module \`${name}\``,
		ansible,
		nearest: nearest.length ? nearest : suggestRouted(short),
	};
}

/** Collections' names are many: they are searched only when nothing nearer is found. */
function suggestRouted(name: string): string[] {
	routeOf(name);
	const near = [...routes!.keys()].filter((one) => Math.abs(one.length - name.length) <= 2 && one[0] === name[0]);
	return suggest(name, near, 2).map((one) => routes!.get(one)!);
}
