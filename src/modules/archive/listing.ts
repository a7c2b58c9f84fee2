import {createHash} from 'node:crypto';
import {gunzipSync} from 'node:zlib';
import type {Content} from '../../connection/connection.js';
import {ModuleFailure} from '../contract.js';
import {readTar} from './tar.js';
import {readZip} from './zip.js';

/** One thing in an archive. */
export interface ArchiveEntry {
	/** Without `./` in front and slashes at the end. */
	readonly name: string;
	readonly type: 'file' | 'directory' | 'link';
	readonly mode: number;
	/** Seconds since 1970. */
	readonly mtime: number;
	readonly target?: string;
	readonly bytes: Buffer;
}

const listings = new WeakMap<Content, readonly ArchiveEntry[]>();

/** What is in an archive of this side: tar, tar.gz or zip. Read once for each content. Throws `ModuleFailure`. */
export function listArchive(content: Content, path: string): readonly ArchiveEntry[] {
	const known = listings.get(content);
	if (known) return known;
	const entries = readArchive(content.read(), path);
	listings.set(content, entries);
	return entries;
}

function readArchive(bytes: Buffer, path: string): readonly ArchiveEntry[] {
	if (bytes.length === 0) throw new ModuleFailure(`Invalid archive '${path}', the file is 0 bytes`);
	const magic = bytes.subarray(0, 6).toString('hex');
	if (/^(425a68|fd377a585a00|28b52ffd)/.test(magic)) {
		throw new ModuleFailure(
			`Playbill reads tar, tar.gz and zip archives of this side: copy '${path}' to the host and unpack it with remote_src`,
		);
	}
	try {
		if (magic.startsWith('504b')) return readZip(bytes);
		return readTar(magic.startsWith('1f8b') ? gunzipSync(bytes) : bytes);
	} catch (error) {
		throw new ModuleFailure(`Failed to find handler for "${path}": ${(error as Error).message}. Make sure the archive is whole.`);
	}
}

const digests = new WeakMap<Buffer, string>();

/** SHA-1 of an entry's bytes in hex. */
export function digestOf({bytes}: ArchiveEntry): string {
	let digest = digests.get(bytes);
	if (digest === undefined) {
		digest = createHash('sha1').update(bytes).digest('hex');
		digests.set(bytes, digest);
	}
	return digest;
}
