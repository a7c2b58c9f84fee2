/** How a setting's text is read. `pathlist` is parted by commas, `paths` by colons. */
export type Kind = 'text' | 'path' | 'paths' | 'pathlist' | 'bool' | 'int' | 'list';

export interface Setting {
	readonly section: string;
	readonly key: string;
	readonly environment: readonly string[];
	readonly kind: Kind;
	/** Other places in ansible.cfg, as `section.key`; the first that is written wins. */
	readonly also: readonly string[];
	/** The only values there are, or that Playbill has. */
	readonly choices?: readonly string[];
}

function setting(section: string, key: string, kind: Kind, ...environment: string[]): Setting {
	return {section, key, kind, environment, also: []};
}

/** A setting of a plugin of Ansible's for becoming another user. */
function becoming(method: 'sudo' | 'su', key: string, kind: Kind, environment: string): Setting {
	return setting(`${method}_become_plugin`, key, kind, environment);
}

/** Every setting that is read, and where it may be written (ansible-core's base.yml and the documentation of its plugins). */
export const settings = {
	inventory: setting('defaults', 'inventory', 'pathlist', 'ANSIBLE_INVENTORY'),
	rolesPath: setting('defaults', 'roles_path', 'paths', 'ANSIBLE_ROLES_PATH'),
	remoteUser: setting('defaults', 'remote_user', 'text', 'ANSIBLE_REMOTE_USER'),
	remotePort: setting('defaults', 'remote_port', 'int', 'ANSIBLE_REMOTE_PORT'),
	privateKeyFile: setting('defaults', 'private_key_file', 'path', 'ANSIBLE_PRIVATE_KEY_FILE'),
	hostKeyChecking: {
		...setting('defaults', 'host_key_checking', 'bool', 'ANSIBLE_HOST_KEY_CHECKING', 'ANSIBLE_SSH_HOST_KEY_CHECKING'),
		also: ['ssh_connection.host_key_checking'],
	},
	forks: setting('defaults', 'forks', 'int', 'ANSIBLE_FORKS'),
	timeout: {
		...setting('defaults', 'timeout', 'int', 'ANSIBLE_TIMEOUT', 'ANSIBLE_SSH_TIMEOUT'),
		also: ['ssh_connection.timeout'],
	},
	taskTimeout: setting('defaults', 'task_timeout', 'int', 'ANSIBLE_TASK_TIMEOUT'),
	gathering: {
		...setting('defaults', 'gathering', 'text', 'ANSIBLE_GATHERING'),
		choices: ['implicit', 'explicit', 'smart'],
	},
	callback: setting('defaults', 'stdout_callback', 'text', 'ANSIBLE_STDOUT_CALLBACK'),
	callbacksEnabled: setting('defaults', 'callbacks_enabled', 'list', 'ANSIBLE_CALLBACKS_ENABLED', 'ANSIBLE_CALLBACK_WHITELIST'),
	resultFormat: {
		...setting('defaults', 'callback_result_format', 'text', 'ANSIBLE_CALLBACK_RESULT_FORMAT'),
		choices: ['json', 'yaml'],
	},
	displaySkipped: setting('defaults', 'display_skipped_hosts', 'bool', 'ANSIBLE_DISPLAY_SKIPPED_HOSTS', 'DISPLAY_SKIPPED_HOSTS'),
	displayOk: setting('defaults', 'display_ok_hosts', 'bool', 'ANSIBLE_DISPLAY_OK_HOSTS'),
	displayIncluded: setting('defaults', 'display_included_hosts', 'bool', 'ANSIBLE_DISPLAY_INCLUDED_HOSTS'),
	failedStderr: setting('defaults', 'display_failed_stderr', 'bool', 'ANSIBLE_DISPLAY_FAILED_STDERR'),
	checkMarkers: setting('defaults', 'check_mode_markers', 'bool', 'ANSIBLE_CHECK_MODE_MARKERS'),
	noColor: setting('defaults', 'nocolor', 'bool', 'ANSIBLE_NOCOLOR'),
	forceColor: setting('defaults', 'force_color', 'bool', 'ANSIBLE_FORCE_COLOR'),
	vaultPasswordFile: setting('defaults', 'vault_password_file', 'path', 'ANSIBLE_VAULT_PASSWORD_FILE'),
	vaultIdentity: setting('defaults', 'vault_identity', 'text', 'ANSIBLE_VAULT_IDENTITY'),
	vaultIdentityList: setting('defaults', 'vault_identity_list', 'list', 'ANSIBLE_VAULT_IDENTITY_LIST'),
	vaultIdMatch: setting('defaults', 'vault_id_match', 'bool', 'ANSIBLE_VAULT_ID_MATCH'),
	askVaultPass: setting('defaults', 'ask_vault_pass', 'bool', 'ANSIBLE_ASK_VAULT_PASS'),
	askPass: setting('defaults', 'ask_pass', 'bool', 'ANSIBLE_ASK_PASS'),
	connectionPasswordFile: setting('defaults', 'connection_password_file', 'path', 'ANSIBLE_CONNECTION_PASSWORD_FILE'),
	becomePasswordFile: setting('defaults', 'become_password_file', 'path', 'ANSIBLE_BECOME_PASSWORD_FILE'),
	logPath: setting('defaults', 'log_path', 'path', 'ANSIBLE_LOG_PATH'),
	retryFiles: setting('defaults', 'retry_files_enabled', 'bool', 'ANSIBLE_RETRY_FILES_ENABLED'),
	retryFolder: setting('defaults', 'retry_files_save_path', 'path', 'ANSIBLE_RETRY_FILES_SAVE_PATH'),
	forceHandlers: setting('defaults', 'force_handlers', 'bool', 'ANSIBLE_FORCE_HANDLERS'),
	strategy: {
		...setting('defaults', 'strategy', 'text', 'ANSIBLE_STRATEGY'),
		choices: ['linear', 'free', 'ansible.builtin.linear', 'ansible.builtin.free'],
	},
	hashBehaviour: {
		...setting('defaults', 'hash_behaviour', 'text', 'ANSIBLE_HASH_BEHAVIOUR'),
		choices: ['replace'],
	},
	anyErrorsFatal: setting('defaults', 'any_errors_fatal', 'bool', 'ANSIBLE_ANY_ERRORS_FATAL'),
	injectFacts: setting('defaults', 'inject_facts_as_vars', 'bool', 'ANSIBLE_INJECT_FACT_VARS'),
	executable: setting('defaults', 'executable', 'path', 'ANSIBLE_EXECUTABLE'),
	noLog: setting('defaults', 'no_log', 'bool', 'ANSIBLE_NO_LOG'),
	verbosity: setting('defaults', 'verbosity', 'int', 'ANSIBLE_VERBOSITY'),
	transport: setting('defaults', 'transport', 'text', 'ANSIBLE_TRANSPORT'),
	become: setting('privilege_escalation', 'become', 'bool', 'ANSIBLE_BECOME'),
	becomeMethod: {
		...setting('privilege_escalation', 'become_method', 'text', 'ANSIBLE_BECOME_METHOD'),
		choices: ['sudo', 'su', 'doas', 'ansible.builtin.sudo', 'ansible.builtin.su', 'community.general.doas'],
	},
	becomeUser: setting('privilege_escalation', 'become_user', 'text', 'ANSIBLE_BECOME_USER'),
	becomeExe: setting('privilege_escalation', 'become_exe', 'text', 'ANSIBLE_BECOME_EXE'),
	becomeFlags: setting('privilege_escalation', 'become_flags', 'text', 'ANSIBLE_BECOME_FLAGS'),
	becomeAskPass: setting('privilege_escalation', 'become_ask_pass', 'bool', 'ANSIBLE_BECOME_ASK_PASS'),
	becomeSameUser: setting('privilege_escalation', 'become_allow_same_user', 'bool', 'ANSIBLE_BECOME_ALLOW_SAME_USER'),
	sudoUser: becoming('sudo', 'user', 'text', 'ANSIBLE_SUDO_USER'),
	sudoExe: becoming('sudo', 'executable', 'text', 'ANSIBLE_SUDO_EXE'),
	sudoFlags: becoming('sudo', 'flags', 'text', 'ANSIBLE_SUDO_FLAGS'),
	sudoPassword: becoming('sudo', 'password', 'text', 'ANSIBLE_SUDO_PASS'),
	suUser: becoming('su', 'user', 'text', 'ANSIBLE_SU_USER'),
	suExe: becoming('su', 'executable', 'text', 'ANSIBLE_SU_EXE'),
	suFlags: becoming('su', 'flags', 'text', 'ANSIBLE_SU_FLAGS'),
	suPassword: becoming('su', 'password', 'text', 'ANSIBLE_SU_PASS'),
	sshArgs: setting('ssh_connection', 'ssh_args', 'text', 'ANSIBLE_SSH_ARGS'),
	sshCommonArgs: setting('ssh_connection', 'ssh_common_args', 'text', 'ANSIBLE_SSH_COMMON_ARGS'),
	sshExtraArgs: setting('ssh_connection', 'ssh_extra_args', 'text', 'ANSIBLE_SSH_EXTRA_ARGS'),
	sshRetries: {...setting('ssh_connection', 'retries', 'int', 'ANSIBLE_SSH_RETRIES'), also: ['connection.retries']},
	diffAlways: setting('diff', 'always', 'bool', 'ANSIBLE_DIFF_ALWAYS'),
	diffContext: setting('diff', 'context', 'int', 'ANSIBLE_DIFF_CONTEXT'),
	runTags: setting('tags', 'run', 'list', 'ANSIBLE_RUN_TAGS'),
	skipTags: setting('tags', 'skip', 'list', 'ANSIBLE_SKIP_TAGS'),
	unparsedIsFailed: setting('inventory', 'unparsed_is_failed', 'bool', 'ANSIBLE_INVENTORY_UNPARSED_FAILED'),
	anyUnparsedIsFailed: setting('inventory', 'any_unparsed_is_failed', 'bool', 'ANSIBLE_INVENTORY_ANY_UNPARSED_IS_FAILED'),
	unparsedWarning: setting('inventory', 'inventory_unparsed_warning', 'bool', 'ANSIBLE_INVENTORY_UNPARSED_WARNING'),
	ignoreExtensions: {
		...setting('inventory', 'ignore_extensions', 'list', 'ANSIBLE_INVENTORY_IGNORE'),
		also: ['defaults.inventory_ignore_extensions'],
	},
	ignorePatterns: {
		...setting('inventory', 'ignore_patterns', 'list', 'ANSIBLE_INVENTORY_IGNORE_REGEX'),
		also: ['defaults.inventory_ignore_patterns'],
	},
} satisfies Record<string, Setting>;

