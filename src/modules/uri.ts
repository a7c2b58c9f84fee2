import {type Content, contentOfBytes} from '../connection/connection.js';
import {defineAction, ModuleFailure, type Outcome, type Result, type SourceFiles, type Step} from './contract.js';
import {type Guards, isThere, readGuards} from './creates.js';
import {maskUrl} from './download/request.js';
import {bodyText, type RequestArguments, requestLines} from './http/request.js';
import {request} from './http/request-script.js';
import {contentText, cookieFacts, type HttpFault, type HttpResponse, jsonOf, parseHttp} from './http/response.js';
import {fileArguments} from './kinds/path.js';
import {outputResult} from './output-lines.js';

interface UriArguments extends RequestArguments {
	readonly src?: SourceFiles | string;
	readonly dest?: string;
	readonly status_code: readonly number[];
	readonly return_content: boolean;
	readonly creates?: string;
	readonly removes?: string;
	readonly mode?: unknown;
	readonly owner?: string;
	readonly group?: string;
}

export default defineAction<UriArguments, Guards>({
	name: 'uri',
	summary: 'Make an HTTP request from the host.',
	args: {
		url: {type: 'str', required: true, description: 'What to ask.'},
		method: {type: 'str', default: 'GET', description: 'The method.'},
		body: {type: 'raw', description: 'What is sent with it.'},
		body_format: {
			offered: ['raw', 'json', 'form-urlencoded'],
			type: 'str',
			default: 'raw',
			choices: ['form-urlencoded', 'json', 'raw', 'form-multipart'],
			description: 'How the body is written, and its Content-Type.',
		},
		src: {type: 'path', local: 'source', description: 'A file that is sent instead of a body.'},
		remote_src: {type: 'bool', default: false, description: 'Whether `src` is a file of the host.'},
		headers: {type: 'dict', description: 'Headers of the request.'},
		status_code: {type: 'list', elements: 'int', default: [200], description: 'The status codes that are no failure.'},
		return_content: {type: 'bool', default: false, description: 'Whether the answer is returned as `content`.'},
		dest: {type: 'path', description: 'The file, or the folder for the file, that the answer is written to.'},
		creates: {type: 'path', description: 'A path; when it exists nothing is asked.'},
		removes: {type: 'path', description: 'A path; when it does not exist nothing is asked.'},
		follow_redirects: {
			type: 'str',
			default: 'safe',
			choices: ['all', 'no', 'none', 'safe', 'urllib2', 'yes'],
			description: 'Which redirects are followed; `safe` are those of GET and HEAD.',
		},
		timeout: {type: 'int', default: 30, description: 'Seconds to wait for the connection, or for bytes.'},
		url_username: {type: 'str', aliases: ['user'], description: 'The user for basic authentication.'},
		url_password: {type: 'str', aliases: ['password'], no_log: true, description: 'The password for basic authentication.'},
		force_basic_auth: {type: 'bool', default: false, description: 'Send the password with the first request; it always is.'},
		validate_certs: {type: 'bool', default: true, description: 'Check certificates.'},
		ca_path: {type: 'path', description: 'A file of certificates to trust.'},
		client_cert: {type: 'path', description: 'The client’s certificate.'},
		client_key: {type: 'path', description: 'The key of the client’s certificate.'},
		ciphers: {type: 'list', elements: 'str', description: 'The TLS ciphers to offer.'},
		use_proxy: {type: 'bool', default: true, description: 'Use the proxy that the environment names.'},
		use_netrc: {type: 'bool', default: true, description: 'Take credentials from ~/.netrc.'},
		use_gssapi: {offered: [false], type: 'bool', default: false, description: 'Authenticate by GSSAPI.'},
		unix_socket: {type: 'path', description: 'The socket to connect to instead of the URL’s host.'},
		unredirected_headers: {type: 'list', elements: 'str', default: [], description: 'Headers that no redirect gets.'},
		decompress: {type: 'bool', default: true, description: 'Take compressed answers apart.'},
		force: {type: 'bool', default: false, description: 'Ask though the file is there, and ask caches to ask too.'},
		http_agent: {type: 'str', default: 'ansible-httpget', description: 'The User-Agent header.'},
		...fileArguments,
	},
	rules: {mutuallyExclusive: [['body', 'src']]},
	inCheckMode: 'decide',
	needsHost: true,
	inspect: ({creates, removes}) => readGuards({creates, removes}),
	act(args, before, {checkMode}): Outcome | {readonly steps: readonly Step[]} {
		if (checkMode) return {result: {msg: 'This action (uri) does not support check mode.'}, skipped: true};
		const method = args.method.toUpperCase();
		if (!/^[A-Z]+$/.test(method))
			throw new ModuleFailure("Parameter 'method' needs to be a single word in uppercase, like GET or POST.");
		const idle = unneeded(args, before);
		if (idle) return {result: outputResult(idle, ''), changed: false};
		return {steps: [requestStep(args, method)]};
	},
	conclude(args, _before, [output]) {
		return concludeRequest(args, output as HttpResponse | HttpFault);
	},
});

