import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {createServer} from 'node:http';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import test from 'ava';
import {Dict, type Value} from '../../src/jinja/jinja.js';
import {cookieFacts, jsonOf} from '../../src/modules/http/response.js';
import uri from '../../src/modules/uri.js';
import {runActions} from './action-rows.js';

/** Says what it was asked. */
const server = createServer((incoming, answer) => {
	incoming.socket.unref();
	let body = '';
	incoming.on('data', (chunk) => (body += chunk));
	incoming.on('end', () => {
		const {url = '', method, headers} = incoming;
		answer.setHeader('Connection', 'close');
		if (url === '/404') {
			answer.writeHead(404, {'Content-Type': 'application/problem+json'});
			answer.end('{"no": 1.0}');
		} else if (url.startsWith('/redirect')) {
			answer.writeHead(302, {Location: '/json'});
			answer.end();
		} else if (url === '/bytes') {
			answer.writeHead(200, {'Content-Type': 'application/octet-stream'});
			answer.end(Buffer.from([0xff, 0, 10]));
		} else {
			answer.writeHead(200, {
				'Content-Type': url.includes('json') ? 'application/json; charset=utf-8' : 'text/plain',
				'Set-Cookie': ['a=b; Path=/', 'c=d'],
				'X-Two-Words': ['1', '2'],
			});
			const {authorization, 'content-type': type, 'user-agent': agent, 'x-own': own} = headers;
			answer.end(method === 'HEAD' ? undefined : JSON.stringify({method, body, authorization, type, agent, own}));
		}
	});
});
server.unref();
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
const base = `http://127.0.0.1:${(server.address() as {port: number}).port}`;

const here = mkdtempSync(join(tmpdir(), 'playbill-uri-'));
process.on('exit', () => rmSync(here, {recursive: true, force: true}));
const source = join(here, 'source');
writeFileSync(source, 'from a file\n');

const dict = (entries: Record<string, Value>) => Dict.from(Object.entries(entries));
const said = (expected: Record<string, unknown>) => (text: unknown) => {
	const actual = JSON.parse(String(text)) as Record<string, unknown>;
	return Object.entries(expected).every(([name, value]) => actual[name] === value);
};

