import {accessSync, constants, readFileSync, statSync} from 'node:fs';
import {dirname, isAbsolute, join, resolve} from 'node:path';
import {type Diagnostic, didYouMean, SourceFile, type Span} from '../source/source.js';

/** What ansible.cfg and `ANSIBLE_*` may say here, with Ansible's defaults. */
export interface Config {
	readonly file: string | undefined;
	readonly settings: Readonly<Record<SettingName, string | undefined>>;
}

type Kind = 'text' | 'path' | 'paths' | 'pathlist' | 'bool' | 'int' | 'list';

interface Setting {
	readonly section: string;
	readonly key: string;
	readonly environment: readonly string[];
	readonly kind: Kind;
}

function setting(section: string, key: string, kind: Kind, ...environment: string[]): Setting {
	return {section, key, kind, environment};
}

/** Every setting that is read, and where it may be written (ansible-core's base.yml). */
export const settings = {
	inventory: setting('defaults', 'inventory', 'pathlist', 'ANSIBLE_INVENTORY'),
	rolesPath: setting('defaults', 'roles_path', 'paths', 'ANSIBLE_ROLES_PATH'),
	remoteUser: setting('defaults', 'remote_user', 'text', 'ANSIBLE_REMOTE_USER'),
	privateKeyFile: setting('defaults', 'private_key_file', 'path', 'ANSIBLE_PRIVATE_KEY_FILE'),
	hostKeyChecking: setting('defaults', 'host_key_checking', 'bool', 'ANSIBLE_HOST_KEY_CHECKING', 'ANSIBLE_SSH_HOST_KEY_CHECKING'),
	forks: setting('defaults', 'forks', 'int', 'ANSIBLE_FORKS'),
	timeout: setting('defaults', 'timeout', 'int', 'ANSIBLE_TIMEOUT'),
	taskTimeout: setting('defaults', 'task_timeout', 'int', 'ANSIBLE_TASK_TIMEOUT'),
	gathering: setting('defaults', 'gathering', 'text', 'ANSIBLE_GATHERING'),
	gatherSubset: setting('defaults', 'gather_subset', 'list', 'ANSIBLE_GATHER_SUBSET'),
	callback: setting('defaults', 'stdout_callback', 'text', 'ANSIBLE_STDOUT_CALLBACK'),
	callbacksEnabled: setting('defaults', 'callbacks_enabled', 'list', 'ANSIBLE_CALLBACKS_ENABLED', 'ANSIBLE_CALLBACK_WHITELIST'),
	resultFormat: setting('defaults', 'callback_result_format', 'text', 'ANSIBLE_CALLBACK_RESULT_FORMAT'),
	displaySkipped: setting('defaults', 'display_skipped_hosts', 'bool', 'ANSIBLE_DISPLAY_SKIPPED_HOSTS', 'DISPLAY_SKIPPED_HOSTS'),
	displayOk: setting('defaults', 'display_ok_hosts', 'bool', 'ANSIBLE_DISPLAY_OK_HOSTS'),
	failedStderr: setting('defaults', 'display_failed_stderr', 'bool', 'ANSIBLE_DISPLAY_FAILED_STDERR'),
	checkMarkers: setting('defaults', 'check_mode_markers', 'bool', 'ANSIBLE_CHECK_MODE_MARKERS'),
	vaultPasswordFile: setting('defaults', 'vault_password_file', 'path', 'ANSIBLE_VAULT_PASSWORD_FILE'),
	vaultIdentityList: setting('defaults', 'vault_identity_list', 'list', 'ANSIBLE_VAULT_IDENTITY_LIST'),
	vaultIdMatch: setting('defaults', 'vault_id_match', 'bool', 'ANSIBLE_VAULT_ID_MATCH'),
	logPath: setting('defaults', 'log_path', 'path', 'ANSIBLE_LOG_PATH'),
	retryFiles: setting('defaults', 'retry_files_enabled', 'bool', 'ANSIBLE_RETRY_FILES_ENABLED'),
	retryFolder: setting('defaults', 'retry_files_save_path', 'path', 'ANSIBLE_RETRY_FILES_SAVE_PATH'),
	forceHandlers: setting('defaults', 'force_handlers', 'bool', 'ANSIBLE_FORCE_HANDLERS'),
	strategy: setting('defaults', 'strategy', 'text', 'ANSIBLE_STRATEGY'),
	hashBehaviour: setting('defaults', 'hash_behaviour', 'text', 'ANSIBLE_HASH_BEHAVIOUR'),
	deprecationWarnings: setting('defaults', 'deprecation_warnings', 'bool', 'ANSIBLE_DEPRECATION_WARNINGS'),
	anyErrorsFatal: setting('defaults', 'any_errors_fatal', 'bool', 'ANSIBLE_ANY_ERRORS_FATAL'),
	injectFacts: setting('defaults', 'inject_facts_as_vars', 'bool', 'ANSIBLE_INJECT_FACT_VARS'),
	ansibleManaged: setting('defaults', 'ansible_managed', 'text', 'ANSIBLE_MANAGED_STR'),
	executable: setting('defaults', 'executable', 'path', 'ANSIBLE_EXECUTABLE'),
	noLog: setting('defaults', 'no_log', 'bool', 'ANSIBLE_NO_LOG'),
	verbosity: setting('defaults', 'verbosity', 'int', 'ANSIBLE_VERBOSITY'),
	transport: setting('defaults', 'transport', 'text', 'ANSIBLE_TRANSPORT'),
	become: setting('privilege_escalation', 'become', 'bool', 'ANSIBLE_BECOME'),
	becomeMethod: setting('privilege_escalation', 'become_method', 'text', 'ANSIBLE_BECOME_METHOD'),
	becomeUser: setting('privilege_escalation', 'become_user', 'text', 'ANSIBLE_BECOME_USER'),
	becomeAskPass: setting('privilege_escalation', 'become_ask_pass', 'bool', 'ANSIBLE_BECOME_ASK_PASS'),
	sshArgs: setting('ssh_connection', 'ssh_args', 'text', 'ANSIBLE_SSH_ARGS'),
	sshCommonArgs: setting('ssh_connection', 'ssh_common_args', 'text', 'ANSIBLE_SSH_COMMON_ARGS'),
	sshExtraArgs: setting('ssh_connection', 'ssh_extra_args', 'text', 'ANSIBLE_SSH_EXTRA_ARGS'),
	diffAlways: setting('diff', 'always', 'bool', 'ANSIBLE_DIFF_ALWAYS'),
	diffContext: setting('diff', 'context', 'int', 'ANSIBLE_DIFF_CONTEXT'),
	runTags: setting('tags', 'run', 'list', 'ANSIBLE_RUN_TAGS'),
	skipTags: setting('tags', 'skip', 'list', 'ANSIBLE_SKIP_TAGS'),
	unparsedIsFailed: setting('inventory', 'unparsed_is_failed', 'bool', 'ANSIBLE_INVENTORY_UNPARSED_FAILED'),
} satisfies Record<string, Setting>;

