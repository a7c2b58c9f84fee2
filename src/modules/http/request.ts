import {Dict, pythonRepr, pythonStr, Tuple, toJson, type Value} from '../../jinja/jinja.js';
import {ModuleFailure} from '../contract.js';

/** The arguments of `uri` that make a request. */
export interface RequestArguments {
	readonly url: string;
	readonly method: string;
	readonly body?: Value;
	readonly body_format: 'form-urlencoded' | 'json' | 'raw' | 'form-multipart';
	readonly headers?: Value;
	readonly timeout: number;
	readonly follow_redirects: string;
	readonly validate_certs: boolean;
	readonly use_proxy: boolean;
	readonly use_netrc: boolean;
	readonly decompress: boolean;
	readonly force: boolean;
	readonly http_agent: string;
	readonly url_username?: string;
	readonly url_password?: string;
	readonly unix_socket?: string;
	readonly ca_path?: string;
	readonly client_cert?: string;
	readonly client_key?: string;
	readonly ciphers?: readonly string[];
	readonly [other: string]: unknown;
}

/** The body as it is sent; undefined for none. */
export function bodyText({body, body_format: format}: RequestArguments): string | undefined {
	if (format === 'json') return typeof body === 'string' ? body : toJson(body ?? null);
	if (body === undefined || body === null) return undefined;
	if (format === 'form-urlencoded' && typeof body !== 'string') return formText(body);
	return typeof body === 'string' ? body : body instanceof Dict || Array.isArray(body) ? pythonRepr(body) : pythonStr(body);
}

/** Names and values as a form sends them: a list gives its name many times, None is left out. */
function formText(body: Value): string {
	const pairs: readonly (readonly [Value, Value])[] =
		body instanceof Dict ? [...body.entries()] : Array.isArray(body) ? body.map(pairOf) : refuseForm();
	const quote = (value: Value) =>
		encodeURIComponent(pythonStr(value))
			.replace(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`)
			.replaceAll('%20', '+');
	return pairs
		.flatMap(([name, value]) => {
			const values: readonly Value[] = Array.isArray(value) ? value : value instanceof Tuple ? value.items : [value];
			return values.filter((one) => one !== null).map((one) => `${quote(name)}=${quote(one)}`);
		})
		.join('&');
}

function pairOf(item: Value): readonly [Value, Value] {
	const pair = item instanceof Tuple ? item.items : item;
	return Array.isArray(pair) && pair.length === 2 ? [pair[0] as Value, pair[1] as Value] : refuseForm();
}

function refuseForm(): never {
	throw new ModuleFailure('failed to parse body as form_urlencoded: cannot form-urlencode body, expect list or dict', {
		elapsed: 0,
	});
}

/** What stands on the request script's stdin before the body. */
export function requestLines(args: RequestArguments, method: string, hasBody: boolean): string {
	const headers = headerLines(args);
	for (const text of [args.url, ...headers, args.url_username ?? '', args.url_password ?? ''])
		if (/[\n\r\0]/.test(text)) throw new ModuleFailure('a URL, header, user or password may not hold a line break');
	const curl = curlLines(args, method, headers, hasBody);
	const wget = wgetLines(args, headers);
	return `${[String(curl.length), ...curl, String(wget.length), ...wget, args.url].join('\n')}\n`;
}

function headerLines({headers, body_format: format, force}: RequestArguments): string[] {
	const given =
		headers instanceof Dict ? [...headers.entries()].map(([name, value]) => [pythonStr(name), pythonStr(value)] as const) : [];
	const type = {json: 'application/json', 'form-urlencoded': 'application/x-www-form-urlencoded'}[format as string];
	const isTyped = given.some(([name]) => name.toLowerCase() === 'content-type');
	return [
		...given.map(([name, value]) => `${name}: ${value}`),
		...(type !== undefined && !isTyped ? [`Content-Type: ${type}`] : []),
		...(force ? ['Cache-Control: no-cache'] : []),
	];
}

function follows(setting: string, method: string): boolean {
	if (['none', 'no'].includes(setting)) return false;
	if (['all', 'yes'].includes(setting)) return true;
	return ['GET', 'HEAD', ...(setting === 'urllib2' ? ['POST'] : [])].includes(method);
}

function curlLines(args: RequestArguments, method: string, headers: readonly string[], hasBody: boolean): string[] {
	const {url_username: user, url_password: password = '', timeout} = args;
	// Without `request`, curl itself turns a redirected POST into a GET, as Ansible does.
	const plain = method === 'GET' ? !hasBody : method === 'POST' && hasBody;
	const options: readonly (readonly [name: string, value?: string | undefined])[] = [
		['url', args.url],
		['silent'],
		['show-error'],
		['globoff'],
		['connect-timeout', String(timeout)],
		['speed-time', String(timeout)],
		['speed-limit', '1'],
		['user-agent', args.http_agent],
		...(method === 'HEAD' ? ([['head']] as const) : plain ? [] : ([['request', method]] as const)),
		...(follows(args.follow_redirects, method) ? ([['location'], ['max-redirs', '10']] as const) : []),
		...(user ? ([['user', `${user}:${password}`]] as const) : []),
		...headers.map((header) => ['header', header.endsWith(': ') ? `${header.slice(0, -2)};` : header] as const),
		['header', 'Expect:'],
		...(args.validate_certs ? [] : ([['insecure']] as const)),
		...(args.use_proxy ? [] : ([['noproxy', '*']] as const)),
		...(args.use_netrc && !user ? ([['netrc-optional']] as const) : []),
		...(args.decompress ? ([['compressed']] as const) : []),
		['unix-socket', args.unix_socket],
		['cacert', args.ca_path],
		['cert', args.client_cert],
		['key', args.client_key],
		['ciphers', args.ciphers?.join(':')],
	];
	return options
		.filter((option) => option.length === 1 || option[1] !== undefined)
		.map(([name, value]) =>
			value === undefined ? name : `${name} = "${value.replace(/[\\"]/g, '\\$&').replaceAll('\t', '\\t')}"`,
		);
}

function wgetLines(args: RequestArguments, headers: readonly string[]): string[] {
	const {url_username: user, url_password: password} = args;
	if (args.unix_socket) return ['unix_socket'];
	return [
		`timeout = ${args.timeout}`,
		'tries = 1',
		`max_redirect = ${follows(args.follow_redirects, args.method.toUpperCase()) ? 10 : 0}`,
		`user_agent = ${args.http_agent}`,
		...headers.map((header) => `header = ${header}`),
		...(user ? [`user = ${user}`, `password = ${password ?? ''}`, 'auth_no_challenge = on'] : []),
		...(args.validate_certs ? [] : ['check_certificate = off']),
		...(args.use_proxy ? [] : ['use_proxy = off']),
		...(args.use_netrc ? [] : ['netrc = off']),
		...(args.ca_path ? [`ca_certificate = ${args.ca_path}`] : []),
		...(args.client_cert ? [`certificate = ${args.client_cert}`] : []),
		...(args.client_key ? [`private_key = ${args.client_key}`] : []),
	];
}
