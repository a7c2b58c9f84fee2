import type {Value} from '../jinja/jinja.js';
import type {Config} from './config.js';

/** Where roles lie: as ansible.cfg says, or in Ansible's own places. */
export function rolesPathOf({settings}: Config): string[] {
	const home = process.env['HOME'] ?? '';
	const places = settings.rolesPath ?? `${home}/.ansible/roles:/usr/share/ansible/roles:/etc/ansible/roles`;
	return places.split(':').filter(Boolean);
}

/** A setting of ansible.cfg as the lookup `config` names it (`DEFAULT_FORKS`). */
export function settingOf(config: Config, name: string): Value | undefined {
	const values: Record<string, Value> = {
		DEFAULT_FORKS: Number(config.settings.forks ?? 5),
		DEFAULT_REMOTE_USER: config.settings.remoteUser ?? null,
		DEFAULT_ROLES_PATH: rolesPathOf(config),
	};
	return values[name];
}
