import {type Become, splitWords, type Target} from '../connection/connection.js';
import {pythonStr, Secret, type Value} from '../jinja/jinja.js';
import {type Fields, toFlag} from './fields.js';
import type {ConnectionDefaults} from './run-options.js';
import {FieldError} from './task-error.js';

const transports: Readonly<Record<string, Target['transport']>> = {
	local: 'local',
	ssh: 'ssh',
	smart: 'ssh',
	paramiko: 'ssh',
	paramiko_ssh: 'ssh',
	docker: 'docker',
	docker_api: 'docker',
	podman: 'podman',
	nspawn: 'nspawn',
};

/** Playbill's own variable `playbill_transport`: who speaks ssh. */
const sshClients: Readonly<Record<string, NonNullable<Target['sshClient']>>> = {library: 'library', openssh: 'openssh'};

/** The names of the variables that ways to hosts are made of, and of a few others. */
export const connectionVariables =
	/^(?:ansible_(?:become|connection|doas|docker|host|local|nspawn|password|podman|port|private_key|shell_executable|ssh|su|timeout|user)|playbill_transport)/;

/** The evaluated value of a variable of a host. */
type Ask = (name: string) => Value | undefined;

/** The keywords that a way to a host is made of. */
export const connectionKeywords = [
	'connection',
	'remote_user',
	'port',
	'become',
	'become_method',
	'become_user',
	'become_flags',
	'become_exe',
] as const;

/** How a host is reached, by its variables (which win), the task's keywords and the run's defaults. Throws `FieldError`. */
export function targetOf(name: string, ask: Ask, fields: Fields, defaults: ConnectionDefaults): Target {
	const variable = (...names: string[]) => text(ask, names);
	const wanted = variable('ansible_connection') ?? fields.text('connection') ?? defaults.transport;
	const transport =
		transports[wanted.replace(/^(ansible\.(builtin|legacy|netcommon)|community\.docker|containers\.podman)\./, '')];
	if (!transport) throw new FieldError(`the connection plugin '${wanted}' was not found`);
	const client = transport === 'ssh' ? variable('playbill_transport') : undefined;
	if (client !== undefined && !sshClients[client])
		throw new FieldError(`playbill_transport is ${Object.keys(sshClients).join(' or ')}, not '${client}'`);
	const port = variable('ansible_port', 'ansible_ssh_port') ?? fields.text('port') ?? defaults.port;
	const timeout = Number(variable('ansible_timeout', 'ansible_ssh_timeout') ?? defaults.timeout);
	const checking = variable('ansible_host_key_checking', 'ansible_ssh_host_key_checking');
	return {
		name,
		transport,
		address: variable('ansible_host', `ansible_${transport}_host`) ?? name,
		...(port === undefined ? {} : {port: Number(port)}),
		user: variable('ansible_user', `ansible_${transport}_user`) ?? fields.text('remote_user') ?? defaults.remoteUser,
		password: variable('ansible_password', 'ansible_ssh_pass', 'ansible_ssh_password') ?? defaults.password,
		privateKeyFile: variable('ansible_private_key_file', 'ansible_ssh_private_key_file') ?? defaults.privateKeyFile,
		passphrase: variable('ansible_private_key_passphrase', 'ansible_ssh_private_key_passphrase'),
		...(client === undefined ? {} : {sshClient: sshClients[client]}),
		program: transport === 'local' ? undefined : variable(`ansible_${transport}_executable`),
		...(transport === 'ssh' ? {} : {programArgs: splitWords(variable(`ansible_${transport}_extra_args`) ?? '')}),
		sshArgs: splitWords(variable('ansible_ssh_args') ?? defaults.sshArgs ?? ''),
		sshLateArgs: [
			variable('ansible_ssh_common_args') ?? defaults.sshCommonArgs,
			variable('ansible_ssh_extra_args') ?? defaults.sshExtraArgs,
		].flatMap((line) => splitWords(line ?? '')),
		hostKeyChecking: checking === undefined ? defaults.hostKeyChecking : toFlag(checking) === true,
		connectTimeout: timeout * 1000,
		retries: Number(variable('ansible_ssh_retries') ?? defaults.sshRetries),
		shellExecutable: variable('ansible_shell_executable') ?? defaults.shellExecutable,
	};
}

/**
 * The user a task becomes, or undefined when it stays who it is, as it does where it would become the one who has logged in: root needs no
 * sudo to be root. Throws `FieldError`.
 */
export function becomeOf(ask: Ask, fields: Fields, defaults: ConnectionDefaults, target: Target): Become | undefined {
	const become = becomeAsked(ask, fields, defaults);
	return become?.user === loginUser(target, defaults) && !defaults.becomeSameUser ? undefined : become;
}

/** Who a connection logs in as, as far as that is said. */
function loginUser({transport, user}: Target, {localUser}: ConnectionDefaults): string | undefined {
	if (transport === 'local') return localUser;
	return transport === 'nspawn' ? 'root' : user;
}

function becomeAsked(ask: Ask, fields: Fields, defaults: ConnectionDefaults): Become | undefined {
	const variable = (...names: string[]) => text(ask, names);
	const wanted = variable('ansible_become');
	const become = wanted === undefined ? (fields.flag('become') ?? defaults.become) : toFlag(wanted) === true;
	if (!become) return undefined;
	const method = (variable('ansible_become_method') ?? fields.text('become_method') ?? defaults.becomeMethod).replace(
		/^(ansible|community)\.\w+\./,
		'',
	);
	if (method !== 'sudo' && method !== 'su' && method !== 'doas')
		throw new FieldError(
			`Invalid become method specified, could not find matching plugin: '${method}'. Playbill does sudo, su and doas.`,
		);
	const program = defaults.becomePrograms[method];
	return {
		method,
		user:
			variable('ansible_become_user', `ansible_${method}_user`) ??
			fields.text('become_user') ??
			program?.user ??
			defaults.becomeUser,
		flags: variable('ansible_become_flags', `ansible_${method}_flags`) ?? fields.text('become_flags') ?? program?.flags,
		exe: variable('ansible_become_exe', `ansible_${method}_exe`) ?? fields.text('become_exe') ?? program?.exe,
		password:
			variable('ansible_become_password', 'ansible_become_pass', `ansible_${method}_pass`, `ansible_${method}_password`) ??
			defaults.becomePassword ??
			program?.password,
	};
}

function text(ask: Ask, names: readonly string[]): string | undefined {
	for (const name of names) {
		const value = ask(name);
		if (value === undefined || value === null) continue;
		return value instanceof Secret ? value.text : pythonStr(value);
	}
	return undefined;
}
