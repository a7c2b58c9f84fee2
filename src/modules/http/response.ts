import {Dict, fromJson, type Value} from '../../jinja/jinja.js';
import {ModuleFailure, type Result} from '../contract.js';

/** What a request came to. */
export interface HttpResponse {
	readonly status: number;
	readonly reason: string;
	readonly seconds: number;
	/** The URL that answered, after redirects. */
	readonly url: string;
	/** Names in lower case with `_`; several of one name joined. */
	readonly headers: ReadonlyMap<string, string>;
	readonly content: Buffer;
	/** The file that was written, with what `stat` says of it. */
	readonly written: string;
	readonly attributes: Result;
}

/** What could not be answered, in the words of Python's urllib. */
export interface HttpFault {
	readonly fault: string;
}

/** Reads what the request script printed. Throws for what is no matter of the server. */
export function parseHttp(stdout: Buffer, stderr: string, url: string): HttpResponse | HttpFault {
	const [head, afterHead] = takeLine(stdout, 0);
	if (head === 'none') throw new ModuleFailure('uri needs curl or wget on the host for this request, and there is none');
	if (head === 'source') throw new ModuleFailure('Unable to open source file', {elapsed: 0});
	if (head === 'dest') throw new ModuleFailure(`failed to write what was answered: ${stderr.trim()}`);
	const [, code] = /^failed (\d+)$/.exec(head) ?? [];
	if (code !== undefined) return {fault: curlFault(Number(code), stderr.trim(), url)};
	const [, status, seconds, final] = /^done (\d+) (\d+) (.*)$/.exec(head) ?? [];
	if (status === undefined) throw new ModuleFailure(`the host did not make the request: ${stderr.trim() || head}`);
	const [length, afterLength] = takeLine(stdout, afterHead);
	const end = afterLength + Number(length);
	const {reason, headers, redirects} = parseHeaders(stdout.subarray(afterLength, end).toString('latin1'));
	const [written, afterWritten] = takeLine(stdout, end);
	const [stated, start] = takeLine(stdout, afterWritten);
	return {
		status: Number(status),
		reason,
		seconds: Number(seconds),
		// wget does not tell where redirects led.
		url: redirects.reduce(
			(from, to) => (URL.canParse(to, from) ? new URL(to, from).href : from),
			redirects.length > 0 ? url : final!,
		),
		headers,
		content: stdout.subarray(start),
		written,
		attributes: attributesOf(stated),
	};
}

function takeLine(bytes: Buffer, from: number): [line: string, next: number] {
	const end = bytes.indexOf('\n', from);
	return end < 0 ? [bytes.subarray(from).toString(), bytes.length] : [bytes.subarray(from, end).toString(), end + 1];
}

/** The last of the header blocks: the ones before it are redirects' and `100 Continue`. */
function parseHeaders(text: string): {reason: string; headers: Map<string, string>; redirects: string[]} {
	const headers = new Map<string, string>();
	const redirects: string[] = [];
	let reason = '';
	for (const line of text.split(/\r?\n/)) {
		const [, words] = /^HTTP\/[\d.]+ \d+ ?(.*)$/.exec(line) ?? [];
		if (words !== undefined) {
			if (headers.has('location')) redirects.push(headers.get('location')!);
			headers.clear();
			reason = words;
			continue;
		}
		const [, name, value] = /^([^:\s]+):\s*(.*?)\s*$/.exec(line) ?? [];
		if (name === undefined) continue;
		const key = name.toLowerCase().replaceAll('-', '_');
		headers.set(key, headers.has(key) ? `${headers.get(key)}, ${value}` : value!);
	}
	return {reason, headers, redirects};
}

function attributesOf(stated: string): Result {
	const [mode, uid, gid, owner, group, size] = stated.split(':');
	if (size === undefined) return {};
	return {
		mode: `0${mode!.padStart(3, '0')}`,
		uid: Number(uid),
		gid: Number(gid),
		owner: owner!,
		group: group!,
		size: Number(size),
		state: 'file',
	};
}

/** curl's exit status in the words of Python's urllib, which Ansible shows. */
export function curlFault(code: number, said: string, url: string): string {
	if (code === 7) return 'Request failed: <urlopen error [Errno 111] Connection refused>';
	if (code === 6) return 'Request failed: <urlopen error [Errno -2] Name or service not known>';
	if (code === 28) return 'Connection failure: timed out';
	if (code === 52) return 'Connection failure: Remote end closed connection without response';
	if (code === 60)
		return `Failed to validate the SSL certificate for ${new URL(url).host}. You can use validate_certs=False if you do not need to confirm the servers identity but this is unsafe and not recommended. ${said}`;
	return `Request failed: ${said.replace(/^curl: \(\d+\) /, '') || 'the server did not answer'}`;
}

/** Cookies by name, later ones above. */
export function cookieFacts(headers: ReadonlyMap<string, string>): Result {
	const cookies = new Map<string, string>();
	for (const one of (headers.get('set_cookie') ?? '').split(/, (?=[^;,\s]+=)/)) {
		const [, name, value] = /^([^=;]+)=([^;]*)/.exec(one) ?? [];
		if (name !== undefined) cookies.set(name.trim(), value!);
	}
	return {
		cookies: Dict.from(cookies),
		cookies_string: [...cookies].map(([name, value]) => `${name}=${value}`).join('; '),
	};
}

/** What a body says when its type is JSON, undefined when it is not or cannot be read. */
export function jsonOf(type: string | undefined, text: string): Value | undefined {
	const subtype = /^[^/;]+\/([^;\s]+)/.exec(type ?? '')?.[1]?.toLowerCase();
	if (subtype === undefined || !['json', 'javascript'].includes(subtype.split('+').at(-1)!)) return undefined;
	try {
		return fromJson(text);
	} catch {
		return undefined;
	}
}

/** Text of the character set that the type names, UTF-8 without one. */
export function contentText(content: Buffer, type: string | undefined): string {
	const charset = /charset="?([^";\s]+)/i.exec(type ?? '')?.[1] ?? 'utf-8';
	try {
		return new TextDecoder(charset, {ignoreBOM: true}).decode(content);
	} catch {
		return content.toString();
	}
}