runActions(uri, [
	{
		name: 'reads JSON, headers and cookies',
		args: {url: `${base}/json`},
		fullHost: true,
		result: {
			status: 200,
			url: `${base}/json`,
			redirected: false,
			msg: /^OK \(.* bytes\)$/,
			json: (json: unknown) => (json as Dict).get('method') === 'GET' && (json as Dict).get('agent') === 'ansible-httpget',
			content: undefined,
			content_type: 'application/json; charset=utf-8',
			x_two_words: '1, 2',
			set_cookie: 'a=b; Path=/, c=d',
			cookies: dict({a: 'b', c: 'd'}),
			cookies_string: 'a=b; c=d',
			elapsed: (seconds: unknown) => Number(seconds) >= 0,
		},
	},
	{
		name: 'is answered by whatever the host has',
		args: {url: `${base}/json`},
		result: {status: 200, json: (json: unknown) => (json as Dict).get('method') === 'GET'},
	},
	{
		name: 'returns the content',
		args: {url: `${base}/text`, return_content: true},
		result: {json: undefined, content: said({method: 'GET'})},
	},
	{
		name: 'a status that is not wanted',
		args: {url: `${base}/404`, return_content: true},
		fullHost: true,
		fails: 'Status code was 404 and not [200]: HTTP Error 404: Not Found',
		result: {status: 404, json: (json: unknown) => json instanceof Dict, content: '{"no": 1.0}'},
	},
	{
		name: 'a status that is wanted',
		args: {url: `${base}/404`, status_code: [200, 404]},
		result: {status: 404, msg: 'HTTP Error 404: Not Found'},
	},
	{
		name: 'several that are not',
		args: {url: `${base}/404`, status_code: '200,201'},
		fails: 'Status code was 404 and not [200, 201]: HTTP Error 404: Not Found',
	},
	{
		name: 'follows a redirect of GET',
		args: {url: `${base}/redirect`},
		fullHost: true,
		result: {status: 200, redirected: true, url: `${base}/json`},
	},
	{
		name: 'follows none of POST',
		args: {url: `${base}/redirect`, method: 'POST', body: 'x'},
		fullHost: true,
		fails: 'Status code was 302 and not [200]: HTTP Error 302: Found',
		result: {location: `${base}/json`, redirected: false},
	},
	{
		name: 'follows all when told to, as GET',
		args: {url: `${base}/redirect`, method: 'POST', body: 'x', follow_redirects: 'all'},
		fullHost: true,
		result: {json: (json: unknown) => (json as Dict).get('method') === 'GET'},
	},
	{
		name: 'follows none when told to',
		args: {url: `${base}/redirect`, follow_redirects: 'none', status_code: 302},
		fullHost: true,
		result: {status: 302},
	},
	{
		name: 'sends JSON',
		args: {url: `${base}/text`, method: 'PUT', body: dict({a: [1, 'x "y"'], b: null}), body_format: 'json', return_content: true},
		fullHost: true,
		result: {content: said({method: 'PUT', body: '{"a": [1, "x \\"y\\""], "b": null}', type: 'application/json'})},
	},
	{
		name: 'sends a form',
		args: {
			url: `${base}/text`,
			method: 'post',
			body: dict({a: 1, b: ['x y', 'ä&'], c: null}),
			body_format: 'form-urlencoded',
			return_content: true,
		},
		fullHost: true,
		result: {content: said({method: 'POST', body: 'a=1&b=x+y&b=%C3%A4%26', type: 'application/x-www-form-urlencoded'})},
	},
	{
		name: 'sends text, headers and a password as they are',
		args: {
			url: `${base}/text?a=[1]`,
			method: 'POST',
			body: '@/etc/passwd\n$(id)"',
			headers: dict({'X-Own': '"a" \\b', 'Content-Type': 'text/x'}),
			user: 'u',
			password: 'p"\\',
			return_content: true,
		},
		fullHost: true,
		result: {
			content: said({
				body: '@/etc/passwd\n$(id)"',
				own: '"a" \\b',
				type: 'text/x',
				authorization: `Basic ${Buffer.from('u:p"\\').toString('base64')}`,
			}),
		},
	},
	{
		name: 'sends a file of this side',
		args: {url: `${base}/text`, method: 'DELETE', src: source, return_content: true},
		fullHost: true,
		result: {content: said({method: 'DELETE', body: 'from a file\n'})},
	},
	{
		name: 'asks for headers alone',
		args: {url: `${base}/text`, method: 'HEAD'},
		fullHost: true,
		result: {status: 200, x_two_words: '1, 2'},
	},
	{
		name: 'writes a file',
		args: {url: `${base}/bytes`, dest: 'DIR/file', mode: '0640'},
		changed: true,
		result: {path: 'DIR/file', mode: '0640', state: 'file', size: 3},
		after: 'test "$(od -An -tx1 DIR/file)" = " ff 00 0a"',
	},
	{
		name: 'writes into a folder',
		args: {url: `${base}/bytes`, dest: 'DIR'},
		changed: true,
		result: {path: 'DIR/bytes'},
		after: 'test -f DIR/bytes',
	},
	{
		name: 'keeps the mode of a file that is there',
		before: 'echo old >DIR/file; chmod 0604 DIR/file',
		args: {url: `${base}/bytes`, dest: 'DIR/file', force: true},
		changed: true,
		result: {mode: '0604', size: 3},
	},
	{name: 'cannot write', args: {url: `${base}/bytes`, dest: 'DIR/no/file'}, fails: /^failed to write what was answered: /},
	{
		name: 'is not asked when what it creates is there',
		args: {url: 'http://nosuch.invalid/', creates: 'DIR'},
		result: {stdout: "skipped, since 'DIR' exists"},
	},
	{
		name: 'is not asked when what it removes is not there',
		args: {url: 'http://nosuch.invalid/', removes: 'DIR/x'},
		result: {stdout: "skipped, since 'DIR/x' does not exist"},
	},
	{
		name: 'a port where nobody listens',
		args: {url: 'http://127.0.0.1:1/x'},
		fails: 'Status code was -1 and not [200]: Request failed: <urlopen error [Errno 111] Connection refused>',
		result: {status: -1, redirected: false},
	},
	{
		name: 'a host that has no address',
		args: {url: 'http://nosuch.invalid/'},
		fails: 'Status code was -1 and not [200]: Request failed: <urlopen error [Errno -2] Name or service not known>',
	},
	{
		name: 'a method that is none',
		args: {url: base, method: 'a b'},
		fails: "Parameter 'method' needs to be a single word in uppercase, like GET or POST.",
	},
	{
		name: 'a header over two lines',
		args: {url: base, headers: dict({A: 'b\nurl = "x"'})},
		fails: 'a URL, header, user or password may not hold a line break',
	},
	{
		name: 'a form of nothing',
		args: {url: base, body: 1, body_format: 'form-urlencoded'},
		fails: /cannot form-urlencode body, expect list or dict/,
	},
	{
		name: 'nothing in check mode',
		args: {url: base},
		check: true,
		skipped: true,
		result: {msg: 'This action (uri) does not support check mode.'},
	},
]);

test('tells JSON by its type', (t) => {
	t.deepEqual(jsonOf('application/vnd.api+json', '[1]'), [1]);
	t.deepEqual(jsonOf('text/javascript; charset=x', '[1]'), [1]);
	t.is(jsonOf('text/plain', '[1]'), undefined);
	t.is(jsonOf('application/json', '[1'), undefined);
	t.is(jsonOf(undefined, '1'), undefined);
});

test('keeps dates in cookies whole', (t) => {
	t.is(cookieFacts(new Map([['set_cookie', 'a=b; Expires=Wed, 21 Oct 2026 07:28:00 GMT, c=d']]))['cookies_string'], 'a=b; c=d');
});
