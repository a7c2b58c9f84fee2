import {connect, createServer, type Server} from 'node:net';
import test from 'ava';
import {Dict, pythonRepr} from '../../src/jinja/jinja.js';
import {extendedRegex} from '../../src/modules/extended-regex.js';
import waitFor from '../../src/modules/wait-for.js';
import {runActions} from './action-rows.js';

/** A server on a free port of 127.0.0.1. */
function listen(greeting = ''): Promise<{server: Server; port: number}> {
	return new Promise((resolve) => {
		const server = createServer((socket) => {
			socket.on('error', () => undefined).unref();
			if (greeting) socket.write(greeting);
		});
		server.unref();
		server.listen(0, '127.0.0.1', () => resolve({server, port: (server.address() as {port: number}).port}));
	});
}

const open = await listen();
const greeting = await listen('hello\nSSH-2.0-x y\n');
const closed = await listen();
await new Promise((resolve) => closed.server.close(resolve));

const connection = await listen();
const client = connect(connection.port, '127.0.0.1');
client.on('error', () => undefined);
await new Promise((resolve) => client.once('connect', resolve));
process.on('exit', () => client.destroy());
client.unref();

const soon = (value: number) => value < 30;
const nobody = {path: null, port: null, search_regex: null, match_groups: [], match_groupdict: new Dict()};
runActions(waitFor, [
	{name: 'a port that is open', args: {port: open.port}, result: {...nobody, elapsed: soon, state: 'started', port: open.port}},
	{name: 'a port by the name of the host', args: {port: open.port, host: 'localhost'}, result: {elapsed: soon}},
	{
		name: 'a port that nobody opens',
		args: {port: closed.port, timeout: 1},
		fails: `Timeout when waiting for 127.0.0.1:${closed.port}`,
		result: {elapsed: (value: number) => value >= 1},
	},
	{name: 'a port that is closed', args: {port: closed.port, state: 'stopped'}, result: {elapsed: soon, state: 'stopped'}},
	{
		name: 'a port that nobody closes',
		args: {port: open.port, state: 'stopped', timeout: 1},
		fails: `Timeout when waiting for 127.0.0.1:${open.port} to stop.`,
	},
	{
		name: 'what a port sends',
		args: {port: greeting.port, search_regex: '^SSH-(?P<version>[\\d.]+)-(\\w)', timeout: 60},
		result: {match_groups: ['2.0', 'x'], match_groupdict: Dict.from([['version', '2.0']])},
	},
	{
		name: 'what a port does not send',
		args: {port: greeting.port, search_regex: 'bye', timeout: 1},
		fails: `Timeout when waiting for search string bye in 127.0.0.1:${greeting.port}`,
	},
	{
		name: 'a port without connections',
		args: {port: closed.port, state: 'drained', exclude_hosts: ['10.0.0.1', '::1']},
		result: {state: 'drained'},
	},
	{
		name: 'a file that comes later',
		before: '(sleep 1; echo x >DIR/made) >/dev/null 2>&1 &',
		args: {path: 'DIR/made', timeout: 60},
		result: {elapsed: (value: number) => value >= 0 && value < 30, state: 'file', mode: '0644', size: 2, path: 'DIR/made'},
	},
	{name: 'a file that does not come', args: {path: 'DIR/$(id)', timeout: 1}, fails: 'Timeout when waiting for file DIR/$(id)'},
	{
		name: 'a file that goes',
		before: 'touch DIR/x; (sleep 1; rm DIR/x) >/dev/null 2>&1 &',
		args: {path: 'DIR/x', state: 'absent', timeout: 60},
		result: {state: 'absent'},
		after: 'test ! -e DIR/x',
	},
	{
		name: 'a file that stays',
		before: 'touch DIR/x',
		args: {path: 'DIR/x', state: 'absent', timeout: 1, msg: 'my words'},
		fails: 'my words',
	},
	{
		name: 'a text in a file',
		before: 'printf "one\\nserver started in 42 ms\\n" >DIR/log',
		args: {path: 'DIR/log', search_regex: 'started in (?P<time>\\d+?)\\s(?:ms|s)$'},
		result: {
			match_groups: ['42'],
			match_groupdict: Dict.from([['time', '42']]),
			search_regex: 'started in (?P<time>\\d+?)\\s(?:ms|s)$',
		},
	},
	{
		name: 'a text that needs more than grep',
		before: 'echo "a b" >DIR/log',
		args: {path: 'DIR/log', search_regex: 'a(?= b)'},
		result: {match_groups: []},
		fullHost: true,
	},
	{
		name: 'a text that is not in a file',
		before: 'echo a >DIR/log',
		args: {path: 'DIR/log', search_regex: "b'$(id)", timeout: 1},
		fails: "Timeout when waiting for search string b'$(id) in DIR/log",
	},
	{name: 'a time', args: {timeout: 1}, result: {...nobody, elapsed: (value: number) => value >= 1}},
	{name: 'a folder', args: {path: 'DIR'}, result: {state: 'directory'}},
	{name: 'a port and a path', args: {port: 1, path: '/x'}, fails: 'port and path parameter can not both be passed to wait_for'},
	{
		name: 'a path that is drained',
		args: {path: '/x', state: 'drained'},
		fails: 'state=drained should only be used for checking a port in the wait_for module',
	},
	{
		name: 'excluded hosts of a port',
		args: {port: 1, exclude_hosts: ['a']},
		fails: 'exclude_hosts should only be with state=drained',
	},
	{
		name: 'a strange state of connections',
		args: {port: 1, active_connection_states: ['X']},
		fails: 'unknown active_connection_state (X) defined',
	},
	{name: 'a broken pattern', args: {port: 1, search_regex: '('}, fails: /^Invalid regular expression: /},
	{
		name: 'nothing in check mode',
		args: {timeout: 100},
		check: true,
		skipped: true,
		result: {msg: 'remote module (wait_for) does not support check mode'},
	},
]);

runActions(waitFor, [
	{
		name: 'a port with connections',
		args: {port: connection.port, state: 'drained', timeout: 1},
		fails: `Timeout when waiting for 127.0.0.1:${connection.port} to drain`,
	},
	{
		name: 'a port whose connections do not count',
		args: {port: connection.port, state: 'drained', timeout: 60, exclude_hosts: ['localhost']},
	},
]);

const patterns: [python: string, extended: string | undefined][] = [
	['^a.*b$', '^a.*b$'],
	['\\d+ (?:x|y)', '[0-9]+ (x|y)'],
	['(?P<n>\\w+?)\\s\\S', '([A-Za-z0-9_]+)[[:space:]][^[:space:]]'],
	['[\\w.-]+', '[A-Za-z0-9_.-]+'],
	['[^\\]a]', '[^]a]'],
	['[]a]', '[]a]'],
	['a\\.b\\/c', 'a\\.b\\/c'],
	['a(?=b)', undefined],
	['(a)\\1', undefined],
	['a\\nb', undefined],
	['\\bword\\b', undefined],
	['é', undefined],
	['a{2,3}?', 'a{2,3}'],
];
for (const [python, extended] of patterns)
	test(`as an extended pattern: ${pythonRepr(python)}`, (t) => t.is(extendedRegex(python), extended));
