import {VaultError} from './vault-error.js';

/** Vault text without its outer form: what is encrypted, and what is needed to open it. */
export interface VaultEnvelope {
	/** The vault id of format 1.2; `default` for 1.1. */
	readonly id: string;
	readonly salt: Buffer;
	readonly hmac: Buffer;
	readonly ciphertext: Buffer;
}

const header = '$ANSIBLE_VAULT';

/** Whether a text is vault text, by its first word, as Ansible decides it. */
export function isVaultText(text: string): boolean {
	return text.startsWith(header);
}

/** Reads the formats 1.1 and 1.2 (`$ANSIBLE_VAULT;1.2;AES256;id`, then hex lines). Throws `VaultError`. */
export function parseEnvelope(text: string): VaultEnvelope {
	const lines = text.trim().split(/\r?\n/);
	const [word, version, cipher, id] = lines[0]!.split(';').map((part) => part.trim());
	if (word !== header) throw new VaultError('damaged', 'Input is not vault encrypted data.');
	if (version !== '1.1' && version !== '1.2')
		throw new VaultError('damaged', `Vault format ${version ?? '(none)'} is not known; 1.1 and 1.2 are.`);
	if (cipher !== 'AES256') throw new VaultError('damaged', `Cipher '${cipher ?? ''}' could not be found.`);
	const body = fromHex(
		lines
			.slice(1)
			.map((line) => line.trim())
			.join(''),
	).toString('latin1');
	const [salt, hmac, ...rest] = body.split('\n');
	if (salt === undefined || hmac === undefined || rest.length === 0)
		throw new VaultError('damaged', 'Vault vaulttext format error.');
	return {
		id: version === '1.2' && id ? id : 'default',
		salt: fromHex(salt),
		hmac: fromHex(hmac),
		ciphertext: fromHex(rest.join('\n')),
	};
}

/** Writes an envelope as text: 1.2 when it has an id of its own, else 1.1; lines of 80 characters, a line break at the end. */
export function formatEnvelope({id, salt, hmac, ciphertext}: VaultEnvelope): string {
	const body = Buffer.from([salt, hmac, ciphertext].map((part) => part.toString('hex')).join('\n')).toString('hex');
	const first = id === 'default' || id === '' ? `${header};1.1;AES256` : `${header};1.2;AES256;${id}`;
	return `${[first, ...(body.match(/.{1,80}/g) ?? [])].join('\n')}\n`;
}

function fromHex(text: string): Buffer {
	if (text.length % 2 !== 0 || !/^[0-9a-fA-F]*$/.test(text)) throw new VaultError('damaged', 'Vault format unhexlify error.');
	return Buffer.from(text, 'hex');
}
