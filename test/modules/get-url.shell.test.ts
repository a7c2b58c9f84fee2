import {createHash} from 'node:crypto';
import {createServer} from 'node:http';
import type {AddressInfo} from 'node:net';
import test from 'ava';
import getUrl from '../../src/modules/get-url.js';
import {type Row, runTable} from './laws.js';

const body = 'hello\n';
const sha256 = createHash('sha256').update(body).digest('hex');
const files: Readonly<Record<string, string>> = {
	'/hello.txt': body,
	'/sums': `${'0'.repeat(64)}  other.txt\n${sha256}  hello.txt\n`,
	'/lone.sha256': `${sha256}\n`,
	'/bsd': `SHA256 (hello.txt) = ${sha256}\n`,
};

const server = createServer(({url = '', headers}, response) => {
	if (url === '/secret' && headers.authorization !== `Basic ${Buffer.from('me:p"w').toString('base64')}`)
		response.writeHead(401).end();
	else if (url === '/header' && headers['x-token'] !== 'a b') response.writeHead(403).end();
	else if (url === '/moved') response.writeHead(302, {location: '/hello.txt'}).end();
	else if (url === '/dated' && headers['if-modified-since']) response.writeHead(304).end();
	else if (url === '/secret' || url === '/header' || url === '/dated') response.end(body);
	else if (files[url] === undefined) response.writeHead(404).end('no such thing');
	else response.end(files[url]);
});
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
server.unref();
const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
test.after.always('close the server', () => server.closeAllConnections());

const written = 'test "$(cat f)" = hello';

