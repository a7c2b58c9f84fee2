import {Dict, type Value} from '../jinja/jinja.js';
import {defineAction, ModuleFailure, type Outcome, type Result, type Step} from './contract.js';
import {extendedRegex} from './extended-regex.js';
import {type PythonRegex, pythonRegex} from './python-regex.js';
import {waitOnHost} from './wait-for-script.js';

interface WaitArguments {
	readonly host: string;
	readonly port?: number;
	readonly path?: string;
	readonly search_regex?: string;
	readonly state: 'absent' | 'drained' | 'present' | 'started' | 'stopped';
	readonly timeout: number;
	readonly connect_timeout: number;
	readonly delay: number;
	readonly sleep: number;
	readonly msg?: string;
	readonly exclude_hosts?: readonly string[];
	readonly active_connection_states: readonly string[];
	readonly [other: string]: unknown;
}

const connectionStates: Readonly<Record<string, string>> = {
	ESTABLISHED: '01',
	SYN_SENT: '02',
	SYN_RECV: '03',
	FIN_WAIT1: '04',
	FIN_WAIT2: '05',
	TIME_WAIT: '06',
};

export default defineAction<WaitArguments>({
	name: 'wait_for',
	summary: 'Wait for a port, a file, a text in one of them, or a time.',
	args: {
		host: {type: 'str', default: '127.0.0.1', description: 'The host to connect to, as the managed host sees it.'},
		port: {type: 'int', description: 'The port to wait for.'},
		path: {type: 'path', description: 'The file to wait for.'},
		search_regex: {type: 'str', description: 'A regular expression that must be found in the file or in what the port sends.'},
		state: {
			type: 'str',
			default: 'started',
			choices: ['absent', 'drained', 'present', 'started', 'stopped'],
			description:
				'Whether it shall be there (`present`, `started`), not be there (`absent`, `stopped`), or have no connections (`drained`).',
		},
		timeout: {type: 'int', default: 300, description: 'Seconds after which it fails.'},
		connect_timeout: {type: 'int', default: 5, description: 'Seconds for one attempt to connect.'},
		delay: {type: 'int', default: 0, description: 'Seconds before the first look.'},
		sleep: {type: 'int', default: 1, description: 'Seconds between looks.'},
		msg: {type: 'str', description: 'The message of the failure instead of Ansible’s.'},
		exclude_hosts: {type: 'list', elements: 'str', description: 'Hosts whose connections do not count for `drained`.'},
		active_connection_states: {
			type: 'list',
			elements: 'str',
			default: ['ESTABLISHED', 'FIN_WAIT1', 'FIN_WAIT2', 'SYN_RECV', 'SYN_SENT', 'TIME_WAIT'],
			description: 'The states of connections that count for `drained`.',
		},
	},
	inCheckMode: 'decide',
	needsHost: true,
	act(args, _before, {checkMode}): Outcome | {readonly steps: readonly Step[]} {
		if (checkMode) return {result: {msg: 'remote module (wait_for) does not support check mode'}, skipped: true};
		refuseMixed(args);
		const {host, port, path, search_regex: regex, state, timeout, delay, sleep, connect_timeout: patience} = args;
		if (regex !== undefined) compile(regex);
		const what = state === 'drained' ? 'drained' : path ? 'path' : port ? 'port' : 'time';
		const wanted = state === 'absent' || state === 'stopped' ? 'gone' : 'there';
		const extended = regex === undefined ? undefined : extendedRegex(regex);
		const how = regex === undefined ? 'none' : extended === undefined ? 'P' : 'E';
		const pattern = extended ?? regex?.replaceAll('(?P<', '(?<') ?? '';
		const times = [timeout, delay, sleep, patience].map(String);
		const states = args.active_connection_states.map((one) => connectionStates[one]).join(' ');
		const hosts = (args.exclude_hosts ?? []).map((one) => kernelName(one, 'drained'));
		const target = what === 'path' ? path! : kernelName(host, what);
		return {
			steps: [
				{
					script: waitOnHost,
					args: [what, wanted, ...times, target, String(port ?? 0), how, pattern, states, ...hosts],
					says: `waits for ${waitedFor(args)}`,
					parse: ({stdout}) => stdout.toString(),
				},
			],
		};
	},
	conclude(args, _before, [output]) {
		const [, how = '', seconds = '0', status = '', text = ''] = /^(\S+) (\d+)\n?([^\n]*)\n?([\s\S]*)$/.exec(String(output)) ?? [];
		const elapsed = Number(seconds);
		if (how !== 'met') return {result: {elapsed}, failed: failure(args, how), changed: false};
		const {port, path, search_regex: regex, state} = args;
		const match = regex === undefined ? undefined : compile(regex).search(text);
		const named = Object.entries(match?.groups ?? {}).map(([name, group]) => [name, group ?? null] as const);
		const result: Result = {
			elapsed,
			state,
			port: port ?? null,
			path: path ?? null,
			search_regex: regex ?? null,
			match_groups: match?.slice(1).map((group): Value => group ?? null) ?? [],
			match_groupdict: Dict.from(named),
			...attributes(status),
		};
		return {result, changed: false};
	},
});

