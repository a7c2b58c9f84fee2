import {ModuleFailure} from '../contract.js';
import type {Remote} from './remote.js';
import {maskUrl, urlFileName} from './request.js';

/** The digest that a download must have, in lower-case hex. */
export interface Expected {
	readonly algorithm: string;
	readonly digest: string;
}

/** `sha256:HEX` or `sha256:URL` in its parts; no parts of an empty text. Throws `ModuleFailure`. */
export function splitChecksum(checksum: string): {readonly algorithm?: string; readonly digest?: string; readonly url?: string} {
	if (!checksum) return {};
	const colon = checksum.indexOf(':');
	if (colon < 0) throw new ModuleFailure('The checksum parameter has to be in format <algorithm>:<checksum>');
	const algorithm = checksum.slice(0, colon).toLowerCase();
	const rest = checksum.slice(colon + 1);
	if (!/^(md5|sha1|sha224|sha256|sha384|sha512)$/.test(algorithm)) {
		throw new ModuleFailure(
			`Could not hash file with algorithm '${algorithm}'. Available algorithms: md5, sha1, sha224, sha256, sha384, sha512`,
		);
	}
	return /^(https?|ftp|file):/.test(rest) ? {algorithm, url: rest} : {algorithm, digest: hexDigest(rest)};
}

/** What the download must have, by the argument or by the file that it names. */
export function expectedDigest(
	{checksum, url}: {checksum: string; url: string},
	listed: Remote | undefined,
): Expected | undefined {
	const {algorithm, digest, url: listUrl} = splitChecksum(checksum);
	if (algorithm === undefined) return undefined;
	if (listUrl === undefined) return {algorithm, digest: digest!};
	const name = urlFileName(url);
	const found = digestLines(
		name,
		(listed?.text ?? '').split('\n').slice(0, /\n$/.test(listed?.text ?? '') ? -1 : undefined),
	).find(([, file]) => file === name);
	if (!found) throw new ModuleFailure(`Unable to find a checksum for file '${name}' in '${maskUrl(listUrl)}'`);
	return {algorithm, digest: hexDigest(found[0])};
}

/** Digests and file names: a lone digest, BSD's `SHA256 (name) = hex`, or GNU's `hex  name`. */
function digestLines(name: string, lines: readonly string[]): readonly (readonly [digest: string, file: string])[] {
	if (lines.length === 1 && lines[0]!.trim().split(/\s+/).length === 1) return [[lines[0]!, name]];
	return lines.flatMap((line) => {
		const bsd = /^\w+ ?\((?<file>.+)\) ?= (?<digest>[\w.]+)$/.exec(line)?.groups;
		if (bsd) return [[bsd['digest']!, bsd['file']!] as const];
		const gnu = /^(?<digest>[\w.]+)\s+(\*|\.\/|\.)?(?<file>.+)$/.exec(line)?.groups;
		return gnu ? [[gnu['digest']!, gnu['file']!.replace(/^[./]+/, '')] as const] : [];
	});
}

function hexDigest(text: string): string {
	const digest = text.replace(/\W+/g, '').toLowerCase();
	if (!/^[0-9a-f]+$/.test(digest)) throw new ModuleFailure('The checksum format is invalid');
	return digest;
}