export type SettingName = keyof typeof settings;

/** Settings that steer how Ansible does its work and mean nothing where there is no Python and no multiplexing ssh. */
export const meaningless: ReadonlySet<string> = new Set([
	'collections_path',
	'collections_paths',
	'fact_caching',
	'fact_caching_connection',
	'fact_caching_timeout',
	'nocows',
	'cow_selection',
	'interpreter_python',
	'local_tmp',
	'remote_tmp',
	'pipelining',
	'control_path',
	'control_path_dir',
	'transfer_method',
	'retries',
	'ssh_transfer_method',
	'enable_plugins',
	'ignore_extensions',
	'jinja2_native',
	'error_on_undefined_vars',
	'module_name',
	'command_warnings',
	'system_warnings',
	'localhost_warning',
	'nocolor',
	'force_color',
	'library',
	'module_utils',
	'use_persistent_connections',
	'poll_interval',
	'internal_poll_interval',
	'bin_ansible_callbacks',
	'allow_world_readable_tmpfiles',
	'show_custom_stats',
	'server_list',
	'scp_if_ssh',
	'sftp_batch_mode',
	'stdout_callback_plugins',
	'callback_plugins',
	'display_args_to_stdout',
	'devel_warning',
]);

/** Settings whose place is folders of Python plugins: they are refused when they name something. */
const foreign = new Set([
	'filter_plugins',
	'lookup_plugins',
	'action_plugins',
	'strategy_plugins',
	'vars_plugins',
	'test_plugins',
	'connection_plugins',
	'inventory_plugins',
]);

