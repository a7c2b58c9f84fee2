import type {Target} from '../connection/connection.js';
import type {Value} from '../jinja/jinja.js';
import type {Fallback, TaskScope} from '../vars/vars.js';

/** The variables that a task has of its connection where nothing else gives them a value (`MAGIC_VARIABLE_MAPPING` of ansible/constants.py). */
const values: Readonly<Record<string, (target: Target) => Value | undefined>> = {
	ansible_host: ({address}) => address,
	ansible_ssh_host: ({address}) => address,
	ansible_user: ({user}) => user,
	ansible_ssh_user: ({user}) => user,
	ansible_port: ({port}) => port,
	ansible_ssh_port: ({port}) => port,
	ansible_connection: ({transport}) => transport,
	ansible_timeout: ({connectTimeout}) => connectTimeout / 1000,
	ansible_ssh_timeout: ({connectTimeout}) => connectTimeout / 1000,
	ansible_private_key_file: ({privateKeyFile}) => privateKeyFile,
	ansible_ssh_private_key_file: ({privateKeyFile}) => privateKeyFile,
	ansible_shell_executable: ({shellExecutable}) => shellExecutable ?? '/bin/sh',
};

/** They are found by the way to the host that the task acts on, which may not ask for them in its turn. */
export function connectionVariablesOf(targetFor: (scope: TaskScope) => Target): Fallback {
	let asking = false;
	return (name, scope) => {
		const read = Object.hasOwn(values, name) ? values[name] : undefined;
		if (!read || asking) return undefined;
		asking = true;
		try {
			return read(targetFor(scope));
		} catch {
			// What is wrong with the way is told when it is taken.
			return undefined;
		} finally {
			asking = false;
		}
	};
}