export type SettingName = keyof typeof settings;

/** Settings that steer how Ansible does its work and mean nothing where there is no Python and no multiplexing ssh. */
export const meaningless: ReadonlySet<string> = new Set([
	'collections_path',
	'collections_paths',
	'nocows',
	'cow_selection',
	'interpreter_python',
	'local_tmp',
	'remote_tmp',
	'pipelining',
	'control_path',
	'control_path_dir',
	'transfer_method',
	'ssh_transfer_method',
	'enable_plugins',
	'jinja2_native',
	'module_name',
	'command_warnings',
	'deprecation_warnings',
	'system_warnings',
	'localhost_warning',
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
	'devel_warning',
	'home',
]);

/** Settings of Ansible that would change what happens and that Playbill does not have, with their variables: named once where they are set. */
export const lacking: Readonly<Record<string, string | undefined>> = {
	ansible_managed: undefined,
	fact_caching: 'ANSIBLE_CACHE_PLUGIN',
	fact_caching_connection: 'ANSIBLE_CACHE_PLUGIN_CONNECTION',
	fact_caching_prefix: 'ANSIBLE_CACHE_PLUGIN_PREFIX',
	fact_caching_timeout: 'ANSIBLE_CACHE_PLUGIN_TIMEOUT',
	callback_format_pretty: 'ANSIBLE_CALLBACK_FORMAT_PRETTY',
	display_args_to_stdout: 'ANSIBLE_DISPLAY_ARGS_TO_STDOUT',
	duplicate_dict_key: 'ANSIBLE_DUPLICATE_YAML_DICT_KEY',
	enable_task_debugger: 'ANSIBLE_ENABLE_TASK_DEBUGGER',
	error_on_missing_handler: 'ANSIBLE_ERROR_ON_MISSING_HANDLER',
	host_pattern_mismatch: 'ANSIBLE_HOST_PATTERN_MISMATCH',
	invalid_task_attribute_failed: 'ANSIBLE_INVALID_TASK_ATTRIBUTE_FAILED',
	max_diff_size: 'ANSIBLE_MAX_DIFF_SIZE',
	precedence: 'ANSIBLE_PRECEDENCE',
	private_role_vars: 'ANSIBLE_PRIVATE_ROLE_VARS',
	show_per_host_start: 'ANSIBLE_SHOW_PER_HOST_START',
	show_task_path_on_failure: 'ANSIBLE_SHOW_TASK_PATH_ON_FAILURE',
	verbose_to_stderr: 'ANSIBLE_VERBOSE_TO_STDERR',
};

/** Settings whose place is folders of Python plugins. */
export const foreign: ReadonlySet<string> = new Set([
	'filter_plugins',
	'lookup_plugins',
	'action_plugins',
	'strategy_plugins',
	'vars_plugins',
	'test_plugins',
	'connection_plugins',
	'inventory_plugins',
	'become_plugins',
	'cache_plugins',
]);