const rows: readonly Row[] = [
	{
		name: 'downloads',
		args: {url: `${base}/hello.txt`, dest: 'DIR/f', mode: '0600'},
		after: `${written}; test "$(stat -c %a f)" = 600; test "$(ls -A)" = f`,
		result: {
			status_code: 200,
			checksum_src: 'f572d396fae9206628714fb2ce00f72e94f2258f',
			md5sum: 'b1946ac92492d2347c6235b4d2611184',
			size: 6,
		},
		trips: 2,
	},
	{
		name: 'goes into a folder',
		before: 'mkdir d',
		args: {url: `${base}/hello.txt?x=1`.replace('?x=1', ''), dest: 'DIR/d'},
		after: 'test -s d/hello.txt',
		result: {dest: 'DIR/d/hello.txt'},
		trips: 2,
	},
	{name: 'trusts a checksum', args: {url: `${base}/hello.txt`, dest: 'DIR/f', checksum: `sha256:${sha256}`}, after: written},
	{
		name: 'finds what has the checksum',
		before: 'echo hello >f',
		args: {url: `${base}/no-such`, dest: 'DIR/f', checksum: `sha256:${sha256.toUpperCase()}`},
		changed: false,
		result: {msg: 'file already exists'},
	},
	{
		name: 'replaces what has another checksum',
		before: 'echo old >f; chmod 640 f',
		args: {url: `${base}/hello.txt`, dest: 'DIR/f', checksum: `sha256:${sha256}`, backup: true},
		after: `${written}; test "$(stat -c %a f)" = 640; test "$(cat f.*~)" = old`,
	},
	{
		name: 'reads a list of checksums',
		args: {url: `${base}/hello.txt`, dest: 'DIR/f', checksum: `sha256:${base}/sums`},
		after: written,
	},
	{
		name: 'reads a lone checksum',
		args: {url: `${base}/hello.txt`, dest: 'DIR/f', checksum: `sha256:${base}/lone.sha256`},
		after: written,
	},
	{
		name: 'reads a list in the form of BSD',
		args: {url: `${base}/hello.txt`, dest: 'DIR/f', checksum: `sha256:${base}/bsd`},
		after: written,
	},
	{
		name: 'refuses another checksum',
		before: 'echo old >f',
		args: {url: `${base}/hello.txt`, dest: 'DIR/f', checksum: 'sha256:00ff'},
		fails: /^The checksum for .* did not match 00ff; it was 5891b5b522d5df086d0ff0b110fbd9d21bb4fc7163af34d08286a2e846f6be03\.$/,
		failsLate: true,
		result: {
			dest: 'DIR/f',
			url: `${base}/hello.txt`,
			elapsed: 0,
			checksum_src: 'f572d396fae9206628714fb2ce00f72e94f2258f',
			checksum_dest: null,
		},
	},
	{
		name: 'refuses another SHA-1, and tells both',
		before: 'echo old >f',
		args: {url: `${base}/hello.txt`, dest: 'DIR/f', checksum: `sha1:${'0'.repeat(40)}`},
		fails: /^The checksum for .* did not match 0+; it was f572d396fae9206628714fb2ce00f72e94f2258f\.$/,
		failsLate: true,
		result: {
			checksum_src: 'f572d396fae9206628714fb2ce00f72e94f2258f',
			checksum_dest: createHash('sha1').update('old\n').digest('hex'),
		},
	},
	{
		name: 'misses its name in the list',
		args: {url: `${base}/hello.txt`, dest: 'DIR/f', checksum: `sha256:${base}/hello.txt`, headers: undefined},
		fails: 'The checksum format is invalid',
	},
	{
		name: 'replaces a file that differs',
		before: 'echo old >f',
		args: {url: `${base}/hello.txt`, dest: 'DIR/f'},
		after: written,
		trips: 2,
	},
	{
		name: 'leaves a file that is the same',
		before: 'echo hello >f',
		args: {url: `${base}/hello.txt`, dest: 'DIR/f', force: true},
		changed: false,
		trips: 2,
		result: {
			msg: 'OK (6 bytes)',
			status_code: 200,
			checksum_src: 'f572d396fae9206628714fb2ce00f72e94f2258f',
			md5sum: 'b1946ac92492d2347c6235b4d2611184',
		},
	},
	{
		name: 'asks whether it is newer',
		before: 'echo old >f',
		args: {url: `${base}/dated`, dest: 'DIR/f'},
		changed: false,
		trips: 2,
		result: {status_code: 304, msg: 'HTTP Error 304: Not Modified', checksum_src: undefined},
	},
	{
		name: 'sets the mode alone',
		before: 'echo hello >f',
		args: {url: `${base}/hello.txt`, dest: 'DIR/f', mode: '0600'},
		after: 'test "$(stat -c %a f)" = 600',
		trips: 2,
	},
	{name: 'follows a redirect', args: {url: `${base}/moved`, dest: 'DIR/f'}, after: written, trips: 2},
	{
		name: 'sends a password',
		args: {url: `${base}/secret`, dest: 'DIR/f', url_username: 'me', url_password: 'p"w'},
		after: written,
		trips: 2,
		fullHost: true,
	},
	{name: 'sends headers', args: {url: `${base}/header`, dest: 'DIR/f', headers: {'X-Token': 'a b'}}, after: written, trips: 2},
	{
		name: 'tells what the server said',
		args: {url: `${base}/nothing`, dest: 'DIR/f'},
		fails: 'Request failed',
		failsLate: true,
		result: {dest: 'DIR/f', url: `${base}/nothing`, status_code: 404, response: 'HTTP Error 404: Not Found', elapsed: 0},
	},
	{
		name: 'tells that nobody answered',
		args: {url: 'http://127.0.0.1:9/x', dest: 'DIR/f'},
		fails: /^Request failed: /,
		failsLate: true,
	},
	{
		name: 'reads files of the host',
		before: 'echo hello >src',
		args: {url: 'file://DIR/src', dest: 'DIR/f'},
		after: written,
		trips: 2,
	},
	{
		name: 'refuses a folder that is not there',
		args: {url: `${base}/hello.txt`, dest: 'DIR/d/f'},
		fails: 'Destination DIR/d does not exist',
	},
	{
		name: 'takes names and URLs as they are',
		before: 'echo hello >src',
		args: {url: 'file://DIR/$(touch pwned)`id`', dest: 'DIR/$(touch pwned)\n"'},
		fails: /^Request failed: .*No such file/,
		failsLate: true,
	},
];

runTable(getUrl, rows);
