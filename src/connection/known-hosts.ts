import {createHash, createHmac, randomBytes} from 'node:crypto';
import {matchesPatterns} from './wildcard.js';

/** One line of a known_hosts file (sshd(8), SSH_KNOWN_HOSTS FILE FORMAT). */
export interface KnownHost {
	readonly marker: 'revoked' | 'cert-authority' | undefined;
	/** The names as written: patterns with commas between them, or one hashed name. */
	readonly names: string;
	readonly type: string;
	/** The key in base64, as on the wire. */
	readonly key: string;
	/** `file:line`, for messages. */
	readonly place: string;
}

/** What known_hosts says of a key that a host showed. */
export type Verdict =
	| {readonly kind: 'known'}
	| {readonly kind: 'revoked'; readonly by: KnownHost}
	/** The host is known by another key of this type. */
	| {readonly kind: 'changed'; readonly known: KnownHost}
	/** `authority`: the line that would accept a certificate, which is not what the host showed. */
	| {readonly kind: 'new'; readonly authority: KnownHost | undefined};

/** The entries of known_hosts files, found by the name of a host: by far the most have plain names, which need no comparing. */
export class KnownHosts {
	readonly entries: readonly KnownHost[];
	readonly #byName = new Map<string, KnownHost[]>();
	readonly #others: KnownHost[] = [];

	constructor(entries: readonly KnownHost[]) {
		this.entries = entries;
		for (const entry of entries) {
			const names = entry.names.toLowerCase().split(',');
			if (/[*?!|]/.test(entry.names)) this.#others.push(entry);
			else for (const name of new Set(names)) this.#byName.set(name, [...(this.#byName.get(name) ?? []), entry]);
		}
	}

	/** The entries for a name; those with patterns or hashed names come last. */
	for(name: string): readonly KnownHost[] {
		return [...(this.#byName.get(name) ?? []), ...this.#others.filter((entry) => isFor(entry, name))];
	}
}

/** Reads a known_hosts text; lines that are no entries are passed over, as OpenSSH does. */
export function parseKnownHosts(text: string, file: string): KnownHosts {
	const entries: KnownHost[] = [];
	text.split('\n').forEach((line, index) => {
		const words = line.trim().split(/[ \t]+/);
		const marker = words[0]?.startsWith('@') ? words.shift()!.slice(1) : undefined;
		const [names, type, key] = words;
		if (!names || names.startsWith('#') || !type || !key) return;
		if (marker !== undefined && marker !== 'revoked' && marker !== 'cert-authority') return;
		entries.push({marker, names, type, key, place: `${file}:${index + 1}`});
	});
	return new KnownHosts(entries);
}

/** The name under which OpenSSH keeps a host: `[host]:port` unless the port is 22. */
export function knownName(host: string, port: number): string {
	return port === 22 ? host.toLowerCase() : `[${host.toLowerCase()}]:${port}`;
}

/** Judges the key (as on the wire) of a host by the first of its names that the entries know. */
export function judge(files: readonly KnownHosts[], names: readonly string[], blob: Buffer): Verdict {
	const key = blob.toString('base64');
	const type = keyType(blob);
	let verdict: Verdict | undefined;
	for (const name of names) {
		const own = files.flatMap((file) => file.for(name));
		const revoked = own.find((entry) => entry.marker === 'revoked' && entry.key === key);
		if (revoked) return {kind: 'revoked', by: revoked};
		const plain = own.filter((entry) => entry.marker === undefined);
		if (plain.some((entry) => entry.key === key)) return {kind: 'known'};
		const other = plain.find((entry) => entry.type === type);
		if (other && name === names[0]) verdict ??= {kind: 'changed', known: other};
		if (!verdict) {
			const authority = own.find((entry) => entry.marker === 'cert-authority');
			if (authority) verdict = {kind: 'new', authority};
		}
	}
	return verdict ?? {kind: 'new', authority: undefined};
}

/** The types of the keys by which a host is known, so that the host is asked for a key of such a type first. */
export function knownTypes(files: readonly KnownHosts[], names: readonly string[]): string[] {
	const own = names.flatMap((name) => files.flatMap((file) => file.for(name))).filter((entry) => entry.marker === undefined);
	return [...new Set(own.map((entry) => entry.type))];
}

/** The line that makes a host known. `hashed`: its name is not to be read there (`HashKnownHosts`). */
export function knownLine(name: string, blob: Buffer, hashed: boolean): string {
	return `${hashed ? hashName(name, randomBytes(20)) : name} ${keyType(blob)} ${blob.toString('base64')}\n`;
}

/** The fingerprint as OpenSSH shows it. */
export function fingerprint(blob: Buffer): string {
	return `SHA256:${createHash('sha256').update(blob).digest('base64').replace(/=+$/, '')}`;
}

/** The type that stands at the beginning of a key on the wire. */
export function keyType(blob: Buffer): string {
	return blob.length < 4 ? '' : blob.toString('latin1', 4, 4 + blob.readUInt32BE(0));
}

function isFor(entry: KnownHost, name: string): boolean {
	const hashed = /^\|1\|([^|]+)\|([^|]+)$/.exec(entry.names);
	if (hashed) return hashName(name, Buffer.from(hashed[1]!, 'base64')) === entry.names;
	return matchesPatterns(name, entry.names.toLowerCase().split(','));
}

function hashName(name: string, salt: Buffer): string {
	return `|1|${salt.toString('base64')}|${createHmac('sha1', salt).update(name).digest('base64')}`;
}