/** Finds ansible.cfg as Ansible does and reads it with the environment laid over it. */
export function readConfig(environment: NodeJS.ProcessEnv, cwd: string, report: (diagnostic: Diagnostic) => void): Config {
	const file = findConfig(environment, cwd, report);
	const written: ReadonlyMap<string, Written> = file ? readIni(file, report) : new Map();
	const base = file ? dirname(file) : cwd;
	const values: Record<string, string | undefined> = {};
	for (const [name, {section, key, environment: names, kind}] of Object.entries(settings) as [SettingName, Setting][]) {
		const variable = names.find((one) => environment[one] !== undefined && environment[one] !== '');
		const entry = written.get(`${section}.${key}`);
		const text = variable ? environment[variable] : entry?.text;
		if (text === undefined) continue;
		const value = normalize(text, kind, variable ? cwd : base, environment);
		const wrong = misfit(name, kind, value);
		if (wrong === undefined) values[name] = value;
		else report(wrongValue(variable ?? `${key}`, variable ? undefined : entry?.span, value, wrong));
	}
	if (environment['NO_COLOR'] === undefined && environment['ANSIBLE_NOCOLOR']) values['nocolor'] = environment['ANSIBLE_NOCOLOR'];
	return {file, settings: values as Config['settings']};
}

function findConfig(environment: NodeJS.ProcessEnv, cwd: string, report: (diagnostic: Diagnostic) => void): string | undefined {
	const named = environment['ANSIBLE_CONFIG'];
	if (named) {
		const path = isFolder(named) ? join(named, 'ansible.cfg') : named;
		if (isReadable(path)) return resolve(cwd, path);
	}
	const here = join(cwd, 'ansible.cfg');
	if (isReadable(here)) {
		if ((statSync(cwd).mode & 0o002) === 0 || named) return here;
		report({
			severity: 'warning',
			code: 'config/value',
			message: `${cwd} is writable by everyone, so its ansible.cfg is not read`,
			labels: [],
			ansible: `Ansible is being run in a world writable directory (${cwd}), ignoring it as an ansible.cfg source.`,
		});
	}
	return [join(environment['HOME'] ?? '/', '.ansible.cfg'), '/etc/ansible/ansible.cfg'].find(isReadable);
}

/** What a setting must be, when its value is not that. */
function misfit(name: SettingName, kind: Kind, value: string): string | undefined {
	if (kind === 'bool') return isBoolean.test(value) ? undefined : 'true or false';
	if (kind === 'int') return /^\d+$/.test(value) && (name !== 'forks' || Number(value) > 0) ? undefined : 'a whole number';
	const choices = choicesOf[name];
	return choices && !choices.includes(value) ? `one of ${choices.join(', ')}` : undefined;
}

const isBoolean = /^(true|yes|on|y|t|1|1\.0|false|no|off|n|f|0|0\.0|)$/i;

/** Settings with few values, of which none may be taken for another. */
const choicesOf: Partial<Readonly<Record<SettingName, readonly string[]>>> = {
	gathering: ['implicit', 'explicit', 'smart'],
	resultFormat: ['json', 'yaml'],
	hashBehaviour: ['replace'],
	strategy: ['linear', 'free', 'ansible.builtin.linear', 'ansible.builtin.free'],
	becomeMethod: ['sudo', 'su', 'doas', 'ansible.builtin.sudo', 'ansible.builtin.su'],
};