function waitedFor({host, port, path, state, search_regex: regex, timeout}: WaitArguments): string {
	const what = path ?? (port ? `${host}:${port}` : `${timeout} s to pass`);
	if (state === 'drained') return `${what} to drain`;
	if (state === 'absent' || state === 'stopped') return `${what} to go`;
	return regex === undefined ? what : `${regex} in ${what}`;
}

function refuseMixed({port, path, state, exclude_hosts: excluded, active_connection_states: states}: WaitArguments): void {
	const strange = states.find((one) => !connectionStates[one]);
	const fault =
		port && path
			? 'port and path parameter can not both be passed to wait_for'
			: path && (state === 'stopped' || state === 'drained')
				? `state=${state} should only be used for checking a port in the wait_for module`
				: excluded && state !== 'drained'
					? 'exclude_hosts should only be with state=drained'
					: strange !== undefined
						? `unknown active_connection_state (${strange}) defined`
						: undefined;
	if (fault) throw new ModuleFailure(fault, {elapsed: 0});
}

function compile(regex: string): PythonRegex {
	try {
		return pythonRegex(regex, {multiline: true, bytes: true});
	} catch (error) {
		if (error instanceof ModuleFailure) throw new ModuleFailure(`Invalid regular expression: ${error.message}`);
		throw error;
	}
}

/** Ansible's messages; what only Playbill can meet is worded by itself. */
function failure({host, port, path, search_regex: regex, state, msg}: WaitArguments, how: string): string {
	if (how === 'no-tool')
		return `wait_for needs one of bash, python3, perl, nc${regex === undefined ? ', curl, wget' : ''} on the host to connect to ${host}:${port}, and there is none`;
	if (how === 'no-search') return `wait_for needs perl, or a grep that knows -P, on the host to search for ${regex}`;
	if (how !== 'timeout') return 'the host did not say what it waited for';
	if (msg) return msg;
	const where = path ? path : `${host}:${port}`;
	if (state === 'drained') return `Timeout when waiting for ${host}:${port} to drain`;
	if (state === 'absent' || state === 'stopped') return `Timeout when waiting for ${where} to ${path ? 'be absent' : 'stop'}.`;
	if (regex !== undefined) return `Timeout when waiting for search string ${regex} in ${where}`;
	return `Timeout when waiting for ${path ? 'file ' : ''}${where}`;
}

/** What Ansible adds to every result that has a path. */
function attributes(status: string): Result {
	const [raw, mode, uid, gid, owner, group, size, links] = status.split(':');
	if (links === undefined) return {};
	const type = Number.parseInt(raw!, 16) & 0o170000;
	const state = type === 0o040000 ? 'directory' : type === 0o120000 ? 'link' : Number(links) > 1 ? 'hard' : 'file';
	return {
		state,
		mode: `0${mode!.padStart(3, '0')}`,
		uid: Number(uid),
		gid: Number(gid),
		owner: owner!,
		group: group!,
		size: Number(size),
	};
}

/** An IPv6 address as /proc/net/tcp6 writes it, for the state `drained`; every other name as it is. */
function kernelName(host: string, what: string): string {
	if (what !== 'drained' || !host.includes(':')) return host;
	const [head = '', tail] = host.split('::');
	const groups = (text: string) => text.split(':').filter((part) => part !== '');
	const [before, after] = [groups(head), groups(tail ?? '')];
	const zeros = tail === undefined ? [] : Array<string>(8 - before.length - after.length).fill('0');
	const bytes = [...before, ...zeros, ...after].flatMap((part) => part.padStart(4, '0').match(/../g) ?? []);
	const words = [0, 4, 8, 12].map((at) =>
		bytes
			.slice(at, at + 4)
			.reverse()
			.join(''),
	);
	return `:${words.join('').toUpperCase()}`;
}
