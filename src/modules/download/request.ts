import {Dict, pythonStr, type Value} from '../../jinja/jinja.js';
import type {ArgumentSpecs} from '../argument-spec.js';
import {ModuleFailure} from '../contract.js';

/** The arguments that every module that fetches a URL has. */
export const urlArguments = {
	url: {type: 'str', required: true, description: 'What to fetch.'},
	force: {type: 'bool', default: false, description: 'Fetch it though it is there.'},
	http_agent: {type: 'str', default: 'ansible-httpget', description: 'The User-Agent header.'},
	use_proxy: {type: 'bool', default: true, description: 'Use the proxy that the environment names.'},
	validate_certs: {type: 'bool', default: true, description: 'Check certificates.'},
	url_username: {type: 'str', aliases: ['username'], description: 'The user for basic authentication.'},
	url_password: {type: 'str', aliases: ['password'], no_log: true, description: 'The password for basic authentication.'},
	force_basic_auth: {type: 'bool', default: false, description: 'Send the password with the first request; it always is.'},
	client_cert: {type: 'path', description: "The client's certificate."},
	client_key: {type: 'path', description: "The key of the client's certificate."},
	use_gssapi: {offered: [false], type: 'bool', default: false, description: 'Authenticate by GSSAPI.'},
} as const satisfies ArgumentSpecs;

export type UrlArguments = {
	readonly url: string;
	readonly force: boolean;
	readonly http_agent?: string;
	readonly use_proxy?: boolean;
	readonly validate_certs?: boolean;
	readonly url_username?: string;
	readonly url_password?: string;
	readonly client_cert?: string;
	readonly client_key?: string;
	readonly use_gssapi?: boolean;
	readonly timeout?: number;
	readonly headers?: unknown;
	readonly unredirected_headers?: readonly string[];
	readonly decompress?: boolean;
	readonly ciphers?: readonly string[];
	readonly use_netrc?: boolean;
};

/** The stdin of the download script: the URL, lines for curl, and lines for wget. `since`: seconds; only what is newer is wanted. */
export function requestText(args: UrlArguments, url: string, since?: number): string {
	if (/[\n\r\0]/.test(url)) throw new ModuleFailure(`unknown url type: ${url}`);
	const headers = headersOf(args, since);
	const timeout = args.timeout ?? 10;
	const set = (name: string, value: string | number | undefined | null) =>
		value === undefined || value === null || value === '' ? [] : [[name, String(value)] as const];
	const user = args.url_username ? `${args.url_username}:${args.url_password ?? ''}` : undefined;
	const curl: readonly (readonly [string, string?])[] = [
		['url', url],
		['silent'],
		['show-error'],
		['location'],
		['globoff'],
		...set('connect-timeout', timeout),
		...set('speed-time', timeout),
		...set('speed-limit', 1),
		...set('user-agent', args.http_agent),
		...set('user', user),
		...headers.map((header) => ['header', header] as const),
		...(args.validate_certs === false ? ([['insecure']] as const) : []),
		...(args.use_proxy === false ? ([['noproxy', '*']] as const) : []),
		...(args.decompress === false ? [] : ([['compressed']] as const)),
		...(args.use_netrc === false ? [] : ([['netrc-optional']] as const)),
		...set('cert', args.client_cert),
		...set('key', args.client_key),
		...set('ciphers', args.ciphers?.join(':')),
	];
	const wget = [
		...set('timeout', timeout),
		...set('user_agent', args.http_agent),
		...set('user', args.url_username),
		...set('password', args.url_username ? args.url_password : undefined),
		...headers.map((header) => ['header', header] as const),
		...(args.url_username ? [['auth_no_challenge', 'on'] as const] : []),
		...(args.validate_certs === false ? [['check_certificate', 'off'] as const] : []),
		...(args.use_proxy === false ? [['use_proxy', 'off'] as const] : []),
		...(args.use_netrc === false ? [['netrc', 'off'] as const] : []),
		...set('certificate', args.client_cert),
		...set('private_key', args.client_key),
		['tries', '1'] as const,
	];
	const lines = [
		plainUrl(url),
		...curl.map(([name, value]) => (value === undefined ? name : `${name} = ${curlQuoted(value)}`)),
		'--',
		...wget.map(([name, value]) => `${name} = ${value}`),
	];
	return `${lines.join('\n')}\n`;
}

/** The path of a `file:` URL comes without its escapes. */
function plainUrl(url: string): string {
	const path = url.replace(/^file:\/*(?=\/)/, '');
	return url.startsWith('file:') ? `file://${decodeURIComponent(path)}` : url;
}

function curlQuoted(value: string): string {
	return `"${value.replace(/[\\"]/g, '\\$&').replaceAll('\t', '\\t')}"`;
}

function headersOf({headers, http_agent: _}: UrlArguments, since: number | undefined): readonly string[] {
	const given = headers instanceof Dict ? [...headers.entries()] : Object.entries((headers ?? {}) as Record<string, Value>);
	const lines = given.map(([name, value]) => `${pythonStr(name as Value)}: ${pythonStr(value as Value)}`);
	if (lines.some((line) => /[\n\r\0]/.test(line))) throw new ModuleFailure('a header may not hold a line break');
	return since === undefined ? lines : [...lines, `If-Modified-Since: ${new Date(since * 1000).toUTCString()}`];
}

/** The URL without its password. */
export function maskUrl(url: string): string {
	return url.replace(/^(\w+:\/\/[^/@:]*):[^/@]*@/, '$1:********@');
}

/** The last part of the URL's path, or `index.html`. */
export function urlFileName(url: string): string {
	return (
		url
			.replace(/[?#].*$/s, '')
			.replace(/^\w+:\/\/[^/]*/, '')
			.replace(/^.*\//s, '') || 'index.html'
	);
}