function wrongValue(name: string, span: Span | undefined, value: string, wrong: string): Diagnostic {
	return {
		severity: 'error',
		code: 'config/value',
		message: `the setting \`${name}\` must be ${wrong}, not \`${value}\``,
		labels: span ? [{span}] : [],
		...(span ? {} : {notes: ['it comes from the environment']}),
	};
}

/** A setting in ansible.cfg: its text and where that stands. */
interface Written {
	readonly text: string;
	readonly span: Span;
}

function readIni(path: string, report: (diagnostic: Diagnostic) => void): Map<string, Written> {
	const file = new SourceFile(path, readFileSync(path, 'utf8'));
	const values = new Map<string, Written>();
	let section = '';
	let last: string | undefined;
	let offset = 0;
	for (const raw of file.text.split('\n')) {
		const line = raw.replace(/\s[;].*$/, '').trimEnd();
		const header = /^\[([^\]]+)\]/.exec(line);
		const pair = /^([A-Za-z_][\w.]*)\s*[=:]\s*(.*)$/.exec(line);
		if (header) section = header[1]!;
		else if (/^\s+\S/.test(line) && last) {
			const before = values.get(last)!;
			values.set(last, {...before, text: `${before.text}\n${line.trim()}`});
		} else if (pair) {
			last = `${section}.${pair[1]}`;
			const start = offset + line.length - pair[2]!.length;
			values.set(last, {text: pair[2]!, span: {file, start, end: start + pair[2]!.length}});
			checkName(section, pair[1]!, {file, start: offset, end: offset + pair[1]!.length}, report);
		}
		if (!/^\s/.test(raw) && !pair) last = undefined;
		offset += raw.length + 1;
	}
	return values;
}

function checkName(section: string, key: string, span: Span, report: (diagnostic: Diagnostic) => void): void {
	const known = Object.values(settings).filter((one) => one.section === section);
	if (
		meaningless.has(key) ||
		section === 'playbill' ||
		section === 'galaxy' ||
		section === 'colors' ||
		known.some((one) => one.key === key)
	)
		return;
	report({
		severity: 'warning',
		code: 'config/unknown',
		message: foreign.has(key)
			? `\`${key}\`: Python plugins cannot be loaded`
			: `the setting \`${key}\` in [${section}] has no meaning here`,
		labels: [
			{
				span,
				text: didYouMean(
					key,
					known.map((one) => one.key),
				),
			},
		],
	});
}

function normalize(text: string, kind: Kind, base: string, environment: NodeJS.ProcessEnv): string {
	const path = (one: string) => {
		const expanded = one.trim().replace(/^~(?=\/|$)/, environment['HOME'] ?? '~');
		return isAbsolute(expanded) ? expanded : join(base, expanded);
	};
	const unquoted = text.trim().replace(/^(["'])(.*)\1$/, '$2');
	if (kind === 'path') return path(unquoted);
	if (kind === 'paths') return unquoted.split(':').filter(Boolean).map(path).join(':');
	if (kind === 'pathlist')
		return unquoted.includes(',') && unquoted.endsWith(',') ? unquoted : unquoted.split(',').filter(Boolean).map(path).join(',');
	return unquoted;
}

/** A boolean setting, with its default. */
export function isOn(config: Config, name: SettingName, fallback: boolean): boolean {
	const text = config.settings[name]?.toLowerCase();
	return text === undefined ? fallback : ['1', 'true', 'yes', 'on', 'y', 't'].includes(text);
}

function isReadable(path: string): boolean {
	try {
		accessSync(path, constants.R_OK);
		return statSync(path).isFile();
	} catch {
		return false;
	}
}

function isFolder(path: string): boolean {
	try {
		return statSync(path).isDirectory();
	} catch {
		return false;
	}
}