function unneeded({creates, removes}: UriArguments, before: Guards): string | undefined {
	if (creates && isThere(before.creates)) return `skipped, since '${creates}' exists`;
	return removes && !isThere(before.removes) ? `skipped, since '${removes}' does not exist` : undefined;
}

function requestStep(args: UriArguments, method: string): Step {
	const {src, dest = '', status_code: codes, force, mode, owner = '', group = '', url} = args;
	const body = src === undefined ? bodyText(args) : undefined;
	const from = typeof src === 'string' ? 'file' : src !== undefined || body !== undefined ? 'stdin' : 'none';
	const lines = requestLines(args, method, from !== 'none');
	const bits = typeof mode === 'number' ? `0${mode.toString(8)}` : typeof mode === 'string' ? mode : '';
	return {
		script: request,
		args: [
			method,
			from,
			typeof src === 'string' ? src : '',
			dest,
			codes.join(' '),
			force ? '' : 'new',
			bits,
			owner,
			group,
			args.return_content ? 'yes' : '',
		],
		stdin: typeof src === 'object' ? withBody(lines, src.content) : lines + (body ?? ''),
		parse: ({stdout, stderr}) => parseHttp(stdout, stderr.toString(), url),
	};
}

/** A file that is sent is read here once: it follows the request's lines on the same stdin. */
function withBody(lines: string, content: Content | undefined): Content {
	if (!content) throw new ModuleFailure('src must be a file');
	return contentOfBytes(Buffer.concat([Buffer.from(lines), content.read()]));
}

function concludeRequest(
	{url, status_code: codes, return_content: returns}: UriArguments,
	response: HttpResponse | HttpFault,
): Outcome {
	const asked = maskUrl(url);
	const refusal = (status: number, words: string) => `Status code was ${status} and not [${codes.join(', ')}]: ${words}`;
	if ('fault' in response)
		return {result: {status: -1, url: asked, elapsed: 0, redirected: false}, failed: refusal(-1, response.fault), changed: false};
	const {status, headers, reason, seconds, written, attributes} = response;
	const isError = status >= 300;
	const final = maskUrl(response.url);
	const type = headers.get('content_type');
	const text = contentText(response.content, type);
	const json = jsonOf(type, text);
	const location = headers.get('location');
	const msg = isError ? `HTTP Error ${status}: ${reason}` : `OK (${headers.get('content_length') ?? 'unknown'} bytes)`;
	const redirected = trimSlash(final) !== trimSlash(asked);
	const result: Result = {
		...Object.fromEntries(headers),
		...(isError ? {} : cookieFacts(headers)),
		...(location === undefined ? {} : {location: resolve(location, final)}),
		status,
		url: redirected ? final : asked,
		elapsed: seconds,
		redirected,
		msg,
		...(json === undefined ? {} : {json}),
		...(returns ? {content: text} : {}),
		...(written ? {path: written, ...attributes} : {}),
	};
	const changed = written !== '';
	if (codes.includes(status)) return {result, changed};
	const refused = refusal(status, msg);
	return {result: {...result, msg: refused}, failed: refused, changed};
}

/** curl writes a URL without path with a slash. */
function trimSlash(url: string): string {
	return url.replace(/(^\w+:\/\/[^/]*)\/$/, '$1');
}

function resolve(location: string, base: string): string {
	try {
		return new URL(location, base).href;
	} catch {
		return location;
	}
}
