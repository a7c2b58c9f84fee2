import {type OpenedVault, openEnvelope} from './cipher.js';
import {parseEnvelope} from './envelope.js';
import {readPasswordFile} from './password-file.js';
import {VaultError} from './vault-error.js';

/** Where a password comes from: a file or executable, a question, or the caller. */
export type VaultSource =
	| {readonly id: string; readonly kind: 'file'; readonly path: string}
	| {readonly id: string; readonly kind: 'prompt'; readonly ask: (id: string) => string}
	| {readonly id: string; readonly kind: 'password'; readonly password: string};

/** Splits `--vault-id`'s `label@source`; without a label the id is `default`. A source of `prompt` means a question. */
export function parseVaultId(text: string): {id: string; source: string} {
	const at = text.indexOf('@');
	if (at < 0) return {id: 'default', source: text};
	return {id: text.slice(0, at) || 'default', source: text.slice(at + 1)};
}

/** The passwords of a run, in the order they were given. Each is read when it is first needed, once. */
export class VaultSecrets {
	readonly #sources: readonly VaultSource[];
	readonly #idMatch: boolean;
	readonly #passwords = new Map<VaultSource, Buffer>();

	/** `idMatch`: try only passwords whose id is that of the text (`vault_id_match` in ansible.cfg). */
	constructor(sources: readonly VaultSource[] = [], {idMatch = false}: {idMatch?: boolean} = {}) {
		this.#sources = sources;
		this.#idMatch = idMatch;
	}

	get ids(): string[] {
		return this.#sources.map(({id}) => id);
	}

	/** Reads all passwords now, so that what is wrong with their sources shows at the start. Throws `VaultError`. */
	load(): void {
		for (const source of this.#sources) this.#password(source);
	}

	/** The password for an id, for encrypting; without an id the first. Throws `VaultError`. */
	password(id?: string): Buffer {
		const source = this.#sources.find((one) => id === undefined || one.id === id);
		if (source) return this.#password(source);
		throw new VaultError(
			'no-secret',
			id === undefined ? 'A vault password must be specified to encrypt data' : `Did not find a match for vault id ${id}`,
		);
	}

	/** Opens vault text: the passwords of its id first, then the others. Throws `VaultError`. */
	open(text: string): OpenedVault {
		const envelope = parseEnvelope(text);
		if (this.#sources.length === 0) throw new VaultError('no-secret', 'Attempting to decrypt but no vault secrets found.');
		const own = this.#sources.filter(({id}) => id === envelope.id);
		const others = this.#idMatch ? [] : this.#sources.filter(({id}) => id !== envelope.id);
		for (const source of [...own, ...others]) {
			const bytes = openEnvelope(envelope, this.#password(source));
			if (bytes) return {bytes, id: source.id};
		}
		throw new VaultError('no-secret', 'Decryption failed (no vault secrets were found that could decrypt).');
	}

	#password(source: VaultSource): Buffer {
		const known = this.#passwords.get(source);
		if (known) return known;
		const password = this.#read(source);
		if (password.length === 0) throw new VaultError('source', 'Invalid vault password was provided');
		this.#passwords.set(source, password);
		return password;
	}

	#read(source: VaultSource): Buffer {
		if (source.kind === 'password') return Buffer.from(source.password);
		if (source.kind === 'prompt') return Buffer.from(source.ask(source.id).trim());
		// A password file may be vault text for an earlier password.
		const earlier = this.#sources.slice(0, this.#sources.indexOf(source));
		return readPasswordFile(source.path, source.id, (text) => new VaultSecrets(earlier).open(text).bytes);
	}
}

/** The text in vault text, read as UTF-8. Throws `VaultError`. */
export function openVault(text: string, secrets: VaultSecrets): string {
	return openVaultBytes(text, secrets).toString('utf8');
}

/** The bytes in vault text. Throws `VaultError`. */
export function openVaultBytes(text: string, secrets: VaultSecrets): Buffer {
	return secrets.open(text).bytes;
}
