/** Where a keyword may stand: on a play, a role entry, a block, a task, a handler. */
export type Place = 'play' | 'role' | 'block' | 'task' | 'handler';

/**
 * What a keyword's value may be: `names` is a text or a list of texts, `tags` may be numbers too, `files` may be lists of which the first that exists is taken;
 * `maps` is a mapping or a list of them, `arguments` a mapping or a template of one. `any` is checked where it is used. What stands in a `body` are tasks, and
 * nothing is no tasks.
 */
export type Shape =
	| 'any'
	| 'arguments'
	| 'body'
	| 'bool'
	| 'condition'
	| 'files'
	| 'int'
	| 'list'
	| 'map'
	| 'maps'
	| 'names'
	| 'tags'
	| 'tasks'
	| 'text';

interface Keyword {
	readonly places: readonly Place[];
	readonly shape: Shape;
	/** Said when the keyword is Ansible's but not done here. */
	readonly unsupported?: string;
	/** The only values there are. */
	readonly choices?: readonly string[];
	/** The plugins of Ansible's that the value may name here. */
	readonly known?: readonly string[];
}

const everywhere: readonly Place[] = ['play', 'role', 'block', 'task', 'handler'];
const belowPlay: readonly Place[] = ['role', 'block', 'task', 'handler'];
const tasks: readonly Place[] = ['task', 'handler'];

/** Every keyword of Ansible (the field attributes of ansible-core 2.21's playbook objects), where it may stand and what it holds. */
export const keywords: Readonly<Record<string, Keyword>> = {
	any_errors_fatal: {places: everywhere, shape: 'bool'},
	become: {places: everywhere, shape: 'bool'},
	become_exe: {places: everywhere, shape: 'text'},
	become_flags: {places: everywhere, shape: 'text'},
	become_method: {places: everywhere, shape: 'text', known: ['sudo', 'su', 'doas']},
	become_user: {places: everywhere, shape: 'text'},
	check_mode: {places: everywhere, shape: 'bool'},
	collections: {places: everywhere, shape: 'names'},
	connection: {
		places: everywhere,
		shape: 'text',
		known: ['local', 'ssh', 'smart', 'paramiko', 'paramiko_ssh', 'docker', 'docker_api', 'podman', 'nspawn'],
	},
	debugger: {places: everywhere, shape: 'text', unsupported: 'the task debugger'},
	diff: {places: everywhere, shape: 'bool'},
	environment: {places: everywhere, shape: 'any'},
	ignore_errors: {places: everywhere, shape: 'bool'},
	ignore_unreachable: {places: everywhere, shape: 'bool'},
	module_defaults: {places: everywhere, shape: 'maps'},
	name: {places: everywhere, shape: 'text'},
	no_log: {places: everywhere, shape: 'bool'},
	port: {places: everywhere, shape: 'int'},
	remote_user: {places: everywhere, shape: 'text'},
	run_once: {places: everywhere, shape: 'bool'},
	tags: {places: everywhere, shape: 'tags'},
	throttle: {places: everywhere, shape: 'int'},
	timeout: {places: everywhere, shape: 'int'},
	vars: {places: everywhere, shape: 'any'},
	delegate_to: {places: belowPlay, shape: 'text'},
	delegate_facts: {places: belowPlay, shape: 'bool'},
	when: {places: belowPlay, shape: 'condition'},
	notify: {places: ['block', 'task', 'handler'], shape: 'any'},
	hosts: {places: ['play'], shape: 'names'},
	gather_facts: {places: ['play'], shape: 'bool'},
	gather_subset: {places: ['play'], shape: 'any'},
	gather_timeout: {places: ['play'], shape: 'int'},
	fact_path: {places: ['play'], shape: 'text'},
	vars_files: {places: ['play'], shape: 'files'},
	vars_prompt: {places: ['play'], shape: 'maps'},
	roles: {places: ['play'], shape: 'list'},
	pre_tasks: {places: ['play'], shape: 'tasks'},
	tasks: {places: ['play'], shape: 'tasks'},
	post_tasks: {places: ['play'], shape: 'tasks'},
	handlers: {places: ['play'], shape: 'tasks'},
	force_handlers: {places: ['play'], shape: 'bool'},
	serial: {places: ['play'], shape: 'any'},
	max_fail_percentage: {places: ['play'], shape: 'any'},
	strategy: {places: ['play'], shape: 'text', known: ['linear', 'free']},
	order: {
		places: ['play'],
		shape: 'text',
		choices: ['inventory', 'sorted', 'reverse_sorted', 'reverse_inventory', 'shuffle'],
	},
	user: {places: ['play'], shape: 'text'},
	block: {places: ['block'], shape: 'body'},
	rescue: {places: ['block'], shape: 'body'},
	always: {places: ['block'], shape: 'body'},
	action: {places: tasks, shape: 'any'},
	local_action: {places: tasks, shape: 'any'},
	args: {places: tasks, shape: 'arguments'},
	async: {places: tasks, shape: 'int', unsupported: 'asynchronous tasks'},
	poll: {places: tasks, shape: 'int', unsupported: 'asynchronous tasks'},
	changed_when: {places: tasks, shape: 'condition'},
	failed_when: {places: tasks, shape: 'condition'},
	loop: {places: tasks, shape: 'any'},
	loop_control: {places: tasks, shape: 'map'},
	register: {places: tasks, shape: 'any'},
	retries: {places: tasks, shape: 'int'},
	until: {places: tasks, shape: 'condition'},
	delay: {places: tasks, shape: 'any'},
	listen: {places: ['handler'], shape: 'names'},
	role: {places: ['role'], shape: 'text'},
};

/** The keywords that may stand at a place. */
export function keywordsOf(place: Place): string[] {
	return Object.keys(keywords).filter((name) => keywords[name]!.places.includes(place));
}

/** The only keywords that `include_tasks` and `include_role` take themselves; all others go to what they bring by `apply`. */
export const includeKeywords: ReadonlySet<string> = new Set([
	'action',
	'args',
	'collections',
	'debugger',
	'ignore_errors',
	'loop',
	'loop_control',
	'name',
	'no_log',
	'register',
	'run_once',
	'tags',
	'timeout',
	'vars',
	'when',
]);
