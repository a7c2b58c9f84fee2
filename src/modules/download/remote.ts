import {STATUS_CODES} from 'node:http';
import type {Response} from '../../connection/connection.js';
import {type Kind, ModuleFailure, type Read} from '../contract.js';
import {curlFault} from '../http/response.js';
import {maskUrl, requestText, type UrlArguments} from './request.js';
import {download} from './script.js';

/** What a URL gives, seen from the host. */
export interface Remote {
	readonly status: number;
	/** The text, when it was wanted. */
	readonly text?: string;
	readonly size?: number;
	readonly sha1?: string;
	readonly md5?: string;
}

/** What was downloaded. */
export interface Downloaded extends Remote {
	/** By the algorithm that was asked for. */
	readonly digest?: string;
}

/** URLs as the host sees them. The key is the whole request. */
export const remoteKind: Kind<Remote> = {
	name: 'url',
	probe: ([read]) => {
		const [verb = '', url = '', ...lines] = read!.key.split('\n');
		return {
			script: download,
			args: [verb, '', '', ''],
			stdin: [url, ...lines].join('\n'),
			parse: (response) => [parseDownload(response, url, verb === 'text')],
		};
	},
	equal: () => true,
};

/** The reading of the text behind a URL. */
export function readUrlText(args: UrlArguments, url: string): Read<Remote> {
	return {kind: remoteKind, key: `text\n${requestText(args, url)}`};
}

/** The reading of the digest of what a URL gives; `since` (seconds): only if it is newer. */
export function readUrlDigest(args: UrlArguments, since: number | undefined): Read<Remote> {
	return {kind: remoteKind, key: `look\n${requestText(args, args.url, since)}`};
}

/** What the download script answers. Throws `ModuleFailure` for all but success and 304. */
export function parseDownload({stdout, stderr, status}: Response, url: string, asText = false): Downloaded {
	if (status === 6) throw new ModuleFailure('neither curl nor wget is on the host: install one of them', {url: maskUrl(url)});
	if (status === 8) {
		const [digest = '', sha1 = ''] = stdout.toString().split('\n');
		throw new DigestMismatch(digest, sha1);
	}
	if (status !== 0) {
		const said = stderr.toString().trim();
		const [, code] = /^curl: \((\d+)\)/.exec(said) ?? [];
		const fault = code
			? curlFault(Number(code), said, url)
			: `Request failed: ${said || `the script ended with status ${status}`}`;
		throw new ModuleFailure(fault, {url: maskUrl(url)});
	}
	const end = stdout.indexOf(10);
	const code = Number(stdout.toString('latin1', 0, end));
	if (code === 304) return {status: code};
	if (code !== 200 && code !== 226) {
		throw new ModuleFailure('Request failed', {
			status_code: code,
			response: `HTTP Error ${code}: ${STATUS_CODES[code] ?? ''}`,
			url: maskUrl(url),
		});
	}
	if (asText) return {status: code, text: stdout.toString('utf8', end + 1)};
	const [, size, sha1, md5, digest] = stdout.toString().split('\n');
	return {status: code, size: Number(size), sha1: sha1!, md5: md5!, ...(digest ? {digest} : {})};
}

/** The download has another digest than it must; `message` is that digest. */
export class DigestMismatch extends Error {
	readonly sha1: string;
	constructor(digest: string, sha1: string) {
		super(digest);
		this.sha1 = sha1;
	}
}
