import {spawnSync} from 'node:child_process';
import {Dict, pythonStr} from '../jinja/jinja.js';
import {flagOption, integerOption, type Lookup, type LookupOptions, lookupFault, textOption, textTerm} from './context.js';

/** Options that need what this side's HTTP client lacks. */
const lacking = ['use_gssapi', 'unix_socket', 'ca_path', 'ciphers'];

/** Fetches in a process of its own, since lookups are synchronous. The request, which may hold a password, comes on stdin; the answer is JSON. */
const fetcher = `
const chunks = [];
for await (const chunk of process.stdin) chunks.push(chunk);
const {url, headers, timeout, redirect} = JSON.parse(Buffer.concat(chunks).toString());
try {
	const response = await fetch(url, {headers, redirect, signal: AbortSignal.timeout(timeout)});
	process.stdout.write(JSON.stringify({status: response.status, body: await response.text()}));
} catch (error) {
	process.stdout.write(JSON.stringify({error: String(error.cause?.message || error.message)}));
}
`;

/** The lines (or the whole text) of what addresses answer. */
export const url: Lookup = (terms, options, context) =>
	terms.flatMap((term) => read(textTerm(term), options, context.environment));

function read(address: string, options: LookupOptions, environment: Readonly<Record<string, string | undefined>>): string[] {
	for (const name of lacking)
		if (options.get(name)) throw lookupFault(`the option \`${name}\` of the url lookup cannot be used here`);
	const headers: Record<string, string> = {'user-agent': textOption(options, 'http_agent', 'ansible-httpget')};
	const given = options.get('headers');
	if (given instanceof Dict) for (const [name, value] of given.entries()) headers[pythonStr(name)] = pythonStr(value);
	const user = textOption(options, 'username', '');
	if (user !== '')
		headers['authorization'] = `Basic ${Buffer.from(`${user}:${textOption(options, 'password', '')}`).toString('base64')}`;
	const request = {
		url: address,
		headers,
		timeout: integerOption(options, 'timeout', 10) * 1000,
		redirect: /^(?:no|none|false)$/i.test(textOption(options, 'follow_redirects', 'urllib2')) ? 'error' : 'follow',
	};
	const insecure = flagOption(options, 'validate_certs', true) ? {} : {NODE_TLS_REJECT_UNAUTHORIZED: '0', NODE_NO_WARNINGS: '1'};
	const result = spawnSync(process.execPath, ['--input-type=module', '-e', fetcher], {
		input: JSON.stringify(request),
		env: {...environment, NODE_OPTIONS: '', ...insecure},
		encoding: 'utf8',
		maxBuffer: 256 * 1024 * 1024,
	});
	if (result.status !== 0)
		throw lookupFault(`Failed lookup url for ${masked(address)}: ${result.error?.message ?? result.stderr.trim()}`);
	const answer = JSON.parse(result.stdout) as {status: number; body: string} | {error: string};
	if ('error' in answer) throw lookupFault(`Failed lookup url for ${masked(address)}: ${answer.error}`);
	if (answer.status >= 400) throw lookupFault(`Received HTTP error for ${masked(address)}: HTTP Error ${answer.status}`);
	if (!flagOption(options, 'split_lines', true)) return [answer.body];
	return answer.body === '' ? [] : answer.body.replace(/\r?\n$/, '').split(/\r\n|\n|\r/);
}

/** An address without the password in it. */
function masked(address: string): string {
	return address.replace(/(\/\/[^/:@]*):[^/@]*@/, '$1:********@');
}
